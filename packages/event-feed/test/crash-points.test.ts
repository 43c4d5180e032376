import { hash } from 'node:crypto'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { ALL_ENTRIES } from '../src/index.ts'
import type { LogEntry, NewLogEntry } from '../src/index.ts'
import { SqliteLog } from '../src/sqlite-log.ts'
import type { SqliteLogOptions } from '../src/sqlite-log.ts'
import { markDamaged } from '../src/sqlite/damage.ts'
import { killedCopy } from './killed-copy.ts'
import { newFolder } from './new-folder.ts'

/** So few bytes are kept that most runs delete some. */
const BOUNDS = { maxAgeMs: Infinity, maxBytes: 3_000 }
const KEYS = ['a', 'b']
const NEVER = 1e15

/** What a process leaves that is killed now is looked at in a copy, which is to pass for the file itself. */
const open = (path: string, more: Partial<SqliteLogOptions> = {}) =>
  SqliteLog.open({ path, ...BOUNDS, identity: () => ({ inode: '1', born: null }), boot: 'one', ...more })

/** All that a log was given to keep. */
type Kept = {
  entries: readonly LogEntry[]
  /** Where it stands; further than the last entry where it was advanced. */
  to: number
  sequence: number | null
  through: number
  guilds: Readonly<Record<string, { position: number; data: unknown }>>
  notes: Readonly<Record<string, string>>
  expiring: Readonly<Record<string, string>>
}

const NOTHING: Kept = { entries: [], to: 0, sequence: null, through: 0, guilds: {}, notes: {}, expiring: {} }

/** As it says after a start; `entries` are those that are there still. */
function keptBy(log: SqliteLog): Kept {
  const texts = (store: { get: (key: string) => string | null }) =>
    Object.fromEntries(KEYS.flatMap((key) => (store.get(key) === null ? [] : [[key, store.get(key) ?? '']])))
  return {
    guilds: Object.fromEntries([...log.savedGuilds()].map(({ id, position, data }) => [id, { position, data }])),
    entries: log.entriesAfter(0, 1_000),
    to: log.to,
    sequence: log.sequence(0, 'a'),
    through: log.savedThrough,
    notes: texts(log.notes),
    expiring: texts(log.expiring),
  }
}

/** Of the entries those are enough that the saved guilds lack, and the newest: the others fell off. */
function isSame(found: Kept, model: Kept): boolean {
  const entries = found.entries.length === 0 ? [] : model.entries.slice(-found.entries.length)
  const lacked = model.through === 0 ? [] : model.entries.filter(({ position }) => position > model.through)
  const isEnough = found.entries.length >= Math.max(lacked.length, Math.min(1, model.entries.length))
  return isEnough && JSON.stringify({ ...found }) === JSON.stringify({ ...found, ...model, entries })
}

type Write = (log: SqliteLog, model: Kept, path: string) => Promise<Kept>

const guildIds = fc.constantFrom('1', '2')
const append = fc
  .array(fc.record({ guildId: fc.option(guildIds), step: fc.nat(2), size: fc.nat(4_000) }), { maxLength: 5 })
  .map((given): Write => async (log, model) => {
    let sequence = model.sequence ?? 0
    const entries = given.map(({ guildId, step, size }): NewLogEntry => {
      sequence += step
      const session = { shardId: 0, sessionId: 'a', sequence }
      return { kind: 'dispatch', event: 'X', guildId, payload: `"${'x'.repeat(size)}"`, ts: 1_000, session }
    })
    const stored = await log.append(entries)
    return {
      ...model,
      entries: [...model.entries, ...stored],
      to: stored.at(-1)?.position ?? model.to,
      sequence: log.sequence(0, 'a'),
    }
  })
const save = fc
  .record({ saved: fc.uniqueArray(guildIds), gone: guildIds, size: fc.nat(9_000) })
  .map(({ saved, gone, size }): Write => async (log, model) => {
    const guilds = { ...model.guilds }
    const through = log.to
    for (const id of saved) guilds[id] = { position: through, data: 'y'.repeat(size) }
    const away = saved.includes(gone) ? [] : [gone]
    for (const id of away) delete guilds[id]
    const payload = JSON.stringify('y'.repeat(size))
    await log.saveGuilds(
      saved.map((id) => ({ id, position: through, payload })),
      away,
      through,
    )
    return { ...model, guilds, through }
  })
const text = (where: 'notes' | 'expiring') =>
  fc
    .record({ key: fc.constantFrom(...KEYS), value: fc.option(fc.string({ maxLength: 50 })) })
    .map(({ key, value }): Write => async (log, model) => {
      const { [key]: _, ...others } = model[where]
      if (value === null) log[where].delete(key)
      else if (where === 'notes') log.notes.set(key, value)
      else log.expiring.set(key, value, NEVER, 'somebody')
      return { ...model, [where]: value === null ? others : { ...others, [key]: value } }
    })
