import { GuildText } from '@repo/discord-permissions'
import { EventFeed, GuildState, MemoryLog } from '@repo/event-feed'
import type { FeedBatch, FeedSink, NewLogEntry, Subscription } from '@repo/event-feed'
import { PermissionFlagsBits as P } from 'discord-api-types/v10'
import { createParser } from 'eventsource-parser'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Member } from '../../src/server/membership/membership.ts'
import { Viewers } from '../../src/server/sight/viewers.ts'
import type { Visit } from '../../src/server/sight/visit.ts'
import type { StreamBytes } from '../../src/server/realtime/stream-bytes.ts'
import { plainOf } from './plain-of.ts'
import { StateMembership } from './state-membership.ts'

const GUILD = '1'
const [PUBLIC, PRIVATE, VOICE, THREAD] = ['10', '11', '12', '13']
const [ADA, BOB] = ['5', '6']
/** May see the private channel. */
const STAFF = '20'
const RETENTION_MS = 60_000

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const bits = (...list: bigint[]) => String(list.reduce((sum, bit) => sum | bit, 0n))
const memberOf = (id: string, ...roles: string[]): Member => ({ user: { id }, roles })
const hidden = [
  { id: GUILD, type: 0, allow: '0', deny: bits(P.ViewChannel) },
  { id: STAFF, type: 0, allow: bits(P.ViewChannel), deny: '0' },
]

function guildOf({
  everyone = bits(P.ViewChannel, P.ReadMessageHistory, P.Connect),
  ada = [STAFF],
  bob = [] as string[],
} = {}) {
  return {
    id: GUILD,
    name: 'guild',
    owner_id: '9',
    roles: [
      { id: GUILD, permissions: everyone },
      { id: STAFF, permissions: '0' },
    ],
    channels: [
      { id: PUBLIC, type: 0, permission_overwrites: [] },
      { id: PRIVATE, type: 0, permission_overwrites: hidden },
      { id: VOICE, type: 2, permission_overwrites: [] },
    ],
    threads: [{ id: THREAD, type: 12, parent_id: PUBLIC }],
    members: [memberOf(ADA, ...ada), memberOf(BOB, ...bob)],
    voice_states: [],
    presences: [],
  }
}

/** What a browser heard: `MESSAGE_CREATE e-1 …`. */
class Browser implements FeedSink {
  readonly heard: string[] = []
  readonly ids: string[] = []
  isReading = true
  ended = false
  visit: Visit | null = null
  subscription: Subscription | null = null
  readonly #parser = createParser({
    onEvent: ({ event, data, id }) => {
      const said = JSON.parse(data) as {
        state?: string
        content?: string
        channel_id?: string | null
        channels?: { id: string }[]
      }
      const channels = said.channels?.map((channel) => channel.id).join('+')
      const what = said.state ?? said.content ?? channels ?? said.channel_id ?? ''
      this.heard.push([event, what].filter(Boolean).join(' '))
      if (id !== undefined) this.ids.push(id)
    },
  })

  write(batch: FeedBatch): boolean {
    this.take(plainOf(this.visit?.encode(batch)))
    return this.isReading
  }

  take(bytes: Buffer | undefined): void {
    if (bytes && !this.ended) this.#parser.feed(bytes.toString())
  }
}

