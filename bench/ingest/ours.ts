import type { Compression } from '@repo/discord-integration/clients'
import { EventFeed, MemoryLog, StateKeeper, type Notes } from '@repo/event-feed'
import { Backfill } from '../../apps/discord-gateway/src/backfill/backfill.ts'
import { DiscordApi } from '../../apps/discord-gateway/src/commands/discord-api.ts'
import { createLogger } from '../../apps/discord-gateway/src/logger.ts'
import { DiscordSessions } from '../../apps/discord-gateway/src/sessions/discord-sessions.ts'
import { setupOf } from '../lib/party.ts'
import { openScratchLog } from '../lib/scratch-log.ts'
import type { Where } from './simulator.ts'
import { INTENTS, tally } from './tally.ts'

/* The Gateway Service's sessions, feed and log, put together as its `main` does. An event counts when it is stored. */

export type OursSetup = Where & { log: 'memory' | 'file'; compression?: Compression }

/** The defaults of RETENTION_MINUTES and RETENTION_MIB. */
const BOUNDS = { maxAgeMs: 3_600_000, maxBytes: 512 * 1024 * 1024 }

const { apiUrl, token, log: kind, compression = 'none' } = setupOf() as OursSetup
const scratch = kind === 'file' ? await openScratchLog(BOUNDS) : null
const keeper = scratch && (await StateKeeper.restore({ store: scratch.log, from: () => scratch.log.from }))
const log = scratch?.log ?? new MemoryLog(BOUNDS)
const feed = new EventFeed({
  log,
  ...(keeper && { state: keeper.state }),
  applied(entry) {
    keeper?.applied(entry)
    if (entry.kind === 'dispatch') taken(entry.event)
  },
})
const kept = new Map<string, string>()
const notes: Notes = scratch?.log.notes ?? {
  get: (key) => kept.get(key) ?? null,
  set: (key, value) => void kept.set(key, value),
  delete: (key) => void kept.delete(key),
}
const discord = new DiscordApi({ token, apiUrl })
const logger = createLogger('silent')
const holes = new Backfill({ feed, discord, notes, logger })
const sessions = new DiscordSessions({
  token,
  apiUrl,
  intents: INTENTS,
  compression,
  discord,
  feed,
  notes,
  holes,
  received: () => {},
  taken: () => {},
  logger,
})
const taken = tally(async () => {
  await Promise.all([sessions.close(), holes.close()])
  await feed.close()
  await keeper?.close()
  await scratch?.[Symbol.asyncDispose]()
})
await sessions.start()
