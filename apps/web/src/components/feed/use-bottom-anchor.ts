import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react'

/** Closer to the bottom than this counts as there, in px: zoomed pages scroll in fractions. */
const NEAR_PX = 24
/** So many of what is in sight are remembered by their places: what one reads may itself go away. */
const MARKS = 24
/** Of a message less than half a line is not in sight. */
const SEEN_PX = 12

export type BottomAnchor = {
  scroller: RefObject<HTMLDivElement | null>
  content: RefObject<HTMLDivElement | null>
  onScroll: () => void
  toBottom: () => void
  /** Scrolls to an element of the list, unless it is in sight. */
  bring: (element: Element) => void
  /** What is about to change was asked for by the reader, and must not carry off what they look at. */
  hold: () => void
  /** How many came below what is in sight. */
  unseen: number
}

/**
 * Keeps a list at its bottom while one is there, and where one reads when one is not: whatever is put in above, taken away or
 * changes its size, what was first in sight stays where it was. Rows that come below are counted. Browsers have an anchor of
 * their own, but not all of them, and none at the very top, where history is put; so theirs is switched off.
 *
 * Elements with `data-anchor` are what one reads: they keep their place among each other whatever comes. A line over a day does
 * not, it goes up to what has come above.
 *
 * @param onBottom is told whether one is at the bottom, whenever that is looked at.
 */
export function useBottomAnchor(
  list: { lastKey: string | undefined; count: number },
  onBottom: (atBottom: boolean) => void,
): BottomAnchor {
  const { lastKey, count } = list
  const scroller = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const atBottom = useRef(true)
  const before = useRef({ lastKey, count })
  const marks = useRef<Mark[]>([])
  const scrollTop = useRef(0)
  const [unseen, setUnseen] = useState(0)

  const settle = useCallback(() => {
    if (scroller.current === null || content.current === null) return
    if (atBottom.current) scroller.current.scrollTop = scroller.current.scrollHeight
    else restore(scroller.current, marks.current, scrollTop.current)
    marks.current = marksOf(scroller.current, content.current)
    scrollTop.current = scroller.current.scrollTop
  }, [])

  const toBottom = useCallback(() => {
    atBottom.current = true
    settle()
    onBottom(true)
    setUnseen(0)
  }, [onBottom, settle])

  const hold = useCallback(() => {
    atBottom.current = false
  }, [])

  // After each rendering, whatever it changed.
  useLayoutEffect(settle)

  useLayoutEffect(() => {
    const last = before.current
    before.current = { lastKey, count }
    if (!atBottom.current && count > last.count && lastKey !== last.lastKey) {
      setUnseen((value) => value + count - last.count)
    }
  }, [lastKey, count])

  // Rows that change by themselves, a composer that grows, a phone that turns.
  useEffect(() => {
    if (scroller.current === null || content.current === null) return undefined
    const observer = new ResizeObserver(settle)
    observer.observe(scroller.current)
    observer.observe(content.current)
    return () => observer.disconnect()
  }, [settle])

  const onScroll = useCallback(() => {
    const element = scroller.current
    if (element === null || content.current === null) return
    atBottom.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX
    marks.current = marksOf(element, content.current)
    scrollTop.current = element.scrollTop
    onBottom(atBottom.current)
    if (atBottom.current) setUnseen(0)
  }, [onBottom])

  const bring = useCallback(
    (element: Element) => {
      if (scroller.current === null || isInSight(scroller.current, element)) return
      const view = scroller.current.getBoundingClientRect()
      const { top, height } = element.getBoundingClientRect()
      // In the middle; one that is higher than the list from its beginning.
      scroller.current.scrollTop += top - view.top - Math.max(0, (view.height - height) / 2)
      onScroll()
    },
    [onScroll],
  )

  return { scroller, content, onScroll, toBottom, bring, hold, unseen }
}

function isInSight(scroller: HTMLElement, element: Element): boolean {
  const view = scroller.getBoundingClientRect()
  const { top, bottom, height } = element.getBoundingClientRect()
  return Math.min(bottom, view.bottom) - Math.max(top, view.top) >= Math.min(height, SEEN_PX)
}

/** What was in sight, and where in the page it would be, were nothing scrolled, in px. */
type Mark = { element: Element; offset: number }

/**
 * What is added to where something is in the window to say that. Of the page and not of the list: a notice that comes over the
 * list, or goes, moves the list and not what one reads in it.
 */
const scrolledBy = (scroller: HTMLElement): number => scroller.scrollTop + window.scrollY

function marksOf(scroller: HTMLElement, content: HTMLElement): Mark[] {
  const edge = scroller.getBoundingClientRect().top
  const by = scrolledBy(scroller)
  const rows = content.children
  const marks: Mark[] = []
  for (let at = firstInSight(rows, edge); at < rows.length && marks.length < MARKS; at++) {
    const element = rows[at]!
    if (!element.hasAttribute('data-anchor')) continue
    marks.push({ element, offset: element.getBoundingClientRect().top + by })
  }
  // The first of all loses its head to what comes above it, and would take what is below it along.
  if (marks[0]?.element === content.querySelector(':scope > [data-anchor]')) marks.push(...marks.splice(0, 1))
  return marks
}

/** They stand in their order, one below the other. */
function firstInSight(rows: HTMLCollection, edge: number): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (rows[middle]!.getBoundingClientRect().bottom <= edge) low = middle + 1
    else high = middle
  }
  return low
}

/** @param before how far it was scrolled when the marks were taken. */
function restore(scroller: HTMLElement, marks: readonly Mark[], before: number): void {
  const mark = marks.find(({ element }) => element.isConnected)
  if (mark === undefined) return
  const moved = mark.element.getBoundingClientRect().top + scrolledBy(scroller) - mark.offset
  const { scrollTop, scrollHeight, clientHeight } = scroller
  // Browsers scroll a list that has become too short for where it was, which nobody asked for.
  const isCutShort = scrollTop < before && scrollTop >= scrollHeight - clientHeight - 1
  const target = (isCutShort ? before : scrollTop) + moved
  // Fractions come of the browser's rounding, and adding them up would drift.
  if (Math.abs(target - scrollTop) >= 1) scroller.scrollTop = target
}
