import { show } from '@repo/discord-permissions'
import type { APIMessage } from 'discord-api-types/v10'
import { z } from 'zod'
import type { UserLimits } from './auth/user-limits.ts'
import type { Deputy, Entered } from './deputy/deputy.ts'
import { Refused } from './deputy/refused.ts'
import type { Refusal } from './deputy/refused.ts'
import { FunctionError } from './function-error.ts'
import type { FunctionErrorCode } from './function-error.ts'
import type { ChannelMessagesInput, SendMessageInput } from './function-inputs.ts'
import type { GuildSummary, SendOutcome } from './function-results.ts'
import { isLinkError } from './is-link-error.ts'
import { isMembershipUnknown } from './membership/membership.ts'

/** What the functions work with; a test owns it. Nothing in it does more than whoever asks may do. */
export type FunctionContext = {
  user: { id: string }
  /** Ids of the guilds that they may be in: where to look, and nothing that lets them in. */
  candidates: () => readonly string[]
  deputy: Pick<Deputy, 'enter' | 'ask'>
  limits: Pick<UserLimits, 'take'>
  /** Says in the answer, to programs, when to ask again, in seconds. */
  retryAfter: (seconds: number) => void
}

/**
 * The servers, the largest first: what a page without a choice opens.
 *
 * @throws {FunctionError} GATEWAY_AWAY where it cannot be told of one whether they are in it: without it the list would say
 * that they are not.
 */
export async function listGuilds(context: FunctionContext): Promise<GuildSummary[]> {
  takeRead(context)
  const { candidates, deputy } = context
  const entered = await Promise.all(candidates().map((id) => deputy.enter(id))).catch(asFunctionError)
  const summaries = entered.flatMap((one) => (one ? [summaryOf(one)] : []))
  return summaries.sort(
    (one, other) => (other.memberCount ?? 0) - (one.memberCount ?? 0) || one.name.localeCompare(other.name),
  )
}

function summaryOf({ guild, sight }: Entered): GuildSummary {
  const { name, icon, member_count: memberCount } = GuildFields.parse(guild.fields)
  const inVoice = Array.from(guild.collections.voice_states.values()).filter(({ channel_id: channelId }) =>
    sight.mayView(guild, channelId),
  )
  return { id: guild.id, name, icon, memberCount, inVoice: inVoice.length }
}

const GuildFields = z.object({
  name: z.string().catch(''),
  icon: z.string().nullable().catch(null),
  member_count: z.number().nullable().catch(null),
})

/** @throws {FunctionError} NOT_FOUND for what is not there, not for them, or not for the bot: nobody can tell them apart. */
export async function getChannelMessages(
  context: FunctionContext,
  { guildId, channelId, before, limit }: z.output<typeof ChannelMessagesInput>,
): Promise<{ messages: APIMessage[] }> {
  takeRead(context)
  const page = { ...(before !== undefined && { before }), ...(limit !== undefined && { limit }) }
  const { result, entered } = await context.deputy
    .ask(guildId, 'get_channel_messages', { channel_id: channelId, ...page })
    .catch(asFunctionError)
  return { messages: result.messages.flatMap((message) => shownOf(message, channelId, entered)) }
}

/** As the stream shows it: messages quote others, from elsewhere too. */
function shownOf(message: { [field: string]: unknown }, channelId: string, { guild, sight }: Entered): APIMessage[] {
  if (message['channel_id'] !== channelId) return []
  const payload = { ...message, guild_id: guild.id }
  const shown = show('MESSAGE_CREATE', payload, { guild, sight, isOld: true })
  if (!shown) return []
  const { guild_id: _guildId, ...rest } = shown.payload
  return isMessage(rest) ? [rest] : []
}

/** Never throws what the link says: a refusal and an unknown outcome are answers that the page shows. */
export async function sendMessage(
  { user, deputy, limits }: FunctionContext,
  { guildId, channelId, content, requestId, replyTo }: z.output<typeof SendMessageInput>,
): Promise<SendOutcome> {
  const wait = limits.take('write', user.id)
  if (wait !== null) return refusal('TOO_MANY_REQUESTS', { retryAfter: wait })
  try {
    const reply = replyTo === undefined ? {} : { reply_to: replyTo }
    const payload = { channel_id: channelId, content, ...reply }
    const { result } = await deputy.ask(guildId, 'send_message', payload, requestId)
    return { ok: true, messageId: result.message_id }
  } catch (error) {
    if (error instanceof Refused) return refusal(error.code, error)
    if (isMembershipUnknown(error)) return refusal(unknown(error.code), error)
    if (!isLinkError(error)) throw error
    const { code, retryable, retryAfter } = error
    return refusal(sendCodes[code] ?? code, { kept: !retryable && !unheard.has(code), retryAfter })
  }
}

/** What our own end of the link says when it has heard nothing. */
const unheard: ReadonlySet<string> = new Set(['DEADLINE_EXCEEDED', 'CLOSED'])

