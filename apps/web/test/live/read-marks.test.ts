import { expect, test } from 'vitest'
import { DraftsStore } from '../../src/live/drafts.ts'
import { GuildStores } from '../../src/live/guild-stores.ts'
import type { TextStorage } from '../../src/live/kept-texts.ts'
import { ReadMarksStore } from '../../src/live/read-marks-store.ts'
import type { StreamHandlers, StreamPhase } from '../../src/live/stream/stream-types.ts'
import { UnsentByGuild } from '../../src/live/unsent.ts'
import { channel, CHANNEL, GUILD, guildCreate, idAt, message } from './fixtures.ts'

const VIEWER = '999'
const OTHER = '998'

/** A browser's storage, and its tabs, whose timers run when they are told to. */
function browser() {
  const texts = new Map<string, string>()
  const listeners: { tab: object; hear: (key: string | null) => void }[] = []
  let isFull = false
  const storageOf = (tab: object): TextStorage => {
    const told = (key: string) => {
      for (const listener of listeners) if (listener.tab !== tab) listener.hear(key)
    }
    return {
      get length() {
        return texts.size
      },
      key: (index) => [...texts.keys()][index] ?? null,
      getItem: (key) => texts.get(key) ?? null,
      setItem(key, text) {
        if (isFull) throw new DOMException('full', 'QuotaExceededError')
        texts.set(key, text)
        told(key)
      },
      removeItem(key) {
        texts.delete(key)
        told(key)
      },
    }
  }
  return {
    texts,
    fill: () => (isFull = true),
    open: (viewer: string = VIEWER) => openTab(storageOf, (tab, hear) => listeners.push({ tab, hear }), viewer),
  }
}

function openTab(
  storageOf: (tab: object) => TextStorage,
  listen: (tab: object, hear: (key: string | null) => void) => void,
  viewer: string,
) {
  const tab = {}
  const timers: (() => void)[] = []
  const hear: Record<string, StreamHandlers> = {}
  const marks = new ReadMarksStore({
    storage: () => storageOf(tab),
    onOther: (listener) => {
      listen(tab, listener)
      return () => undefined
    },
    now: () => 0,
    setTimer: (run) => timers.push(run),
    clearTimer: () => {},
  })
  const stores = new GuildStores(
    {
      open: (guildId, handlers) => {
        hear[guildId] = handlers
        return { start: () => {}, stop: () => {}, retryNow: () => {} }
      },
      now: () => 0,
      soon: (run) => run(),
      marks,
    },
    new UnsentByGuild({ send: () => Promise.reject(new Error('not sent')), newId: () => 'r', now: () => 0 }),
  )
  stores.setViewer(viewer)
  const store = stores.of(GUILD)
  stores.show(store)
  return {
    stores,
    store,
    unread: (id = CHANNEL) => store.getSnapshot().view.unread[id],
    /** @param last the last message of the channel. */
    load: (last: string | null, more: Record<string, unknown> = {}) =>
      hear[GUILD]?.onEvent({
        name: 'GUILD_CREATE',
        payload: guildCreate({ channels: [channel(CHANNEL, { last_message_id: last })], ...more }),
        id: null,
        size: 0,
      }),
    say: (ms: number, fields = {}) =>
      hear[GUILD]?.onEvent({ name: 'MESSAGE_CREATE', payload: message(ms, fields), id: `k-${ms}`, size: 0 }),
    become: (phase: StreamPhase) => hear[GUILD]?.onStatus({ phase, since: 0, attempt: 0, nextAttemptAt: null }),
    /** What waits for a moment. */
    settle: () => {
      for (const run of timers.splice(0)) run()
    },
  }
}

