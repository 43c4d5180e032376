import {
  useCallback,
  useEffect,
  useRef,
  useState,
  type FocusEvent,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
} from 'react'
import type { LogRow } from '../../live/log/event-log.ts'
import type { Rows } from '../../live/log/shown-rows.ts'
import { usePageState } from '../frame/page-state.tsx'
import { columns, rowHeight } from './event-columns.ts'
import { EventDetail } from './event-detail.tsx'
import { EventRow } from './event-row.tsx'
import { useVirtualRows } from './use-virtual-rows.ts'

/** Of a row, where text has its usual size and the pointer is a mouse. */
const ROW_PX = 28

/** What came lately is tinted for a moment; where more than so many come in that moment, all would be, and none is. */
const FRESH_MAX = 8
const FRESH_MS = 900

/** A pointer that rests on the list this long wants to read it. */
const HOVER_MS = 300

/** Why the list holds still for who reads it; null: it does not. `scrolled` stays until it is scrolled back, the others end by themselves. */
export type Hold = 'scrolled' | 'passing' | null

export function EventList({
  ref,
  rows,
  onHold,
  empty,
}: {
  /** What scrolls. */
  ref: RefObject<HTMLDivElement | null>
  rows: Rows
  onHold: (hold: Hold) => void
  empty: ReactNode
}) {
  const { eventId, choose } = usePageState()
  const [probe, rowPx] = useHeight(ROW_PX)
  // An event without an id can be opened all the same, by its row.
  const [openSeq, setOpenSeq] = useState<number | null>(null)
  // One at a time: what was chosen in the feed takes its place.
  if (eventId !== null && openSeq !== null) setOpenSeq(null)
  const isOpen = (row: LogRow) => (isChosenById(row) ? row.id === eventId : row.seq === openSeq)
  const openKey = eventId ?? openSeq
  const openAt = openKey === null ? -1 : placeOf(isOpen, rows)
  const { virtual, items, size, isScrolled } = useVirtualRows(ref, { rows, rowPx, openKey, openAt })
  const hold = useHold(ref, onHold, isScrolled)
  const isQuiet = (rows.at(0)?.at ?? 0) - (rows.at(FRESH_MAX)?.at ?? 0) > FRESH_MS

  // Of those that are closed it is known how high they are, and to measure each would cost more than to show it.
  const toggle = (row: LogRow) => {
    const byId = isChosenById(row)
    choose(byId && row.id !== eventId ? row.id : null)
    setOpenSeq(byId || row.seq === openSeq ? null : row.seq)
  }

  // Chosen in the feed: bring it into sight here.
  const shown = useRef<string | null>(null)
  useEffect(() => {
    if (eventId === shown.current) return
    shown.current = eventId
    const inSight = virtual.getVirtualItems().some((item) => item.index === openAt)
    if (eventId !== null && openAt >= 0 && !inSight) virtual.scrollToIndex(openAt, { align: 'center' })
  }, [eventId, openAt, virtual])

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.key === 'Escape' && openKey !== null) {
      event.stopPropagation()
      // What is open goes, with what has the focus in it.
      rowUnder(event)?.focus()
      choose(null)
      setOpenSeq(null)
    }
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    const at = Number(
      (event.target as HTMLElement).closest<HTMLElement>('[data-index]')?.dataset['index'] ?? Number.NaN,
    )
    const next = at + (event.key === 'ArrowDown' ? 1 : -1)
    if (!(next >= 0 && next < rows.length)) return
    event.preventDefault()
    virtual.scrollToIndex(next)
    // The row may only be made once it is scrolled to.
    requestAnimationFrame(() => {
      ref.current?.querySelector<HTMLElement>(`[data-index="${next}"] > button`)?.focus({ preventScroll: true })
    })
  }

  return (
    <>
      <div
        aria-hidden="true"
        className={`min-h-[1.625rem] flex-none border-y border-line bg-canvas font-sans! text-2xs font-strong text-ink-3 ${columns}`}
      >
        <span className="max-md:hidden">Time</span>
        <span>Event</span>
        <span className="max-md:text-end max-sm:hidden">Event id</span>
        <span className="max-md:hidden">Channel</span>
        <span className="text-end max-md:hidden">Size</span>
      </div>
      <section aria-label="Events, newest first" className="flex min-h-0 flex-1 flex-col">
        <div
          ref={ref}
          role="presentation"
          onKeyDown={onKeyDown}
          {...hold}
          // It is seen to here what stays where it is.
          className="relative min-h-0 flex-1 overflow-auto bg-panel [overflow-anchor:none] [scrollbar-width:thin]"
        >
          <div ref={probe} aria-hidden="true" className={`invisible absolute ${rowHeight} ${columns}`} />
          {rows.length === 0 && empty}
          <div className="relative w-full" {...(rows.length > 0 && { style: size })}>
            {/* One after the other from where the first of them is: what comes above moves them all by one step of layout. */}
            <div
              className="absolute inset-x-0 top-0"
              {...(items[0] !== undefined && { style: { top: items[0].start } })}
            >
              {items.map((item) => {
                const row = rows.at(item.index)
                if (row === undefined) return null
                const open = isOpen(row)
                return (
                  <div key={item.key} ref={open ? virtual.measureElement : null} data-index={item.index}>
                    <EventRow
                      row={row}
                      open={open}
                      fresh={isQuiet && item.index < FRESH_MAX}
                      onToggle={() => toggle(row)}
                    />
                    {open && row.payload !== null && <EventDetail row={row} />}
                  </div>
                )
              })}
            </div>
          </div>
        </div>
      </section>
    </>
  )
}

