import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { formatEventId, type EventId } from '@repo/discord-integration/types'
import { EventFeed, MemoryLog, type EventLog, type NewDispatch } from '@repo/event-feed'
import { SqliteLog } from '@repo/event-feed/sqlite'
import { messageAt, NEEDLE } from '../lib/messages.ts'
import { answerTo, setupOf } from '../lib/party.ts'
import { scratchFolder } from '../lib/scratch-log.ts'

/* A log that holds the events of many guilds, one after the other's, and readers who come back for one guild's. */

export type ReaderSetup = { log: 'memory' | 'file' | 'bare'; entries: number; guilds: number }

/** How long each took from asking to the end, in ms, and how many events each was told. */
export type Replays = { tookMs: number[]; told: number[] }

const APPEND_ENTRIES = 500
const MIB = 1024 * 1024

const { log: kind, entries, guilds } = setupOf() as ReaderSetup
const folder = await scratchFolder()
const path = join(folder.path, 'log.sqlite')
const bounds = { maxAgeMs: 3_600_000, maxBytes: 1024 * MIB }
const log: EventLog = kind === 'memory' ? new MemoryLog(bounds) : await SqliteLog.open({ path, ...bounds })
const feed = new EventFeed({ log })
const guildAt = (index: number) => String(1_000_000_000_000_000_000n + BigInt(index % guilds))

for (let from = 0; from < entries; from += APPEND_ENTRIES) {
  const group = Array.from(
    { length: Math.min(APPEND_ENTRIES, entries - from) },
    (_, index): { entry: NewDispatch } => ({
      entry: {
        kind: 'dispatch',
        event: NEEDLE,
        guildId: guildAt(from + index),
        payload: messageAt(from + index),
        ts: Date.now(),
      },
    }),
  )
  await feed.publishAll(group)
}

const beginning = formatEventId({ epoch: log.epoch, position: 0 })
const bare = kind === 'bare' ? new DatabaseSync(path) : null
// The quickest way to a guild's rows, which costs each append too much for the log to have it.
bare?.exec('CREATE INDEX whose ON entry (guild, position)')
const select = bare?.prepare('SELECT position, ts, event, payload FROM entry WHERE guild = ? AND position > ?')

/** As a browser or a backend comes back: to the moment in which it is live. */
function replay(guildId: string, lastEventId: EventId): Promise<number> {
  return new Promise((resolve) => {
    let told = 0
    const subscription = feed.subscribe({
      lastEventId,
      filter: { guilds: new Set([guildId]), events: null, guildless: false },
      sink: {
        write({ items }) {
          for (const item of items) {
            if (item.kind === 'entry') told++
            else if (item.kind === 'sync' && item.data.state === 'live') {
              subscription.close()
              resolve(told)
            }
          }
          return true
        },
      },
    })
  })
}

const answers = {
  /** One after the other, each of another guild. */
  async replay(times: number): Promise<Replays> {
    const replays: Replays = { tookMs: [], told: [] }
    for (let turn = 0; turn < times; turn++) {
      const guildId = guildAt(turn * 7)
      const from = performance.now()
      const told = select ? select.all(guildId, 0).length : await replay(guildId, beginning)
      replays.tookMs.push(performance.now() - from)
      replays.told.push(told)
    }
    return replays
  },
}

export type Reader = typeof answers

answerTo(answers, async () => {
  await feed.close()
  bare?.close()
  if (log instanceof SqliteLog) await log.close()
  await folder[Symbol.asyncDispose]()
})
