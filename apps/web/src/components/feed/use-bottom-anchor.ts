import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react'

/** Closer to the bottom than this counts as there, in px: zoomed pages scroll in fractions. */
const NEAR_PX = 24

export type BottomAnchor = {
  scroller: RefObject<HTMLDivElement | null>
  content: RefObject<HTMLDivElement | null>
  onScroll: () => void
  toBottom: () => void
  /** How many came below what is in sight. */
  unseen: number
}

/**
 * Keeps a list at its bottom while one is there, and where one reads when one is not: rows that come below are counted,
 * rows put on top push nothing.
 *
 * @param onBottom is told whether one is at the bottom, whenever that is looked at.
 */
export function useBottomAnchor(
  list: { firstKey: string | undefined; lastKey: string | undefined; count: number },
  onBottom: (atBottom: boolean) => void,
): BottomAnchor {
  const { firstKey, lastKey, count } = list
  const scroller = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const atBottom = useRef(true)
  const before = useRef({ firstKey, lastKey, count, height: 0 })
  const [unseen, setUnseen] = useState(0)

  const toBottom = useCallback(() => {
    const element = scroller.current
    if (element === null) return
    atBottom.current = true
    element.scrollTop = element.scrollHeight
    onBottom(true)
    setUnseen(0)
  }, [onBottom])

  useLayoutEffect(() => {
    const element = scroller.current
    if (element === null) return
    const last = before.current
    before.current = { firstKey, lastKey, count, height: element.scrollHeight }
    if (atBottom.current) {
      element.scrollTop = element.scrollHeight
      return
    }
    const more = count - last.count
    if (more <= 0) return
    const below = last.lastKey !== lastKey
    if (below) setUnseen((value) => value + more)
    // Browsers anchor what is in sight by themselves, but for the very top, where a page of history is put.
    else if (firstKey !== last.firstKey && element.scrollTop < NEAR_PX) {
      element.scrollTop += element.scrollHeight - last.height
    }
  }, [firstKey, lastKey, count])

  // Pictures that load, a composer that grows, a phone that turns: the bottom stays the bottom.
  useEffect(() => {
    const element = scroller.current
    if (element === null || content.current === null) return undefined
    const observer = new ResizeObserver(() => {
      before.current.height = element.scrollHeight
      if (atBottom.current) element.scrollTop = element.scrollHeight
    })
    observer.observe(element)
    observer.observe(content.current)
    return () => observer.disconnect()
  }, [])

  const onScroll = useCallback(() => {
    const element = scroller.current
    if (element === null) return
    atBottom.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX
    onBottom(atBottom.current)
    if (atBottom.current) setUnseen(0)
  }, [onBottom])

  return { scroller, content, onScroll, toBottom, unseen }
}
