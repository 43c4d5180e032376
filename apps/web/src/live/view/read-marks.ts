import type { APIMessage } from 'discord-api-types/v10'
import { compareSnowflakes } from '@repo/discord-integration/types'
import { channelType, holdsPosts } from './discord-values.ts'
import type { GuildView, Unread, ViewChannel } from './view-types.ts'

type Unreads = Readonly<Record<string, Unread>>

export const allRead = (newest: string): Unread => ({ count: 0, mentions: 0, first: null, newest, isWhole: true })

/** The last that was read of a channel. */
export const readUpTo = ({ first, newest }: Unread): string => (first === null ? newest : String(BigInt(first) - 1n))

/** The oldest that can be unread after that. */
export const firstAfter = (read: string): string => String(BigInt(read) + 1n)

const isAfter = (id: string, other: string): boolean => compareSnowflakes(id, other) > 0

/**
 * What is unread where the channels are told anew. Of one of which nothing is known nothing is: whoever comes for the first time
 * has missed nothing. Of one whose last message is beyond what was heard of, more is unread than was counted.
 */
export function unreadAt(channels: Readonly<Record<string, ViewChannel>>, known: Unreads): Unreads {
  const said = Object.values(channels).filter(({ type }) => type !== channelType.category && !holdsPosts(type))
  return Object.fromEntries(
    said.map(({ id, lastMessageId }) => {
      const before = known[id]
      const last = lastMessageId ?? id
      if (before === undefined) return [id, allRead(last)]
      if (!isAfter(last, before.newest)) return [id, before]
      return [id, { ...before, first: before.first ?? firstAfter(before.newest), newest: last, isWhole: false }]
    }),
  )
}

/**
 * With what another tab of the same person has read and counted: what was read there is read here too, and it may know a number
 * that is not known here.
 */
export function withMarks(view: GuildView, marks: Unreads): GuildView {
  const unread = { ...view.unread }
  let isOther = false
  for (const [id, theirs] of Object.entries(marks)) {
    const ours = unread[id]
    const next = ours === undefined ? theirs : merged(view, id, ours, theirs)
    isOther ||= next !== ours
    unread[id] = next
  }
  return isOther ? { ...view, unread } : view
}

function merged(view: GuildView, channelId: string, ours: Unread, theirs: Unread): Unread {
  const read = compareSnowflakes(readUpTo(theirs), readUpTo(ours))
  const ahead = compareSnowflakes(theirs.newest, ours.newest)
  if (read < 0) return ours
  if (read === 0) return theirs.isWhole && ahead >= 0 && (ahead > 0 || !ours.isWhole) ? theirs : ours
  return ahead >= 0 ? theirs : countedFrom(view, channelId, readUpTo(theirs), ours)
}

/** What is left of it where more of it was read: the messages that are here say how much. */
function countedFrom(view: GuildView, channelId: string, read: string, before: Unread): Unread {
  const items = view.messages[channelId]?.items ?? []
  const left = items
    .map(({ payload }) => payload)
    .filter((message) => isAfter(message.id, read) && !isOwn(view, message))
  if (before.isWhole && left.length === 0) return allRead(before.newest)
  return {
    ...before,
    count: Math.min(before.count, left.length),
    mentions: Math.min(before.mentions, left.filter((message) => namesViewer(view, message)).length),
    first: firstAfter(read),
  }
}

type Said = Pick<APIMessage, 'author' | 'mention_everyone' | 'mentions'>

export const isOwn = ({ viewerId }: GuildView, { author }: Said): boolean => author.id === viewerId

export const namesViewer = ({ viewerId }: GuildView, { mention_everyone, mentions }: Said): boolean =>
  viewerId !== null && (mention_everyone || mentions.some(({ id }) => id === viewerId))
