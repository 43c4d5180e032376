import type { NewLogEntry } from '@repo/event-feed'
import { messageAt } from '../lib/messages.ts'

/** How many the entries are spread over: the index by guild has its share of the cost. */
const GUILDS = 20

export const guildIds: readonly string[] = Array.from(
  { length: GUILDS },
  (_, index) => `${41_771_983_423_143_937n + BigInt(index)}`,
)

/** Entries as a shard brings them, each with its sequence. */
export function entriesFrom(sequence: number, count: number): NewLogEntry[] {
  const ts = Date.now()
  return Array.from({ length: count }, (_, index) => ({
    kind: 'dispatch',
    event: 'MESSAGE_CREATE',
    guildId: guildIds[(sequence + index) % GUILDS] ?? null,
    payload: messageAt(sequence + index),
    ts,
    session: { shardId: 0, sessionId: 'bench', sequence: sequence + index },
  }))
}