const advance = fc.nat(3).map((by): Write => async (log, model) => {
  await log.advance(log.to + by)
  return { ...model, to: model.to + by }
})
const reset = fc.nat(9).map((position): Write => async (log, model) => {
  await log.reset({ epoch: `reset${position}`, position })
  return { ...NOTHING, to: position, notes: model.notes, expiring: model.expiring }
})
/** As the other thread does it; and a kill in the middle of it leaves some pages moved, and some not. */
const checkpoint = fc.nat().map((draw): Write => async (log, model, path) => {
  const before = fs.readFileSync(path)
  const db = new DatabaseSync(path)
  db.exec('PRAGMA wal_checkpoint(PASSIVE)')
  const halfway = killedCopy(path, join(newFolder(), 'events.db'))
  fs.writeFileSync(halfway, mixed(before, fs.readFileSync(path), draw))
  db.exec("INSERT OR REPLACE INTO note VALUES ('checkpoints', '1', NULL)")
  db.close()
  const found = await open(halfway)
  expect(found).toMatchObject({ epoch: log.epoch, to: model.to, began: null })
  expect(keptBy(found)).toSatisfy((kept: Kept) => isSame(kept, model))
  await found.close()
  return model
})
const often = (arbitrary: fc.Arbitrary<Write>, weight: number) => ({ arbitrary, weight })
const writes = fc.array(
  fc.oneof(
    often(append, 6),
    often(save, 3),
    often(text('notes'), 2),
    often(text('expiring'), 2),
    often(advance, 1),
    often(reset, 1),
    often(checkpoint, 2),
  ),
  { minLength: 1, maxLength: 8 },
)

/** Some pages of the database as they are now, the others as they were: a checkpoint was under way. */
function mixed(before: Buffer, now: Buffer, draw: number): Buffer {
  const PAGE = 4_096
  const pages = Array.from({ length: now.length / PAGE }, (_, index) => {
    const isOld = (index + 1) * PAGE <= before.length && (draw >> (index % 31)) % 2 === 1
    return (isOld ? before : now).subarray(index * PAGE, (index + 1) * PAGE)
  })
  return Buffer.concat(pages)
}

describe('a log that is cut after a write of a random run', () => {
  it('has all of what was written, or, where the power failed, all up to one of the writes', async () => {
    await fc.assert(
      fc.asyncProperty(writes, fc.nat(), async (run, cut) => {
        const path = join(newFolder(), 'events.db')
        const log = await open(path)
        const copied = () => killedCopy(path, join(newFolder(), 'events.db'))
        // From now on what is not saved is kept: as it is where somebody saves at all.
        const history = [{ ...NOTHING, ...keptBy(log) }]
        for (const write of run) {
          const now = await write(log, history.at(-1) ?? NOTHING, path)
          history.push(now)

          const whole = await open(copied())
          expect(whole).toMatchObject({ epoch: log.epoch, to: now.to, began: null, size: log.size })
          // It may have moved past places that were advanced over, where nothing is.
          expect(whole.from).toBeGreaterThanOrEqual(log.from)
          expect(keptBy(whole)).toSatisfy((found: Kept) => isSame(found, now))
          const page = await whole.read(whole.from, { filter: ALL_ENTRIES, limit: 1_000, maxBytes: 1e9 })
          expect(page.entries).toEqual(now.entries.filter(({ position }) => position > log.from))
          await whole.close()

          const copy = copied()
          const size = fs.existsSync(`${copy}-wal`) ? fs.statSync(`${copy}-wal`).size : 0
          if (size > 0) fs.truncateSync(`${copy}-wal`, cut % size)
          const torn = await open(copy, { boot: 'another' })
          expect(torn.began).toBe('power')
          const found = keptBy(torn)
          expect(history.some((model) => isSame(found, model))).toBe(true)
          await torn.close()
        }
        await log.close()
      }),
      { numRuns: 8 },
    )
  }, 120_000)
})

/** What changes files beside SQLite. */
const STEPS = ['openSync', 'closeSync', 'writeSync', 'writeFileSync', 'renameSync', 'rmSync'] as const
const real = { ...fs }
const undo = () => {
  for (const name of STEPS) Object.assign(fs, { [name]: real[name] })
  syncBuiltinESMExports()
}
afterEach(undo)

/** What was told by then: nobody may be told something else at that position of that epoch. */
type Promised = { epoch: string; to: number }
type Killed = { path: string; step: string; promised: Promised | null }

