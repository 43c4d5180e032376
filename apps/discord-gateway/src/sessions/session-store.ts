import type { SessionStore, StoredSession } from '@repo/discord-integration/clients'
import type { EventLog } from '@repo/event-feed'

/** Sessions for as long as the process lives. The sequence is the log's to say: what is not stored was not received. */
export function createSessionStore(log: Pick<EventLog, 'sequence'>): SessionStore {
  const sessions = new Map<number, StoredSession>()
  return {
    load: (shardId) => sessions.get(shardId) ?? null,
    save: (shardId, session) => void sessions.set(shardId, session),
    clear: (shardId) => void sessions.delete(shardId),
    sequence: (shardId, sessionId) => log.sequence(shardId, sessionId),
  }
}
