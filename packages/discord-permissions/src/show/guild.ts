import type { GatewayGuildCreateDispatchData } from 'discord-api-types/v10'
import { COLLECTIONS } from '../guild-view.ts'
import type { CollectionName, Entries, GuildView } from '../guild-view.ts'
import { isObject, objectsOf } from '../json.ts'
import type { JsonObject } from '../json.ts'
import type { Sight } from '../sight.ts'
import { cutChannel } from './channels.ts'
import { cutPresence } from './presence.ts'
import { mayViewScheduledEvent } from './scheduled-events.ts'
import type { Show } from './view.ts'

/**
 * How many members a viewer is told of beside themselves and those in voice: what fits a page's list at first sight, where
 * all of a large guild's would be megabytes to each of its viewers.
 */
export const OTHER_MEMBERS_MAX = 250

/**
 * What of a guild's plain fields its members may see. A field that is not here they do not: Discord sends some that it does
 * not document, such as who plays what in which voice channel.
 * https://docs.discord.com/developers/resources/guild#guild-object
 */
const FIELDS = {
  id: 'shown',
  name: 'shown',
  icon: 'shown',
  icon_hash: 'shown',
  splash: 'shown',
  discovery_splash: 'shown',
  banner: 'shown',
  description: 'shown',
  features: 'shown',
  verification_level: 'shown',
  vanity_url_code: 'shown',
  welcome_screen: 'hidden',
  owner: 'hidden',
  owner_id: 'shown',
  permissions: 'hidden',
  region: 'shown',
  afk_channel_id: 'channel',
  afk_timeout: 'shown',
  widget_enabled: 'shown',
  widget_channel_id: 'channel',
  default_message_notifications: 'shown',
  explicit_content_filter: 'shown',
  mfa_level: 'shown',
  application_id: 'shown',
  system_channel_id: 'channel',
  system_channel_flags: 'shown',
  rules_channel_id: 'channel',
  max_presences: 'shown',
  max_members: 'shown',
  premium_tier: 'shown',
  premium_subscription_count: 'shown',
  preferred_locale: 'shown',
  public_updates_channel_id: 'channel',
  max_video_channel_users: 'shown',
  max_stage_video_channel_users: 'shown',
  approximate_member_count: 'shown',
  approximate_presence_count: 'shown',
  nsfw_level: 'shown',
  premium_progress_bar_enabled: 'shown',
  hub_type: 'shown',
  safety_alerts_channel_id: 'channel',
  incidents_data: 'shown',
  joined_at: 'shown',
  large: 'shown',
  unavailable: 'shown',
  member_count: 'shown',
} as const satisfies Record<
  Exclude<keyof GatewayGuildCreateDispatchData, CollectionName>,
  /** `owner`, `permissions` and `welcome_screen` are of other answers than the gateway's, for somebody else. */
  'shown' | 'hidden' | 'channel'
>

/** All of a guild that one viewer may see, as a GUILD_CREATE says it. */
export function cutGuild(guild: GuildView, sight: Sight): JsonObject {
  return cut(guild.fields, guild.collections, guild, sight)
}

/** Discord's own GUILD_CREATE and GUILD_UPDATE, of which the latter has fewer arrays; seen with what may be seen now. */
const guildItself =
  (event: string): Show =>
  (payload, { guild, sight }) => {
    const told = COLLECTIONS.filter((name) => Array.isArray(payload[name]))
    const collections = Object.fromEntries(told.map((name) => [name, new Listed(name, objectsOf(payload[name]))]))
    return { event, payload: cut(payload, collections, guild, sight) }
  }

export const guildCreate = guildItself('GUILD_CREATE')
export const guildUpdate = guildItself('GUILD_UPDATE')

type Collections = { readonly [Name in CollectionName]?: Entries }

function cut(fields: JsonObject, collections: Collections, guild: GuildView, sight: Sight): JsonObject {
  const { members, presences } = collections
  const kept = keptMembers(collections, guild, sight)
  return {
    ...cutFields(fields, guild, sight),
    ...(members && !kept.isAll && { large: true }),
    ...cutCollections(collections, guild, sight),
    ...(members && { members: [...kept.members.values()] }),
    ...(presences && { presences: presencesOf(kept.members.keys(), presences) }),
  }
}

type SameForAll = Exclude<CollectionName, 'members' | 'presences'>

