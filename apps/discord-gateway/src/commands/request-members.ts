import { randomBytes } from 'node:crypto'
import { LinkError } from '@repo/discord-integration/types'
import { GatewayOpcodes } from 'discord-api-types/v10'
import { z } from 'zod'
import type { BotSocket } from './bot-socket.ts'
import type { Handler } from './handler.ts'
import { requireGuild, requireMembersIntent, type GuildOf } from './known-refusals.ts'

/** Discord takes 32 characters. */
const NONCE_BYTES = 18

const ChunkSchema = z.object({
  nonce: z.string(),
  chunk_index: z.int(),
  chunk_count: z.int(),
  not_found: z.array(z.string()).catch([]),
})

/** https://docs.discord.com/developers/events/gateway-events#rate-limited: of all members one may ask twice a minute. */
const RateLimitedSchema = z.object({ retry_after: z.number(), meta: z.object({ nonce: z.string() }) })

export type KnownToBot = {
  guildOf: GuildOf
  /** Those of the sessions; null until they are known. */
  intents: () => number | null
}

/**
 * Op 8: https://docs.discord.com/developers/events/gateway-events#request-guild-members. Of chunks that belong together
 * Discord repeats the nonce, and a shard's dispatches come in order.
 */
export function createRequestMembers(socket: BotSocket, { guildOf, intents }: KnownToBot): Handler<'request_members'> {
  return async (
    { guild_id, query, limit = 0, user_ids, presences = false },
    { action, backend, expectChunks, deadlineAt },
  ) => {
    socket.requireSession(guild_id, action)
    requireGuild(guildOf(guild_id), action)
    if (query === '') requireMembersIntent(intents(), action)
    const which = user_ids === undefined ? { query: query ?? '', limit } : { user_ids, limit }
    const notFound: string[] = []
    // Of its own for each asking, or the chunks of one would be taken for the other's where a request is asked for again.
    const nonce = randomBytes(NONCE_BYTES).toString('base64url')
    expectChunks(nonce)
    const chunkCount = await socket.ask({
      guildId: guild_id,
      payload: { op: GatewayOpcodes.RequestGuildMembers, d: { guild_id, ...which, presences, nonce } },
      action,
      backendId: backend.id,
      deadlineAt,
      listen: ({ type, data }) => {
        if (type === 'RATE_LIMITED') return refusalOf(data, nonce, action)
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

function refusalOf(data: unknown, nonce: string, action: string): LinkError | undefined {
  const { retry_after: retryAfter, meta } = RateLimitedSchema.safeParse(data).data ?? {}
  if (meta?.nonce !== nonce) return undefined
  return new LinkError('RATE_LIMITED', `Failed to ${action}: Discord’s rate limit for that server`, { retryAfter })
}
