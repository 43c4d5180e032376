import { z } from 'zod'
import { id } from '../shapes.ts'
import { on } from './handler.ts'
import type { Handlers } from './handler.ts'

const ofMessage = z.looseObject({ channel_id: id, message_id: id })
const emoji = z.looseObject({ id: z.string().nullable().default(null), name: z.string().nullable().default(null) })
const vote = ofMessage.extend({ user_id: id, answer_id: z.int() })

const reaction = ofMessage.extend({ user_id: id, emoji })

/** https://docs.discord.com/developers/events/gateway-events#message-reaction-add, and votes, which are much the same */
export const reactionHandlers: Handlers = {
  MESSAGE_REACTION_ADD: on(reaction, (world, payload) => {
    world.messages.react(payload.message_id, payload.user_id, payload.emoji)
  }),
  MESSAGE_REACTION_REMOVE: on(reaction, (world, payload) => {
    world.messages.unreact(payload.message_id, payload.user_id, payload.emoji)
  }),
  MESSAGE_POLL_VOTE_ADD: on(vote, (world, { message_id, answer_id, user_id }) => {
    world.messages.votes.add(message_id, answer_id, user_id)
  }),
  MESSAGE_POLL_VOTE_REMOVE: on(vote, (world, { message_id, answer_id, user_id }) => {
    world.messages.votes.remove(message_id, answer_id, user_id)
  }),
  MESSAGE_REACTION_REMOVE_ALL: on(ofMessage, (world, payload) => world.messages.clearReactions(payload.message_id)),
  MESSAGE_REACTION_REMOVE_EMOJI: on(ofMessage.extend({ emoji }), (world, payload) => {
    world.messages.clearReactions(payload.message_id, payload.emoji)
  }),
}
