import type { ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'

/** Ends the session, here and in the other windows of this browser. A form: it works before the page's scripts do. */
export function SignOutButton({ children }: { children?: ReactNode }) {
  const isIcon = children === undefined
  return (
    <form method="post" action="/auth/sign-out">
      <Button
        type="submit"
        {...(isIcon && { kind: 'quiet', small: true, icon: true, 'aria-label': 'Sign out', title: 'Sign out' })}
      >
        {isIcon ? <Icon name="signOut" /> : children}
      </Button>
    </form>
  )
}
