import { GatewayIntentBits as Intent } from 'discord-api-types/v10'
import { withoutContent } from '../world/content.ts'
import { concernsMember } from '../world/threads.ts'
import type { World } from '../world/world.ts'

/** Every bit that Discord documents. */
const KNOWN: number = Object.values(Intent)
  .filter((bit) => typeof bit === 'number')
  .reduce((sum: number, bit) => sum | bit, 0)

/** Whether IDENTIFY's `intents` is a sum of documented bits; it closes with 4013 if not. */
export function areIntents(value: unknown): value is number {
  // Larger than all bits together means others: it must be caught before `&`, which sees 32 bits only.
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= KNOWN && (value & ~KNOWN) === 0
}

/** The intents that a bot may only ask for once its owner has switched them on, else 4014. */
export const PRIVILEGED_BITS = {
  members: Intent.GuildMembers,
  presences: Intent.GuildPresences,
  message_content: Intent.MessageContent,
} as const

/** Pairs each event of a list with the intents of which it needs one. */
const events = (bits: number, names: string) =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => [name, bits] as const)

/** Which intents an event of a guild needs one of: https://docs.discord.com/developers/events/gateway#list-of-intents */
const IN_GUILD = new Map<string, number>([
  ...events(
    Intent.Guilds,
    `GUILD_CREATE GUILD_UPDATE GUILD_DELETE GUILD_ROLE_CREATE GUILD_ROLE_UPDATE GUILD_ROLE_DELETE
     CHANNEL_CREATE CHANNEL_UPDATE CHANNEL_DELETE CHANNEL_PINS_UPDATE CHANNEL_INFO
     VOICE_CHANNEL_STATUS_UPDATE VOICE_CHANNEL_START_TIME_UPDATE
     THREAD_CREATE THREAD_UPDATE THREAD_DELETE THREAD_LIST_SYNC THREAD_MEMBER_UPDATE
     STAGE_INSTANCE_CREATE STAGE_INSTANCE_UPDATE STAGE_INSTANCE_DELETE`,
  ),
  ...events(Intent.Guilds | Intent.GuildMembers, 'THREAD_MEMBERS_UPDATE'),
  ...events(Intent.GuildMembers, 'GUILD_MEMBER_ADD GUILD_MEMBER_UPDATE GUILD_MEMBER_REMOVE'),
  ...events(Intent.GuildModeration, 'GUILD_AUDIT_LOG_ENTRY_CREATE GUILD_BAN_ADD GUILD_BAN_REMOVE'),
  ...events(
    Intent.GuildExpressions,
    `GUILD_EMOJIS_UPDATE GUILD_STICKERS_UPDATE GUILD_SOUNDBOARD_SOUND_CREATE GUILD_SOUNDBOARD_SOUND_UPDATE
     GUILD_SOUNDBOARD_SOUND_DELETE GUILD_SOUNDBOARD_SOUNDS_UPDATE`,
  ),
  ...events(
    Intent.GuildIntegrations,
    'GUILD_INTEGRATIONS_UPDATE INTEGRATION_CREATE INTEGRATION_UPDATE INTEGRATION_DELETE',
  ),
  ...events(Intent.GuildWebhooks, 'WEBHOOKS_UPDATE'),
  ...events(Intent.GuildInvites, 'INVITE_CREATE INVITE_DELETE'),
  ...events(Intent.GuildVoiceStates, 'VOICE_CHANNEL_EFFECT_SEND VOICE_STATE_UPDATE'),
  ...events(Intent.GuildPresences, 'PRESENCE_UPDATE'),
  ...events(Intent.GuildMessages, 'MESSAGE_CREATE MESSAGE_UPDATE MESSAGE_DELETE MESSAGE_DELETE_BULK'),
  ...events(
    Intent.GuildMessageReactions,
    'MESSAGE_REACTION_ADD MESSAGE_REACTION_REMOVE MESSAGE_REACTION_REMOVE_ALL MESSAGE_REACTION_REMOVE_EMOJI',
  ),
  ...events(Intent.GuildMessageTyping, 'TYPING_START'),
  ...events(
    Intent.GuildScheduledEvents,
    `GUILD_SCHEDULED_EVENT_CREATE GUILD_SCHEDULED_EVENT_UPDATE GUILD_SCHEDULED_EVENT_DELETE
     GUILD_SCHEDULED_EVENT_USER_ADD GUILD_SCHEDULED_EVENT_USER_REMOVE`,
  ),
  ...events(
    Intent.AutoModerationConfiguration,
    'AUTO_MODERATION_RULE_CREATE AUTO_MODERATION_RULE_UPDATE AUTO_MODERATION_RULE_DELETE',
  ),
  ...events(Intent.AutoModerationExecution, 'AUTO_MODERATION_ACTION_EXECUTION'),
  ...events(Intent.GuildMessagePolls, 'MESSAGE_POLL_VOTE_ADD MESSAGE_POLL_VOTE_REMOVE'),
])

/** The same for events without a guild: those of direct messages. */
const IN_DM = new Map<string, number>([
  ...events(Intent.DirectMessages, 'MESSAGE_CREATE MESSAGE_UPDATE MESSAGE_DELETE CHANNEL_PINS_UPDATE'),
  ...events(
    Intent.DirectMessageReactions,
    'MESSAGE_REACTION_ADD MESSAGE_REACTION_REMOVE MESSAGE_REACTION_REMOVE_ALL MESSAGE_REACTION_REMOVE_EMOJI',
  ),
  ...events(Intent.DirectMessageTyping, 'TYPING_START'),
  ...events(Intent.DirectMessagePolls, 'MESSAGE_POLL_VOTE_ADD MESSAGE_POLL_VOTE_REMOVE'),
])

/** Whether a session with these intents gets the event. What no intent covers, everybody gets. */
export function receives(intents: number, event: string, payload: object, botId: string): boolean {
  // https://docs.discord.com/developers/events/gateway-events#thread-members-update: others only with GUILD_MEMBERS.
  if (event === 'THREAD_MEMBERS_UPDATE' && !(intents & Intent.GuildMembers) && !concernsMember(payload, botId))
    return false
  const isGuild = 'guild_id' in payload || event.startsWith('GUILD_')
  const needed = (isGuild ? IN_GUILD : IN_DM).get(event)
  if (needed === undefined || (intents & needed) !== 0) return true
  // What concerns the bot itself arrives anyway: its own voice state, its own membership.
  if (event === 'VOICE_STATE_UPDATE') return 'user_id' in payload && payload.user_id === botId
  return event === 'GUILD_MEMBER_UPDATE' && userIdOf(payload) === botId
}

function userIdOf(payload: object): unknown {
  const user: unknown = 'user' in payload ? payload.user : undefined
  return user instanceof Object && 'id' in user ? user.id : undefined
}

const CONTENT_EVENTS: ReadonlySet<string> = new Set(['MESSAGE_CREATE', 'MESSAGE_UPDATE'])

/**
 * What of a payload a session without MESSAGE_CONTENT gets: messages without what was written, except its bot's own,
 * those that mention the bot, and direct messages; automatic moderation without what it has found. The very same object when nothing is to be hidden.
 * https://docs.discord.com/developers/events/gateway#message-content-intent
 */
export function hideContent(event: string, payload: object, world: World): object {
  if (event === 'AUTO_MODERATION_ACTION_EXECUTION') return { ...payload, content: '', matched_content: '' }
  if (!CONTENT_EVENTS.has(event) || !('guild_id' in payload)) return payload
  return withoutContent(payload, world.bot.id)
}
