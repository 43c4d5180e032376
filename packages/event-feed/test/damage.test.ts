import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate as nextTurn } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import type { EntryFilter, LogEntry, NewLogEntry } from '../src/event-log.ts'
import { HighWater } from '../src/sqlite/high-water.ts'
import { LaterSchema, SqliteLog, type SqliteLogOptions } from '../src/sqlite-log.ts'
import { copyMark } from './killed-copy.ts'
import { newFolder } from './new-folder.ts'

const ALL = { filter: { guilds: null, events: null, guildless: true }, limit: 10_000, maxBytes: 1e9 }
const same = () => ({ inode: '1', born: null })
const open = (path: string, more: Partial<SqliteLogOptions> = {}) =>
  SqliteLog.open({ path, maxAgeMs: 1e12, maxBytes: 1e9, identity: same, ...more })

const entry = (n: number): NewLogEntry => ({
  kind: 'dispatch',
  event: 'TYPING_START',
  guildId: String(n % 3),
  payload: JSON.stringify({ n, text: 'x'.repeat(600) }),
  ts: 1_000 + n,
  session: { shardId: 0, sessionId: `s${n % 2}`, sequence: n },
})

/** A log with rows in every table, closed in order. */
async function written(path: string): Promise<void> {
  const log = await open(path)
  await log.append(Array.from({ length: 60 }, (_, n) => entry(n + 1)))
  const guild = (id: string) => ({ id, position: 60, payload: JSON.stringify({ id, name: 'y'.repeat(3_000) }) })
  await log.saveGuilds([guild('1'), guild('2'), guild('3')], [], 30)
  for (let n = 0; n < 20; n += 1) {
    log.notes.set(`note ${n}`, 'z'.repeat(500))
    log.expiring.set(`end ${n}`, 'w'.repeat(500), 2e12)
  }
  await log.close()
}

type Told = {
  place: { epoch: string; from: number; to: number; savedThrough: number }
  entries: readonly LogEntry[]
  ofGuilds: (readonly LogEntry[])[]
  ofEvent: readonly LogEntry[]
  guilds: unknown[]
  notes: (string | null)[]
  ends: (string | null)[]
  sequences: (number | null)[]
}

/** All that a log says. */
async function readAll(log: SqliteLog): Promise<Told> {
  const { epoch, from, to, savedThrough } = log
  const read = async (filter: Partial<EntryFilter> = {}) =>
    (await log.read(log.from, { ...ALL, filter: { ...ALL.filter, ...filter } })).entries
  const entries = await read()
  const ofGuilds = []
  for (const guild of ['0', '1', '2']) ofGuilds.push(await read({ guilds: new Set([guild]), guildless: false }))
  const ofEvent = await read({ events: new Set(['TYPING_START']) })
  const guilds = [...log.savedGuilds()].map(({ id, data }) => [id, data])
  const keys = Array.from({ length: 20 }, (_, n) => n)
  return {
    place: { epoch, from, to, savedThrough },
    entries,
    ofGuilds,
    ofEvent,
    guilds,
    notes: keys.map((n) => log.notes.get(`note ${n}`)),
    ends: keys.map((n) => log.expiring.get(`end ${n}`)),
    sequences: ['s0', 's1'].map((session) => log.sequence(0, session)),
  }
}

/**
 * Starts over the damaged file, as a supervisor would: a start may find the damage and end, and the next has to work. The
 * answer is what was told of the old log before anything was noticed.
 */
async function lives(path: string): Promise<{ told: Told | null; anew: boolean }> {
  for (let starts = 1; starts <= 3; starts += 1) {
    const log = await open(path)
    try {
      const told = await readAll(log)
      await log.append([{ ...entry(1_000_000), session: { shardId: 0, sessionId: `s${starts}`, sequence: 1 } }])
      return { told, anew: log.began === 'damage' }
    } catch {
      // It was found out while it was open.
    } finally {
      await log.close().catch(() => {})
    }
  }
  throw new Error('three starts in a row have failed')
}