/** Those that are the same for all who see the same. */
function cutCollections(collections: Collections, guild: GuildView, sight: Sight): JsonObject {
  const filters: { readonly [Name in SameForAll]: (entries: Entries) => JsonObject[] } = {
    roles: all,
    emojis: all,
    stickers: all,
    soundboard_sounds: all,
    channels: (entries) => channelsOf(entries, guild, sight),
    threads: (entries) => channelsOf(entries, guild, sight),
    voice_states: (entries) => ofChannels(entries, guild, sight),
    stage_instances: (entries) => ofChannels(entries, guild, sight),
    guild_scheduled_events: (entries) =>
      all(entries).filter((scheduled) => mayViewScheduledEvent(scheduled, guild, sight)),
  }
  const arrays = COLLECTIONS.flatMap((name) => {
    const entries = collections[name]
    return entries && name !== 'members' && name !== 'presences' ? [[name, filters[name](entries)] as const] : []
  })
  return Object.fromEntries(arrays)
}

function cutFields(fields: JsonObject, guild: GuildView, sight: Sight): JsonObject {
  const kept: [string, unknown][] = []
  for (const [name, value] of Object.entries(fields)) {
    const rule = Object.hasOwn(FIELDS, name) ? FIELDS[name as keyof typeof FIELDS] : 'hidden'
    if (rule === 'shown') kept.push([name, value])
    else if (rule === 'channel') kept.push([name, sight.mayView(guild, value) ? value : null])
  }
  return Object.fromEntries(kept)
}

const all = (entries: Entries) => [...entries.values()]

function channelsOf(entries: Entries, guild: GuildView, sight: Sight): JsonObject[] {
  const visible = all(entries).filter(({ id }) => sight.mayView(guild, id))
  return visible.map((channel) => cutChannel(channel, guild, sight))
}

function ofChannels(entries: Entries, guild: GuildView, sight: Sight): JsonObject[] {
  return all(entries).filter((entry) => sight.mayView(guild, entry['channel_id']))
}

function presencesOf(userIds: Iterable<string>, entries: Entries): JsonObject[] {
  return Array.from(userIds, (id) => entries.get(id))
    .filter((presence) => presence !== undefined)
    .map(cutPresence)
}

/** Those who are in voice where it may be seen, by their ids. */
function membersInVoice(members: Entries, voice: Entries, guild: GuildView, sight: Sight): [string, JsonObject][] {
  return ofChannels(voice, guild, sight).flatMap(({ user_id: id }): [string, JsonObject][] => {
    const member = members.get(id)
    return member ? [[id as string, member]] : []
  })
}

/** The viewer first, whom a state without the members intent may not know; then who is in voice where they may see it. */
function keptMembers({ members, voice_states: voice }: Collections, guild: GuildView, sight: Sight) {
  const kept = new Map<string, JsonObject>([[sight.userId, members?.get(sight.userId) ?? sight.member]])
  if (!members) return { members: kept, isAll: true }
  for (const [id, member] of voice ? membersInVoice(members, voice, guild, sight) : []) kept.set(id, member)
  const most = kept.size + OTHER_MEMBERS_MAX
  for (const member of members.values()) {
    const id = idOf(member)
    if (id === null || kept.has(id)) continue
    if (kept.size === most) return { members: kept, isAll: false }
    kept.set(id, member)
  }
  return { members: kept, isAll: true }
}

type Told = { readonly member: string; readonly presence: string | null }

/** A piece of a text: the same object for all to whom it is said. */
export type SharedPart = { readonly text: string }

/** A text in pieces. */
export type TextParts = readonly (string | SharedPart)[]

/** So many members are a piece by themselves to who is among those that are told: it is the one that is not shared. */
const BLOCK_MEMBERS = 16

/**
 * A guild at one moment, as JSON text for all with the same `Sight.key`: it is cut and written once, and of each of them no
 * more than that they stand first among its members, and not where they stood.
 */
export class GuildText {
  readonly #guild: GuildView
  readonly #large: unknown
  /** An object, without its last brace. */
  readonly #begin: SharedPart
  /**
   * Who is in voice, then others: two more than there is room for, since one may be who looks, and one tells that those are
   * not all.
   */
  readonly #listed: readonly Told[]
  readonly #places: ReadonlyMap<string, number>
  readonly #inVoice: number
  /** What follows whoever is not among them, and the same in pieces. */
  readonly #rest: Block
  readonly #blocks: readonly Block[]