test('how much is unread is known when the page is loaded again', () => {
  const { open } = browser()
  const before = open()
  before.load(idAt(0))
  before.say(1)
  before.say(2, { mentions: [{ id: VIEWER }] as never })
  before.stores.setLookedAt(false)
  const after = open()
  after.load(idAt(2))
  expect(after.unread()).toMatchObject({ count: 2, mentions: 1, isWhole: true })
  after.say(3)
  expect(after.unread()).toMatchObject({ count: 3 })
  expect(after.stores.unreadOf(GUILD)).toEqual({ count: 3, mentions: 1 })
})

test('whoever comes for the first time has missed nothing', () => {
  const tab = browser().open()
  tab.load(idAt(5))
  expect(tab.unread()).toMatchObject({ count: 0, first: null })
})

test('what was said while no page was open is unread, and nobody says how much it is', () => {
  const { open } = browser()
  const before = open()
  before.load(idAt(0))
  before.store.setOpenChannel(CHANNEL)
  before.say(1)
  before.settle()
  const after = open()
  after.load(idAt(9))
  expect(after.unread()).toMatchObject({ count: 0, isWhole: false, newest: idAt(9) })
  expect(BigInt(after.unread()?.first ?? 0)).toBe(BigInt(idAt(1)) + 1n)
  expect(after.stores.unreadOf(GUILD)).toEqual({ count: 1, mentions: 0 })
  after.store.setOpenChannel(CHANNEL)
  expect(after.unread()).toMatchObject({ count: 0, first: null, isWhole: true })
})

test('what one wrote oneself is not unread when the page is loaded again', () => {
  const { open } = browser()
  const before = open()
  before.load(idAt(0))
  before.say(1, { author: { ...message(1).author, id: VIEWER } })
  before.settle()
  const after = open()
  after.load(idAt(1))
  expect(after.unread()).toMatchObject({ count: 0, first: null, isWhole: true })
})

test('what is read in one tab is read in the others', () => {
  const { open } = browser()
  const [one, other] = [open(), open()]
  for (const tab of [one, other]) {
    tab.load(idAt(0))
    tab.say(1)
    tab.say(2)
  }
  expect(one.unread()?.count).toBe(2)
  other.store.setOpenChannel(CHANNEL)
  other.settle()
  expect(one.unread()).toMatchObject({ count: 0, first: null })
  // It is not made unread by a tab that says late what it had counted.
  one.settle()
  expect(other.unread()?.count).toBe(0)
  one.say(3)
  expect(one.unread()?.count).toBe(1)
})

test('a tab that has heard more than the one where it was read counts what is left', () => {
  const { open } = browser()
  const [one, other] = [open(), open()]
  for (const tab of [one, other]) {
    tab.load(idAt(0))
    tab.say(1)
  }
  one.say(2)
  other.store.setOpenChannel(CHANNEL)
  other.settle()
  expect(one.unread()).toMatchObject({ count: 1, isWhole: true })
  one.settle()
  other.say(2)
  expect(other.unread()?.count).toBe(0)
})

test('a tab behind others reads nothing', () => {
  const { open } = browser()
  const [behind, before] = [open(), open()]
  for (const tab of [behind, before]) tab.load(idAt(0))
  behind.store.setOpenChannel(CHANNEL)
  behind.stores.setLookedAt(false)
  for (const tab of [behind, before]) tab.say(1)
  behind.settle()
  expect(before.unread()?.count).toBe(1)
  behind.stores.setLookedAt(true)
  behind.settle()
  expect(before.unread()?.count).toBe(0)
})

test.each([
  ['a person is signed out', (tab: ReturnType<ReturnType<typeof browser>['open']>) => tab.become('signed-out')],
  ['the server is theirs no more', (tab: ReturnType<ReturnType<typeof browser>['open']>) => tab.become('no-access')],
])('nothing stays behind where %s', (_what, end) => {
  const { open, texts } = browser()
  const tab = open()
  tab.load(idAt(0))
  tab.say(1)
  tab.settle()
  expect([...texts.keys()]).toEqual([`read:${VIEWER}:${GUILD}`])
  tab.say(2)
  end(tab)
  tab.settle()
  expect(texts.size).toBe(0)
})

