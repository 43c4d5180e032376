import { useVirtualizer, type VirtualItem, type Virtualizer } from '@tanstack/react-virtual'
import { useCallback, useLayoutEffect, useRef, useState, type RefObject } from 'react'
import type { Rows } from '../../live/log/shown-rows.ts'

type List = Virtualizer<HTMLDivElement, Element>

export type VirtualRows = {
  virtual: List
  items: VirtualItem[]
  /** Of all rows together, and at least for the list to be scrolled as far as they have pushed it. */
  size: { height: number; minHeight?: string }
  /** Whether somebody has scrolled the list away from its top. */
  isScrolled: (list: HTMLElement) => boolean
}

/**
 * Of many rows those that are in sight. One that is open there stays where it is while rows come in above it: the list is
 * scrolled by what they add. Whoever reads there has not left the list's top by that, so rows go on coming; once it is closed
 * or out of sight, the next ones lead back to the top.
 *
 * @param openKey which row is open, and by what it carries higher than `rowPx`.
 * @param openAt its place; -1: it is none of these.
 */
export function useVirtualRows(
  scroller: RefObject<HTMLDivElement | null>,
  { rows, rowPx, openKey, openAt }: { rows: Rows; rowPx: number; openKey: string | number | null; openAt: number },
): VirtualRows {
  const [isKept, setKept] = useState(false)
  // The virtualiser's own functions must not be memoised; nothing here is.
  // oxlint-disable-next-line react/incompatible-library
  const virtual: List = useVirtualizer<HTMLDivElement, Element>({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    getItemKey: (index) => rows.at(index)?.seq ?? index,
    overscan: 6,
    // It keeps what is in sight where it is, before that is drawn; and does not follow the end, which this is also for.
    anchorTo: isKept ? 'end' : 'start',
    scrollEndThreshold: Number.NEGATIVE_INFINITY,
  })
  useLayoutEffect(() => virtual.measure(), [virtual, openKey, rowPx])
  const items = virtual.getVirtualItems()
  const offset = virtual.scrollOffset ?? 0
  const open = items.find(({ index }) => index === openAt)
  const isInSight = open !== undefined && open.start < offset + (virtual.scrollRect?.height ?? 0) && open.end > offset

  const last = useRef(rows)
  const pushed = useRef(0)
  const isLeft = useRef(false)
  useLayoutEffect(() => {
    const isNew = rows !== last.current
    last.current = rows
    setKept(isInSight)
    if (!isNew || isLeft.current) return
    if (isKept) pushed.current = scroller.current?.scrollTop ?? 0
    else if (pushed.current > 0) pushed.current = toTop(virtual)
  }, [rows, isInSight, isKept, scroller, virtual])
  const isScrolled = useCallback(({ scrollTop }: HTMLElement) => {
    isLeft.current = scrollTop > 0 && scrollTop !== pushed.current
    if (isLeft.current) pushed.current = 0
    return isLeft.current
  }, [])
  const room = openAt === -1 ? {} : { minHeight: `calc(100% + ${Math.min(offset, openAt * rowPx)}px)` }
  return { virtual, items, size: { height: virtual.getTotalSize(), ...room }, isScrolled }
}

/** At once, and not when the element says that it was scrolled: that is a frame later, which would be empty. */
function toTop(virtual: List): 0 {
  if (virtual.scrollElement !== null) virtual.scrollElement.scrollTop = 0
  virtual.scrollOffset = 0
  virtual.measure()
  return 0
}