  /** @param sight that of any of them. */
  constructor(guild: GuildView, sight: Sight) {
    this.#guild = guild
    const { large, ...fields } = cutFields(guild.fields, guild, sight)
    this.#large = large
    const same = { ...fields, ...cutCollections(guild.collections, guild, sight) }
    this.#begin = { text: JSON.stringify(same).slice(0, -1) }
    const { members, voice_states: voice } = guild.collections
    const listed = new Map(membersInVoice(members, voice, guild, sight))
    this.#inVoice = listed.size
    for (const member of members.values()) {
      if (listed.size === this.#most + 2) break
      const id = idOf(member)
      if (id !== null) listed.set(id, member)
    }
    this.#listed = Array.from(listed, ([id, member]) => this.#told(id, member))
    this.#places = new Map(Array.from(listed.keys(), (id, place) => [id, place]))
    const told = this.#listed.slice(0, this.#most)
    this.#rest = new Block(told)
    const count = Math.ceil(told.length / BLOCK_MEMBERS)
    this.#blocks = Array.from({ length: count }, (_, index) => new Block(told.slice(...rangeOf(index))))
  }

  /** What `cutGuild` says to one of them, in pieces. */
  of({ userId, member }: Sight): TextParts {
    const place = this.#places.get(userId) ?? null
    const others = this.#listed.length - this.#inVoice - (place !== null && place >= this.#inVoice ? 1 : 0)
    const large = others > OTHER_MEMBERS_MAX ? true : this.#large
    const own = this.#told(userId, this.#guild.collections.members.get(userId) ?? member)
    const blocks = place !== null && place < this.#most ? this.#without(place) : [this.#rest]
    const said = large === undefined ? '' : `,"large":${JSON.stringify(large)}`
    return [
      this.#begin,
      `${said},"members":[`,
      ...listOf('members', own.member, blocks),
      '],"presences":[',
      ...listOf('presences', own.presence, blocks),
      ']}',
    ]
  }

  /** How many are told of beside who looks. */
  get #most(): number {
    return this.#inVoice + OTHER_MEMBERS_MAX
  }

  /** Without one of them, for whom another has room where they are not in voice. */
  #without(place: number): Block[] {
    const index = Math.floor(place / BLOCK_MEMBERS)
    const [from, to] = rangeOf(index)
    const told = this.#listed.slice(0, this.#most)
    const remaining = [...told.slice(from, place), ...told.slice(place + 1, to)]
    const next = place < this.#inVoice ? [] : this.#listed.slice(this.#most, this.#most + 1)
    return [...this.#blocks.with(index, new Block(remaining)), new Block(next)]
  }

  #told(id: string, member: JsonObject): Told {
    const presence = this.#guild.collections.presences.get(id)
    return { member: JSON.stringify(member), presence: presence ? JSON.stringify(cutPresence(presence)) : null }
  }
}

const rangeOf = (block: number): [from: number, to: number] => [block * BLOCK_MEMBERS, (block + 1) * BLOCK_MEMBERS]

/** Some entries of a list, at its beginning and after others. */
type Piece = { readonly first: SharedPart; readonly next: SharedPart }

function pieceOf(entries: readonly string[]): Piece {
  const text = entries.join()
  return { first: { text }, next: { text: `,${text}` } }
}

/** Some members, and the presences of those who have one. */
class Block {
  readonly members: Piece
  readonly presences: Piece

  constructor(told: readonly Told[]) {
    this.members = pieceOf(told.map(({ member }) => member))
    this.presences = pieceOf(told.flatMap(({ presence }) => presence ?? []))
  }
}

/** @param own what comes first; null: nothing. */
function listOf(name: keyof Block, own: string | null, blocks: readonly Block[]): TextParts {
  const some = blocks.map((block) => block[name]).filter(({ first }) => first.text !== '')
  return [own ?? '', ...some.map(({ first, next }, index) => (own === null && index === 0 ? first : next))]
}

/** An array of a payload, of which members and presences are found by the user. */
class Listed implements Entries {
  readonly #byId: ReadonlyMap<unknown, JsonObject>

  constructor(name: CollectionName, entries: readonly JsonObject[]) {
    const keyOf = KEYS[name] ?? (({ id }: JsonObject) => id)
    this.#byId = new Map(entries.map((entry) => [keyOf(entry), entry]))
  }

  get(id: unknown) {
    return this.#byId.get(id)
  }

  values() {
    return this.#byId.values()
  }
}

const ofUser = ({ user }: JsonObject) => (isObject(user) ? user['id'] : undefined)

function idOf(member: JsonObject): string | null {
  const id = ofUser(member)
  return typeof id === 'string' ? id : null
}

const KEYS: { readonly [Name in CollectionName]?: (entry: JsonObject) => unknown } = {
  members: ofUser,
  presences: ofUser,
  voice_states: (entry) => entry['user_id'],
  soundboard_sounds: (entry) => entry['sound_id'],
}