describe('a log whose bytes have changed', () => {
  const tables = [
    'log',
    'entry',
    'sequence',
    'guild',
    'note',
    'expiring',
    'entry_of_guild',
    'sqlite_autoindex_sequence_1',
  ]

  it.each(tables)('of which a page of %s is noise, is put aside, and a new one begins', async (table) => {
    const path = join(newFolder(), 'events.db')
    await written(path)
    const db = new DatabaseSync(path)
    const { rootpage } = db.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(table) as {
      rootpage: number
    }
    const { page_size: size } = db.prepare('PRAGMA page_size').get() as { page_size: number }
    db.close()
    const bytes = readFileSync(path)
    for (let at = (rootpage - 1) * size; at < rootpage * size; at += 1) bytes[at] = (at * 7919 + 13) % 256
    writeFileSync(path, bytes)
    await lives(path)
    const log = await open(path)
    expect(existsSync(log.aside ?? path)).toBe(true)
    await log.close()
  })

  it('anywhere, by a few bits, never ends every start, and tells all that was written or is put aside', async () => {
    const base = join(newFolder(), 'events.db')
    await written(base)
    const clean = await readAllOf(base)
    const { length } = readFileSync(base)
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.oneof(fc.nat(length - 1), fc.nat(99)), fc.nat(7)), { minLength: 1, maxLength: 4 }),
        async (flips) => {
          const path = join(newFolder(), 'events.db')
          copyFileSync(base, path)
          copyMark(base, path)
          const bytes = readFileSync(path)
          for (const [at, bit] of flips) bytes[at] = (bytes[at] ?? 0) ^ (1 << bit)
          writeFileSync(path, bytes)
          const { told, anew } = await lives(path)
          if (!anew) expect(told).toEqual(clean)
        },
      ),
      { numRuns: 200 },
    )
  }, 120_000)

  it.each(['epoch', 'begins', 'reached', 'state_through', 'open_under'])(
    'in what it says of itself (%s) is put aside',
    async (column) => {
      const path = join(newFolder(), 'events.db')
      await written(path)
      const db = new DatabaseSync(path)
      db.exec(
        column === 'epoch' || column === 'open_under'
          ? `UPDATE log SET ${column} = 'x'`
          : `UPDATE log SET ${column} = 29`,
      )
      db.close()
      const log = await open(path, { boot: 'x', checkedAtStartBytes: 0 })
      expect(log.began).toBe('damage')
      await log.close()
    },
  )

  it('in its lock alone goes on as it was', async () => {
    const path = join(newFolder(), 'events.db')
    await written(path)
    writeFileSync(`${path}.lock`, 'not a database, and long enough to be read as the head of one'.repeat(20))
    const log = await open(path)
    expect(log).toMatchObject({ began: null, to: 60 })
    await expect(open(path, { lockWaitMs: 0 })).rejects.toThrow('another process')
    await log.close()
  })

  it('that is another program’s is refused and left as it is', async () => {
    const path = join(newFolder(), 'events.db')
    const db = new DatabaseSync(path)
    db.exec('CREATE TABLE songs (title TEXT); PRAGMA application_id = 7')
    db.close()
    const before = readFileSync(path)
    await expect(open(path)).rejects.toThrow(LaterSchema)
    expect(readFileSync(path)).toEqual(before)
  })
})

async function readAllOf(path: string): Promise<Told> {
  const log = await open(path)
  try {
    return await readAll(log)
  } finally {
    await log.close()
  }
}

/** Changes the events, and their index knows nothing of it. */
function behindTheIndex(path: string, sql: string): void {
  const withSchema = (change: string) => {
    const db = new DatabaseSync(path)
    db.enableDefensive(false)
    db.exec(`PRAGMA writable_schema = ON; ${change}`)
    db.close()
  }
  const db = new DatabaseSync(path)
  const { rootpage, sql: made } = db
    .prepare("SELECT rootpage, sql FROM sqlite_schema WHERE name = 'entry_of_guild'")
    .get() as { rootpage: number; sql: string }
  db.close()
  withSchema("DELETE FROM sqlite_schema WHERE name = 'entry_of_guild'")
  withSchema(sql)
  withSchema(`INSERT INTO sqlite_schema VALUES ('index', 'entry_of_guild', 'entry', ${rootpage}, '${made}')`)
}