/** The link's codes in the page's words: what it can tell a person about is one of `sendRefusals`. */
const sendCodes: Partial<Record<string, string>> = {
  MISSING_ACCESS: 'BOT_MISSING_PERMISSIONS',
  MISSING_PERMISSIONS: 'BOT_MISSING_PERMISSIONS',
  UNKNOWN_CHANNEL: 'NOT_FOUND',
  NOT_CONNECTED: 'GATEWAY_AWAY',
  SHUTTING_DOWN: 'GATEWAY_AWAY',
  DEADLINE_EXCEEDED: 'OUTCOME_UNKNOWN',
  CLOSED: 'OUTCOME_UNKNOWN',
  INTERNAL_ERROR: 'OUTCOME_UNKNOWN',
}

/** What a person is told, and the code that the page is: the same where it makes no difference to the page. */
const sendRefusals: { readonly [code: string]: { code: string; message: string } | undefined } = {
  MISSING_PERMISSIONS: { code: 'MISSING_PERMISSIONS', message: 'You may not write in this channel.' },
  TIMED_OUT: { code: 'MISSING_PERMISSIONS', message: 'You are timed out in this server.' },
  HELD_BACK: { code: 'MISSING_PERMISSIONS', message: 'This server does not let you write yet.' },
  SLOWMODE: { code: 'RATE_LIMITED', message: 'This channel is in slow mode.' },
  TOO_MANY_REQUESTS: { code: 'RATE_LIMITED', message: 'You write faster than may be written here.' },
  BOT_MISSING_PERMISSIONS: { code: 'MISSING_PERMISSIONS', message: 'The bot may not write in this channel.' },
  NOT_FOUND: { code: 'UNKNOWN_CHANNEL', message: 'There is no such channel in this server.' },
  GATEWAY_AWAY: { code: 'GATEWAY_AWAY', message: 'The gateway is away: nothing was sent.' },
  OUTCOME_UNKNOWN: { code: 'OUTCOME_UNKNOWN', message: 'The message may or may not have been sent.' },
  RATE_LIMITED: { code: 'RATE_LIMITED', message: 'Discord takes no more messages here for now.' },
  INVALID_PAYLOAD: { code: 'INVALID_PAYLOAD', message: 'Discord does not take a message like this one.' },
  DISCORD_UNAVAILABLE: {
    code: 'DISCORD_UNAVAILABLE',
    message: 'Discord did not take the message: nothing was sent.',
  },
}

function refusal(
  why: string,
  { kept = false, retryAfter }: { kept?: boolean; retryAfter?: number | undefined },
): SendOutcome {
  const { code, message } = sendRefusals[why] ?? { code: why, message: 'Discord refused the message.' }
  return { ok: false, code, message, kept, ...(retryAfter === undefined ? {} : { retryAfter }) }
}

function takeRead({ user, limits, retryAfter }: FunctionContext): void {
  const wait = limits.take('read', user.id)
  if (wait === null) return
  retryAfter(wait)
  throw new FunctionError('TOO_MANY_REQUESTS')
}

/** @throws {FunctionError} for what is known to go wrong, and else what came. */
function asFunctionError(error: unknown): never {
  if (error instanceof Refused) throw new FunctionError(refusals[error.code])
  if (isMembershipUnknown(error)) throw new FunctionError(unknown(error.code))
  if (isLinkError(error)) throw new FunctionError(readErrors[error.code] ?? 'INTERNAL_ERROR')
  throw error
}

const refusals: { readonly [R in Refusal]: FunctionErrorCode } = {
  NOT_FOUND: 'NOT_FOUND',
  MISSING_PERMISSIONS: 'MISSING_PERMISSIONS',
  TIMED_OUT: 'MISSING_PERMISSIONS',
  HELD_BACK: 'MISSING_PERMISSIONS',
  SLOWMODE: 'RATE_LIMITED',
}

const readErrors: Partial<Record<string, FunctionErrorCode>> = {
  UNKNOWN_CHANNEL: 'NOT_FOUND',
  // A category, which has no messages.
  CANNOT_SEND_MESSAGES_IN_NON_TEXT_CHANNEL: 'NOT_FOUND',
  MISSING_ACCESS: 'MISSING_PERMISSIONS',
  MISSING_PERMISSIONS: 'MISSING_PERMISSIONS',
  RATE_LIMITED: 'RATE_LIMITED',
  NOT_CONNECTED: 'GATEWAY_AWAY',
  DEADLINE_EXCEEDED: 'GATEWAY_AWAY',
  SHUTTING_DOWN: 'GATEWAY_AWAY',
  DISCORD_UNAVAILABLE: 'GATEWAY_AWAY',
  CLOSED: 'GATEWAY_AWAY',
}

/** Nobody can tell who they are to a server: it is Discord's limit, or all the same to them why. */
const unknown = (code: string): 'RATE_LIMITED' | 'GATEWAY_AWAY' =>
  code === 'RATE_LIMITED' ? 'RATE_LIMITED' : 'GATEWAY_AWAY'

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
