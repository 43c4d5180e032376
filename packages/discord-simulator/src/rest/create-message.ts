import type { APIMessage } from 'discord-api-types/v10'
import type { Reply } from '../http/reply.ts'
import { messagesOf } from './access.ts'
import { refusal } from './errors.ts'
import { readForm } from './form.ts'
import { messageBody } from './message-body.ts'
import type { MessageBody } from './message-body.ts'
import { planMessage, postMessage } from './post-message.ts'
import { ok, param } from './route.ts'
import type { RestContext, RestRequest } from './route.ts'

/** A request that repeats one of the last minutes gets its message, and makes none. */
function repeated({ world, nonces }: RestContext, body: MessageBody): APIMessage | undefined {
  if (body.nonce === undefined || !body.enforce_nonce) return undefined
  const sent = nonces.find(world.bot.id, body.nonce)
  if (!sent) return undefined
  const message = world.messages.get(sent.channel_id, sent.id)
  if (!message) throw refusal.unknownMessage()
  return { ...message, nonce: body.nonce }
}

/** https://docs.discord.com/developers/resources/message#create-message */
export function createMessage(context: RestContext, request: RestRequest): Reply {
  const { world, nonces } = context
  const reached = messagesOf(world, param(request, 'channel_id'))
  const body = readForm(messageBody, request.body ?? {})
  const plan = planMessage(context, reached, body, request.files)
  const before = repeated(context, body)
  if (before) return ok(before)
  const message = postMessage(context, reached, plan)
  if (body.nonce !== undefined) nonces.remember(world.bot.id, body.nonce, message)
  return ok(message)
}
