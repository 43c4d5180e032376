import { MessageType } from 'discord-api-types/v10'
import type { APIMessage, APIPartialEmoji, APIReaction } from 'discord-api-types/v10'
import { compareSnowflakes } from '../snowflake.ts'
import { PollVotes } from './poll-votes.ts'

/** How many messages of a channel are kept. A simulator left running for days must not grow without end. */
export const MESSAGES_PER_CHANNEL = 5_000

const REFERRING: ReadonlySet<MessageType> = new Set([MessageType.Reply, MessageType.ThreadStarterMessage])

interface Reacted {
  emoji: APIPartialEmoji
  users: Set<string>
}

/** Which messages to list: at most one of `before`, `after`, `around` (message ids), and how many. */
export interface MessageWindow {
  limit: number
  before?: string | undefined
  after?: string | undefined
  around?: string | undefined
}

/** An emoji's identity: its id if it is a custom one, else the character itself. */
export const emojiKey = (emoji: APIPartialEmoji): string => emoji.id ?? emoji.name ?? ''

/** The messages of all channels, oldest first in each, and who reacted to them. */
export class MessageStore {
  readonly #channels = new Map<string, APIMessage[]>()
  readonly #reactions = new Map<string, Map<string, Reacted>>()
  readonly #viewer: string
  /** Who voted in their polls. */
  readonly votes: PollVotes

  /** @param viewerId whose reactions are `me`: the bot's */
  constructor(viewerId: string) {
    this.#viewer = viewerId
    this.votes = new PollVotes(viewerId)
  }

  /** Adds a message, or replaces the one with its id. */
  put(message: APIMessage): void {
    const list = this.#list(message.channel_id)
    const at = lowerBound(list, message.id)
    list.splice(at, list[at]?.id === message.id ? 1 : 0, message)
    while (list.length > MESSAGES_PER_CHANNEL) this.#forget(list.shift())
  }

  /** The message as REST shows it, reactions and referenced message included. */
  get(channelId: string, id: string): APIMessage | undefined {
    const stored = this.#find(channelId, id)
    return stored && this.#complete(stored)
  }

  /** Changes some fields of a message. One that is not there stays so. */
  patch(channelId: string, id: string, fields: Partial<APIMessage>): void {
    const stored = this.#find(channelId, id)
    if (stored) Object.assign(stored, fields)
  }

  delete(channelId: string, id: string): void {
    const list = this.#list(channelId)
    const at = lowerBound(list, id)
    if (list[at]?.id === id) this.#forget(list.splice(at, 1)[0])
  }

  deleteChannel(channelId: string): void {
    for (const message of this.#list(channelId)) this.#forget(message)
    this.#channels.delete(channelId)
  }

  /** Newest first, as Discord lists them: https://docs.discord.com/developers/resources/message#get-channel-messages */
  list(channelId: string, { limit, before, after, around }: MessageWindow): APIMessage[] {
    const list = this.#list(channelId)
    let from = Math.max(0, list.length - limit)
    if (before !== undefined) from = Math.max(0, lowerBound(list, before) - limit)
    // "After" means the ones right after it, not the newest of them.
    if (after !== undefined) from = lowerBound(list, after, true)
    if (around !== undefined) from = Math.max(0, lowerBound(list, around) - Math.floor(limit / 2))
    const to = before === undefined ? from + limit : lowerBound(list, before)
    return list
      .slice(from, to)
      .map((message) => this.#complete(message))
      .toReversed()
  }

  /** The newest messages as they are stored, oldest first: for looking at, not for sending. */
  recent(channelId: string, count: number): readonly APIMessage[] {
    return this.#list(channelId).slice(-count)
  }

  react(messageId: string, userId: string, emoji: APIPartialEmoji): void {
    const ofMessage = this.#reactions.get(messageId) ?? new Map<string, Reacted>()
    this.#reactions.set(messageId, ofMessage)
    const entry = ofMessage.get(emojiKey(emoji)) ?? { emoji, users: new Set<string>() }
    ofMessage.set(emojiKey(emoji), entry)
    entry.users.add(userId)
  }

  unreact(messageId: string, userId: string, emoji: APIPartialEmoji): void {
    const ofMessage = this.#reactions.get(messageId)
    const entry = ofMessage?.get(emojiKey(emoji))
    entry?.users.delete(userId)
    if (entry?.users.size === 0) ofMessage?.delete(emojiKey(emoji))
  }

  /** Takes away all reactions, or all with one emoji. */
  clearReactions(messageId: string, emoji?: APIPartialEmoji): void {
    if (emoji) this.#reactions.get(messageId)?.delete(emojiKey(emoji))
    else this.#reactions.delete(messageId)
  }

  hasReacted(messageId: string, userId: string, emoji: APIPartialEmoji): boolean {
    return this.#reactions.get(messageId)?.get(emojiKey(emoji))?.users.has(userId) ?? false
  }

  /** Who reacted with an emoji, in the order in which they did. */
  reactors(messageId: string, emoji: APIPartialEmoji): string[] {
    return [...(this.#reactions.get(messageId)?.get(emojiKey(emoji))?.users ?? [])]
  }

  #list(channelId: string): APIMessage[] {
    const list = this.#channels.get(channelId) ?? []
    this.#channels.set(channelId, list)
    return list
  }

  #find(channelId: string, id: string): APIMessage | undefined {
    const list = this.#channels.get(channelId) ?? []
    const found = list[lowerBound(list, id)]
    return found?.id === id ? found : undefined
  }

  /** What people did to a message goes with it. */
  #forget(message: APIMessage | undefined): void {
    if (!message) return
    this.#reactions.delete(message.id)
    this.votes.forget(message.id)
  }

  #complete(stored: APIMessage): APIMessage {
    const message = { ...stored }
    const reactions = [...(this.#reactions.get(stored.id)?.values() ?? [])].map((entry) => this.#reaction(entry))
    if (reactions.length > 0) message.reactions = reactions
    else delete message.reactions
    if (stored.poll) message.poll = this.votes.counted(stored.id, stored.poll)

    // A reply shows what it answers one level deep, and null once that is deleted; so does the first message of a thread.
    const reference = stored.message_reference
    if (REFERRING.has(stored.type) && reference?.message_id) {
      const referenced = this.#find(reference.channel_id, reference.message_id)
      message.referenced_message = referenced ? withoutReference(referenced) : null
    }
    return message
  }

  #reaction({ emoji, users }: Reacted): APIReaction {
    return {
      emoji,
      count: users.size,
      count_details: { burst: 0, normal: users.size },
      burst_colors: [],
      me: users.has(this.#viewer),
      me_burst: false,
    }
  }
}

export function withoutReference(message: APIMessage): APIMessage {
  const { referenced_message: _deeper, ...rest } = message
  return rest
}

/** The first place whose message is not older than `id`; with `beyond`, the first whose message is newer. */
function lowerBound(list: readonly APIMessage[], id: string, beyond = false): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const order = compareSnowflakes(list[middle]?.id ?? '', id)
    if (order < 0 || (beyond && order === 0)) low = middle + 1
    else high = middle
  }
  return low
}
