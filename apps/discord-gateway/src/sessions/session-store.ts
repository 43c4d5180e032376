import { identifyLedger, type IdentifyLedger, type SessionStore } from '@repo/discord-integration/clients'
import type { EventLog, Notes } from '@repo/event-feed'
import { z } from 'zod'
import { readNote } from '../notes.ts'

const StoredSessionSchema = z.object({
  sessionId: z.string(),
  resumeUrl: z.string(),
  botId: z.string().nullable(),
  apiOrigin: z.string(),
  intents: z.number(),
  shardCount: z.number(),
  resumes: z.number().default(0),
})

const IdentifiesSchema = z.array(z.number())

const IDENTIFIES = 'identifies'

/**
 * Sessions beside the log, so that a start resumes them. The sequence is the log's to say: what is not stored was not
 * received.
 */
export function createSessionStore(log: Pick<EventLog, 'sequence'>, notes: Notes): SessionStore {
  const key = (shardId: number) => `session ${shardId}`
  return {
    load: (shardId) => readNote(notes, key(shardId), StoredSessionSchema),
    save: (shardId, session) => notes.set(key(shardId), JSON.stringify(session)),
    clear: (shardId) => notes.delete(key(shardId)),
    sequence: (shardId, sessionId) => log.sequence(shardId, sessionId),
  }
}

/** By which all that is stored came: the intents that the session of every shard has; null while one has none. */
export function intentsOf(sessions: Pick<SessionStore, 'load'>): number | null {
  const first = sessions.load(0)
  if (!first) return null
  let { intents } = first
  for (let shardId = 1; shardId < first.shardCount; shardId++) {
    const session = sessions.load(shardId)
    if (!session) return null
    intents &= session.intents
  }
  return intents
}

/** The IDENTIFYs of the last day, so that a process that keeps crashing does not begin to count anew. */
export function createIdentifyLedger(notes: Notes): IdentifyLedger {
  return identifyLedger({
    load: () => readNote(notes, IDENTIFIES, IdentifiesSchema) ?? [],
    save: (sentAt) => notes.set(IDENTIFIES, JSON.stringify(sentAt)),
  })
}
