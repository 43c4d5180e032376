import { useCallback, useState } from 'react'
import { indexOfMessage, type ViewMessage } from '../../live/view/message-list.ts'

/** How many messages stand in the page when one is at the bottom, and how many more each look further up adds. */
const WINDOW = 60
/** So many more stand before the oldest go: few at a time, for all that go at once go within one frame. */
const SLACK = 8

export type FeedWindow = {
  items: readonly ViewMessage[]
  /** There are earlier ones that the page has and does not show. */
  hasEarlier: boolean
  showEarlier: () => void
  /** Lets it begin early enough for a message to stand in the page, with what was said before. */
  showFrom: (messageId: string) => void
}

/**
 * The messages that stand in the page, of all that it has. At the bottom it is little more than the window, however
 * many come; further up it begins where one has looked, so that nothing goes away from under a reader.
 */
export function useFeedWindow(list: readonly ViewMessage[], atBottom: boolean): FeedWindow {
  const [firstId, setFirstId] = useState<string | null>(null)
  /** The newest when one last looked further up: until another comes, what was asked for stays. */
  const [heldFor, setHeldFor] = useState<string | null>(null)
  const start = firstId === null ? 0 : startAt(list, firstId)
  const items = start === 0 ? list : list.slice(start)

  const newestId = list.at(-1)?.id ?? null
  if (atBottom && newestId !== heldFor && items.length > WINDOW + SLACK) setFirstId(list.at(-WINDOW)?.id ?? null)

  const showEarlier = useCallback(() => {
    setFirstId(list[start - WINDOW]?.id ?? null)
    setHeldFor(newestId)
  }, [list, start, newestId])
  const showFrom = useCallback(
    (messageId: string) => {
      setFirstId(list[Math.min(start, startAt(list, messageId) - WINDOW)]?.id ?? null)
      setHeldFor(newestId)
    },
    [list, start, newestId],
  )
  return { items, hasEarlier: start > 0, showEarlier, showFrom }
}

/** Where the message is, or those that came after it begin. */
function startAt(list: readonly ViewMessage[], id: string): number {
  const index = indexOfMessage(list, id)
  return index < 0 ? ~index : index
}