async function setUp({ guild = guildOf(), backlog = [] as NewLogEntry[], now = Date.now, maxBytes = 10_000_000 } = {}) {
  const log = new MemoryLog({ maxAgeMs: RETENTION_MS, maxBytes })
  const membership = new StateMembership(() => feed.state)
  const viewers = new Viewers({ state: () => feed.state, log, membership, retentionMs: RETENTION_MS, now })
  const feed: EventFeed = new EventFeed({ log, ready: false, witness: viewers })
  const stateOf = (payload: object) => {
    const state = new GuildState()
    state.apply('GUILD_CREATE', GUILD, payload)
    return state
  }
  let position = backlog.at(-1)?.position ?? 0
  await feed.restart({ epoch: 'e', position }, stateOf(guild), 'fresh', backlog)
  const settled = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
  return {
    feed,
    viewers,
    membership,
    settled,
    restart: (payload: object, missed: readonly NewLogEntry[] = []) =>
      feed.restart({ epoch: 'e', position: (position += 10) }, stateOf(payload), 'foreign', missed),
    open: async (
      userId: string,
      { lastEventId = null as string | null, member = null as Member | null, threads = [] as string[] } = {},
    ) => {
      const browser = new Browser()
      const known = member ?? (feed.state.get(GUILD)?.collections.members.get(userId) as Member | undefined)
      if (!known) throw new Error(`${userId} is no member`)
      const visit = viewers.enter({ guildId: GUILD, userId, member: known, threads: new Set(threads), lastEventId })
      browser.visit = visit
      visit.carrier = {
        shutOut() {
          browser.ended = true
          browser.subscription?.close()
          viewers.leave(visit)
        },
        restate() {
          if (browser.isReading && browser.subscription?.lag === 0) browser.take(plainOf(visit.takeRestatement()))
        },
      }
      const filter = { guilds: new Set([GUILD]), events: null, guildless: false }
      browser.subscription = feed.subscribe({ lastEventId, filter, sink: browser })
      await settled()
      return browser
    },
    publish: async (event: string, payload: object) => {
      position += 1
      const text = JSON.stringify({ guild_id: GUILD, ...payload })
      await feed.publish({ kind: 'dispatch', event, guildId: GUILD, payload: text, ts: now(), position })
      await settled()
    },
  }
}

const entryAt = (position: number, event: string, payload: object): NewLogEntry => {
  const text = JSON.stringify({ guild_id: GUILD, ...payload })
  return { kind: 'dispatch', event, guildId: GUILD, payload: text, ts: Date.now(), position }
}

const say = (channel_id: string, content: string) => ({ id: '99', channel_id, content, author: { id: '7' } })

