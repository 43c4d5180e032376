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
import { outcomeOf, sendFilesWords, sendWords, tooMany, unknownMember } from './outcomes.ts'
import type { UploadOf, UploadSeal } from './uploads/upload-seal.ts'

/** What the functions work with; a test owns it. Nothing in it does more than whoever asks may do. */
export type FunctionContext = {
  user: { id: string }
  /** Ids of the guilds that they may be in: where to look, and nothing that lets them in. */
  candidates: () => readonly string[]
  deputy: Pick<Deputy, 'enter' | 'ask' | 'may' | 'ownIn'>
  limits: Pick<UserLimits, 'take'>
  /** Knows whose an upload is. */
  uploads: Pick<UploadSeal, 'open'>
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
  const { name, icon, member_count: memberCount, unavailable } = GuildFields.parse(guild.fields)
  const inVoice = Array.from(guild.collections.voice_states.values()).filter(({ channel_id: channelId }) =>
    sight.mayView(guild, channelId),
  )
  return { id: guild.id, name, icon, memberCount, inVoice: inVoice.length, unavailable }
}

const GuildFields = z.object({
  name: z.string().catch(''),
  icon: z.string().nullable().catch(null),
  member_count: z.number().nullable().catch(null),
  unavailable: z.boolean().catch(false),
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
function shownOf(message: APIMessage, channelId: string, { guild, sight }: Entered): APIMessage[] {
  if (message.channel_id !== channelId) return []
  const payload = { ...message, guild_id: guild.id }
  const shown = show('MESSAGE_CREATE', payload, { guild, sight, isOld: true })
  if (!shown) return []
  const { guild_id: _guildId, ...rest } = shown.payload
  return isMessage(rest) ? [rest] : []
}

export async function sendMessage(
  { user, deputy, limits, uploads }: FunctionContext,
  { guildId, channelId, content, requestId, replyTo, files }: z.output<typeof SendMessageInput>,
): Promise<SendOutcome> {
  const words = files === undefined ? sendWords : sendFilesWords
  const wait = limits.take('write', user.id)
  if (wait !== null) return tooMany(wait, words)
  const send = async () => {
    const payload = {
      channel_id: channelId,
      ...(content !== '' && { content }),
      ...(replyTo !== undefined && { reply_to: replyTo }),
      ...(files && { files: await opened(files, uploads, { userId: user.id, guildId }) }),
    }
    const { result } = await deputy.ask(guildId, 'send_message', payload, requestId)
    return { messageId: result.message_id }
  }
  return await outcomeOf(send(), words)
}

/** @throws {Refused} where one of them is not theirs. */
async function opened(
  files: readonly string[],
  uploads: FunctionContext['uploads'],
  of: UploadOf,
): Promise<{ upload: string }[]> {
  const handles = await Promise.all(files.map((sealed) => uploads.open(sealed, of)))
  return handles.map((upload) => {
    if (upload === null) throw new Refused('UNKNOWN_UPLOAD')
    return { upload }
  })
}

export function takeRead({ user, limits, retryAfter }: FunctionContext): void {
  const wait = limits.take('read', user.id)
  if (wait === null) return
  retryAfter(wait)
  throw new FunctionError('TOO_MANY_REQUESTS')
}

/** @throws {FunctionError} for what is known to go wrong, and else what came. */
export function asFunctionError(error: unknown): never {
  if (error instanceof Refused) throw new FunctionError(refusals[error.code] ?? 'MISSING_PERMISSIONS')
  if (isMembershipUnknown(error)) throw new FunctionError(unknownMember(error.code))
  if (isLinkError(error)) throw new FunctionError(readErrors[error.code] ?? 'INTERNAL_ERROR')
  throw error
}

/** What is only read is refused for no other reason. */
const refusals: { readonly [R in Refusal]?: FunctionErrorCode } = {
  NOT_FOUND: 'NOT_FOUND',
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
