import { presencePayload, type BotPresence } from '../sessions/bot-presence.ts'
import type { BotSocket } from './bot-socket.ts'
import type { Handler } from './handler.ts'

/**
 * Op 3, on every shard: https://docs.discord.com/developers/events/gateway-events#update-presence. Discord answers nothing, and
 * whatever becomes of a session, the next one is told: so it is done when it is said.
 */
export function createUpdatePresence(socket: BotSocket, presence: BotPresence): Handler<'update_presence'> {
  return async (asked, { action, backend, deadlineAt }) => {
    const payload = presencePayload(asked)
    presence.set(asked, socket.tellAll({ payload, action, backendId: backend.id, deadlineAt }))
    return { success: true }
  }
}