describe('what happens while somebody looks', () => {
  it('is for all of those who see the same, and of what is somebody’s own for them alone', async () => {
    const { open, publish } = await setUp({ guild: guildOf({ bob: [STAFF] }) })
    const [ada, bob] = [await open(ADA), await open(BOB)]
    await publish('VOICE_STATE_UPDATE', { user_id: ADA, channel_id: VOICE })
    await publish('VOICE_CHANNEL_EFFECT_SEND', { user_id: ADA, channel_id: VOICE })
    expect(ada.heard.slice(3)).toEqual([`VOICE_STATE_UPDATE ${VOICE}`, `VOICE_CHANNEL_EFFECT_SEND ${VOICE}`])
    expect(bob.heard.slice(3)).toEqual([`VOICE_STATE_UPDATE ${VOICE}`])
  })

  it('is encoded once for all who see the same, as it happens and when it is replayed', async () => {
    const { open, publish, settled } = await setUp({ guild: guildOf({ ada: [], bob: [] }) })
    const browsers = [await open(ADA), await open(BOB)]
    const writes = browsers.map((browser) => vi.spyOn(browser, 'take'))
    await publish('MESSAGE_CREATE', say(PUBLIC, 'one'))
    for (const browser of browsers) browser.isReading = false
    await publish('MESSAGE_CREATE', say(PUBLIC, 'two'))
    await publish('MESSAGE_CREATE', say(PUBLIC, 'three'))
    for (const browser of browsers) {
      browser.isReading = true
      browser.subscription?.resume()
    }
    await settled()
    const [adas = [], bobs = []] = writes.map(({ mock }) => mock.calls.map(([bytes]) => bytes))
    expect(String(adas.at(-1))).toContain('three')
    expect(adas.map((bytes, index) => bytes === bobs[index])).toEqual(adas.map(() => true))
  })

  it.each([
    ['CHANNEL_UPDATE', { id: PUBLIC, type: 0, permission_overwrites: hidden }, ['sync gap', `GUILD_CREATE ${VOICE}`]],
    ['GUILD_CREATE', guildOf({ ada: [], bob: [] }), [`GUILD_CREATE ${PUBLIC}+${VOICE}`]],
  ])(
    'tells the guild, after a %s, in the same bytes to all who see the same, but for themselves',
    async (event, data, due) => {
      const { open, publish } = await setUp({ guild: guildOf({ ada: [], bob: [] }) })
      const browsers = [await open(ADA), await open(BOB)]
      const writes = browsers.map(({ visit }) => vi.spyOn(visit!, 'encode'))
      await publish(event, data)
      const [adas = [], bobs = []] = writes.map(({ mock }) => mock.results.at(-1)?.value?.rest as StreamBytes[])
      expect(adas.length).toBeGreaterThan(1)
      expect(adas.filter((piece, index) => piece === bobs[index])).toHaveLength(1)
      const own = adas.filter((piece) => !bobs.includes(piece)).map(({ plain }) => String(plain))
      expect(own.join('').length).toBeLessThan(200)
      expect(own.join('')).toContain(`"id":"${ADA}"`)
      for (const { heard } of browsers) expect(heard.slice(3)).toEqual(due)
    },
  )

  it('is put together for whoever comes once, and where nothing of the guild is owed not at all', async () => {
    const { open, publish } = await setUp()
    const puttingTogether = vi.spyOn(GuildText.prototype, 'of')
    const ada = await open(ADA)
    expect(puttingTogether).toHaveBeenCalledTimes(1)
    await publish('MESSAGE_CREATE', say(PUBLIC, 'one'))
    const back = await open(ADA, { lastEventId: 'e-0' })
    for (const { visit } of [ada, back]) visit?.carrier?.restate()
    expect(back.heard).toEqual(['sync resumed', 'MESSAGE_CREATE one', 'sync live'])
    expect(puttingTogether).toHaveBeenCalledTimes(1)
  })

  it('is told of a channel that is deleted to those who saw it, though all see the same now', async () => {
    const { open, publish } = await setUp()
    const [ada, bob] = [await open(ADA), await open(BOB)]
    await publish('CHANNEL_DELETE', { id: PRIVATE, type: 0, permission_overwrites: hidden })
    expect([ada, bob].map(({ heard }) => heard.includes('CHANNEL_DELETE'))).toEqual([true, false])
  })

  it.each([
    ['where events keep members current', true],
    ['where it is not known yet whether they do', false],
  ])('is cut by the roles that a guild brings which is told anew over a gap, %s', async (_, isKnown) => {
    const { open, publish, membership } = await setUp()
    const [ada, bob] = [await open(ADA), await open(BOB)]
    if (!isKnown) vi.spyOn(membership, 'known').mockReturnValue(undefined)
    // Of an outage it says no more than that.
    await publish('GUILD_CREATE', { id: GUILD, unavailable: true })
    for (const { heard } of [ada, bob]) expect(heard.splice(3)).toHaveLength(1)
    await publish('GUILD_CREATE', guildOf({ ada: [], bob: [STAFF] }))
    await publish('MESSAGE_CREATE', say(PRIVATE, 'for bob'))
    expect(ada.heard.slice(3)).toEqual([`GUILD_CREATE ${PUBLIC}+${VOICE}`])
    expect(bob.heard.slice(3)).toEqual([`GUILD_CREATE ${PUBLIC}+${PRIVATE}+${VOICE}`, 'MESSAGE_CREATE for bob'])
  })

  it('is nothing to whom a guild that is told anew does not have any more, where it tells all of its members', async () => {
    const { open, publish, membership } = await setUp()
    const [ada, bob] = [await open(ADA), await open(BOB)]
    // Of who is not in the state, it is not known.
    vi.spyOn(membership, 'known').mockReturnValue(undefined)
    const members = [memberOf(ADA)]
    await publish('GUILD_CREATE', { ...guildOf(), members, member_count: 2 })
    expect([ada, bob].map(({ heard, ended }) => [heard.length, ended])).toEqual([
      [4, false],
      [4, false],
    ])
    await publish('GUILD_CREATE', { ...guildOf(), members, member_count: 1 })
    expect(bob.heard).toHaveLength(4)
    expect(bob.ended).toBe(true)
  })

  it('is told of who leaves a channel that they see, also to one who was behind', async () => {
    const { open, publish, settled } = await setUp()
    const bob = await open(BOB)
    await publish('VOICE_STATE_UPDATE', { user_id: '7', channel_id: VOICE })
    bob.isReading = false
    await publish('TYPING_START', { channel_id: PUBLIC })
    await publish('VOICE_STATE_UPDATE', { user_id: '7', channel_id: null })
    bob.isReading = true
    bob.subscription?.resume()
    await settled()
    expect(bob.heard.at(-1)).toBe('VOICE_STATE_UPDATE')
  })

  it('is replayed to each as it is for them, though what they see is the same', async () => {
    const { open, publish, settled } = await setUp({
      guild: guildOf({ everyone: bits(P.ViewChannel, P.Connect), bob: [STAFF] }),
    })
    const [ada, bob] = [await open(ADA), await open(BOB)]
    await publish('VOICE_STATE_UPDATE', { user_id: ADA, channel_id: VOICE })
    for (const browser of [ada, bob]) browser.isReading = false
    await publish('TYPING_START', { channel_id: PUBLIC })
    await publish('VOICE_CHANNEL_EFFECT_SEND', { user_id: ADA, channel_id: VOICE })
    await publish('MESSAGE_CREATE', say(PUBLIC, 'one'))
    // In one turn, so that the feed hands both the same.
    for (const browser of [ada, bob]) {
      browser.isReading = true
      browser.subscription?.resume()
    }
    await settled()
    expect(ada.heard.slice(-2)).toEqual([`VOICE_CHANNEL_EFFECT_SEND ${VOICE}`, 'MESSAGE_CREATE one'])
    expect(bob.heard.slice(-2)).toEqual([`TYPING_START ${PUBLIC}`, 'MESSAGE_CREATE one'])
  })

  it('is history only as far as it was before they came, where both is replayed at once', async () => {
    const { open, publish, settled } = await setUp({ guild: guildOf({ everyone: bits(P.ViewChannel) }) })
    const early = await open(BOB)
    await publish('MESSAGE_CREATE', say(PUBLIC, 'one'))
    const late = await open(BOB, { lastEventId: 'e-1' })
    for (const browser of [early, late]) browser.isReading = false
    await publish('TYPING_START', { channel_id: PUBLIC })
    await publish('MESSAGE_CREATE', say(PUBLIC, 'two'))
    for (const browser of [early, late]) {
      browser.isReading = true
      browser.subscription?.resume()
    }
    // From the beginning: one is from before it came, and two is not.
    const both = await open(BOB, { lastEventId: 'e-0' })
    await publish('MESSAGE_CREATE', say(PUBLIC, 'three'))
    await settled()
    expect(early.heard).toEqual(expect.arrayContaining(['MESSAGE_CREATE one', 'MESSAGE_CREATE two']))
    expect(late.heard).toContain('MESSAGE_CREATE two')
    expect(both.heard.filter((line) => line.startsWith('MESSAGE_CREATE'))).toEqual(['MESSAGE_CREATE three'])
  })

  it('is no history to one who was there and read slowly, and is to one who was away', async () => {
    const { open, publish, settled } = await setUp({ guild: guildOf({ everyone: bits(P.ViewChannel) }) })
    const [slow, quick] = [await open(BOB), await open(BOB)]
    slow.isReading = false
    await publish('TYPING_START', { channel_id: PUBLIC })
    await publish('MESSAGE_CREATE', say(PUBLIC, 'hello'))
    slow.isReading = true
    slow.subscription?.resume()
    await settled()
    const away = await open(BOB, { lastEventId: 'e-0' })
    expect(quick.heard).toContain('MESSAGE_CREATE hello')
    expect(slow.heard).toContain('MESSAGE_CREATE hello')
    expect(away.heard).toEqual(['sync resumed', `TYPING_START ${PUBLIC}`, 'sync live'])
  })
})

