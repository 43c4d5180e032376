import type { ShardStatus } from '@repo/discord-integration/clients'
import type { Handler } from './handler.ts'

export function createGetStatus(shards: () => readonly ShardStatus[]): Handler<'get_status'> {
  return async () => ({
    success: true,
    shards: shards().map(({ id, state, since, pingMs }) => ({ id, state, since, ping_ms: pingMs })),
  })
}
