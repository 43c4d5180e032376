import type { GuildState } from '@repo/event-feed'
import type { APIMessage } from 'discord-api-types/v10'
import { z } from 'zod'
import { FunctionError } from './function-error.ts'
import type { FunctionErrorCode } from './function-error.ts'
import type { ChannelMessagesInput, SendMessageInput } from './function-inputs.ts'
import type { GuildSummary, SendOutcome } from './function-results.ts'
import { isLinkError } from './is-link-error.ts'
import type { sendGatewayCommand } from './init/gateway-client-init.server.ts'

/** What the functions work with; a test owns it. */
export type FunctionContext = {
  state: GuildState
  /** Whether whoever asks may see anything of that guild. */
  mayEnter: (guildId: string) => boolean
  send: typeof sendGatewayCommand
}

/** The servers, the largest first: what a page without a choice opens. */
export function listGuilds({ state, mayEnter }: FunctionContext): GuildSummary[] {
  const summaries = [...state.guildIds()].flatMap((id) => {
    const guild = state.get(id)
    if (!guild || !mayEnter(id)) return []
    const { name, icon, member_count: memberCount } = GuildFields.parse(guild.fields)
    return [{ id, name, icon, memberCount, inVoice: guild.collections.voice_states.size }]
  })
  return summaries.sort(
    (one, other) => (other.memberCount ?? 0) - (one.memberCount ?? 0) || one.name.localeCompare(other.name),
  )
}

const GuildFields = z.object({
  name: z.string().catch(''),
  icon: z.string().nullable().catch(null),
  member_count: z.number().nullable().catch(null),
})

/** @throws {FunctionError} NOT_FOUND also for what Discord does not let the bot read: both look the same to a stranger. */
export async function getChannelMessages(
  { state, mayEnter, send }: FunctionContext,
  { guildId, channelId, before, limit }: z.output<typeof ChannelMessagesInput>,
): Promise<{ messages: APIMessage[] }> {
  if (!mayEnter(guildId) || !hasChannel(state, guildId, channelId)) throw new FunctionError('NOT_FOUND')
  try {
    const { messages } = await send('get_channel_messages', {
      channel_id: channelId,
      ...(before === undefined ? {} : { before }),
      ...(limit === undefined ? {} : { limit }),
    })
    return { messages: messages.flatMap((message: unknown) => (isMessage(message) ? [message] : [])) }
  } catch (error) {
    if (isLinkError(error)) throw new FunctionError(readErrors[error.code] ?? 'INTERNAL_ERROR')
    throw error
  }
}

const readErrors: Partial<Record<string, FunctionErrorCode>> = {
  UNKNOWN_CHANNEL: 'NOT_FOUND',
  MISSING_ACCESS: 'MISSING_PERMISSIONS',
  MISSING_PERMISSIONS: 'MISSING_PERMISSIONS',
  RATE_LIMITED: 'RATE_LIMITED',
  NOT_CONNECTED: 'GATEWAY_AWAY',
  DEADLINE_EXCEEDED: 'GATEWAY_AWAY',
  SHUTTING_DOWN: 'GATEWAY_AWAY',
  DISCORD_UNAVAILABLE: 'GATEWAY_AWAY',
  CLOSED: 'GATEWAY_AWAY',
}

/** Never throws what the link says: a refusal and an unknown outcome are answers that the page shows. */
export async function sendMessage(
  { state, mayEnter, send }: FunctionContext,
  { guildId, channelId, content, requestId, replyTo }: z.output<typeof SendMessageInput>,
): Promise<SendOutcome> {
  if (!mayEnter(guildId) || !hasChannel(state, guildId, channelId)) return refusal('UNKNOWN_CHANNEL', false)
  const payload = {
    channel_id: channelId,
    content,
    ...(replyTo === undefined ? {} : { reply_to: replyTo }),
    // The bot may mention everyone; whoever writes through it may not.
    allowed_mentions: { parse: ['users' as const], replied_user: true },
  }
  try {
    const { message_id: messageId } = await send('send_message', payload, requestId)
    return { ok: true, messageId }
  } catch (error) {
    if (!isLinkError(error)) throw error
    return refusal(sendCodes[error.code] ?? error.code, !error.retryable && !unheard.has(error.code), error.retryAfter)
  }
}

/** What our own end of the link says when it has heard nothing. */
const unheard: ReadonlySet<string> = new Set(['DEADLINE_EXCEEDED', 'CLOSED'])

/** The link's codes in the page's words: what it can tell a person about is one of `sendRefusals`. */
const sendCodes: Partial<Record<string, string>> = {
  MISSING_ACCESS: 'MISSING_PERMISSIONS',
  NOT_CONNECTED: 'GATEWAY_AWAY',
  SHUTTING_DOWN: 'GATEWAY_AWAY',
  DEADLINE_EXCEEDED: 'OUTCOME_UNKNOWN',
  CLOSED: 'OUTCOME_UNKNOWN',
  INTERNAL_ERROR: 'OUTCOME_UNKNOWN',
}

const sendRefusals: Partial<Record<string, string>> = {
  MISSING_PERMISSIONS: 'The bot may not write in this channel.',
  UNKNOWN_CHANNEL: 'There is no such channel in this server.',
  GATEWAY_AWAY: 'The gateway is away: nothing was sent.',
  OUTCOME_UNKNOWN: 'The message may or may not have been sent.',
  RATE_LIMITED: 'Discord takes no more messages here for now.',
  INVALID_PAYLOAD: 'Discord does not take a message like this one.',
  DISCORD_UNAVAILABLE: 'Discord did not take the message: nothing was sent.',
}

function refusal(code: string, kept: boolean, retryAfter?: number): SendOutcome {
  const message = sendRefusals[code] ?? 'Discord refused the message.'
  return { ok: false, code, message, kept, ...(retryAfter === undefined ? {} : { retryAfter }) }
}

export function hasChannel(state: GuildState, guildId: string, channelId: string): boolean {
  const collections = state.get(guildId)?.collections
  return collections?.channels.get(channelId) !== undefined || collections?.threads.get(channelId) !== undefined
}

/** What the page reads of a message without asking; the rest is as Discord's documentation says, or absent. */
const MessageShape = z.object({
  id: z.string(),
  channel_id: z.string(),
  content: z.string(),
  timestamp: z.string(),
  author: z.object({ id: z.string(), username: z.string() }),
})

function isMessage(message: unknown): message is APIMessage {
  return MessageShape.safeParse(message).success
}