describe('who comes back', () => {
  it('over a change of what they may see: what of it they may see, and the guild anew in its place', async () => {
    const { open, publish } = await setUp()
    const before = await open(BOB)
    await publish('MESSAGE_CREATE', say(PUBLIC, 'one'))
    await publish('MESSAGE_CREATE', say(PRIVATE, 'not for bob, then'))
    await publish('GUILD_MEMBER_UPDATE', { ...memberOf(BOB, STAFF) })
    await publish('MESSAGE_CREATE', say(PRIVATE, 'two'))
    const anew = `GUILD_CREATE ${PUBLIC}+${PRIVATE}+${VOICE}`
    expect(before.heard.slice(3)).toEqual(['MESSAGE_CREATE one', 'sync gap', anew, 'MESSAGE_CREATE two'])
    const after = await open(BOB, { lastEventId: 'e-0' })
    const told = ['MESSAGE_CREATE one', 'MESSAGE_CREATE not for bob, then', 'GUILD_MEMBER_UPDATE']
    expect(after.heard).toEqual(['sync resumed', ...told, 'sync gap', anew, 'MESSAGE_CREATE two', 'sync live'])
    const since = await open(BOB, { lastEventId: 'e-3' })
    expect(since.heard).toEqual(['sync resumed', 'MESSAGE_CREATE two', 'sync live'])
  })

  it('over a change of what they may see: not of a channel that was gone before they could have seen it', async () => {
    const { open, publish } = await setUp()
    await publish('CHANNEL_DELETE', { id: PRIVATE, type: 0, permission_overwrites: hidden })
    await publish('GUILD_MEMBER_UPDATE', { ...memberOf(BOB, STAFF) })
    const bob = await open(BOB, { lastEventId: 'e-0' })
    expect(bob.heard).toEqual([
      'sync resumed',
      'GUILD_MEMBER_UPDATE',
      'sync gap',
      `GUILD_CREATE ${PUBLIC}+${VOICE}`,
      'sync live',
    ])
  })

  it('with an id that falls off in the moment in which it is reached: the guild', async () => {
    const { open, feed, settled } = await setUp({ maxBytes: 1_000 })
    const bob = await open(BOB, { lastEventId: 'e-1' })
    const large = JSON.stringify({ guild_id: GUILD, ...say(PUBLIC, 'x'.repeat(2_000)) })
    const one = { kind: 'dispatch' as const, event: 'MESSAGE_CREATE', guildId: GUILD, payload: large, ts: Date.now() }
    await feed.publishAll([{ entry: { ...one, position: 1 } }, { entry: { ...one, position: 2 } }])
    await settled()
    expect(bob.heard).toEqual(['sync snapshot', `GUILD_CREATE ${PUBLIC}+${VOICE}`, 'sync live'])
  })

  it('from before web began: the guild anew, since nobody knows what its events came upon', async () => {
    const backlog = [
      entryAt(1, 'MESSAGE_CREATE', say(PUBLIC, 'one')),
      entryAt(2, 'VOICE_STATE_UPDATE', { user_id: '7', channel_id: null }),
    ]
    const { open, publish } = await setUp({ backlog })
    await publish('MESSAGE_CREATE', say(PUBLIC, 'two'))
    const bob = await open(BOB, { lastEventId: 'e-0' })
    const anew = `GUILD_CREATE ${PUBLIC}+${VOICE}`
    expect(bob.heard).toEqual(['sync resumed', 'MESSAGE_CREATE one', anew, 'MESSAGE_CREATE two', 'sync live'])
    // Once it is told, nothing more is owed.
    expect((await open(BOB, { lastEventId: 'e-2' })).heard).not.toContain(anew)
  })

  it('ahead of a web that then begins anew beyond them: the guild anew, for what it has not seen happen', async () => {
    const { open, restart, settled } = await setUp()
    const bob = await open(BOB, { lastEventId: 'e-4' })
    expect(bob.heard).toEqual([])
    await restart(guildOf(), [
      entryAt(4, 'MESSAGE_CREATE', say(PUBLIC, 'one')),
      entryAt(5, 'VOICE_STATE_UPDATE', { user_id: '7', channel_id: null }),
      entryAt(6, 'MESSAGE_CREATE', say(PUBLIC, 'two')),
    ])
    await settled()
    expect(bob.heard).toEqual(['sync resumed', 'MESSAGE_CREATE two', `GUILD_CREATE ${PUBLIC}+${VOICE}`, 'sync live'])
  })

  it('ahead of a web that then begins anew beyond them: its messages are history', async () => {
    const guild = guildOf({ everyone: bits(P.ViewChannel, P.Connect) })
    const { open, restart, settled } = await setUp({ guild })
    const bob = await open(BOB, { lastEventId: 'e-4' })
    await restart(guild, [
      entryAt(5, 'MESSAGE_CREATE', say(PUBLIC, 'one')),
      entryAt(6, 'GUILD_ROLE_UPDATE', { role: { id: STAFF, permissions: '0' } }),
    ])
    await settled()
    expect(bob.heard.filter((one) => one.startsWith('MESSAGE'))).toEqual([])
  })

  it('from before web began, where nothing came that could have changed something: what was missed, and no more', async () => {
    const { open } = await setUp({ backlog: [entryAt(1, 'MESSAGE_CREATE', say(PUBLIC, 'one'))] })
    const bob = await open(BOB, { lastEventId: 'e-0' })
    expect(bob.heard).toEqual(['sync resumed', 'MESSAGE_CREATE one', 'sync live'])
  })

  it('to a web that took over another state: who is no member there is put out, and the others are told it', async () => {
    const { open, restart, settled } = await setUp()
    const [ada, bob] = [await open(ADA), await open(BOB)]
    await restart({ ...guildOf({ ada: [] }), members: [memberOf(ADA)] })
    await settled()
    expect(ada.heard.slice(3)).toEqual(['sync snapshot', `GUILD_CREATE ${PUBLIC}+${VOICE}`, 'sync live'])
    expect([ada.ended, bob.ended]).toEqual([false, true])
  })
})

