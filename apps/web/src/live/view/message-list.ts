import type { APIMessage } from 'discord-api-types/v10'
import { mergePoll, pollOf, type ViewPoll } from './message-poll.ts'
import { mergeReactions, reactionsOf, type ViewReaction } from './message-reactions.ts'
import { compareSnowflakes, snowflakeTime } from '@repo/discord-integration/types'

export type ViewMessage = {
  id: string
  /** When it was written, from its id, in ms since the epoch. */
  at: number
  payload: APIMessage
  reactions: readonly ViewReaction[]
  poll: ViewPoll | null
  /** When it was deleted, by this browser's clock: the row keeps its height, its text is dropped at once. */
  deletedAt: number | null
  /** The event it came with; null for what history brought. */
  eventId: string | null
  /** It came after a gap in Discord's record that it was written in. */
  restored: boolean
}

/** One channel's messages, oldest first, without a hole between the first and the last. */
export type MessageList = {
  items: readonly ViewMessage[]
  /** History was read at least once. */
  loaded: boolean
  /** The first item is the first of the channel. */
  complete: boolean
  /** A snapshot came since history was read: what happened in between is not known. */
  stale: boolean
}

export const emptyList: MessageList = { items: [], loaded: false, complete: false, stale: false }

/** How many messages of a channel nobody has opened are kept, so that opening it shows something at once. */
const UNOPENED_MESSAGES = 50
/** How many of an opened one: far more than anybody scrolls through, far less than a browser suffers from. */
const OPENED_MESSAGES = 2_000

/**
 * Whether a payload has what a row of the feed stands on: an id that says when, who wrote it, and what kind it is.
 * Payloads come as Discord sent them, and one that is odd must not take the others with it.
 */
export function isMessage(payload: unknown): payload is APIMessage {
  const { id, channel_id, author, content, mentions, type } = (payload ?? {}) as Partial<APIMessage>
  return (
    [id, channel_id, author?.id].every((value) => typeof value === 'string' && /^\d{1,20}$/.test(value)) &&
    typeof author?.username === 'string' &&
    typeof content === 'string' &&
    typeof type === 'number' &&
    Array.isArray(mentions)
  )
}

export function messageOf(payload: APIMessage, eventId: string | null, restored = false): ViewMessage {
  return {
    id: payload.id,
    at: snowflakeTime(payload.id),
    payload,
    reactions: reactionsOf(payload),
    poll: pollOf(payload, eventId !== null && !restored),
    deletedAt: null,
    eventId,
    restored,
  }
}

/** Where `id` is, or, as the complement, where it belongs. */
export function indexOfMessage(items: readonly ViewMessage[], id: string): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareSnowflakes(items[middle]!.id, id) < 0) low = middle + 1
    else high = middle
  }
  return items[low]?.id === id ? low : ~low
}

export function findMessage(list: MessageList, id: string): ViewMessage | undefined {
  const index = indexOfMessage(list.items, id)
  return index < 0 ? undefined : list.items[index]
}

export function addMessage(list: MessageList, message: ViewMessage): MessageList {
  const index = indexOfMessage(list.items, message.id)
  // Known already: history may have had it before its event came. The event's id is all that it adds.
  if (index >= 0) {
    const known = list.items[index]!
    if (known.eventId !== null || message.eventId === null) return list
    return { ...list, items: list.items.with(index, { ...known, eventId: message.eventId }) }
  }
  // Older than all that is loaded: it belongs to a page of history that nobody has asked for.
  if (list.loaded && !list.complete && ~index === 0 && list.items.length > 0) return list
  const items = list.items.toSpliced(~index, 0, message)
  return trim({ ...list, items })
}

function trim(list: MessageList): MessageList {
  const most = list.loaded ? OPENED_MESSAGES : UNOPENED_MESSAGES
  return list.items.length <= most ? list : { ...list, items: list.items.slice(-most), complete: false }
}

/** The list with one message changed; the same list where it is not there or `change` returns what it got. */
export function changeMessage(
  list: MessageList,
  id: string,
  change: (message: ViewMessage) => ViewMessage,
): MessageList {
  const index = indexOfMessage(list.items, id)
  if (index < 0) return list
  const before = list.items[index]!
  const after = change(before)
  return after === before ? list : { ...list, items: list.items.with(index, after) }
}

export type HistoryPage = {
  /** As Discord gives them: newest first. */
  messages: readonly APIMessage[]
  limit: number
  /** What the page was asked to end before; without it, it is the newest page. */
  before?: string
}

/**
 * Puts a page of history where it belongs. What was deleted meanwhile stays deleted.
 *
 * @param isRestored whether a message of then was written in a gap
 */
export function mergeHistory(
  list: MessageList,
  page: HistoryPage,
  isRestored: (at: number) => boolean = () => false,
): MessageList {
  const read = page.messages
    .filter(isMessage)
    .map((payload) => messageOf(payload, null, isRestored(snowflakeTime(payload.id))))
    .sort((a, b) => compareSnowflakes(a.id, b.id))
  const complete = page.messages.length < page.limit
  if (page.before !== undefined) {
    return { ...list, items: union(list, read, () => true), complete }
  }
  const newest = read.at(-1)?.id
  // Inside the page's range the page is right: what it lacks was deleted. What is newer came while it was being read;
  // what is older would leave a hole.
  const items = union(list, read, (message) => {
    if (newest === undefined) return !list.stale
    return compareSnowflakes(message.id, newest) > 0 || (message.deletedAt !== null && !list.stale)
  })
  return { items, loaded: true, complete, stale: false }
}

function union(
  list: MessageList,
  read: readonly ViewMessage[],
  keep: (message: ViewMessage) => boolean,
): ViewMessage[] {
  const known = new Map(list.items.map((message) => [message.id, message]))
  const inPage = new Set(read.map((message) => message.id))
  const merged = read.map((fresh) => {
    const before = known.get(fresh.id)
    if (before === undefined) return fresh
    if (before.deletedAt !== null) return before
    const kept = { ...fresh, eventId: before.eventId, restored: before.restored || fresh.restored }
    if (list.stale) return kept
    return {
      ...kept,
      payload: later(before.payload, fresh.payload),
      reactions: mergeReactions(before, fresh),
      poll: mergePoll(before.poll, fresh.poll),
    }
  })
  const others = list.items.filter((message) => !inPage.has(message.id) && keep(message))
  return [...merged, ...others].sort((a, b) => compareSnowflakes(a.id, b.id))
}

/** Of two forms of a message, the one that was edited later; at a tie, the second. */
export function later(a: APIMessage, b: APIMessage): APIMessage {
  return (a.edited_timestamp ?? '') > (b.edited_timestamp ?? '') ? a : b
}
