import { permissionsIn } from '@repo/discord-permissions'
import type { Guild, GuildState, JsonObject } from '@repo/event-feed'
import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10'
import { compareSnowflakes, snowflakeAt, shardOf } from '@repo/discord-integration/types'
import type { Plan } from './holes.ts'

/** Channels whose `last_message_id` is a message's; a forum's is its newest post's. */
const WITH_MESSAGES: ReadonlySet<unknown> = new Set([
  ChannelType.GuildText,
  ChannelType.GuildVoice,
  ChannelType.GuildAnnouncement,
  ChannelType.AnnouncementThread,
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
  ChannelType.GuildStageVoice,
])

const READABLE = PermissionFlagsBits.ViewChannel | PermissionFlagsBits.ReadMessageHistory

/** A channel in which something was said that the log does not have: after one message, and no newer than the other. */
export type Missed = Plan['missed'][number]

/** The last message of each channel of a shard's guilds, as far as the log goes: to be asked before GUILD_CREATE overwrites it. */
export function lastMessages(state: GuildState, shard: { id: number; count: number }): Record<string, string> {
  const last: [string, string][] = []
  for (const guild of guildsOf(state, shard)) {
    for (const { id, last_message_id: messageId } of channelsOf(guild)) {
      if (typeof id === 'string' && typeof messageId === 'string') last.push([id, messageId])
    }
  }
  return Object.fromEntries(last)
}

/**
 * Where messages are missing now that the guilds are known anew: `missed`, where the bot may read them, the newest activity
 * first; `closed`, where it may see the channel and not its history, and guilds that are down at Discord.
 *
 * @param last what `lastMessages` said before.
 * @param since when the hole began, in ms since the epoch: for channels in which nothing was known.
 */
export function planOf(
  state: GuildState,
  shard: { id: number; count: number },
  last: Readonly<Record<string, string>>,
  { since, botId }: { since: number; botId: string },
): Plan {
  const missed: Missed[] = []
  const closed: Plan['closed'] = downGuilds(state, shard).map((guildId) => ({ guildId, channelId: null }))
  for (const guild of guildsOf(state, shard)) {
    for (const channel of channelsOf(guild)) {
      const { id, type, last_message_id: newest } = channel
      if (typeof id !== 'string' || typeof newest !== 'string' || !WITH_MESSAGES.has(type)) continue
      const after = Object.hasOwn(last, id) ? (last[id] ?? '') : snowflakeAt(since)
      if (compareSnowflakes(newest, after) <= 0) continue
      const granted = grantedIn(guild, channel, botId)
      if ((granted & READABLE) === READABLE) missed.push({ guildId: guild.id, channelId: id, after, newest })
      else if ((granted & PermissionFlagsBits.ViewChannel) !== 0n) closed.push({ guildId: guild.id, channelId: id })
    }
  }
  return { missed: missed.sort((a, b) => compareSnowflakes(b.newest, a.newest)), closed }
}

/** Guilds whose state is none or an old one: Discord has not told them anew. */
function downGuilds(state: GuildState, { id, count }: { id: number; count: number }): string[] {
  const down = new Set([...state.unavailableGuilds, ...state.pendingGuilds])
  for (const guildId of state.guildIds()) if (state.get(guildId)?.fields['unavailable'] === true) down.add(guildId)
  return [...down].filter((guildId) => shardOf(guildId, count) === id)
}

function* guildsOf(state: GuildState, { id, count }: { id: number; count: number }): Iterable<Guild> {
  for (const guildId of state.guildIds()) {
    const guild = shardOf(guildId, count) === id ? state.get(guildId) : null
    if (guild) yield guild
  }
}

function* channelsOf({ collections: { channels, threads } }: Guild): Iterable<JsonObject> {
  yield* channels.values()
  yield* threads.values()
}

/** What the bot may do in that channel; nothing where that cannot be told. */
function grantedIn(guild: Guild, channel: JsonObject, botId: string): bigint {
  const { roles, members, channels } = guild.collections
  const member = members.get(botId)
  // Threads have no overwrites of their own: their parent's hold.
  const owner = channel['thread_metadata'] === undefined ? channel : channels.get(channel['parent_id'])
  if (!member || !owner || !Array.isArray(member['roles'])) return 0n
  const source = { id: guild.id, owner_id: guild.fields['owner_id'], roles: roles.values() }
  return permissionsIn({ user: { id: botId }, roles: member['roles'] }, source, owner)
}