describe('a log whose index is not that of its events', () => {
  /** It is looked at whole while it is open, as a large one is. */
  const openLarge = (path: string, onDamage: (error: unknown) => void) =>
    open(path, { checkedAtStartBytes: 0, onDamage })
  const ofGuild = (guild: string) => ({ ...ALL, filter: { guilds: new Set([guild]), events: null, guildless: false } })
  const cases = [
    ['lists an event that is not there', 'DELETE FROM entry WHERE position = 7'],
    ['lists an event of another guild', "UPDATE entry SET guild = '2', sum = NULL WHERE position = 7"],
    [
      'lacks an event',
      "INSERT INTO entry SELECT 61, ts, 1e9, '1', event, backfilled, payload, NULL FROM entry LIMIT 1",
    ],
  ] as const

  it.each(cases)('and %s, is put aside by the start where it is small', async (_, sql) => {
    const path = join(newFolder(), 'events.db')
    await written(path)
    behindTheIndex(path, sql)
    const log = await open(path)
    expect(log.began).toBe('damage')
    await log.close()
  })

  it.each(cases.slice(0, 2))('and %s, passes over nothing', async (_, sql) => {
    const path = join(newFolder(), 'events.db')
    await written(path)
    behindTheIndex(path, sql)
    const onDamage = vi.fn()
    const log = await openLarge(path, onDamage)
    await expect(log.read(0, ofGuild('1'))).rejects.toThrow('the index')
    expect(onDamage).toHaveBeenCalledOnce()
    await log.close()
  })

  it.each(cases)('and %s, is found out while it is open where it is large', async (_, sql) => {
    const path = join(newFolder(), 'events.db')
    await written(path)
    behindTheIndex(path, sql)
    const onDamage = vi.fn()
    const log = await openLarge(path, onDamage)
    await log.checked
    expect(onDamage).toHaveBeenCalledOnce()
    await expect(log.read(0, ofGuild('2'))).rejects.toThrow('the check of the log')
    await expect(log.append([entry(100)])).rejects.toThrow('the check of the log')
    await log.close()
    const next = await open(path)
    expect(next.began).toBe('damage')
    await next.close()
  })

  it('is not waited for when it is closed, and is looked at anew by the next start', async () => {
    const path = join(newFolder(), 'events.db')
    await written(path)
    behindTheIndex(path, cases[2][1])
    const onDamage = vi.fn()
    const log = await openLarge(path, onDamage)
    await log.close()
    await log.checked
    expect(onDamage).not.toHaveBeenCalled()
    const next = await openLarge(path, onDamage)
    expect(next.began).toBeNull()
    await next.checked
    expect(onDamage).toHaveBeenCalledOnce()
    await next.close()
  })
})

it('a log that is whole is found to be, also while it is appended to', async () => {
  const path = join(newFolder(), 'events.db')
  await written(path)
  const [onDamage, onUnchecked] = [vi.fn(), vi.fn()]
  const log = await open(path, { checkedAtStartBytes: 0, onDamage, onUnchecked })
  const checked = log.checked.then(() => true)
  for (let n = 100; !(await Promise.race([checked, nextTurn(false)])); n += 1) await log.append([entry(n)])
  expect([onDamage.mock.calls, onUnchecked.mock.calls]).toEqual([[], []])
  await log.close()
})

describe('a log that is a copy', () => {
  it('put back with all that lies beside it, gives no position twice', async () => {
    const folder = newFolder()
    const path = join(folder, 'events', 'events.db')
    const real = (more: Partial<SqliteLogOptions> = {}) =>
      SqliteLog.open({ path, maxAgeMs: 1e12, maxBytes: 1e9, ...more })
    const log = await real()
    await log.append([entry(1), entry(2)])
    await log.close()
    cpSync(dirname(path), join(folder, 'copy'), { recursive: true, preserveTimestamps: true })
    const later = await real()
    expect(later).toMatchObject({ began: null, epoch: log.epoch })
    await later.append([entry(3)])
    await later.close()
    rmSync(dirname(path), { recursive: true })
    cpSync(join(folder, 'copy'), dirname(path), { recursive: true, preserveTimestamps: true })
    const back = await real()
    expect(back.began).toBe('tail')
    expect(back.epoch).not.toBe(log.epoch)
    await back.close()
    const again = await real()
    expect(again).toMatchObject({ began: null, epoch: back.epoch })
    await again.close()
  })
})

