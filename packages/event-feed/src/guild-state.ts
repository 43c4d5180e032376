import { ChannelIndex } from './guild-state/channel-index.ts'
import { Guild } from './guild-state/guild.ts'
import type { GuildPayload } from './guild-state/guild.ts'
import { isObject, isWithinDepth, objectsOf } from './guild-state/json.ts'
import type { JsonObject } from './guild-state/json.ts'
import { REDUCERS } from './guild-state/reducers.ts'
import { shardOf } from '@repo/discord-integration/types'

export type { Guild, GuildPayload, CollectionName } from './guild-state/guild.ts'
export type { Collection } from './guild-state/collection.ts'
export type { JsonObject } from './guild-state/json.ts'

/**
 * What of a user others may know; USER_UPDATE is about the bot itself and tells it more.
 * https://docs.discord.com/developers/resources/user#user-object
 */
const PUBLIC_USER_FIELDS = [
  'username',
  'discriminator',
  'global_name',
  'avatar',
  'avatar_decoration_data',
  'banner',
  'accent_color',
  'public_flags',
  'collectibles',
  'primary_guild',
] as const

/** The events that make and end guilds or concern all of them; the rest is in `REDUCERS`. */
const OVER_GUILDS: ReadonlySet<string> = new Set(['READY', 'GUILD_CREATE', 'GUILD_DELETE', 'USER_UPDATE'])

/** Those of `REDUCERS` that also come from direct messages. */
const WITHOUT_GUILD: ReadonlySet<string> = new Set(['MESSAGE_CREATE', 'MESSAGE_REACTION_ADD', 'CHANNEL_PINS_UPDATE'])

/**
 * What the events add up to, per guild: apply every dispatch in order, and it can say it all again as one GUILD_CREATE.
 *
 * Applying a GUILD_CREATE that it said leads to the same state, so a consumer that folds one and then the events after
 * it stands where this does. A payload that is not understood changes nothing, or only that which is understood; it is
 * counted in `skipped` and never thrown over.
 */
export class GuildState {
  readonly #guilds = new Map<string, Guild>()
  readonly #channels = new ChannelIndex()
  readonly #pending = new Set<string>()
  readonly #unavailable = new Set<string>()
  #skipped = 0

  /** How many events had something in them that was not understood. */
  get skipped(): number {
    return this.#skipped
  }

  /** Ids that READY listed whose GUILD_CREATE or GUILD_DELETE has not come yet. */
  get pendingGuilds(): ReadonlySet<string> {
    return this.#pending
  }

  /**
   * Ids of guilds that the bot is in and of which nothing else is known: Discord has not told them yet, or they are down.
   * One that went down after it was known is not among them, it says `unavailable` itself.
   */
  get unavailableGuilds(): ReadonlySet<string> {
    return this.#unavailable
  }

  /** As after a READY that listed these. */
  expect(guildIds: Iterable<string>): void {
    this.#pending.clear()
    for (const id of guildIds) this.#expect(id)
  }

  /** Whether that event concerns every guild there is. */
  concernsAll(event: string): boolean {
    return event === 'USER_UPDATE'
  }

  /** Whether that event can change anything here; the payload of one that cannot need not be parsed. */
  follows(event: string): boolean {
    return REDUCERS.has(event) || OVER_GUILDS.has(event)
  }

