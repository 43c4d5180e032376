import { GatewayOpcodes } from 'discord-api-types/v10'
import { z } from 'zod'
import type { BotSocket } from './bot-socket.ts'
import type { Handler } from './handler.ts'

const ChunkSchema = z.object({
  nonce: z.string(),
  chunk_index: z.int(),
  chunk_count: z.int(),
  not_found: z.array(z.string()).catch([]),
})

/**
 * Op 8: https://docs.discord.com/developers/events/gateway-events#request-guild-members. Of chunks that belong together
 * Discord repeats the nonce, and a shard's dispatches come in order.
 */
export function createRequestMembers(socket: BotSocket): Handler<'request_members'> {
  return async (
    { guild_id, query, limit = 0, user_ids, presences = false },
    { action, nonce, backend, expectChunks, deadlineAt },
  ) => {
    const which = user_ids === undefined ? { query: query ?? '', limit } : { user_ids, limit }
    const notFound: string[] = []
    expectChunks(nonce)
    const chunkCount = await socket.ask({
      guildId: guild_id,
      payload: { op: GatewayOpcodes.RequestGuildMembers, d: { guild_id, ...which, presences, nonce } },
      action,
      backendId: backend.id,
      deadlineAt,
      listen: ({ type, data }) => {
        if (type !== 'GUILD_MEMBERS_CHUNK') return undefined
        const chunk = ChunkSchema.safeParse(data).data
        if (chunk?.nonce !== nonce) return undefined
        notFound.push(...chunk.not_found)
        return chunk.chunk_index === chunk.chunk_count - 1 ? chunk.chunk_count : undefined
      },
    })
    return { success: true, nonce, chunk_count: chunkCount, not_found: notFound }
  }
}
