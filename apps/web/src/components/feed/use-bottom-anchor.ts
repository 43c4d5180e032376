import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react'

/** Closer to the bottom than this counts as there, in px: zoomed pages scroll in fractions. */
const NEAR_PX = 24
/** So many of what is in sight are remembered by their places: what one reads may itself go away. */
const MARKS = 24
/** Of a message less than half a line is not in sight. */
const SEEN_PX = 12
/** What is written in, in the list: it has this attribute for as long as it is there. */
const WRITTEN_IN = '[data-written-in]'

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
 * Where somebody writes in the list itself (`data-written-in`), that stays where it is, also at the bottom: what comes then is
 * below what is in sight, and counted.
 *
 * @param onBottom is told whether one is at the bottom and is shown what comes, whenever that is looked at.
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
  /** What is written in, and how much of it was in sight. */
  const written = useRef<Written | null>(null)
  const [unseen, setUnseen] = useState(0)

  const note = useCallback(
    (view: HTMLElement, rows: HTMLElement) => {
      const element = rows.querySelector(WRITTEN_IN)
      const isSeen = element !== null && isInSight(view, element)
      written.current = element && { element, isSeen, isWhole: isWhole(view, element), height: heightOf(element) }
      marks.current = marksOf(view, rows)
      if (isSeen) marks.current.unshift(markOf(view, element))
      scrollTop.current = view.scrollTop
      onBottom(atBottom.current && !isHeld(written.current))
    },
    [onBottom],
  )

  const settle = useCallback(() => {
    const [view, rows] = [scroller.current, content.current]
    if (view === null || rows === null) return
    const was = written.current
    const element = rows.querySelector(WRITTEN_IN)
    const isOther = element !== (was?.element ?? null)
    // Where one begins to write at the bottom, it opens upward, as all that comes there.
    if (atBottom.current && (isOther ? element !== null : !isHeld(was))) {
      view.scrollTop = view.scrollHeight
    } else {
      restore(view, marks.current, scrollTop.current)
      if (!isOther && was?.isWhole === true) showEnd(view, was.element)
      // A line that comes below is less than what counts as near.
      if (isOther || isHeld(was)) atBottom.current = bottomOf(view) < (element === null ? NEAR_PX : 1)
      if (atBottom.current) setUnseen(0)
    }
    note(view, rows)
  }, [note])

  const toBottom = useCallback(() => {
    atBottom.current = true
    setUnseen(0)
    if (scroller.current === null || content.current === null) return
    scroller.current.scrollTop = scroller.current.scrollHeight
    note(scroller.current, content.current)
  }, [note])

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
    // A browser scrolls to the caret of what grows before it says that it has grown: one has not scrolled.
    if (hasGrown(written.current)) return settle()
    atBottom.current = bottomOf(element) < NEAR_PX
    note(element, content.current)
    if (atBottom.current) setUnseen(0)
  }, [note, settle])

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

/** How much of it is below what is in sight, in px. */
const bottomOf = ({ scrollHeight, scrollTop, clientHeight }: HTMLElement): number =>
  scrollHeight - scrollTop - clientHeight

type Written = { element: Element; isSeen: boolean; isWhole: boolean; height: number }

const heightOf = (element: Element): number => element.getBoundingClientRect().height

const hasGrown = (written: Written | null): boolean =>
  written !== null && written.element.isConnected && heightOf(written.element) > written.height

/** Whether the list stays for what is written in it: not for what was left open somewhere further up. */
const isHeld = (written: Written | null): boolean =>
  written !== null && (written.isSeen || written.element.contains(document.activeElement))

function isWhole(scroller: HTMLElement, element: Element): boolean {
  const view = scroller.getBoundingClientRect()
  const { top, bottom } = element.getBoundingClientRect()
  return top >= view.top && bottom <= view.bottom + 1
}

/** Of one that has become higher, or has less room below it. */
function showEnd(scroller: HTMLElement, element: Element): void {
  const view = scroller.getBoundingClientRect()
  const { top, bottom } = element.getBoundingClientRect()
  const by = Math.min(bottom - view.bottom, top - view.top)
  if (by > 0) scroller.scrollTop += by
}

/** What was in sight, and where in the page it would be, were nothing scrolled, in px. */
type Mark = { element: Element; offset: number }

/**
 * What is added to where something is in the window to say that. Of the page and not of the list: a notice that comes over the
 * list, or goes, moves the list and not what one reads in it.
 */
const scrolledBy = (scroller: HTMLElement): number => scroller.scrollTop + window.scrollY

const markOf = (scroller: HTMLElement, element: Element): Mark => ({
  element,
  offset: element.getBoundingClientRect().top + scrolledBy(scroller),
})

function marksOf(scroller: HTMLElement, content: HTMLElement): Mark[] {
  const edge = scroller.getBoundingClientRect().top
  const rows = content.children
  const marks: Mark[] = []
  for (let at = firstInSight(rows, edge); at < rows.length && marks.length < MARKS; at++) {
    const element = rows[at]!
    if (!element.hasAttribute('data-anchor')) continue
    marks.push(markOf(scroller, element))
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