describe('a log that a copy was put back into', () => {
  it('file by file, gives no position twice', async () => {
    const folder = newFolder()
    const path = join(folder, 'events', 'events.db')
    const real = () => SqliteLog.open({ path, maxAgeMs: 1e12, maxBytes: 1e9 })
    const log = await real()
    await log.append([entry(1), entry(2)])
    await log.close()
    cpSync(dirname(path), join(folder, 'copy'), { recursive: true, preserveTimestamps: true })
    const later = await real()
    expect(later).toMatchObject({ began: null, epoch: log.epoch })
    await later.append([entry(3)])
    await later.close()
    // Into the very files, where they are there still.
    for (const name of readdirSync(join(folder, 'copy'))) {
      writeFileSync(join(dirname(path), name), readFileSync(join(folder, 'copy', name)))
    }
    const back = await real()
    expect(back.began).toBe('tail')
    expect(back.epoch).not.toBe(log.epoch)
    await back.close()
    const again = await real()
    expect(again).toMatchObject({ began: null, epoch: back.epoch })
    await again.close()
  })

  it('goes on where nothing but owners and rights of its files were set anew', async () => {
    const path = join(newFolder(), 'events.db')
    const log = await SqliteLog.open({ path, maxAgeMs: 1e12, maxBytes: 1e9 })
    await log.append([entry(1)])
    await log.close()
    for (const name of readdirSync(dirname(path))) chmodSync(join(dirname(path), name), 0o640)
    const again = await SqliteLog.open({ path, maxAgeMs: 1e12, maxBytes: 1e9 })
    expect(again).toMatchObject({ began: null, epoch: log.epoch })
    await again.close()
  })
})

describe('what was committed', () => {
  it('and cannot be told is not refused: nothing more is stored, and the next start goes on from it', async () => {
    const path = join(newFolder(), 'events.db')
    let broken: unknown = null
    const log = await open(path, { onBroken: (error) => (broken = error) })
    await log.append([entry(1)])
    vi.spyOn(HighWater.prototype, 'raise').mockImplementationOnce(() => {
      throw new Error('no space left on device')
    })
    await expect(log.append([entry(2)])).rejects.toThrow('no space')
    expect(broken).toBeInstanceOf(Error)
    await expect(log.append([entry(3)])).rejects.toThrow('no space')
    await log.close()
    const again = await open(path)
    expect(again).toMatchObject({ to: 2, began: null })
    await again.close()
  })

  it('forgets the sessions that are too many in the same breath', async () => {
    const path = join(newFolder(), 'events.db')
    const log = await open(path)
    const heard = (n: number): NewLogEntry => ({
      ...entry(n),
      session: { shardId: 0, sessionId: `s${n}`, sequence: 1 },
    })
    for (let n = 1; n <= 9; n += 1) await log.append([heard(n)])
    await log.close()
    const db = new DatabaseSync(path)
    const rows = db.prepare('SELECT session FROM sequence ORDER BY heard').all() as { session: string }[]
    db.close()
    expect(rows.map(({ session }) => session)).toEqual(['s6', 's7', 's8', 's9'])
  })
})

it('appends that fill the file’s bound find room again once what fell off is deleted', async () => {
  const path = join(newFolder(), 'events.db')
  const log = await open(path, { maxFileBytes: 3_000_000, maxBytes: 1_000_000 })
  for (let n = 1; n <= 20_000; n += 1) await log.append([entry(n)])
  expect(log.to).toBe(20_000)
  await log.close()
  appendFileSync(path, '')
  const again = await open(path, { maxFileBytes: 3_000_000, maxBytes: 1_000_000 })
  expect(again).toMatchObject({ began: null, to: 20_000 })
  await again.close()
})

const large = (ts: number, bytes = 10_000): NewLogEntry => ({
  kind: 'dispatch',
  event: 'MESSAGE_CREATE',
  guildId: '1',
  payload: JSON.stringify('x'.repeat(bytes)),
  ts,
})

it('appends that fill the file’s bound find the room of all that fell off, however large it is', async () => {
  const path = join(newFolder(), 'events.db')
  const log = await open(path, { maxFileBytes: 8_000_000, maxBytes: 4_000_000 })
  for (let n = 1; n <= 100; n += 1) await log.append([large(1_000, 500_000)])
  expect(log.to).toBe(100)
  await log.close()
})

it.each(['while it is open', 'when it is opened again'])(
  'a full file has room once all of it is too old, %s',
  async (when) => {
    const path = join(newFolder(), 'events.db')
    let now = 1_000
    const options = { maxFileBytes: 600_000, maxBytes: Infinity, maxAgeMs: 1_000, now: () => now }
    let log = await open(path, options)
    const append = () => log.append([large(now)])
    const fill = async () => {
      for (;;) await append()
    }
    await expect(fill).rejects.toThrow('full')
    await expect(append).rejects.toThrow('full')
    now += 2_000
    if (when === 'when it is opened again') {
      await log.close()
      log = await open(path, options)
    }
    for (let n = 0; n < 20; n += 1) await append()
    expect(log.size.entries).toBe(20)
    await log.close()
  },
)