/** How high an element is, in px; before it is known, `assumed`. */
function useHeight(assumed: number): [(element: HTMLElement | null) => (() => void) | undefined, number] {
  const [height, setHeight] = useState(assumed)
  const ref = useCallback((element: HTMLElement | null) => {
    if (element === null) return undefined
    const observer = new ResizeObserver(() => setHeight(element.offsetHeight))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return [ref, height]
}

/** The row that is pressed to open what the focus is in. */
const rowUnder = ({ target }: KeyboardEvent): HTMLElement | null =>
  (target as HTMLElement).closest('[data-index]')?.querySelector<HTMLElement>(':scope > button') ?? null

/** What the stream says of itself bears the id of the event before it, but for a gap, which is a record of its own. */
const isChosenById = (row: LogRow): boolean => row.id !== null && row.kind !== 'sync'

function placeOf(isIt: (row: LogRow) => boolean, rows: Rows): number {
  for (let index = 0; index < rows.length; index += 1) {
    const row = rows.at(index)
    if (row !== undefined && isIt(row)) return index
  }
  return -1
}

/**
 * Holds the list while it is pointed at, while the keyboard is in it, or while it is scrolled away from its top. The focus of what a
 * pointer pressed stays when the pointer has gone, and holds nothing.
 */
function useHold(
  list: RefObject<HTMLElement | null>,
  onHold: (hold: Hold) => void,
  isScrolled: (list: HTMLElement) => boolean,
) {
  const why = useRef({ pointed: false, typed: false, scrolled: false })
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const set = (change: Partial<typeof why.current>) => {
    Object.assign(why.current, change)
    const { pointed, typed, scrolled } = why.current
    onHold(scrolled ? 'scrolled' : pointed || typed ? 'passing' : null)
  }
  // What had the focus and is scrolled out of the page says nothing of that.
  useEffect(() => {
    if (why.current.typed && list.current?.contains(document.activeElement) !== true) set({ typed: false })
  })
  return {
    // Of a pointer, not of a mouse: a finger that is lifted has left, and a mouse that is made of it has not.
    onPointerEnter: () => {
      clearTimeout(timer.current)
      timer.current = setTimeout(() => set({ pointed: true }), HOVER_MS)
    },
    onPointerLeave: () => {
      clearTimeout(timer.current)
      set({ pointed: false })
    },
    onPointerDownCapture: () => set({ typed: false }),
    onKeyDownCapture: ({ key }: KeyboardEvent) => {
      if (key === 'Enter' || key === ' ') set({ typed: true })
    },
    onFocus: ({ target }: FocusEvent) => set({ typed: target.matches(':focus-visible') }),
    onBlur: () => set({ typed: false }),
    onScroll: (event: { currentTarget: HTMLElement }) => {
      const scrolled = isScrolled(event.currentTarget)
      if (scrolled !== why.current.scrolled) set({ scrolled })
    },
  }
}
