import { existsSync, readFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { logConformance } from '../src/conformance.ts'
import { ALL_ENTRIES } from '../src/index.ts'
import type { EventLog, LogEntry, NewLogEntry } from '../src/index.ts'
import { LaterSchema, LogInUse, SqliteLog } from '../src/sqlite-log.ts'
import type { SqliteLogOptions } from '../src/sqlite-log.ts'
import { CHECKPOINT_EVERY_BYTES } from '../src/sqlite/wal.ts'
import { HighWater } from '../src/sqlite/high-water.ts'
import { copyMark, killedCopy } from './killed-copy.ts'
import { newFolder } from './new-folder.ts'

const MUCH = { maxAgeMs: Infinity, maxBytes: Infinity }

logConformance('SqliteLog', async (options) => SqliteLog.open({ ...options, path: join(newFolder(), 'events.db') }))
logConformance('SqliteLog that was opened again', async (options) => {
  const path = join(newFolder(), 'events.db')
  const before = await SqliteLog.open({ ...options, path })
  await before.append([entry(), entry()])
  await before.reset({ epoch: 'mirrored', position: 1_000 })
  await before.close()
  return SqliteLog.open({ ...options, path })
})

const markOf = (path: string) => HighWater.fileOf(path) ?? ''

let count = 0
function entry(more: Partial<Extract<NewLogEntry, { kind: 'dispatch' }>> = {}): NewLogEntry {
  return { kind: 'dispatch', event: 'MESSAGE_CREATE', guildId: '1', payload: `{"n":${count++}}`, ts: 1_000, ...more }
}

const session = (sequence: number) => ({ session: { shardId: 0, sessionId: 'a', sequence } })

async function all(log: EventLog): Promise<readonly LogEntry[]> {
  const entries: LogEntry[] = []
  for (let at = log.from; at < log.to;) {
    const page = await log.read(at, { filter: ALL_ENTRIES, limit: 100, maxBytes: 1_000_000 })
    entries.push(...page.entries)
    at = page.through
  }
  return entries
}

const killed = (path: string) => killedCopy(path, join(newFolder(), 'events.db'))

describe('SqliteLog', () => {
  const open = (path: string, more: Partial<SqliteLogOptions> = {}) =>
    SqliteLog.open({ path, ...MUCH, identity: same, ...more })
  /** What a killed process leaves is looked at in a copy, which is to pass for the file itself. */
  const same = () => ({ inode: '1', born: null })
  const newPath = () => join(newFolder(), 'deeper', 'events.db')

  it('goes on where it was, after an orderly end and after none', async () => {
    const path = newPath()
    const log = await open(path)
    expect(log.began).toBe('new')
    const stored = await log.append([{ ...entry(), ...session(7) }, entry({ guildId: null, backfilled: true })])
    const copy = killed(path)
    await log.close()
    for (const file of [path, copy]) {
      const again = await open(file)
      expect(again).toMatchObject({ epoch: log.epoch, from: 0, to: 2, began: null, size: log.size })
      expect(await all(again)).toEqual(stored)
      expect(again.sequence(0, 'a')).toBe(7)
      expect(await again.append([{ ...entry(), ...session(7) }])).toEqual([])
      expect(await again.append([entry()])).toMatchObject([{ position: 3 }])
      await again.close()
    }
  })

  it('knows after a restart how far each session was, and which was a shard’s last', async () => {
    const hearing = fc.record({ shardId: fc.nat(1), sessionId: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f') })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(hearing, { minLength: 1, maxLength: 3 }), { maxLength: 12 }),
        async (appends) => {
          const path = newPath()
          const log = await open(path)
          let sequence = 0
          for (const hearings of appends)
            await log.append(hearings.map((heard) => ({ ...entry(), session: { ...heard, sequence: ++sequence } })))
          const known = (of: SqliteLog) => [
            [...of.lastHeard].toSorted(([one], [other]) => one - other),
            [0, 1].flatMap((shardId) => Array.from('abcdef', (sessionId) => of.sequence(shardId, sessionId))),
          ]
          const before = known(log)
          await log.close()
          const again = await open(path)
          expect(known(again)).toEqual(before)
          await again.close()
        },
      ),
      { numRuns: 60 },
    )
  })

  it('begins a new epoch after an unclean end under another boot, and keeps what a session is resumed from', async () => {
    const path = newPath()
    const log = await open(path, { boot: 'one' })
    await log.append([
      { ...entry(), ...session(1) },
      { ...entry(), ...session(2) },
    ])
    const copy = killed(path)
    await log.close()

    const clean = await open(path, { boot: 'two' })
    expect(clean).toMatchObject({ epoch: log.epoch, to: 2, began: null })
    await clean.close()

    const unclean = await open(copy, { boot: 'two' })
    expect(unclean.began).toBe('power')
    expect(unclean.epoch).not.toBe(log.epoch)
    expect(unclean.locate(`${log.epoch}-2`)).toEqual({ at: 'foreign' })
    expect(unclean.size.entries).toBe(0)
    expect(unclean.sequence(0, 'a')).toBe(2)
    expect(unclean.entriesAfter(0, 10)).toHaveLength(2)
    await unclean.close()
    const again = await open(copy, { boot: 'three' })
    expect(again).toMatchObject({ epoch: unclean.epoch, began: null })
    await again.close()
  })

  it.each([
    ['whose newest file is gone', (path: string) => rmSync(`${path}-wal`)],
    ['whose newest file is cut', (path: string) => truncateSync(`${path}-wal`, statSync(`${path}-wal`).size - 5_000)],
    ['whose mark is gone', (path: string) => rmSync(markOf(path))],
    ['whose mark makes no sense', (path: string) => writeFileSync(markOf(path), 'x')],
  ])('begins a new epoch for a log %s', async (_, damage) => {
    const path = newPath()
    const log = await open(path)
    await log.append([entry()])
    // What SQLite takes for whole has to be in the database itself.
    await log.close()
    const second = await open(path)
    for (let index = 0; index < 10; index++) await second.append([entry()])
    const copy = killed(path)
    await second.close()
    damage(copy)
    const again = await open(copy)
    expect(again.began).toBe('tail')
    expect(again.epoch).not.toBe(log.epoch)
    const [next] = await again.append([entry()])
    expect(await all(again)).toEqual([next])
    await again.close()
  })

  const GAP = { kind: 'gap', reason: 'upstream', shard: null, fromTs: 1, toTs: 2, ts: 2 } as const
  const guilds = (log: SqliteLog) => [...log.savedGuilds()]

  it.each([
    ['guild', "UPDATE guild SET payload = 'x' || payload", guilds],
    ['gap', "UPDATE entry SET payload = 'x' || payload WHERE event IS NULL", all],
    ['end', 'DELETE FROM log', () => expect.unreachable()],
  ])(
    'puts a file aside in which a %s is not what was written, and does not start in vain again',
    async (_, sql, read) => {
      const path = newPath()
      const log = await open(path)
      guilds(log)
      await log.append([entry(), GAP])
      await log.saveGuilds([{ id: '1', position: 1, payload: '{"id":"1"}' }], [], 2)
      await log.close()
      const db = new DatabaseSync(path)
      db.exec(sql)
      db.close()
      const onDamage = vi.fn()
      const second = await open(path, { onDamage })
      if (second.began !== 'damage') {
        await expect((async () => read(second))()).rejects.toThrow('not what was written')
        expect(onDamage).toHaveBeenCalledOnce()
        await second.close()
      }
      const third = second.began === 'damage' ? second : await open(path)
      expect(third).toMatchObject({ began: 'damage', to: 0 })
      expect(guilds(third)).toEqual([])
      await third.close()
    },
  )

  it.each([
    [
      'is no database',
      (path: string) => writeFileSync(path, 'not a database at all, and long enough to be read as one'),
    ],
    ['lost its middle', (path: string) => truncateSync(path, 4096 * 3)],
    ['has noise in it', (path: string) => writeFileSync(path, noise(statSync(path).size), { flag: 'r+' })],
  ])('puts a file aside that %s, and begins anew', async (_, damage) => {
    const path = newPath()
    const log = await open(path)
    await log.append(Array.from({ length: 200 }, () => entry({ payload: `"${'x'.repeat(500)}"` })))
    await log.close()
    damage(path)
    const again = await open(path, { now: () => 5 })
    expect(again).toMatchObject({ began: 'damage', to: 0, aside: `${path}.damaged-5` })
    expect(again.epoch).not.toBe(log.epoch)
    expect(existsSync(`${path}.damaged-5`)).toBe(true)
    await again.append([entry()])
    await again.close()
    const third = await open(path)
    expect(third).toMatchObject({ began: null, to: 1 })
    await third.close()
  })

  it('says that it is damaged when it finds out while it is open, once for all, and begins anew the next time', async () => {
    const path = newPath()
    const log = await open(path)
    await log.append(Array.from({ length: 2_000 }, () => entry({ payload: `"${'x'.repeat(1_000)}"` })))
    await log.close()
    const news: unknown[] = []
    const again = await open(path, { onDamage: (error) => news.push(error) })
    writeFileSync(path, noise(statSync(path).size - 8 * 4096), { flag: 'r+', flush: true })
    const other = new DatabaseSync(path)
    expect(() => other.prepare('SELECT sum(length(payload)) FROM entry').all()).toThrow(/malformed|not a database/)
    other.close()
    await expect(all(again)).rejects.toThrow(/malformed|not a database/)
    expect(news).toHaveLength(1)
    await again.close().catch(() => {})
    const third = await open(path)
    expect(third.began).toBe('damage')
    await third.close()
  })

  it('keeps the two newest of the damaged files', async () => {
    const path = newPath()
    for (const now of [8, 9, 10, 11]) {
      const log = await open(path, { now: () => now })
      await log.close()
      writeFileSync(path, noise(8_192))
    }
    const aside = readdirSync(join(path, '..')).filter((name) => /damaged-\d+$/.test(name))
    expect(aside.sort()).toEqual(['events.db.damaged-10', 'events.db.damaged-11'])
  })

  it('is no other user’s to read, nor what lies beside it', async () => {
    const folder = join(newFolder(), 'data', 'bot')
    const log = await SqliteLog.open({ ...MUCH, path: join(folder, 'events.db') })
    await log.append([entry()])
    const names = readdirSync(folder)
    expect(names).toContain('events.db-wal')
    for (const name of names.filter((each) => /db(-wal|-shm)?$/.test(each))) {
      expect(statSync(join(folder, name)).mode & 0o077).toBe(0)
    }
    for (const made of [folder, join(folder, '..')]) expect(statSync(made).mode & 0o777).toBe(0o700)
    await log.close()
  })

  it('goes on beside files that are named much like its own', async () => {
    const path = newPath()
    const log = await open(path)
    await log.append([entry()])
    await log.close()
    for (const number of ['007', '0', '99999999999999999999', '1e3', '2.new']) {
      writeFileSync(`${path}.high.${number}`, 'x 0000000000000009\n')
    }
    const again = await open(path)
    expect(again).toMatchObject({ began: null, to: 1 })
    await again.close()
  })

  it('is opened by one at a time', async () => {
    const path = newPath()
    const log = await open(path)
    await expect(open(path, { lockWaitMs: 0 })).rejects.toThrow(LogInUse)
    const waiting = open(path)
    await log.close()
    await (await waiting).close()
  })

  it('refuses a file of a later release, and leaves it as it is', async () => {
    const path = newPath()
    await (await open(path)).close()
    const db = new DatabaseSync(path)
    db.exec('CREATE TABLE what_is_later (x); PRAGMA user_version = 99')
    db.close()
    await expect(open(path)).rejects.toThrow(LaterSchema)
    await expect(open(path)).rejects.toThrow('schema 99')
  })

  it('goes on with the file of the version before, whose row of itself has no sum yet', async () => {
    const path = newPath()
    const log = await open(path)
    await log.append([entry(), entry()])
    await log.close()
    const db = new DatabaseSync(path)
    db.exec('DROP INDEX entry_of_guild; CREATE INDEX entry_of_guild ON entry (guild, position)')
    db.exec('DROP INDEX expiring_by_holder; ALTER TABLE expiring DROP COLUMN holder')
    db.exec('ALTER TABLE log DROP COLUMN sum; PRAGMA user_version = 3')
    db.close()
    for (let starts = 1; starts <= 2; starts += 1) {
      const again = await open(path)
      expect(again).toMatchObject({ epoch: log.epoch, to: 2, began: null })
      await again.close()
    }
    const sums = new DatabaseSync(path)
    expect(sums.prepare('SELECT sum FROM log').get()).toEqual({ sum: expect.any(Number) })
    sums.close()
  })

  it('goes on with the file whose index had each guild by itself, and finds what is a guild’s', async () => {
    const path = newPath()
    const log = await open(path)
    await log.append(Array.from({ length: 5_000 }, (_, n) => entry({ guildId: n % 1_000 === 0 ? '7' : '8' })))
    await log.close()
    const db = new DatabaseSync(path)
    db.exec('DROP INDEX entry_of_guild; CREATE INDEX entry_of_guild ON entry (guild, position)')
    db.exec('PRAGMA user_version = 5')
    db.close()
    const again = await open(path)
    expect(again).toMatchObject({ epoch: log.epoch, to: 5_000, began: null })
    const filter = { guilds: new Set(['7']), events: null, guildless: false }
    const { entries, through } = await again.read(1, { filter, limit: 100, maxBytes: 1e6 })
    expect(entries.map(({ position }) => position)).toEqual([1_001, 2_001, 3_001, 4_001])
    expect(through).toBe(5_000)
    await again.close()
  })

  it('of a mirror finds a guild’s entries however far apart they lie', async () => {
    const log = await open(newPath())
    const positions = [5, 6, 1_024, 7_000_000, 7_000_001, 2 ** 45, 2 ** 45 + 3]
    await log.append(positions.map((position) => ({ ...entry({ guildId: '7' }), position })))
    const filter = { guilds: new Set(['7']), events: null, guildless: false }
    const first = await log.read(5, { filter, limit: 100, maxBytes: 1e6 })
    expect(first.entries.map(({ position }) => position)).toEqual(positions.slice(1))
    await log.close()
  })

  it('writes nothing when it is opened after a kill, and so needs no room on the disk', async () => {
    const path = newPath()
    const log = await open(path)
    await log.append([entry()])
    const copy = killed(path)
    await log.close()
    // Its pages are only changed by a write: what they were before is the same then.
    const db = new DatabaseSync(copy)
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    const before = readFileSync(copy)
    const again = await open(copy)
    expect([statSync(`${copy}-wal`).size, readFileSync(copy).equals(before)]).toEqual([0, true])
    await again.close()
    db.close()
  })

  it('refuses an append that the disk has no room for, and goes on when there is some', async () => {
    const path = newPath()
    const log = await open(path, { maxFileBytes: 400_000, maxBytes: 100_000 })
    const large = () => ({ ...entry({ payload: `"${'x'.repeat(300_000)}"` }) })
    const stored = await log.append([entry(), { ...entry(), ...session(1) }])
    await expect(log.append([large(), large(), { ...entry(), ...session(2) }])).rejects.toThrow(/full/)
    expect(log).toMatchObject({ to: 2, size: { entries: 2 } })
    expect(log.sequence(0, 'a')).toBe(1)
    expect(await all(log)).toEqual(stored)
    expect(await log.append([{ ...entry(), ...session(2) }])).toHaveLength(1)
    await log.close()
  })

  it('deletes what has fallen off as it goes, and what nobody has saved only then', async () => {
    const path = newPath()
    const log = await open(path, { maxBytes: 20_000 })
    const some = () => Array.from({ length: 10 }, () => entry({ payload: `"${'x'.repeat(900)}"` }))
    for (let index = 0; index < 50; index++) await log.append(some())
    expect(log.entriesAfter(0, 1_000).length).toBeLessThan(60)
    expect([...log.savedGuilds()]).toEqual([])
    await log.saveGuilds([], [], log.to)
    const { to } = log
    for (let index = 0; index < 50; index++) await log.append(some())
    expect(log.size.entries).toBeLessThan(25)
    expect(log.entriesAfter(to, 1_000)).toHaveLength(500)
    await log.saveGuilds([], [], log.to)
    for (let index = 0; index < 50; index++) await log.append(some())
    await log.saveGuilds([], [], log.to)
    for (let index = 0; index < 20; index++) await log.append(some())
    expect(log.entriesAfter(to, 1)[0]?.position).toBeGreaterThan(to + 500)
    await log.close()
  })

  it('keeps its file from growing while it is written to without a pause', async () => {
    const path = newPath()
    const log = await open(path, { maxBytes: 2_000_000 })
    const payload = `"${'x'.repeat(10_000)}"`
    for (let index = 0; index < 1_000; index++) await log.append(Array.from({ length: 10 }, () => entry({ payload })))
    // 100 MB went through it.
    expect(statSync(path).size + statSync(`${path}-wal`).size).toBeLessThan(80_000_000)
    await log.close()
  })

  it('goes on while another process reads it for long, and moves what came meanwhile afterwards', async () => {
    const path = newPath()
    const log = await open(path, { maxBytes: 2_000_000 })
    const payload = `"${'x'.repeat(100_000)}"`
    const some = async (bytes: number) => {
      for (let at = 0; at < bytes; at += payload.length) await log.append([entry({ payload })])
    }
    const beginning = () => readFileSync(`${path}-wal`).readUInt32BE(16)
    await some(2_000_000)
    const reader = new DatabaseSync(path, { readOnly: true })
    reader.exec('BEGIN; SELECT * FROM entry')
    const before = beginning()
    await some(3 * CHECKPOINT_EVERY_BYTES)
    expect(beginning()).toBe(before)
    reader.close()
    await some(CHECKPOINT_EVERY_BYTES)
    await vi.waitFor(() => expect(beginning()).not.toBe(before), { timeout: 4_000 })
    await log.close()
  })

  it('leaves no append to wait for the disk: the write-ahead log is begun anew by the thread that emptied it', async () => {
    const path = newPath()
    const log = await open(path)
    const payload = `"${'x'.repeat(100_000)}"`
    // In its head is a number that is one more each time it begins: https://sqlite.org/fileformat2.html#walformat
    const beginning = () => readFileSync(`${path}-wal`).readUInt32BE(16)
    await log.append([entry()])
    const first = beginning()
    for (let bytes = 0; bytes < CHECKPOINT_EVERY_BYTES; bytes += payload.length) await log.append([entry({ payload })])
    await vi.waitFor(() => expect(beginning()).not.toBe(first), { timeout: 4_000 })
    const second = beginning()
    expect((await log.append([entry()]))[0]?.position).toBe(log.to)
    expect(beginning()).toBe(second)
    await log.close()
  })

  it('keeps notes', async () => {
    const path = newPath()
    const log = await open(path)
    log.notes.set('a', '1')
    log.notes.set('a', '2')
    log.notes.set('b', '3')
    log.notes.delete('b')
    const again = await open(killed(path))
    expect([again.notes.get('a'), again.notes.get('b')]).toEqual(['2', null])
    await again.close()
    await log.close()
  })

  it('knows of a loss of power that took all that was written since its start', async () => {
    const path = newPath()
    await (await open(path)).close()
    const clean = killed(path)
    const log = await open(path, { boot: 'one' })
    await log.append([entry()])
    // What reached the disk: the file as far as it was forced there, and beside it only what was there before.
    const copy = killed(path)
    rmSync(`${copy}-wal`)
    copyMark(clean, copy)
    const torn = await open(copy, { boot: 'two' })
    expect(torn.began).toBe('power')
    expect(torn.epoch).not.toBe(log.epoch)
    await torn.close()
    await log.close()
  })

  it('recovers after every write of a random run, whole or not at all, and gives no position twice', async () => {
    const append = fc.array(
      fc.record({ guildId: fc.constantFrom('1', '2', null), step: fc.nat(2), size: fc.nat(6_000) }),
      {
        maxLength: 6,
      },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(append, { maxLength: 8 }), fc.nat(), async (appends, cut) => {
        const path = newPath()
        const log = await open(path)
        let sequence = 0
        const model: LogEntry[] = []
        for (const given of appends) {
          const entries = given.map(({ guildId, step, size }): NewLogEntry => {
            sequence += step
            return { ...entry({ guildId, payload: `"${'x'.repeat(size)}"` }), ...session(sequence) }
          })
          const before = model.length
          model.push(...(await log.append(entries)))

          const whole = await open(killed(path))
          expect(whole).toMatchObject({ epoch: log.epoch, to: model.length, began: null })
          expect(await all(whole)).toEqual(model)
          expect(whole.sequence(0, 'a')).toBe(log.sequence(0, 'a'))
          await whole.close()

          // The power failed while this append, or one before it, was on its way to the disk.
          const copy = killed(path)
          const size = existsSync(`${copy}-wal`) ? statSync(`${copy}-wal`).size : 0
          if (size > 0) truncateSync(`${copy}-wal`, cut % size)
          const torn = await open(copy, { boot: 'another' })
          const survived = torn.entriesAfter(0, 1_000)
          expect(survived).toEqual(model.slice(0, survived.length))
          expect(torn.epoch).not.toBe(log.epoch)
          expect(torn.sequence(0, 'a') ?? 0).toBeLessThanOrEqual(log.sequence(0, 'a') ?? 0)
          expect(before).toBeLessThanOrEqual(model.length)
          await torn.close()
        }
        await log.close()
      }),
      { numRuns: 25 },
    )
  }, 60_000)
})

function noise(bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, index) => (index * 7919 + 13) % 256)
}
