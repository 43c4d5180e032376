import type { CommandName, CommandPayload } from '@repo/discord-integration/types'
import { isVoice, timeoutEnds } from '@repo/discord-permissions'
import type { z } from 'zod'
import type { Entered } from './deputy/deputy.ts'
import { ANY_FILES, voiceOf } from './deputy/needs.ts'
import type { Refused } from './deputy/refused.ts'
import { FunctionError } from './function-error.ts'
import type { ChannelInput, MemberInput } from './function-inputs.ts'
import type { ChannelRights, Hindrance, MemberRights } from './function-results.ts'
import { asFunctionError, takeRead } from './functions.server.ts'
import type { FunctionContext } from './functions.server.ts'

/* What somebody may have the bot do, before they ask for it: by the rules by which they are refused. */

/** In place of a message: it is asked what stands against any. */
const ANY = '0'
const TEXT = 'text'
const EMOJI = '👍'

/** @throws {FunctionError} NOT_FOUND for a channel that is not there, or not for them. */
export async function channelRights(
  context: FunctionContext,
  { guildId, channelId: channel_id }: z.output<typeof ChannelInput>,
): Promise<ChannelRights> {
  takeRead(context)
  const { deputy } = context
  const entered = await deputy.enter(guildId, [channel_id]).catch(asFunctionError)
  if (!entered?.sight.mayView(entered.guild, channel_id)) throw new FunctionError('NOT_FOUND')
  const why = whyNot(context, guildId)
  const message = { channel_id, message_id: ANY }
  const [send, reply, attach, react, manage] = await Promise.all([
    why('send_message', { channel_id, content: TEXT }),
    why('send_message', { channel_id, content: TEXT, reply_to: ANY }),
    why('send_message', { channel_id, files: ANY_FILES }),
    why('add_reaction', { ...message, emoji: EMOJI }),
    why('delete_message', message),
  ]).catch(asFunctionError)
  return { send, reply, attach, react, manage, own: deputy.ownIn(channel_id) }
}

/** @throws {FunctionError} NOT_FOUND for a server that is not theirs, or who is not known to be in it. */
export async function memberRights(
  context: FunctionContext,
  { guildId, userId: user_id }: z.output<typeof MemberInput>,
): Promise<MemberRights> {
  takeRead(context)
  const entered = await context.deputy.enter(guildId).catch(asFunctionError)
  if (!entered) throw new FunctionError('NOT_FOUND')
  const why = whyNot(context, guildId)
  const member = { guild_id: guildId, user_id }
  const channels = voiceChannelsOf(entered)
  const [moves, disconnect, mute, deafen, timeout] = await Promise.all([
    Promise.all(channels.map((channel_id) => why('move_member', { ...member, channel_id }))),
    why('move_member', { ...member, channel_id: null }),
    why('mute_member', { ...member, mute: true }),
    why('deafen_member', { ...member, deaf: true }),
    why('timeout_member', { ...member, communication_disabled_until: null }),
  ]).catch(asFunctionError)
  const move = Object.fromEntries(channels.map((id, index) => [id, moves[index] ?? null]))
  return { ...stateOf(user_id, entered), move, disconnect, mute, deafen, timeout }
}

function whyNot({ deputy }: FunctionContext, guildId: string) {
  return async <Name extends CommandName>(command: Name, payload: CommandPayload<Name>): Promise<Hindrance | null> => {
    const refused = await deputy.may(guildId, command, payload)
    return refused && hindranceOf(refused)
  }
}

function hindranceOf({ code, missing, retryAfter }: Refused): Hindrance {
  const until = retryAfter === undefined ? null : Date.now() + retryAfter * 1_000
  return { code, missing: [...missing], until }
}

/** Where anybody can be moved to, of what they see. */
function voiceChannelsOf({ guild, sight }: Entered): string[] {
  return [...guild.collections.channels.values()].flatMap((channel) => {
    const { id } = channel
    return typeof id === 'string' && isVoice(channel) && sight.mayView(guild, id) ? [id] : []
  })
}

/** As every member is told of every member. */
function stateOf(userId: string, entered: Entered): Pick<MemberRights, 'voice' | 'timedOutUntil'> {
  const { collections } = entered.guild
  const channelId = voiceOf(userId, entered)
  const state = collections.voice_states.get(userId)
  const member = collections.members.get(userId)
  const until = member ? timeoutEnds(member, Date.now()) : null
  return {
    voice:
      channelId === null ? null : { channelId, muted: state?.['mute'] === true, deafened: state?.['deaf'] === true },
    timedOutUntil: until !== null && Number.isFinite(until) ? until : null,
  }
}