describe('a private thread', () => {
  it('is seen by who is in it, from when they come to when they go', async () => {
    const { open, publish } = await setUp()
    const [ada, bob] = [await open(ADA, { threads: [THREAD] }), await open(BOB)]
    await publish('MESSAGE_CREATE', say(THREAD, 'one'))
    await publish('THREAD_MEMBERS_UPDATE', { id: THREAD, added_members: [{ id: THREAD, user_id: BOB }] })
    await publish('MESSAGE_CREATE', say(THREAD, 'two'))
    await publish('THREAD_MEMBERS_UPDATE', { id: THREAD, removed_member_ids: [ADA] })
    await publish('MESSAGE_CREATE', say(THREAD, 'three'))
    const messages = ({ heard }: Browser) => heard.filter((line) => line.startsWith('MESSAGE_CREATE'))
    expect(messages(ada)).toEqual(['MESSAGE_CREATE one', 'MESSAGE_CREATE two'])
    expect(messages(bob)).toEqual(['MESSAGE_CREATE two', 'MESSAGE_CREATE three'])
  })
})

describe('without the members intent', () => {
  it.each([
    ['is asked for again before it is a minute old, where no event says it', false, () => {}, 46_000],
    ['is asked for again after a gap', true, (membership: StateMembership) => membership.forget(GUILD), 6_000],
  ])('who is in a private thread %s', async (_, keepsCurrent, forget, ms) => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
    const { open, publish, membership, settled } = await setUp()
    membership.keepsCurrent = keepsCurrent
    for (const id of [ADA, BOB]) {
      membership.read.set(`${GUILD} ${id}`, { member: memberOf(id), until: Date.now() + 60_000 })
      membership.inThreads.add(`${THREAD} ${id}`)
    }
    const browsers = [await open(ADA, { threads: [THREAD] }), await open(BOB, { threads: [THREAD] })]
    membership.inThreads.delete(`${THREAD} ${ADA}`)
    forget(membership)
    vi.advanceTimersByTime(ms)
    await settled()
    await publish('MESSAGE_CREATE', say(THREAD, 'one'))
    expect(browsers.map(({ heard }) => heard.includes('MESSAGE_CREATE one'))).toEqual([false, true])
    expect(browsers.map(({ heard }) => heard.includes('sync gap'))).toEqual([true, false])
  })

  async function ofRest() {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
    const made = await setUp()
    made.membership.keepsCurrent = false
    const isRead = (...roles: string[]) =>
      made.membership.read.set(`${GUILD} ${BOB}`, { member: memberOf(BOB, ...roles), until: Date.now() + 60_000 })
    isRead()
    const bob = await made.open(BOB)
    return { ...made, bob, isRead, pass: async (ms: number) => (vi.advanceTimersByTime(ms), await made.settled()) }
  }

  it('members are read anew before what is known of them is a minute old', async () => {
    const { bob, isRead, membership, pass } = await ofRest()
    await pass(40_000)
    expect(membership.asked).toEqual([])
    isRead(STAFF)
    await pass(6_000)
    expect(membership.asked).toEqual([`${GUILD} ${BOB}`])
    expect(bob.heard.slice(3)).toEqual(['sync gap', `GUILD_CREATE ${PUBLIC}+${PRIVATE}+${VOICE}`])
    await pass(40_000)
    expect(bob.ended).toBe(false)
    expect(bob.heard).toHaveLength(5)
  })

  it('whoever reads slowly is told when they have caught up, though nothing else happens', async () => {
    const { bob, publish, isRead, membership, pass, settled } = await ofRest()
    bob.isReading = false
    await publish('TYPING_START', { channel_id: PUBLIC })
    isRead(STAFF)
    membership.forget(GUILD, BOB)
    await pass(0)
    bob.isReading = true
    bob.subscription?.resume()
    await settled()
    expect(bob.heard.at(-1)).toBe(`TYPING_START ${PUBLIC}`)
    await pass(1_000)
    expect(bob.heard.slice(-2)).toEqual(['sync gap', `GUILD_CREATE ${PUBLIC}+${PRIVATE}+${VOICE}`])
  })

  it('what is read for another of their streams is seen on all of them', async () => {
    const { bob, open } = await ofRest()
    await open(BOB, { member: memberOf(BOB, STAFF) })
    expect(bob.heard.slice(3)).toEqual(['sync gap', `GUILD_CREATE ${PUBLIC}+${PRIVATE}+${VOICE}`])
  })

  it('who has left is put out', async () => {
    const { bob, membership, pass } = await ofRest()
    membership.read.set(`${GUILD} ${BOB}`, { member: null, until: Number.POSITIVE_INFINITY })
    await pass(46_000)
    expect(bob.ended).toBe(true)
  })

  it('of whom it cannot be told is put out when what is known is too old', async () => {
    const { bob, membership, pass } = await ofRest()
    membership.read.clear()
    await pass(59_000)
    expect(bob.ended).toBe(false)
    await pass(2_000)
    expect(bob.ended).toBe(true)
  })

  it('members are read anew after a gap, and at once when they are named', async () => {
    const { bob, isRead, membership, pass } = await ofRest()
    membership.forget()
    await pass(6_000)
    expect(membership.asked).toEqual([`${GUILD} ${BOB}`])
    isRead(STAFF)
    membership.forget(GUILD, BOB)
    await pass(0)
    expect(bob.heard.slice(3)).toEqual(['sync gap', `GUILD_CREATE ${PUBLIC}+${PRIVATE}+${VOICE}`])
  })

  it('whoever comes back is told the guild anew, since nobody said whether they have changed', async () => {
    const { open, publish } = await ofRest()
    await publish('MESSAGE_CREATE', say(PUBLIC, 'one'))
    const back = await open(BOB, { lastEventId: 'e-0', member: memberOf(BOB) })
    expect(back.heard).toEqual(['sync resumed', 'MESSAGE_CREATE one', `GUILD_CREATE ${PUBLIC}+${VOICE}`, 'sync live'])
  })

  it('whoever is shut out hears nothing of what comes in the same moment', async () => {
    const { bob, feed, settled } = await ofRest()
    const entry = (position: number, event: string, payload: object) => {
      const text = JSON.stringify({ guild_id: GUILD, ...payload })
      return { entry: { kind: 'dispatch' as const, event, guildId: GUILD, payload: text, ts: 1, position } }
    }
    await feed.publishAll([
      entry(1, 'MESSAGE_CREATE', say(PUBLIC, 'before')),
      entry(2, 'GUILD_BAN_ADD', { user: { id: BOB } }),
      entry(3, 'MESSAGE_CREATE', say(PUBLIC, 'after')),
      entry(4, 'GUILD_ROLE_UPDATE', { role: { id: GUILD, permissions: bits(P.ViewChannel) } }),
    ])
    await settled()
    expect(bob.heard.slice(3)).toEqual(['MESSAGE_CREATE before'])
    expect(bob.ended).toBe(true)
  })
})

describe('a timeout', () => {
  it('hides nothing but what it hides, and its end is seen without an event', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
    const until = new Date(Date.now() + 10_000).toISOString()
    const { open, publish, settled } = await setUp({
      guild: guildOf({ everyone: bits(P.ViewChannel, P.ReadMessageHistory, P.Connect) }),
    })
    const bob = await open(BOB)
    await publish('GUILD_MEMBER_UPDATE', { ...memberOf(BOB), communication_disabled_until: until })
    // Nobody connects who is timed out, and who may not connect reads no messages of a voice channel.
    await publish('MESSAGE_CREATE', say(VOICE, 'one'))
    vi.advanceTimersByTime(11_000)
    await settled()
    await publish('MESSAGE_CREATE', say(VOICE, 'two'))
    const anew = `GUILD_CREATE ${PUBLIC}+${VOICE}`
    expect(bob.heard.slice(3)).toEqual(['sync gap', anew, 'sync gap', anew, 'MESSAGE_CREATE two'])
    expect((await open(BOB, { lastEventId: 'e-2' })).heard).toEqual([
      'sync resumed',
      'MESSAGE_CREATE two',
      anew,
      'sync live',
    ])
  })
})
