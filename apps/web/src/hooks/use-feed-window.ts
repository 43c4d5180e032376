import { useCallback, useLayoutEffect, useState, type RefObject } from 'react'
import { indexOfMessage, type ViewMessage } from './message-list.ts'

/** How many messages stand in the page when one is at the bottom, and how many more each look further up adds. */
const WINDOW = 100

export type FeedWindow = {
  items: readonly ViewMessage[]
  /** There are earlier ones that the page has and does not show. */
  hasEarlier: boolean
  showEarlier: () => void
}

/**
 * The messages that stand in the page, of all that it has. At the bottom it is twice the window at most, however many
 * come; further up it begins where one has looked, so that nothing goes away from under a reader.
 *
 * @param list the messages, and what they are cut anew for: whether one is at their bottom.
 */
export function useFeedWindow(list: readonly ViewMessage[], atBottom: RefObject<boolean>): FeedWindow {
  const [firstId, setFirstId] = useState<string | null>(null)
  const start = firstId === null ? 0 : startAt(list, firstId)
  const items = start === 0 ? list : list.slice(start)

  const tooMany = items.length > 2 * WINDOW
  useLayoutEffect(() => {
    if (tooMany && atBottom.current) setFirstId(list.at(-WINDOW)?.id ?? null)
  }, [tooMany, atBottom, list])

  const showEarlier = useCallback(() => {
    setFirstId(list[start - WINDOW]?.id ?? null)
  }, [list, start])
  return { items, hasEarlier: start > 0, showEarlier }
}

/** Where the message is, or those that came after it begin. */
function startAt(list: readonly ViewMessage[], id: string): number {
  const index = indexOfMessage(list, id)
  return index < 0 ? ~index : index
}
