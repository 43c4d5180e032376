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

/**
 * A guild at one moment, as JSON text for all with the same `Sight.key`: it is cut and written once, and of each of them no
 * more than that they stand first among its members.
 */
export class GuildText {
  readonly #guild: GuildView
  readonly #large: unknown
  /** An object, without its last brace. */
  readonly #begin: SharedPart
  readonly #voice = new Map<string, Told>()
  /** Two more than there is room for: one may be who looks, and one tells that those are not all. */
  readonly #others = new Map<string, Told>()
  /** What follows whoever is in neither. */
  readonly #rest: { readonly members: SharedPart; readonly presences: SharedPart }

  /** @param sight that of any of them. */
  constructor(guild: GuildView, sight: Sight) {
    this.#guild = guild
    const { large, ...fields } = cutFields(guild.fields, guild, sight)
    this.#large = large
    const same = { ...fields, ...cutCollections(guild.collections, guild, sight) }
    this.#begin = { text: JSON.stringify(same).slice(0, -1) }
    const { members, voice_states: voice } = guild.collections
    for (const [id, member] of membersInVoice(members, voice, guild, sight)) this.#voice.set(id, this.#told(id, member))
    for (const member of members.values()) {
      const id = idOf(member)
      if (id === null || this.#voice.has(id)) continue
      this.#others.set(id, this.#told(id, member))
      if (this.#others.size === OTHER_MEMBERS_MAX + 2) break
    }
    this.#rest = listed([...this.#voice.values(), ...[...this.#others.values()].slice(0, OTHER_MEMBERS_MAX)])
  }

  /** What `cutGuild` says to one of them, in pieces. */
  of({ userId, member }: Sight): TextParts {
    const others = this.#others.size - (this.#others.has(userId) ? 1 : 0)
    const large = others > OTHER_MEMBERS_MAX ? true : this.#large
    const own = this.#told(userId, this.#guild.collections.members.get(userId) ?? member)
    const { members, presences } = this.#restWithout(userId)
    const said = large === undefined ? '' : `,"large":${JSON.stringify(large)}`
    const isAlone = own.presence === null || presences.text === ''
    return [
      this.#begin,
      `${said},"members":[${own.member}${members.text === '' ? '' : ','}`,
      members,
      `],"presences":[${own.presence ?? ''}${isAlone ? '' : ','}`,
      presences,
      ']}',
    ]
  }

  #restWithout(userId: string) {
    if (!this.#voice.has(userId) && !this.#others.has(userId)) return this.#rest
    const without = (told: ReadonlyMap<string, Told>) => [...told].flatMap(([id, one]) => (id === userId ? [] : [one]))
    return listed([...without(this.#voice), ...without(this.#others).slice(0, OTHER_MEMBERS_MAX)])
  }

  #told(id: string, member: JsonObject): Told {
    const presence = this.#guild.collections.presences.get(id)
    return { member: JSON.stringify(member), presence: presence ? JSON.stringify(cutPresence(presence)) : null }
  }
}

function listed(told: readonly Told[]) {
  const presences = told.flatMap(({ presence }) => presence ?? [])
  return { members: { text: told.map(({ member }) => member).join() }, presences: { text: presences.join() } }
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
