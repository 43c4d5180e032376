import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { z } from 'zod'
import { compareSnowflakes } from '../../snowflake.ts'
import { reactionAddEvent, reactionRemoveEvent } from '../../world/compose.ts'
import { inGuild, need } from '../access.ts'
import { bitsToReact, emojiOf, isFullFor } from '../emoji.ts'
import { refusal } from '../errors.ts'
import { integer, readForm, snowflake } from '../form.ts'
import { none, ok, param } from '../route.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'
import { checkActive } from '../thread-state.ts'
import { messageOf } from './messages.ts'

function place(context: RestContext, request: RestRequest) {
  const found = messageOf(context.world, request)
  const emoji = emojiOf(context, param(request, 'emoji'))
  return { ...found, emoji }
}

/** https://docs.discord.com/developers/resources/message#create-reaction */
function addReaction(context: RestContext, request: RestRequest) {
  const { world, emit } = context
  const { reached, message, emoji } = place(context, request)
  need(reached.bits, ...bitsToReact(message, emoji))
  checkActive(reached)
  if (isFullFor(message, emoji)) throw refusal.tooManyReactions()
  if (world.messages.hasReacted(message.id, world.bot.id, emoji)) return none()
  const event = reactionAddEvent(world, reached, message, world.bot.id, emoji.name ?? '')
  emit({ event: 'MESSAGE_REACTION_ADD', payload: { ...event, emoji } })
  return none()
}

/** https://docs.discord.com/developers/resources/message#delete-user-reaction */
function removeReaction(context: RestContext, request: RestRequest, userId: string) {
  const { world, emit } = context
  const { reached, message, emoji } = place(context, request)
  if (userId !== world.bot.id) need(inGuild(reached).bits, Bit.ManageMessages)
  checkActive(reached)
  if (!world.messages.hasReacted(message.id, userId, emoji)) throw refusal.unknownEmoji()
  const event = reactionRemoveEvent(reached, message, userId, emoji.name ?? '')
  emit({ event: 'MESSAGE_REACTION_REMOVE', payload: { ...event, emoji } })
  return none()
}

/** https://docs.discord.com/developers/resources/message#get-reactions */
function listReactions(context: RestContext, request: RestRequest) {
  const { message, emoji } = place(context, request)
  const query = z.object({
    limit: integer(1, 100).default(25),
    after: snowflake.default('0'),
    type: z.string().optional(),
  })
  const { limit, after } = readForm(query, Object.fromEntries(request.query))
  const users = context.world.messages
    .reactors(message.id, emoji)
    .filter((id) => compareSnowflakes(id, after) > 0)
    .toSorted(compareSnowflakes)
  return ok(users.slice(0, limit).flatMap((id) => context.world.user(id) ?? []))
}

const path = '/channels/:channel_id/messages/:message_id/reactions'

export const reactionRoutes: readonly Route[] = [
  { method: 'PUT', path: `${path}/:emoji/@me`, handle: addReaction },
  {
    method: 'DELETE',
    path: `${path}/:emoji/@me`,
    handle: (context, request) => removeReaction(context, request, context.world.bot.id),
  },
  {
    method: 'DELETE',
    path: `${path}/:emoji/:user_id`,
    handle: (context, request) => removeReaction(context, request, param(request, 'user_id')),
  },
  { method: 'GET', path: `${path}/:emoji`, handle: listReactions },
  {
    method: 'DELETE',
    path: `${path}/:emoji`,
    handle: (context, request) => {
      const { reached, message, emoji } = place(context, request)
      const { guild, bits } = inGuild(reached)
      need(bits, Bit.ManageMessages)
      checkActive(reached)
      const { id: message_id, channel_id } = message
      const payload = { guild_id: guild.id, channel_id, message_id, emoji }
      context.emit({ event: 'MESSAGE_REACTION_REMOVE_EMOJI', payload })
      return none()
    },
  },
  {
    method: 'DELETE',
    path,
    handle: ({ world, emit }, request) => {
      const { reached, message } = messageOf(world, request)
      const { guild, bits } = inGuild(reached)
      need(bits, Bit.ManageMessages)
      checkActive(reached)
      const payload = { guild_id: guild.id, channel_id: message.channel_id, message_id: message.id }
      emit({ event: 'MESSAGE_REACTION_REMOVE_ALL', payload })
      return none()
    },
  },
]
