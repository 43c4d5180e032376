import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, it } from 'vitest'
import { BEFORE_GRACE_MS, IDLE_MAX_MS, LIFE_MAX_MS, ROTATE_AFTER_MS, Sessions } from '../../src/server/auth/sessions.ts'
import type { SessionStore } from '../../src/server/auth/session-store.ts'
import { SqliteSessionStore } from '../../src/server/auth/sqlite-session-store.ts'

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp()
})

const ada = { id: '5', username: 'ada', avatar: null }

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sessions-'))
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function setUp(folder = newFolder()) {
  const warnings: unknown[] = []
  const clock = { now: 1_800_000_000_000 }
  const open = () =>
    SqliteSessionStore.open(folder, { warn: (...words: unknown[]) => void warnings.push(words) }, () => clock.now)
  const store = open()
  cleanUps.push(() => store.close())
  return { folder, clock, store, open, warnings, sessions: new Sessions(store, () => clock.now) }
}

const bytesIn = (folder: string) =>
  readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('\n')

describe('a session', () => {
  it('is found by its token, and by nothing else', async () => {
    const { sessions } = setUp()
    const { token, session } = await sessions.begin(ada)
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(await sessions.read(token)).toEqual(session)
    expect(session.user).toEqual(ada)
    const other = await sessions.begin(ada)
    expect(other.token).not.toBe(token)
    for (const wrong of [null, '', session.id, `${token}a`, token.toLowerCase(), 'a'.repeat(43), "' OR 1=1 --"]) {
      expect(await sessions.read(wrong)).toBeNull()
    }
  })

  it('keeps where somebody was when they signed in', async () => {
    const { sessions } = setUp()
    const { token } = await sessions.begin(ada, ['1', '2'])
    expect(await sessions.read(token)).toMatchObject({ user: ada, guilds: ['1', '2'] })
  })

  it('outlives the shape of the file that it was begun in', async () => {
    const folder = newFolder()
    const before = setUp(folder)
    const { token } = await before.sessions.begin(ada, ['1'])
    await before.sessions.close()
    const file = new DatabaseSync(join(folder, 'sessions.sqlite'))
    file.exec('ALTER TABLE sessions DROP COLUMN guilds; PRAGMA user_version = 1')
    file.close()
    const { sessions, warnings } = setUp(folder)
    expect(await sessions.read(token)).toMatchObject({ user: ada, guilds: [] })
    expect((await sessions.begin(ada, ['7'])).session.guilds).toEqual(['7'])
    expect(warnings).toEqual([])
  })

  it('is kept without its token: whoever reads the folder cannot sign in', async () => {
    const { sessions, folder } = setUp()
    const { token, session } = await sessions.begin(ada)
    expect(bytesIn(folder)).toContain(session.id)
    expect(bytesIn(folder)).not.toContain(token)
    expect(bytesIn(folder)).not.toContain(Buffer.from(token, 'base64url').toString('latin1'))
  })

  it('is there for this user of the machine alone', async () => {
    const folder = join(newFolder(), 'below')
    const { sessions } = setUp(folder)
    await sessions.begin(ada)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(readdirSync(folder).map((name) => statSync(join(folder, name)).mode & 0o777)).toEqual([0o600, 0o600, 0o600])
  })

  it('outlives web', async () => {
    const { sessions, open, clock } = setUp()
    const { token } = await sessions.begin(ada)
    await sessions.close()
    const again = new Sessions(open(), () => clock.now)
    expect((await again.read(token))?.user).toEqual(ada)
    await again.close()
  })

  it('ends, and its token is worth nothing from then on', async () => {
    const { sessions, open, clock } = setUp()
    const { token, session } = await sessions.begin(ada)
    const kept = await sessions.begin(ada)
    const elsewhere = new Sessions(open(), () => clock.now)
    expect(await sessions.end(token)).toEqual(session)
    expect(await sessions.read(token)).toBeNull()
    expect(await elsewhere.read(token)).toBeNull()
    expect(await sessions.end(token)).toBeNull()
    expect(await sessions.read(kept.token)).not.toBeNull()
    await elsewhere.close()
  })

  it('is known to have ended also where another has the file open', async () => {
    const { sessions, open } = setUp()
    const [ada1, ada2] = [await sessions.begin(ada), await sessions.begin(ada)]
    const elsewhere = new Sessions(open())
    cleanUps.push(() => elsewhere.close())
    const ids = [ada1.session.id, ada2.session.id, "' OR 1=1 --"]
    expect(await elsewhere.ended(ids)).toEqual(ids.slice(2))
    await sessions.end(ada1.token)
    expect(await elsewhere.ended(ids)).toEqual([ids[0], ids[2]])
    expect(await elsewhere.ended([])).toEqual([])
  })

  it('is over when nobody came with it for a week, and after a month however often', async () => {
    const { sessions, clock } = setUp()
    const idle = await sessions.begin(ada)
    clock.now += IDLE_MAX_MS - 1
    expect(await sessions.read(idle.token)).not.toBeNull()
    clock.now += IDLE_MAX_MS
    expect(await sessions.read(idle.token)).toBeNull()
    const busy = await sessions.begin(ada)
    const end = clock.now + LIFE_MAX_MS
    while (clock.now < end - 1) {
      expect(await sessions.read(busy.token)).not.toBeNull()
      clock.now = Math.min(clock.now + IDLE_MAX_MS - 1, end - 1)
    }
    expect(await sessions.read(busy.token)).not.toBeNull()
    clock.now = end
    expect(await sessions.read(busy.token)).toBeNull()
  })

  it('is read also where its use cannot be written down', async () => {
    const { sessions, store, clock } = setUp()
    const { token } = await sessions.begin(ada)
    const full = () => Promise.reject(new Error('the disk is full'))
    const failures: unknown[] = []
    const limping: SessionStore = {
      add: full,
      find: (hash, now) => store.find(hash, now),
      touch: full,
      rotate: full,
      closeBefore: full,
      remove: full,
      missing: full,
      prune: full,
      close: full,
    }
    const again = new Sessions(
      limping,
      () => clock.now,
      (error) => failures.push(error),
    )
    clock.now += ROTATE_AFTER_MS
    expect((await again.read(token))?.user).toEqual(ada)
    expect(await again.renew(token)).toBeNull()
    expect(failures).toHaveLength(2)
  })

  it('that is over is forgotten', async () => {
    const { sessions, clock, folder } = setUp()
    const { session } = await sessions.begin(ada)
    clock.now += LIFE_MAX_MS + 1
    await sessions.begin(ada)
    const db = new DatabaseSync(join(folder, 'sessions.sqlite'))
    const ids = (db.prepare('SELECT id FROM sessions').all() as { id: string }[]).map(({ id }) => id)
    db.close()
    expect(ids).toHaveLength(1)
    expect(ids).not.toContain(session.id)
  })
})

