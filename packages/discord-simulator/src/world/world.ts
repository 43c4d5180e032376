import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10'
import type { APIAutoModerationRule, APIGuildMember, APIMessage, APIThreadMember, APIUser } from 'discord-api-types/v10'
import type { Clock } from '../clock.ts'
import type { Random } from '../random.ts'
import { createSnowflakes, shardOf } from '../snowflake.ts'
import { applyDispatch } from './apply/apply.ts'
import { MessageStore } from './message-store.ts'
import { channelPermissions, presentPermissions } from './permissions.ts'
import type { Direct, DirectChannel, Dispatch, Guild, Located, Member, Place, PrivilegedIntent, User } from './types.ts'

export interface WorldOptions {
  clock: Clock
  random: Random
  /** The bot that the world is seen through. */
  bot: User
  /** The privileged intents that the bot's owner has switched on. */
  privileged: readonly PrivilegedIntent[]
}

/**
 * What there is: guilds with their channels, members and voice states, and the messages in them. It changes in one way
 * only, by the dispatches that Discord would send, so that whoever hears them all knows it all.
 */
export class World {
  readonly clock: Clock
  readonly random: Random
  readonly bot: User
  privileged: ReadonlySet<PrivilegedIntent>
  readonly messages: MessageStore
  /** By thread, who has joined it, as far as a dispatch has told. */
  readonly threadMembers = new Map<string, Map<string, APIThreadMember>>()
  /** By voice channel, when the first of those who are in it came, in s of the Unix epoch. */
  readonly voiceStarts = new Map<string, number>()
  /** By guild, who is banned from it. */
  readonly bans = new Map<string, Map<string, User>>()
  /** By guild, its rules of automatic moderation. */
  readonly autoModeration = new Map<string, APIAutoModerationRule[]>()
  /** By scheduled event, who is interested, as far as a dispatch has told. */
  readonly interested = new Map<string, Set<string>>()
  /** Those who have left every guild are still somebody. */
  readonly strangers = new Map<string, User>()
  /** By id. Bots are told of no direct channel before somebody writes in it. */
  readonly #directs = new Map<string, DirectChannel>()
  /** A new snowflake, later than all before. */
  readonly nextId: () => string
  readonly #guilds = new Map<string, Guild>()
  /** Which guild a channel or thread is in. */
  readonly #homes = new Map<string, string>()

  constructor({ clock, random, bot, privileged }: WorldOptions) {
    this.clock = clock
    this.random = random
    // A copy: it can be renamed, and the seed's is everybody's.
    this.bot = { ...bot }
    this.privileged = new Set(privileged)
    this.messages = new MessageStore(bot.id)
    this.nextId = createSnowflakes(clock)
  }

  /** All guilds, in the order in which the bot joined them. */
  guilds(): Guild[] {
    return [...this.#guilds.values()]
  }

  guild(id: string): Guild | undefined {
    return this.#guilds.get(id)
  }

  putGuild(guild: Guild): void {
    this.removeGuild(guild.id)
    this.#guilds.set(guild.id, guild)
    this.indexChannels(guild)
  }

  removeGuild(id: string): void {
    // Looked for among all channels there are, which a new guild has none of yet.
    if (!this.#guilds.delete(id)) return
    for (const [channelId, guildId] of this.#homes) if (guildId === id) this.#homes.delete(channelId)
  }

  /** To be called when a guild has got a channel or a thread. */
  indexChannels(guild: Guild): void {
    for (const { id } of [...guild.channels, ...guild.threads]) this.#homes.set(id, guild.id)
  }

  /** A channel or thread, with its guild. */
  channel(id: string): Located | undefined {
    const guild = this.#guilds.get(this.#homes.get(id) ?? '')
    const channel = guild?.channels.find((c) => c.id === id) ?? guild?.threads.find((t) => t.id === id)
    return guild && channel ? { guild, channel } : undefined
  }

  /** The bot's channel with one person. */
  direct(id: string): Direct | undefined {
    const channel = this.#directs.get(id)
    return channel && { channel }
  }

  /** The bot's channel with somebody, opened now if it was not. */
  directWith(user: User): Direct {
    const open = [...this.#directs.values()].find(({ recipients }) => recipients[0]?.id === user.id)
    if (open) return { channel: open }
    const channel: DirectChannel = {
      id: this.nextId(),
      type: ChannelType.DM,
      flags: 0 as NonNullable<DirectChannel['flags']>,
      last_message_id: null,
      recipients: [user],
    }
    this.#directs.set(channel.id, channel)
    return { channel }
  }

  /** Wherever messages may be. */
  place(id: string): Place | undefined {
    return this.channel(id) ?? this.direct(id)
  }

  member(guildId: string, userId: string): Member | undefined {
    return this.guild(guildId)?.members.find((member) => member.user.id === userId)
  }

  user(id: string): APIUser | undefined {
    if (id === this.bot.id) return this.bot
    const in_ = this.guilds().find((guild) => guild.members.some((member) => member.user.id === id))
    return in_ ? this.member(in_.id, id)?.user : this.strangers.get(id)
  }

  /**
   * A user's permissions in a channel, as bits of PermissionFlagsBits. A private thread is there only for who is in it,
   * and for who manages threads: https://docs.discord.com/developers/topics/threads#permissions
   */
  permissions(located: Located, userId: string): bigint {
    const bits = channelPermissions(located, userId, this.clock.now())
    const { id, type } = located.channel
    if (type !== ChannelType.PrivateThread || bits & PermissionFlagsBits.ManageThreads) return bits
    return this.threadMembers.get(id)?.has(userId) ? bits : 0n
  }

  /** The same in a guild as a whole. */
  guildPermissions(guild: Guild, userId: string): bigint {
    return presentPermissions(guild, userId, this.clock.now())
  }

  /** Makes true what a dispatch says. Events that say nothing about the world, or make no sense, change nothing. */
  apply({ event, payload }: Dispatch): void {
    applyDispatch(this, event, payload)
  }
}

/** The guilds of one shard. */
export function guildsOf(world: World, [shard, count]: readonly [id: number, count: number]): Guild[] {
  return world.guilds().filter((guild) => shardOf(guild.id, count) === shard)
}

/** A member as message events carry it: without its user, who is there as `author`. */
export function withoutUser(member: APIGuildMember): Omit<APIGuildMember, 'user'> {
  const { user: _user, ...rest } = member
  return rest
}

export type { APIMessage }
