import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase } from '../src/sqlite/database.ts'
import { SqliteExpiring } from '../src/sqlite/expiring.ts'
import { SqliteLog } from '../src/sqlite-log.ts'

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'expiring-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))
const path = () => join(folder, 'events.db')
const options = () => ({ path: path(), maxAgeMs: 60_000, maxBytes: 1024 * 1024 })

test('a text is there until its end, over the end of the process too, and gone when deleted', async () => {
  let now = 0
  const log = await SqliteLog.open({ ...options(), now: () => now })
  log.expiring.set('a', 'one', 100)
  log.expiring.set('a', 'two', 100)
  log.expiring.set('b', 'three', 200)
  log.expiring.set('c', 'four', 200)
  log.expiring.delete('c')
  await log.close()
  const again = await SqliteLog.open({ ...options(), now: () => now })
  now = 99
  expect(['a', 'b', 'c'].map((key) => again.expiring.get(key))).toEqual(['two', 'three', null])
  now = 100
  expect(['a', 'b', 'c'].map((key) => again.expiring.get(key))).toEqual([null, 'three', null])
  await again.close()
})

test('those whose text begins so are found, unless their time is up', () => {
  const db = openDatabase(path(), null)
  let now = 0
  const rows = new SqliteExpiring(db, (job) => job(), { now: () => now })
  rows.set('a', '{"x":1}', 100)
  rows.set('b', '{"y":{"x":1}}', 100)
  rows.set('c', '{"x":', 50)
  rows.set('d', '{"x"', 100)
  rows.set('e', '{"x":%_*', 200)
  now = 50
  const found = [
    { key: 'a', value: '{"x":1}', until: 100 },
    { key: 'e', value: '{"x":%_*', until: 200 },
  ]
  expect(rows.beginningWith('{"x":')).toEqual(found)
  db.prepare("UPDATE expiring SET value = '{\"x\":2}' WHERE key = 'a'").run()
  expect(() => rows.beginningWith('{"x":')).toThrow('is not what was written')
  db.close()
})

test('what has ended is deleted in time, also where there are few', () => {
  const db = openDatabase(path(), null)
  let now = 0
  const rows = new SqliteExpiring(db, (job) => job(), { now: () => now })
  for (let index = 0; index < 100; index += 1) rows.set(`ended ${index}`, '', 5)
  now = 5
  for (let index = 0; index < 256; index += 1) rows.set('one', '', 100)
  expect(db.prepare('SELECT key FROM expiring').all()).toEqual([{ key: 'one' }])
  db.close()
})

test('of too many, those that end first make room, and what has ended does first', () => {
  const db = openDatabase(path(), null)
  let now = 0
  const rows = new SqliteExpiring(db, (job) => job(), { max: 300, now: () => now })
  for (let index = 0; index < 100; index += 1) rows.set(`ended ${index}`, '', 5)
  now = 10
  for (let index = 0; index < 512; index += 1) rows.set(`n ${index}`, '', 1_000 + index)
  const count = () => (db.prepare('SELECT count(*) AS n FROM expiring').get() as { n: number }).n
  expect(count()).toBeLessThanOrEqual(300 + 256)
  expect(rows.get('n 511')).toBe('')
  expect(rows.get('n 0')).toBeNull()
  expect(db.prepare("SELECT 1 FROM expiring WHERE key LIKE 'ended%'").all()).toEqual([])
  db.close()
})

test('of too many, one who keeps a crowd makes room, and nobody else', () => {
  const db = openDatabase(path(), null)
  const rows = new SqliteExpiring(db, (job) => job(), { max: 300, now: () => 0 })
  for (let index = 0; index < 100; index += 1) rows.set(`quiet ${index}`, '', 10, 'quiet')
  for (let index = 0; index < 2_000; index += 1) rows.set(`loud ${index}`, '', 1_000 + index, 'loud')
  for (let index = 0; index < 256; index += 1) rows.set('nobody', '', 10)
  const counts = db.prepare('SELECT holder, count(*) AS n FROM expiring GROUP BY holder ORDER BY holder').all()
  expect(counts).toMatchObject([{ holder: null }, { holder: 'loud' }, { holder: 'quiet', n: 100 }])
  expect(rows.get('loud 1999')).toBe('')
  expect(rows.get('loud 0')).toBeNull()
  db.close()
})

test('of too many, those who keep more than the others are left as much as each other', () => {
  const db = openDatabase(path(), null)
  const rows = new SqliteExpiring(db, (job) => job(), { max: 300, now: () => 0 })
  const holders = { many: 260, more: 212, few: 40 }
  for (const [holder, count] of Object.entries(holders)) {
    for (let index = 0; index < count; index += 1) rows.set(`${holder} ${index}`, '', 10, holder)
  }
  const counts = db.prepare('SELECT holder, count(*) AS n FROM expiring GROUP BY holder ORDER BY n DESC').all()
  expect(counts).toMatchObject([{ n: 130 }, { n: 130 }, { holder: 'few', n: 40 }])
  db.close()
})

test('of too many who keep as much as each other, all make room', () => {
  const db = openDatabase(path(), null)
  const rows = new SqliteExpiring(db, (job) => job(), { max: 300, now: () => 0 })
  for (let index = 0; index < 2_048; index += 1) rows.set(`n ${index}`, '', 10, `holder ${index}`)
  expect(db.prepare('SELECT count(*) AS n FROM expiring').get()).toEqual({ n: 300 })
  db.close()
})

test('what is kept beside the log has its write-ahead log moved too, also where nothing is appended', async () => {
  const log = await SqliteLog.open(options())
  const walBytes = () => statSync(`${path()}-wal`).size
  let most = 0
  for (let index = 0; index < 12_000; index += 1) {
    log.expiring.set(`n ${index % 100}`, 'x'.repeat(500), Date.now() + 60_000, 'web')
    log.notes.set('a', String(index))
    if (index % 20 === 0) await new Promise(setImmediate)
    most = Math.max(most, walBytes())
  }
  // Three times what it may become before the loop waits for it: on a busy machine the thread that moves it comes late.
  expect(most).toBeLessThan(192 * 1024 * 1024)
  await log.close()
})

test('a file of the version before has it after the next start, and keeps what it had', async () => {
  const log = await SqliteLog.open(options())
  const entry = { kind: 'dispatch', event: 'TYPING_START', guildId: '1', payload: '{}', ts: 1 } as const
  await log.append([entry])
  const { epoch } = log
  await log.close()
  const db = new DatabaseSync(path())
  const tables = ['entry', 'sequence', 'guild', 'note'].map((table) => `ALTER TABLE ${table} DROP COLUMN sum;`)
  tables.push('ALTER TABLE log DROP COLUMN sum;')
  tables.push('DROP INDEX entry_of_guild; CREATE INDEX entry_of_guild ON entry (guild, position);')
  db.exec(`DROP TABLE expiring; ${tables.join('')} PRAGMA user_version = 1; PRAGMA application_id = 0`)
  db.close()
  const again = await SqliteLog.open(options())
  again.expiring.set('a', 'kept', Date.now() + 60_000)
  expect(again).toMatchObject({ epoch, to: 1, began: null })
  expect(again.expiring.get('a')).toBe('kept')
  await again.close()
})
