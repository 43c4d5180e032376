import { ChannelType, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { isEphemeral } from '../world/ephemeral.ts'
import { concernsMember } from '../world/threads.ts'
import type { World } from '../world/world.ts'

/*
 * What a bot hears of takes more than intents: it must be allowed to see it.
 * https://docs.discord.com/developers/events/gateway-events
 */

interface Needed {
  bit: bigint
  /** The field that names the channel where it is needed; without one it is needed in the guild as a whole. */
  channel?: 'channel_id'
}

const each = (names: string, needed: Needed) =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => [name, needed] as const)

const NEEDED: ReadonlyMap<string, Needed> = new Map([
  // "Relevant to the current user", say the pages of channels and threads; of messages they say nothing, for it is plain.
  ...each(
    `MESSAGE_CREATE MESSAGE_UPDATE MESSAGE_DELETE MESSAGE_DELETE_BULK
     MESSAGE_REACTION_ADD MESSAGE_REACTION_REMOVE MESSAGE_REACTION_REMOVE_ALL MESSAGE_REACTION_REMOVE_EMOJI
     MESSAGE_POLL_VOTE_ADD MESSAGE_POLL_VOTE_REMOVE TYPING_START CHANNEL_PINS_UPDATE`,
    { bit: Bit.ViewChannel, channel: 'channel_id' },
  ),
  // https://docs.discord.com/developers/events/gateway-events#invites
  ...each('INVITE_CREATE INVITE_DELETE', { bit: Bit.ManageChannels, channel: 'channel_id' }),
  // https://docs.discord.com/developers/events/gateway-events#auto-moderation
  ...each(
    `AUTO_MODERATION_RULE_CREATE AUTO_MODERATION_RULE_UPDATE AUTO_MODERATION_RULE_DELETE
     AUTO_MODERATION_ACTION_EXECUTION`,
    { bit: Bit.ManageGuild },
  ),
  // https://docs.discord.com/developers/events/gateway-events#guild-audit-log-entry-create
  ...each('GUILD_AUDIT_LOG_ENTRY_CREATE', { bit: Bit.ViewAuditLog }),
  // https://docs.discord.com/developers/events/gateway-events#guild-ban-add
  ...each('GUILD_BAN_ADD GUILD_BAN_REMOVE', { bit: Bit.BanMembers }),
  // https://docs.discord.com/developers/events/gateway-events#guild-join-request-create
  ...each('GUILD_JOIN_REQUEST_CREATE GUILD_JOIN_REQUEST_UPDATE GUILD_JOIN_REQUEST_DELETE', { bit: Bit.KickMembers }),
])

const text = (payload: object, field: string): string => {
  const value: unknown = Reflect.get(payload, field)
  return typeof value === 'string' ? value : ''
}

const OF_THREADS: ReadonlySet<string> = new Set([
  'THREAD_CREATE',
  'THREAD_UPDATE',
  'THREAD_DELETE',
  'THREAD_MEMBERS_UPDATE',
])

/**
 * Threads are told to who may view the channel that they are in, and private ones only to who is in them or manages
 * threads. That it was added or removed a bot hears in any case. https://docs.discord.com/developers/topics/threads#permissions
 */
function isThreadHidden(world: World, payload: object): boolean {
  if (concernsMember(payload, world.bot.id)) return false
  const id = text(payload, 'id')
  const thread = { ...world.channel(id)?.channel, ...payload }
  const parent = world.channel(text(thread, 'parent_id'))
  if (!parent) return false
  const bits = world.permissions(parent, world.bot.id)
  if (!(bits & Bit.ViewChannel)) return true
  if (Reflect.get(thread, 'type') !== ChannelType.PrivateThread || bits & Bit.ManageThreads) return false
  const own: unknown = Reflect.get(payload, 'member')
  const isOpener = own instanceof Object && text(own, 'user_id') === world.bot.id
  return !isOpener && !world.threadMembers.get(id)?.has(world.bot.id)
}

/**
 * Whether the bot is kept from something that happens. Where the world knows no such place, it is not. To be asked before
 * the world has changed by it: of what is deleted nobody knows afterwards who saw it.
 */
export function isHidden(world: World, event: string, payload: object): boolean {
  if (OF_THREADS.has(event)) return isThreadHidden(world, payload)
  const needed = NEEDED.get(event)
  // What one person sees comes to the bot as if it were a direct message.
  if (!needed || isEphemeral(payload)) return false
  if (needed.channel) {
    const located = world.channel(text(payload, needed.channel))
    return !!located && !(world.permissions(located, world.bot.id) & needed.bit)
  }
  const guild = world.guild(text(payload, 'guild_id'))
  return !!guild && !(world.guildPermissions(guild, world.bot.id) & needed.bit)
}