  /**
   * @param guildId as `guildIdOf` says it.
   * @param lacks of an event that concerns every guild, which of them it is new to. Default: all.
   */
  apply(
    event: string,
    guildId: string | null,
    payload: unknown,
    lacks: (guildId: string) => boolean = () => true,
  ): void {
    if (!this.follows(event)) return
    const isFit = isObject(payload) && isWithinDepth(payload)
    const understood =
      isFit && (this.concernsAll(event) ? this.#updateUser(payload, lacks) : this.#reduce(event, guildId, payload))
    if (!understood) this.#skipped++
  }

  guildIds(): Iterable<string> {
    return this.#guilds.keys()
  }

  has(guildId: string): boolean {
    return this.#guilds.has(guildId)
  }

  /** Whether the bot is in that guild, also where nothing is known of it. */
  lists(guildId: string): boolean {
    return this.has(guildId) || this.#unavailable.has(guildId)
  }

  /** The guild itself, by collection and id, to be read only. */
  get(guildId: string): Guild | null {
    return this.#guilds.get(guildId) ?? null
  }

  /**
   * The guild that a channel or a thread is in; null where that is not known: it is deleted, an archived thread (Discord
   * lists active ones only), or one between users.
   */
  guildOfChannel(channelId: string): string | null {
    return this.#channels.guildOf(channelId)
  }

  /** All there is to say of a guild, every array of GUILD_CREATE included; null for one that is not there. */
  guildCreate(guildId: string): GuildPayload | null {
    return this.get(guildId)?.payload ?? null
  }

  /** The same as JSON text; only what changed since it was last asked for is encoded. */
  guildCreateText(guildId: string): string | null {
    return this.get(guildId)?.text ?? null
  }

  /**
   * The guilds of a READY's shard that it no longer lists: the bot has left them while nobody looked, and each is owed
   * a GUILD_DELETE of ours.
   */
  missingGuilds(ready: unknown): string[] {
    if (!isObject(ready)) return []
    const { listed, ofShard } = readyGuilds(ready)
    const known = [...this.#guilds.keys(), ...this.#unavailable]
    return listed ? known.filter((id) => ofShard(id) && !listed.has(id)) : []
  }

  #reduce(event: string, guildId: string | null, payload: JsonObject): boolean {
    if (event === 'READY') return this.#ready(payload)
    if (guildId === null) return WITHOUT_GUILD.has(event)
    if (event === 'GUILD_CREATE') return this.#create(guildId, payload)
    if (event === 'GUILD_DELETE') return this.#delete(guildId, payload)
    const guild = this.#guilds.get(guildId)
    return !guild || (REDUCERS.get(event)?.(guild, payload) ?? true)
  }

  #ready(payload: JsonObject): boolean {
    const { listed, ofShard } = readyGuilds(payload)
    if (!listed) return false
    for (const id of this.#pending) {
      if (!ofShard(id)) continue
      this.#pending.delete(id)
      this.#unavailable.delete(id)
    }
    for (const id of listed) this.#expect(id)
    return true
  }

  #expect(id: string): void {
    this.#pending.add(id)
    if (!this.#guilds.has(id)) this.#unavailable.add(id)
  }

  /** During an outage Discord names the guild and nothing more; what was known of it is then kept. */
  #create(guildId: string, payload: JsonObject): boolean {
    this.#pending.delete(guildId)
    if (payload['unavailable'] === true && !Array.isArray(payload['channels'])) {
      this.#setUnavailable(guildId)
      return true
    }
    this.#unavailable.delete(guildId)
    this.#guilds.get(guildId)?.leave()
    const guild = new Guild(guildId, this.#channels)
    this.#guilds.set(guildId, guild)
    return guild.merge(payload) === 0
  }

  #delete(guildId: string, payload: JsonObject): boolean {
    this.#pending.delete(guildId)
    if (payload['unavailable'] === true) this.#setUnavailable(guildId)
    else {
      this.#guilds.get(guildId)?.leave()
      this.#guilds.delete(guildId)
      this.#unavailable.delete(guildId)
    }
    return true
  }

  #setUnavailable(guildId: string): void {
    const guild = this.#guilds.get(guildId)
    if (guild) guild.patch({ unavailable: true })
    else this.#unavailable.add(guildId)
  }

  /** The bot's own user has changed. */
  #updateUser(payload: JsonObject, lacks: (guildId: string) => boolean): boolean {
    const { id } = payload
    if (typeof id !== 'string') return false
    const known = PUBLIC_USER_FIELDS.flatMap((field) =>
      Object.hasOwn(payload, field) ? [[field, payload[field]]] : [],
    )
    const changes = Object.fromEntries(known) as JsonObject
    for (const { id: guildId, collections } of this.#guilds.values()) {
      if (!lacks(guildId)) continue
      const member = collections.members.get(id)
      if (isObject(member?.['user'])) collections.members.patch(id, { user: { ...member['user'], ...changes } })
    }
    return true
  }
}

function readyGuilds(ready: JsonObject): { listed: ReadonlySet<string> | null; ofShard: (id: string) => boolean } {
  const ids = objectsOf(ready['guilds'])?.map((guild) => guild['id'])
  const [id, count] = Array.isArray(ready['shard']) ? (ready['shard'] as unknown[]) : [0, 1]
  return {
    listed: ids ? new Set(ids.filter((guildId) => typeof guildId === 'string')) : null,
    ofShard: (guildId) => typeof count === 'number' && shardOf(guildId, count) === id,
  }
}

/** What there is to say of a guild of which nothing else is, as JSON text: an unavailable guild, as Discord calls it. */
export function unavailableText(id: string): string {
  return JSON.stringify({ id, unavailable: true })
}
