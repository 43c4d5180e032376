import { z } from 'zod'
import { compareSnowflakes } from '../../snowflake.ts'
import { refusal } from '../errors.ts'
import { integer, readForm, snowflake } from '../form.ts'
import { endPoll } from '../polls/end-poll.ts'
import { ok, param } from '../route.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'
import { messageOf } from './messages.ts'

const path = '/channels/:channel_id/polls/:message_id'

/** https://docs.discord.com/developers/resources/poll#get-answer-voters */
function listVoters({ world }: RestContext, request: RestRequest) {
  const { message } = messageOf(world, request)
  const { answer_id } = readForm(z.object({ answer_id: integer(1, 10) }), { answer_id: param(request, 'answer') })
  const query = z.object({ limit: integer(1, 100).default(25), after: snowflake.default('0') })
  const { limit, after } = readForm(query, Object.fromEntries(request.query))
  if (!message.poll) throw refusal.unknownMessage()
  const voters = world.messages.votes
    .voters(message.id, answer_id)
    .filter((id) => compareSnowflakes(id, after) > 0)
    .toSorted(compareSnowflakes)
  return ok({ users: voters.slice(0, limit).flatMap((id) => world.user(id) ?? []) })
}

/** https://docs.discord.com/developers/resources/poll#end-poll */
function end(context: RestContext, request: RestRequest) {
  const { world } = context
  const { reached, message } = messageOf(world, request)
  if (!message.poll) throw refusal.notAPoll()
  if (message.author.id !== world.bot.id) throw refusal.notYourMessage()
  if (message.poll.results?.is_finalized) throw refusal.pollExpired()
  endPoll(context, reached, message)
  return ok(world.messages.get(message.channel_id, message.id))
}

export const pollRoutes: readonly Route[] = [
  { method: 'GET', path: `${path}/answers/:answer`, handle: listVoters },
  { method: 'POST', path: `${path}/expire`, handle: end },
]
