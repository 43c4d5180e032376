import type { ShardStatus } from '@repo/discord-integration/clients'
import type { Handler } from './handler.ts'

export type OwnStatus = {
  shards: () => readonly ShardStatus[]
  /** By which events come; null where that is not known yet. */
  intents: () => number | null
}

export function createGetStatus({ shards, intents }: OwnStatus): Handler<'get_status'> {
  return async () => ({
    success: true,
    intents: intents(),
    shards: shards().map(({ id, state, since, pingMs }) => ({ id, state, since, ping_ms: pingMs })),
  })
}
