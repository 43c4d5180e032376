import type { ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'

/** Where that person's session ends, and nobody else's who has signed in in this browser since. */
export const signOutPath = (userId: string): string => `/auth/sign-out?viewer=${encodeURIComponent(userId)}`

/** Ends the session, here and in the other windows of this browser. A form: it works before the page's scripts do. */
export function SignOutButton({ of: userId, children }: { of: string; children?: ReactNode }) {
  const isIcon = children === undefined
  return (
    <form method="post" action={signOutPath(userId)}>
      <Button
        type="submit"
        {...(isIcon && { kind: 'quiet', small: true, icon: true, 'aria-label': 'Sign out', title: 'Sign out' })}
      >
        {isIcon ? <Icon name="signOut" /> : children}
      </Button>
    </form>
  )
}
