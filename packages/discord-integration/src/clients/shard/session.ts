/**
 * A gateway session, as it is kept between connections. What it was made with is kept too: a session is only
 * resumed by the same bot, at the same API, with the same intents and shard count.
 */
export type StoredSession = {
  sessionId: string
  /** READY's `resume_gateway_url`. */
  resumeUrl: string
  /** READY's `user.id`; null when it had none. */
  botId: string | null
  /** The origin of the API, `https://discord.com`. */
  apiOrigin: string
  intents: number
  shardCount: number
  /** RESUMEs sent since RESUMED was taken last. */
  resumes?: number
}

/**
 * Where sessions are kept between connections. It does not remember the sequence: `sequence` asks the log for it,
 * since whoever stores the events is the only one who knows what was stored.
 *
 * Its methods are synchronous, and called rarely but for `delivered`. One that throws costs the connection, never the
 * process.
 */
export interface SessionStore {
  load(shardId: number): StoredSession | null
  save(shardId: number, session: StoredSession): void
  clear(shardId: number): void
  /** The highest sequence that is stored; null when there is none, and then the session is not resumed. */
  sequence(shardId: number, sessionId: string): number | null
  /** Every handler has taken this event and all before it. For stores that have no log to ask. */
  delivered?(shardId: number, sessionId: string, sequence: number): void
}

/** Sessions that live as long as the process, their sequence being that of the last event all handlers took. */
export function memorySessionStore(): SessionStore {
  const sessions = new Map<number, StoredSession>()
  const sequences = new Map<number, { sessionId: string; sequence: number }>()
  return {
    load: (shardId) => sessions.get(shardId) ?? null,
    save: (shardId, session) => void sessions.set(shardId, session),
    clear: (shardId) => {
      sessions.delete(shardId)
      sequences.delete(shardId)
    },
    sequence: (shardId, sessionId) => {
      const last = sequences.get(shardId)
      return last?.sessionId === sessionId ? last.sequence : null
    },
    delivered: (shardId, sessionId, sequence) => {
      const last = sequences.get(shardId)
      if (last?.sessionId !== sessionId) sequences.set(shardId, { sessionId, sequence })
      else if (sequence > last.sequence) last.sequence = sequence
    },
  }
}

/** Whether a stored session is one that these settings may resume. */
export function isSameSession(
  stored: StoredSession,
  now: Pick<StoredSession, 'apiOrigin' | 'intents' | 'shardCount'>,
): boolean {
  return stored.apiOrigin === now.apiOrigin && stored.intents === now.intents && stored.shardCount === now.shardCount
}