describe('rotation', () => {
  it('gives another token now and then; the one before is good for a minute after the new one was seen', async () => {
    const { sessions, clock } = setUp()
    const { token: first, session } = await sessions.begin(ada)
    expect(await sessions.renew(first)).toBeNull()
    clock.now += ROTATE_AFTER_MS
    const second = (await sessions.renew(first))?.token ?? ''
    expect(second).toMatch(/^[\w-]{43}$/)
    expect(second).not.toBe(first)
    // Requests that were on their way.
    expect((await sessions.read(first))?.id).toBe(session.id)
    expect((await sessions.read(second))?.id).toBe(session.id)
    clock.now += BEFORE_GRACE_MS - 1
    expect((await sessions.read(first))?.id).toBe(session.id)
    clock.now += 1
    expect(await sessions.read(first)).toBeNull()
    expect((await sessions.read(second))?.id).toBe(session.id)
  })

  it('costs nobody their session when the answer with the new token is lost', async () => {
    const { sessions, clock } = setUp()
    const { token: first } = await sessions.begin(ada)
    clock.now += ROTATE_AFTER_MS
    const lost = (await sessions.renew(first))?.token ?? ''
    expect(await sessions.renew(first)).toBeNull()
    clock.now += BEFORE_GRACE_MS
    expect(await sessions.read(first)).not.toBeNull()
    const second = (await sessions.renew(first))?.token ?? ''
    expect(await sessions.read(second)).not.toBeNull()
    // Nobody has ever shown it.
    expect(await sessions.read(lost)).toBeNull()
  })

  it('happens once where two ask at the same time', async () => {
    const { sessions, open, clock } = setUp()
    const elsewhere = new Sessions(open(), () => clock.now)
    const { token } = await sessions.begin(ada)
    clock.now += ROTATE_AFTER_MS
    const renewed = await Promise.all([sessions.renew(token), elsewhere.renew(token)])
    expect(renewed.filter((one) => one !== null)).toHaveLength(1)
    await elsewhere.close()
  })

  it('leaves no token behind that a sign-out does not end', async () => {
    const { sessions, clock } = setUp()
    const { token: first } = await sessions.begin(ada)
    clock.now += ROTATE_AFTER_MS
    const second = (await sessions.renew(first))?.token ?? ''
    await sessions.end(first)
    expect(await sessions.read(first)).toBeNull()
    expect(await sessions.read(second)).toBeNull()
  })
})

describe('the file', () => {
  it.each([
    ['is no database', 'this is no database, and longer than the head of one is, so that it is looked at: '.repeat(20)],
    ['is cut off', null],
  ])('that %s is put aside, and everyone signs in anew', async (_, text) => {
    const { folder, sessions, open, warnings, clock } = setUp()
    for (let index = 0; index < 100; index += 1) await sessions.begin({ ...ada, id: String(index) })
    const { token } = await sessions.begin(ada)
    await sessions.close()
    const path = join(folder, 'sessions.sqlite')
    writeFileSync(path, text ?? readFileSync(path).subarray(0, 4096 + 100))
    const damaged = readFileSync(path)
    const store = open()
    cleanUps.push(() => store.close())
    const anew = new Sessions(store, () => clock.now)
    expect(await anew.read(token)).toBeNull()
    expect(await anew.read((await anew.begin(ada)).token)).not.toBeNull()
    expect(warnings).toHaveLength(1)
    const aside = readdirSync(folder).find((name) => name.includes('.damaged-'))
    expect(readFileSync(join(folder, aside ?? ''))).toEqual(damaged)
  })

  it('of somebody else is put aside too, and not written to', () => {
    const folder = newFolder()
    const path = join(folder, 'sessions.sqlite')
    const db = new DatabaseSync(path)
    db.exec('CREATE TABLE theirs (a TEXT)')
    db.close()
    const before = readFileSync(path)
    const { warnings } = setUp(folder)
    expect(warnings).toHaveLength(1)
    const aside = readdirSync(folder).find((name) => name.includes('.damaged-'))
    expect(readFileSync(join(folder, aside ?? ''))).toEqual(before)
  })

  it('that cannot be had says so, and is not taken for damage', () => {
    expect(() => setUp('/dev/null/below')).toThrow(/EEXIST/)
    if (process.getuid?.() === 0) return
    const folder = newFolder()
    chmodSync(folder, 0o500)
    expect(() => setUp(folder)).toThrow(/EACCES/)
  })
})
