import { Menu } from '@base-ui/react/menu'
import { useQuery } from '@tanstack/react-query'
import { useRef } from 'react'
import { Avatar, userPicture } from '../ui/avatar.tsx'
import { buttonClass } from '../ui/button.tsx'
import { MenuHead, MenuItem, MenuLine, MenuPanel } from '../ui/menu.tsx'
import { signOutPath } from './sign-out-button.tsx'
import { viewerQuery } from './viewer-card.tsx'

/** Who is signed in, and the way out. */
export function AccountMenu() {
  const user = useQuery(viewerQuery).data?.user ?? null
  const form = useRef<HTMLFormElement>(null)
  // Its place is kept, so that nothing in the bar moves when they are signed out.
  if (user === null)
    return <span aria-hidden="true" className={`${buttonClass('quiet', { small: true, icon: true })} invisible`} />
  const face = { id: user.id, name: user.username, src: userPicture(user.id, user.avatar) }
  return (
    <>
      <Menu.Root modal={false}>
        <Menu.Trigger
          title={user.username}
          className={`${buttonClass('quiet', { small: true, icon: true })} data-popup-open:bg-hover`}
        >
          <Avatar of={face} size={20} />
          {/* No aria-label: the initials that are seen would have to be in it. */}
          <span className="sr-only">
            Account: <bdi>{user.username}</bdi>
          </span>
        </Menu.Trigger>
        <MenuPanel align="end" label="Account">
          <MenuHead>
            <Avatar of={face} size={28} />
            <span className="min-w-0">
              <span dir="auto" title={user.username} className="block truncate font-strong">
                {user.username}
              </span>
              <span className="block text-2xs text-ink-3">signed in</span>
            </span>
          </MenuHead>
          <MenuLine />
          <MenuItem icon="signOut" onClick={() => form.current?.requestSubmit()}>
            Sign out
          </MenuItem>
        </MenuPanel>
      </Menu.Root>
      {/* Beside the menu, which is gone once something in it is chosen. */}
      <form ref={form} method="post" action={signOutPath(user.id)} hidden />
    </>
  )
}
