import { MessageType } from 'discord-api-types/v10'
import type { APIEmbed, APIMessage, APIPoll, EmbedType } from 'discord-api-types/v10'
import { composeMessage, isoTime, messageEvent } from '../../world/compose.ts'
import type { Place } from '../../world/types.ts'
import type { RestContext } from '../route.ts'
import { openToWrite } from '../thread-state.ts'

/** Null is only in the description: polls that never end cannot be made. */
const expiryOf = ({ expiry }: APIPoll): number => (expiry === null ? Infinity : Date.parse(expiry))

/** https://docs.discord.com/developers/resources/message#embed-fields-by-embed-type-poll-result-embed-fields */
function resultEmbed({ question, answers, results }: APIPoll): APIEmbed {
  const counts = results?.answer_counts ?? []
  const most = Math.max(0, ...counts.map(({ count }) => count))
  const winners = counts.filter(({ count }) => count === most)
  // Of two that are equal neither has won.
  const victor = winners.length === 1 ? answers.find(({ answer_id }) => answer_id === winners[0]?.id) : undefined
  const fields = {
    poll_question_text: question.text,
    victor_answer_votes: most,
    total_votes: counts.reduce((sum, { count }) => sum + count, 0),
    victor_answer_id: victor?.answer_id,
    victor_answer_text: victor?.poll_media.text,
    victor_answer_emoji_id: victor?.poll_media.emoji?.id,
    victor_answer_emoji_name: victor?.poll_media.emoji?.name,
  }
  return {
    // The same word in the enum is newer than the types of embeds that a bot may send.
    type: 'poll_result' as EmbedType,
    fields: Object.entries(fields).flatMap(([name, value]) =>
      value == null ? [] : [{ name, value: String(value), inline: false }],
    ),
  }
}

/** Ends a poll: its results are final, and a message says what came of it. */
export function endPoll({ world, emit }: RestContext, place: Place, { channel_id, id }: APIMessage): void {
  const message = world.messages.get(channel_id, id)
  if (!message?.poll || message.poll.results?.is_finalized) return
  const now = world.clock.now()
  const poll: APIPoll = {
    ...message.poll,
    expiry: isoTime(Math.min(now, expiryOf(message.poll))),
    results: { answer_counts: message.poll.results?.answer_counts ?? [], is_finalized: true },
  }
  emit({ event: 'MESSAGE_UPDATE', payload: messageEvent(world, place, { ...message, poll }) })
  const result = composeMessage(world, place, {
    author: message.author,
    content: '',
    type: MessageType.PollResult,
    embeds: [resultEmbed(poll)],
    // https://docs.discord.com/developers/resources/message#message-reference-content-attribution-poll-result-messages
    extra: { mentions: [message.author], message_reference: { type: 0, channel_id, message_id: id } },
  })
  openToWrite({ world, emit }, place)
  emit({ event: 'MESSAGE_CREATE', payload: messageEvent(world, place, result) })
}

/** Lets a message's poll, if it has one, end when its time is over. */
export function endInTime(context: RestContext, place: Place, message: APIMessage): void {
  const { clock } = context.world
  const { poll } = message
  if (!poll) return
  const leftMs = expiryOf(poll) - clock.now()
  if (leftMs <= 0) endPoll(context, place, message)
  else clock.after(leftMs, () => endPoll(context, place, message))
}
