import { Menu } from '@base-ui/react/menu'
import type { ComponentProps, ReactNode, Ref } from 'react'
import { Icon, type IconName } from './icon.tsx'

/* The page's menus: raised, by keys and by pointer, and what may not be done in them says why. */

export const menuPanel =
  'focus-inside max-h-[min(28rem,var(--available-height))] max-w-[min(20rem,calc(100vw-1rem))] min-w-52 overflow-auto rounded-3 border border-line-strong bg-raised p-1 shadow-[0_10px_30px_-8px_var(--shadow)]'

const row =
  'focus-inside flex min-h-8 cursor-pointer items-center gap-2.5 rounded-2 px-2 py-1 select-none data-disabled:cursor-not-allowed data-disabled:text-ink-3 data-highlighted:bg-hover data-popup-open:bg-hover touch:min-h-11'

/** Where a menu opens, and its ground. */
export function MenuPanel({
  children,
  label,
  finalFocus,
  popupRef,
  ...positioner
}: ComponentProps<typeof Menu.Positioner> &
  Pick<ComponentProps<typeof Menu.Popup>, 'finalFocus'> & {
    children: ReactNode
    label?: string | undefined
    popupRef?: Ref<HTMLDivElement>
  }) {
  return (
    <Menu.Portal>
      <Menu.Positioner sideOffset={4} collisionPadding={8} {...positioner} className="z-30 outline-0">
        <Menu.Popup ref={popupRef} aria-label={label} finalFocus={finalFocus} className={menuPanel}>
          {children}
        </Menu.Popup>
      </Menu.Positioner>
    </Menu.Portal>
  )
}

/** Says what the menu is about; no item. */
export function MenuHead({ children }: { children: ReactNode }) {
  return <div className="flex min-h-8 items-center gap-2.5 px-2 py-1">{children}</div>
}

export function MenuNote({ children }: { children: ReactNode }) {
  return <p className="max-w-[18rem] px-2 py-1 text-xs/4 text-ink-3">{children}</p>
}

export const MenuLine = () => <Menu.Separator className="mx-2 my-1 h-px bg-line" />

type ItemProps = Omit<ComponentProps<typeof Menu.Item>, 'disabled'> & {
  icon?: IconName | undefined
  /** Why it may not be done now. It stays where it is, takes focus, and says so. */
  refused?: string | null | undefined
  danger?: boolean
}

export function MenuItem({ icon, refused = null, danger = false, children, ...rest }: ItemProps) {
  return (
    <Menu.Item
      {...rest}
      disabled={refused !== null}
      className={`${row} ${danger && refused === null ? 'text-down' : ''}`}
    >
      <RowFace icon={icon} refused={refused}>
        {children}
      </RowFace>
    </Menu.Item>
  )
}

/** An item that opens more of them; where it may not be opened, it says why as an item does. */
export function MenuMore({
  icon,
  label,
  refused = null,
  children,
}: {
  icon?: IconName | undefined
  label: string
  refused?: string | null
  children: ReactNode
}) {
  return (
    <Menu.SubmenuRoot>
      <Menu.SubmenuTrigger disabled={refused !== null} className={row}>
        <RowFace icon={icon} refused={refused}>
          {label}
        </RowFace>
        {refused === null && <Icon name="chevronRight" className="text-ink-3" />}
      </Menu.SubmenuTrigger>
      <MenuPanel label={label} sideOffset={2}>
        {children}
      </MenuPanel>
    </Menu.SubmenuRoot>
  )
}

function RowFace({
  icon,
  refused,
  children,
}: {
  icon: IconName | undefined
  refused: string | null
  children: ReactNode
}) {
  return (
    <>
      {icon !== undefined && <Icon name={refused === null ? icon : 'lock'} className="text-ink-3" />}
      <span className="min-w-0 flex-1">
        <span dir="auto" className="block truncate">
          {children}
        </span>
        {refused !== null && <span className="block text-2xs/4 wrap-anywhere text-ink-3">{refused}</span>}
      </span>
    </>
  )
}
