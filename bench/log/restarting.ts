import { setImmediate as nextTurn } from 'node:timers/promises'
import { StateKeeper } from '@repo/event-feed'
import { SqliteLog } from '@repo/event-feed/sqlite'
import { answerTo, setupOf } from '../lib/party.ts'
import { entriesFrom, guildIds } from './entries.ts'

/* One life of a process with a log: it is opened, with the state that belongs to it, filled, and closed or not. */

export type RestartingSetup = { path: string; maxBytes: number }

/** What a row of `entriesFrom` is to the log, about. */
const ROW_BYTES = 1_124

/** The most that the feed appends at once. */
const BATCH = 512

const { path, maxBytes } = setupOf() as RestartingSetup
const from = performance.now()
const log = await SqliteLog.open({ path, maxAgeMs: 3_600_000, maxBytes })
const keeper = await StateKeeper.restore({ store: log, from: () => log.from })
const openedMs = performance.now() - from

async function append(entries: Parameters<SqliteLog['append']>[0]): Promise<void> {
  for (const entry of await log.append(entries)) {
    if (entry.kind === 'dispatch' && keeper.state.follows(entry.event)) {
      keeper.state.apply(entry.event, entry.guildId, JSON.parse(entry.payload))
    }
    keeper.applied(entry)
  }
}

const answers = {
  opened: () => ({ ms: openedMs, began: log.began, ...log.size }),
  async fill(bytes: number): Promise<void> {
    const ts = Date.now()
    await append(
      guildIds.map((guildId) => {
        const guild = { id: guildId, name: 'bench', channels: [], members: [], voice_states: [] }
        return { kind: 'dispatch', event: 'GUILD_CREATE', guildId, payload: JSON.stringify(guild), ts }
      }),
    )
    const before = log.sequence(0, 'bench') ?? 0
    for (let sequence = before + 1, rows = 0; rows * ROW_BYTES < bytes; sequence += BATCH, rows += BATCH) {
      await append(entriesFrom(sequence, BATCH))
      await nextTurn()
    }
  },
}

export type Restarting = typeof answers

answerTo(answers, async () => {
  await keeper.close()
  await log.close()
})
