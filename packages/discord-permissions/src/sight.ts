import { hash } from 'node:crypto'
import { ChannelFlags, PermissionFlagsBits } from 'discord-api-types/v10'
import { isThread, kindOf } from './channel-kind.ts'
import type { GuildView } from './guild-view.ts'
import { isObject } from './json.ts'
import type { JsonObject } from './json.ts'
import { overwritesOf } from './overwrites.ts'
import {
  permissionsInChannel,
  permissionsInThread,
  permissionsOfStanding,
  standingOf,
  timeoutEnds,
} from './standing.ts'
import type { Standing } from './standing.ts'
import { visibility } from './visibility.ts'
import type { VisibilityRule } from './visibility.ts'

const { ViewChannel, ReadMessageHistory, Connect } = PermissionFlagsBits

/** Somebody who looks at a guild. */
export type Viewer = {
  readonly userId: string
  /**
   * Their guild member object, from the guild's state or from REST; null where they are no member.
   * https://docs.discord.com/developers/resources/guild#guild-member-object
   */
  readonly member: JsonObject | null
  /** Ids of the private threads that they are known to be in. Default: none. */
  readonly threads?: ReadonlySet<string>
}

/** The permissions that decide about events, beside VIEW_CHANNEL: those of the table. */
const rules: readonly VisibilityRule[] = Object.values(visibility)
const asked = rules.filter((rule) => rule.kind === 'permission')
const DECIDES_IN_CHANNEL = asked
  .filter((rule) => rule.in === 'channel')
  .reduce((bits, { permission }) => bits | PermissionFlagsBits[permission], ViewChannel | ReadMessageHistory)
const DECIDES_IN_GUILD = asked
  .flatMap((rule) => (rule.in === 'guild' ? [rule.permission] : (rule.orOfGuild ?? [])))
  .reduce((bits, permission) => bits | PermissionFlagsBits[permission], 0n)

/**
 * What one viewer may see of one guild.
 *
 * It holds what the viewer's roles say at one moment, and looks at the channels as they are when it is asked. So it is to be
 * made anew after what `accessChange` says, and when a timeout ends (`until`).
 */
export class Sight {
  readonly userId: string
  readonly guildId: string
  readonly member: JsonObject
  /** What they may do in the guild as a whole. */
  readonly permissions: bigint
  /** When their timeout ends, in ms since the epoch; null: they are not timed out. */
  readonly until: number | null
  readonly #standing: Standing
  readonly #threads: ReadonlySet<string>

  constructor(
    guild: GuildView,
    member: JsonObject,
    threads: ReadonlySet<string>,
    standing: Standing,
    until: number | null,
  ) {
    this.userId = standing.userId
    this.guildId = guild.id
    this.member = member
    this.permissions = permissionsOfStanding(standing)
    this.until = until
    this.#standing = standing
    this.#threads = threads
  }

  /** What they may do in a channel or thread of that guild, by id; nothing in one that it does not have. */
  permissionsIn(guild: GuildView, channelId: unknown): bigint {
    const { channels, threads } = guild.collections
    const channel = channels.get(channelId) ?? threads.get(channelId)
    return channel ? this.permissionsInObject(guild, channel) : 0n
  }

