import type { APIUser } from 'discord-api-types/v10'
import { idOf, isId, listOf, textOr } from './given.ts'
import type { MessageList } from './message-list.ts'

/** A name and a face: as much of a user or a member as rows show. */
export type Person = {
  id: string
  name: string
  username: string
  avatar: string | null
  bot: boolean
  /** Role ids; empty where only the user is known. */
  roles: readonly string[]
}

export type ViewRole = {
  id: string
  name: string
  /** Listed apart from the others. */
  hoist: boolean
  position: number
}

export type ViewChannel = {
  id: string
  type: number
  name: string
  topic: string | null
  position: number
  parentId: string | null
  /** Hidden from @everyone. Only a mark: whether this person may see it was decided by the server. */
  isPrivate: boolean
  userLimit: number
  archived: boolean
  /** A thread in which only moderators write. */
  locked: boolean
  /** A post that stands above the others. */
  pinned: boolean
  /** Who began a thread. */
  ownerId: string | null
  /** Of a thread, about how many answers; Discord stops counting some at 50. */
  messageCount: number | null
  /** The newest message, which may be deleted: it says when something was last said. */
  lastMessageId: string | null
  /** Of a post, the ids of its tags. */
  tags: readonly string[]
  /** Of a channel of posts, the tags that a post can have. */
  tagNames: readonly { id: string; name: string }[]
  /** What a voice channel says it is about at the moment. */
  status: string | null
}

export type ViewVoice = {
  userId: string
  channelId: string
  /** By whoever it is, or by a moderator. */
  muted: boolean
  deafened: boolean
  /** By a moderator: they cannot end it themselves. */
  serverMuted: boolean
  serverDeafened: boolean
  camera: boolean
  streaming: boolean
  /** In a stage's audience. */
  suppressed: boolean
  /** Of the audience: asks to speak. */
  raisedHand: boolean
}

/** What is going on on a stage. */
export type ViewStage = { id: string; channelId: string; topic: string }

/** Somebody writes. `at` is when it was heard last, by this browser's clock; what is older than ten seconds says nothing. */
export type Typing = { userId: string; at: number }

export type ViewGuild = {
  id: string
  name: string
  icon: string | null
  ownerId: string | null
  memberCount: number | null
  /** Discord has an outage there: what is shown is the last that is known. */
  unavailable: boolean
}

/** A hole that Discord left in the record, in its place in time. */
export type Gap = {
  id: string | null
  from: number
  to: number
  reason: string
  /** Messages of some channel could not be read back; of which, browsers are not told. */
  unrestored: boolean
}

/** A moment that is no message: where a reader who was away finds what is new. */
export type CaughtUp = { at: number; count: number }

/**
 * What is unread of a channel, after all that is before `first` was read: without it, all up to `newest` was. `isWhole`: `count` and
 * `mentions` are all of it; otherwise there is more, and nobody knows how much.
 */
export type Unread = { count: number; mentions: number; first: string | null; newest: string; isWhole: boolean }

export const isUnread = (unread: Unread | undefined): boolean => unread !== undefined && unread.first !== null

/**
 * What the page shows of one guild, and nothing else of it. Immutable: a part that an event does not touch stays the same
 * object, which is how a component knows that it need not look again.
 */
export type GuildView = {
  guildId: string
  viewerId: string | null
  guild: ViewGuild | null
  /** The viewer left, or was made to leave. */
  removed: boolean
  channels: Readonly<Record<string, ViewChannel>>
  roles: Readonly<Record<string, ViewRole>>
  people: Readonly<Record<string, Person>>
  voice: Readonly<Record<string, ViewVoice>>
  /** By channel. */
  stages: Readonly<Record<string, ViewStage>>
  /** By channel. */
  typing: Readonly<Record<string, readonly Typing[]>>
  messages: Readonly<Record<string, MessageList>>
  unread: Readonly<Record<string, Unread>>
  gaps: readonly Gap[]
}

export function emptyView(guildId: string, viewerId: string | null = null): GuildView {
  return {
    guildId,
    viewerId,
    guild: null,
    removed: false,
    channels: {},
    roles: {},
    people: {},
    voice: {},
    stages: {},
    typing: {},
    messages: {},
    unread: {},
    gaps: [],
  }
}

export function personOf(user: APIUser, member?: { nick?: string | null; roles?: readonly string[] }): Person {
  const username = textOr(user.username, 'unknown user')
  return {
    id: idOf(user.id),
    name: textOr(member?.nick ?? user.global_name, username),
    username,
    // Absent in some partial users, whatever the types say.
    avatar: textOr(user.avatar, null),
    bot: user.bot === true,
    roles: listOf(member?.roles).filter(isId),
  }
}