test('somebody else who comes is told nothing of it, and it goes', () => {
  const { open, texts } = browser()
  const tab = open()
  tab.load(idAt(0))
  tab.say(1)
  tab.settle()
  const theirs = open(OTHER)
  theirs.load(idAt(1))
  expect(theirs.unread()).toMatchObject({ count: 0, first: null })
  expect([...texts.keys()].filter((key) => key.includes(VIEWER))).toEqual([])
  // Nor do they take from each other what is kept since.
  theirs.say(2)
  theirs.settle()
  tab.become('signed-out')
  expect([...texts.keys()]).toEqual([`read:${OTHER}:${GUILD}`])
})

test('nothing that was said is kept, and of five hundred channels at most', () => {
  const { open, texts } = browser()
  const tab = open()
  const channels = Array.from({ length: 600 }, (_, index) =>
    channel(String(1_000 + index), { last_message_id: idAt(index) }),
  )
  tab.load(null, { channels: [channel(CHANNEL), ...channels] })
  tab.say(700, { content: 'a secret' })
  tab.settle()
  const [text = ''] = texts.values()
  expect(text).not.toContain('secret')
  expect(Object.keys((JSON.parse(text) as { marks: object }).marks)).toHaveLength(500)
})

test.each(['', '{', '{"at":0,"marks":{"1":["x","y",0,0,true]}}', '[]'])(
  'what is kept and is none is not read: %s',
  (text) => {
    const { open, texts } = browser()
    texts.set(`read:${VIEWER}:${GUILD}`, text)
    const tab = open()
    tab.load(idAt(0))
    tab.say(1)
    expect(tab.unread()?.count).toBe(1)
  },
)

test('where there is no room all is as in a page that keeps nothing', () => {
  const { open, fill } = browser()
  fill()
  const tab = open()
  tab.load(idAt(0))
  tab.say(1)
  tab.settle()
  expect(tab.unread()?.count).toBe(1)
})

test('a draft outlives the page, for who typed it and as long as they are signed in', () => {
  const texts = new Map<string, string>()
  const storage: TextStorage = {
    get length() {
      return texts.size
    },
    key: (index) => [...texts.keys()][index] ?? null,
    getItem: (key) => texts.get(key) ?? null,
    setItem: (key, text) => texts.set(key, text),
    removeItem: (key) => texts.delete(key),
  }
  const load = (viewer: string | null) =>
    new DraftsStore(
      () => storage,
      () => viewer,
    )
  load(VIEWER).of(GUILD, 'texts').set(CHANNEL, 'half a thought')
  expect(load(VIEWER).of(GUILD, 'texts').get(CHANNEL)).toBe('half a thought')
  expect(load(VIEWER).of('2', 'texts').get(CHANNEL)).toBeUndefined()
  expect(load(null).of(GUILD, 'texts').get(CHANNEL)).toBeUndefined()
  expect(load(VIEWER).of(GUILD, 'answered').get(CHANNEL)).toBeUndefined()

  const again = load(VIEWER).of(GUILD, 'texts')
  again.delete(CHANNEL)
  expect(texts.size).toBe(0)
  again.set(CHANNEL, 'another')
  again.clear()
  expect(texts.size).toBe(0)

  again.set(CHANNEL, 'another')
  expect(load(OTHER).of(GUILD, 'texts').get(CHANNEL)).toBeUndefined()
  expect(texts.size).toBe(0)
  again.set(CHANNEL, 'another')
  load(null).forgetAll()
  expect(texts.size).toBe(0)
})

test('where nothing may be kept a draft lives as long as the page', () => {
  const refuse = () => {
    throw new DOMException('no', 'SecurityError')
  }
  const drafts = new DraftsStore(refuse, () => VIEWER).of(GUILD, 'texts')
  drafts.set(CHANNEL, 'half a thought')
  expect(drafts.get(CHANNEL)).toBe('half a thought')
})