  /** The same in a channel or thread that the guild has had or will have. */
  permissionsInObject(guild: GuildView, channel: JsonObject): bigint {
    if (isObfuscated(channel)) return 0n
    if (!isThread(channel)) return permissionsInChannel(this.#standing, guild.id, channel)
    const parent = guild.collections.channels.get(channel['parent_id'])
    if (!parent || isObfuscated(parent)) return 0n
    const { id } = channel
    const isThreadMember = typeof id === 'string' && this.#threads.has(id)
    return permissionsInThread(this.#standing, guild.id, { thread: channel, parent, isThreadMember })
  }

  mayView(guild: GuildView, channelId: unknown): boolean {
    return (this.permissionsIn(guild, channelId) & ViewChannel) !== 0n
  }

  mayViewObject(guild: GuildView, channel: JsonObject): boolean {
    return (this.permissionsInObject(guild, channel) & ViewChannel) !== 0n
  }

  /**
   * Whether they may read messages there, as they come or, `old`, from before; the former takes CONNECT in a voice channel.
   * https://docs.discord.com/developers/resources/message#get-channel-messages
   */
  mayRead(guild: GuildView, channelId: unknown, { old = false } = {}): boolean {
    const { channels, threads } = guild.collections
    const channel = channels.get(channelId) ?? threads.get(channelId)
    return channel !== undefined && this.mayReadObject(guild, channel, { old })
  }

  mayReadObject(guild: GuildView, channel: JsonObject, { old = false } = {}): boolean {
    const needed = ViewChannel | (kindOf(channel) === 'voice' ? Connect : 0n) | (old ? ReadMessageHistory : 0n)
    return (this.permissionsInObject(guild, channel) & needed) === needed
  }

  /**
   * The same for all who see the same: the channels they may view with the permissions that decide about events, the private
   * threads they are in, and what they may do in the guild. Two with one key get the same of every event that is not
   * `isPersonal`.
   *
   * @param known of the same guild at the same moment: it is reckoned once for all who have the same roles and nothing of their own.
   */
  key(guild: GuildView, known: Map<string, string> = new Map()): string {
    const alike = this.#alike(guild)
    const key = (alike === null ? undefined : known.get(alike)) ?? this.#reckon(guild)
    if (alike !== null) known.set(alike, key)
    return key
  }

  /** Equal for those who by their roles see the same; null where there is something that is theirs alone. */
  #alike(guild: GuildView): string | null {
    const { userId, hasAll, isTimedOut, base, roles } = this.#standing
    if (this.#threads.size > 0) return null
    for (const { permission_overwrites: value } of hasAll ? [] : guild.collections.channels.values()) {
      if (overwritesOf(value)?.ofMembers.has(userId)) return null
    }
    return [hasAll, isTimedOut, base, ...roles].join()
  }

  #reckon(guild: GuildView): string {
    const parts = [guild.id, String(this.permissions & DECIDES_IN_GUILD)]
    for (const channel of guild.collections.channels.values()) {
      const bits = this.permissionsInObject(guild, channel)
      if (bits !== 0n) parts.push(String(channel['id']), decisive(bits, kindOf(channel) === 'voice'))
    }
    for (const thread of guild.collections.threads.values()) {
      if (kindOf(thread) === 'private thread' && this.mayViewObject(guild, thread)) parts.push(String(thread['id']))
    }
    return hash('sha256', parts.join(), 'base64url')
  }
}

/** As text, which is slow to make of a bigint and nearly always known: there are few different ones. */
function decisive(bits: bigint, isVoice: boolean): string {
  const texts = isVoice ? texted.voice : texted.other
  const known = texts.get(bits)
  if (known !== undefined) return known
  const text = String(bits & (isVoice ? DECIDES_IN_CHANNEL | Connect : DECIDES_IN_CHANNEL))
  if (texts.size === TEXTS_MAX) texts.clear()
  texts.set(bits, text)
  return text
}

const TEXTS_MAX = 10_000
const texted = { voice: new Map<bigint, string>(), other: new Map<bigint, string>() }

/** Null for who is no member, or of whom that cannot be told: they see nothing. `now` in ms since the epoch. */
export function sightOf({ userId, member, threads }: Viewer, guild: GuildView, now: number): Sight | null {
  if (!isObject(member) || !Array.isArray(member['roles'])) return null
  const { user, roles, communication_disabled_until: until } = member
  if (!isObject(user) || user['id'] !== userId) return null
  const { collections, fields, id } = guild
  const person = { user: { id: userId }, roles: roles as unknown[], communication_disabled_until: until }
  const standing = standingOf(
    person,
    { id, ownerId: fields['owner_id'], role: (role) => collections.roles.get(role) },
    now,
  )
  return new Sight(guild, member, threads ?? NONE, standing, standing.isTimedOut ? timeoutEnds(person, now) : null)
}

const NONE: ReadonlySet<string> = new Set()

/**
 * A channel that the bot may not view itself. Its overwrites are not the real ones, so nobody can be told to see it.
 * https://docs.discord.com/developers/resources/channel#channel-object-obfuscated-channels
 */
export function isObfuscated({ flags }: JsonObject): boolean {
  if (flags === undefined || flags === null) return false
  return typeof flags !== 'number' || (flags & ChannelFlags.ChannelObfuscated) !== 0
}