/** Does it, and answers what a process had left that was killed before or after any of its steps, or in the middle of a write. */
async function killedAtEachStep(path: string, job: (promise: (log: SqliteLog) => void) => Promise<void>) {
  const all: Killed[] = []
  const folder = newFolder()
  let promised: Promised | null = null
  let last = ''
  /** Some steps are made of others, and so is looking at what they leave. */
  let within = false
  /** Answers where; null where nothing has changed. */
  const leave = (step: string): string | null => {
    const names = real.readdirSync(dirname(path)).filter((name) => !/-shm$|\.lock/.test(name))
    const files = names.map((name) => ({ name, bytes: real.readFileSync(join(dirname(path), name)) }))
    const sum = files.map(({ name, bytes }) => `${name} ${hash('sha1', bytes)}`).join()
    if (sum === last) return null
    last = sum
    const to = join(folder, String(all.length))
    real.mkdirSync(to)
    for (const { name, bytes } of files) real.writeFileSync(join(to, name), bytes)
    all.push({ path: join(to, basename(path)), step, promised })
    return to
  }
  for (const name of STEPS) {
    const step = real[name] as (...given: unknown[]) => unknown
    const spied = (...given: unknown[]): unknown => {
      const file = String(given[0])
      const isOurs = name === 'writeSync' || name === 'closeSync' || file.startsWith(path)
      if (within || !isOurs) return step(...given)
      within = true
      try {
        leave(`before ${name} ${basename(file)}`)
        const answer = step(...given)
        const left = leave(`${name} ${basename(file)}`)
        if (name === 'writeFileSync' && left !== null) {
          const half = join(left, basename(file))
          real.truncateSync(half, Math.floor(real.statSync(half).size / 2))
          last = ''
          leave(`${name} ${basename(file)}, all of it`)
        }
        return answer
      } finally {
        within = false
      }
    }
    Object.assign(fs, { [name]: spied })
  }
  syncBuiltinESMExports()
  try {
    await job(({ epoch, to }) => (promised = { epoch, to }))
  } finally {
    undo()
  }
  return all
}

/** A start over each: none fails, none gives a position of that epoch again, and the next goes on as it was. */
async function startOver(killed: readonly Killed[], check: (log: SqliteLog, killed: Killed) => void): Promise<void> {
  for (const one of killed) {
    const log = await open(one.path)
    const { promised } = one
    if (promised?.epoch === log.epoch) expect(log.to).toBeGreaterThanOrEqual(promised.to)
    check(log, one)
    const [stored] = await log.append([entry])
    await log.close()
    const again = await open(one.path)
    expect([one.step, again.began, again.epoch, again.to]).toEqual([one.step, null, log.epoch, stored?.position])
    await again.close()
  }
}

const entry: NewLogEntry = { kind: 'dispatch', event: 'X', guildId: null, payload: '1', ts: 1_000 }

describe('a process that is killed at any step that it does with files', () => {
  it('of a life of its log, costs nobody anything', async () => {
    const path = join(newFolder(), 'events.db')
    const killed = await killedAtEachStep(path, async (promise) => {
      for (let life = 0; life < 2; life += 1) {
        const log = await open(path)
        await log.append([entry, entry])
        promise(log)
        await log.append([entry])
        promise(log)
        await log.close()
      }
    })
    expect(killed.length).toBeGreaterThan(20)
    await startOver(killed, (log, { step, promised }) => {
      if (promised) expect([step, log.began, log.epoch]).toEqual([step, null, promised.epoch])
    })
  }, 60_000)

  it('as a mirror begins elsewhere, makes nobody take one epoch for the other', async () => {
    const path = join(newFolder(), 'events.db')
    const killed = await killedAtEachStep(path, async (promise) => {
      const log = await open(path)
      await log.append([entry, entry, entry])
      promise(log)
      await log.reset({ epoch: 'another', position: 1 })
      promise(log)
      await log.close()
    })
    await startOver(killed, () => {})
  }, 60_000)

  it('as a damaged log is put aside, leaves no part of it to be believed', async () => {
    const path = join(newFolder(), 'events.db')
    const log = await open(path)
    await log.append([entry, entry])
    await log.close()
    const db = new DatabaseSync(path)
    db.exec("PRAGMA journal_mode = WAL; UPDATE entry SET payload = '2' WHERE position = 1")
    const copy = killedCopy(path, join(newFolder(), 'events.db'))
    db.close()
    const killed = await killedAtEachStep(copy, async (promise) => {
      const found = await open(copy)
      expect(found.began).toBe('damage')
      promise(found)
      markDamaged(copy)
      await found.close()
    })
    await startOver(killed, (anew, { step, promised }) => {
      if (!promised) expect([step, anew.epoch]).not.toEqual([step, log.epoch])
      expect([step, anew.entriesAfter(0, 10)]).toEqual([step, []])
    })
  }, 60_000)
})
