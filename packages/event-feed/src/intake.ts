import { randomInt } from 'node:crypto'
import type { LastHeard, LogEntry, NewLogEntry } from './event-log.ts'

/** Sessions whose highest sequence is kept, per shard. One is alive; the others could only be replayed by mistake. */
export const SESSIONS_PER_SHARD = 4

const EPOCH_CHARACTERS = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** 36^10 is enough that two logs never meet by chance, and keeps an id short. */
const EPOCH_LENGTH = 10

export type Heard = Omit<NonNullable<NewLogEntry['session']>, 'replayed'> & { ts: number }

/** The highest sequence stored of each shard's sessions; of whom it was heard longest ago is forgotten first. */
export class Sequences {
  readonly #shards = new Map<number, Map<string, number>>()
  readonly #last = new Map<number, LastHeard>()

  /** By shard, what was set last. */
  get last(): ReadonlyMap<number, LastHeard> {
    return this.#last
  }

  get(shardId: number, sessionId: string): number | null {
    return this.#shards.get(shardId)?.get(sessionId) ?? null
  }

  set({ shardId, sessionId, sequence, ts }: Heard): void {
    this.#last.set(shardId, { sessionId, ts })
    const sessions = this.#shards.get(shardId) ?? new Map<string, number>()
    sessions.delete(sessionId)
    this.#shards.set(shardId, sessions.set(sessionId, sequence))
    const [oldest] = sessions.keys()
    if (sessions.size > SESSIONS_PER_SHARD && oldest !== undefined) sessions.delete(oldest)
  }

  clear(): void {
    this.#shards.clear()
    this.#last.clear()
  }
}

/** What of an append is new, as it will be stored, and how far that brings each session. */
export type Intake = { stored: LogEntry[]; heard: readonly Heard[] }

/**
 * What every log does with the entries of one append before it stores them: gives positions, and drops those of a
 * session whose sequence is known, be it from before or from the same append.
 *
 * @throws {RangeError} for a mirrored position that is not above the last.
 */
export function takeIn(entries: readonly NewLogEntry[], to: number, sequences: Sequences): Intake {
  const heard: Heard[] = []
  const stored: LogEntry[] = []
  let last = to
  for (const entry of entries) {
    const { session } = entry
    if (session) {
      const { shardId, sessionId, sequence, replayed } = session
      // One for each session that is alive, so one or a few.
      const known = heard.find((one) => one.shardId === shardId && one.sessionId === sessionId)
      const highest = known ? known.sequence : sequences.get(shardId, sessionId)
      if (highest !== null && sequence <= highest) continue
      const before = known ? known.ts : sequences.last.get(shardId)?.ts
      const ts = (replayed ? before : undefined) ?? entry.ts
      if (known) Object.assign(known, { sequence, ts })
      else heard.push({ shardId, sessionId, sequence, ts })
    }
    const position = entry.position ?? last + 1
    if (!Number.isSafeInteger(position) || position <= last) {
      throw new RangeError(`position ${position} is not above ${last}`)
    }
    last = position
    stored.push(storedEntry(entry, position))
  }
  return { stored, heard }
}

/** Field by field, so that all entries have one shape and no session is kept with them. */
function storedEntry(entry: NewLogEntry, position: number): LogEntry {
  if (entry.kind === 'gap') {
    const { kind, reason, shard, guildId, channels, fromTs, toTs, ts } = entry
    const whose = { ...(guildId !== undefined && { guildId }), ...(channels && { channels }) }
    return { kind, reason, shard, ...whose, fromTs, toTs, ts, position }
  }
  const { kind, event, guildId, payload, ts } = entry
  return { kind, event, guildId, payload, ts, position, ...(entry.backfilled && { backfilled: true }) }
}

export function randomEpoch(): string {
  return Array.from({ length: EPOCH_LENGTH }, () => EPOCH_CHARACTERS[randomInt(EPOCH_CHARACTERS.length)]).join('')
}
