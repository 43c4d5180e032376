import { EventFeed, MemoryLog, type NewLogEntry } from '@repo/event-feed'
import { startSimulator } from '@repo/discord-simulator'
import { expect, it } from 'vitest'
import { until } from '../../../test/lib/child.ts'
import { DiscordApi } from '../src/commands/discord-api.ts'
import { createLogger } from '../src/logger.ts'
import { DiscordSessions } from '../src/sessions/discord-sessions.ts'
import { memoryNotes } from './helpers.ts'

/** A log on a disk that fills up. */
class FullLog extends MemoryLog {
  isFull = false
  refused = 0

  override append(entries: readonly NewLogEntry[]) {
    if (!this.isFull) return super.append(entries)
    this.refused++
    return Promise.reject(new Error('the disk is full'))
  }
}

it('the hole before a READY that could not be stored is told of with the one that can', async () => {
  await using simulator = await startSimulator({ seed: 'refused' })
  const log = new FullLog({ maxAgeMs: 3_600_000, maxBytes: 64 * 1024 * 1024 })
  const feed = new EventFeed({ log })
  const { botToken: token, apiUrl } = simulator
  const sessions = new DiscordSessions({
    token,
    apiUrl,
    intents: 1,
    compression: 'none',
    discord: new DiscordApi({ token, apiUrl }),
    feed,
    notes: memoryNotes(),
    holes: { begin: () => {}, fill: () => {} },
    received: () => {},
    taken: () => {},
    logger: createLogger('silent'),
  })
  await sessions.start()
  await until('the guilds', () => log.to > 0 && feed.state.pendingGuilds.size === 0)
  const position = log.to
  log.isFull = true
  const isCut = () => sessions.shards[0]?.state === 'reconnecting'
  simulator.invalidate(simulator.connections().at(-1)?.id ?? 0, false)
  await until('the session to be gone', isCut)
  const goneBy = Date.now()
  await until('a READY to be refused', () => log.refused > 0 && isCut())
  log.isFull = false
  await until('another', () => log.to > position)
  const filter = { guilds: null, events: null, guildless: true }
  const { entries } = await log.read(position, { filter, limit: 1, maxBytes: 1e6 })
  expect(entries).toMatchObject([{ kind: 'gap', fromTs: expect.toSatisfy((from) => from <= goneBy) }])
  await sessions.close()
  await feed.close()
})
