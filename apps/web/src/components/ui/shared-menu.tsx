import { Menu } from '@base-ui/react/menu'
import {
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
  type ComponentProps,
  type MouseEvent,
  type ReactNode,
} from 'react'
import { MenuPanel } from './menu.tsx'

/** The id of what the menu is about, the button that it belongs to, and whether the keyboard opened it. */
type Opened = { about: string; button: HTMLElement; byKey: boolean }

/**
 * One menu that hundreds of buttons open. They are plain buttons: what the component library has each of its own triggers do
 * costs a millisecond of the main thread for each that comes and goes, and a feed has several in each message.
 */
export class SharedMenu {
  #opened: Opened | null = null
  readonly #listeners = new Set<() => void>()

  get opened(): Opened | null {
    return this.#opened
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** What a button has that opens the menu about something. */
  opener(about: string) {
    return {
      type: 'button',
      'aria-haspopup': 'menu',
      // A key presses without a pointer, and counts no clicks.
      onClick: ({ currentTarget: button, detail }: MouseEvent<HTMLElement>) =>
        this.#set(this.#opened?.button === button ? null : { about, button, byKey: detail === 0 }),
    } as const
  }

  open(button: HTMLElement, about: string): void {
    this.#set({ about, button, byKey: false })
  }

  close = (): void => this.#set(null)

  #set(opened: Opened | null): void {
    mark(this.#opened?.button, false)
    mark(opened?.button, true)
    this.#opened = opened
    for (const listener of this.#listeners) listener()
  }
}

/** As the component library marks its own triggers. */
function mark(button: HTMLElement | undefined, isOpen: boolean): void {
  if (button === undefined) return
  button.ariaExpanded = isOpen ? 'true' : null
  button.toggleAttribute('data-popup-open', isOpen)
}

/** Where the menu opens, once on a page. */
export function SharedMenuRoot({
  menu,
  label,
  align,
  children,
}: {
  menu: SharedMenu
  label: string
  align: ComponentProps<typeof Menu.Positioner>['align']
  children: (about: string) => ReactNode
}) {
  const get = () => menu.opened
  const opened = useSyncExternalStore(menu.subscribe, get, get)
  // While it goes it says what it said.
  const [last, setLast] = useState(opened)
  if (opened !== null && opened !== last) setLast(opened)
  const popup = useRef<HTMLDivElement>(null)
  useEffect(() => menu.close, [menu])
  return (
    <Menu.Root
      open={opened !== null}
      modal={false}
      onOpenChange={(isOpen, details) => {
        if (isOpen) return
        // Its own button closes it itself.
        const { event } = details
        const to = event instanceof FocusEvent ? event.relatedTarget : event.target
        const isOnButton = to instanceof Node && opened?.button.contains(to) === true
        if (isOnButton && details.reason !== 'item-press') details.cancel()
        else menu.close()
      }}
      onOpenChangeComplete={(isOpen) => {
        if (isOpen && last?.byKey === true) popup.current?.querySelector<HTMLElement>('[role^=menuitem]')?.focus()
      }}
    >
      <MenuPanel
        label={label}
        align={align}
        anchor={opened?.button ?? last?.button ?? null}
        finalFocus={() => isFree() && (last?.button.isConnected ? last.button : true)}
        popupRef={popup}
      >
        {last !== null && children(last.about)}
      </MenuPanel>
    </Menu.Root>
  )
}

/** Nothing that was chosen has taken the focus elsewhere. */
const isFree = (): boolean =>
  document.activeElement === document.body || document.activeElement?.closest('[role=menu]') != null
