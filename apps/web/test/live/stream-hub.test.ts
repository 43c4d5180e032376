import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HUB_VERSION } from '../../src/live/stream/hub/messages.ts'
import { ADA, HubScene, type FakeTab } from './hub-scene.ts'

const A = '100000000000000001'
const B = '100000000000000002'

/** The positions at which something happened in a guild after what a tab was told first. */
const expected = (log: string[], tab: FakeTab, guildId: string) =>
  log.flatMap((each, index) => (each === guildId && index + 1 > (tab.seen[guildId]?.from ?? 0) ? [index + 1] : []))

function open() {
  const scene = new HubScene()
  const log: string[] = []
  const happen = (...guilds: string[]) => {
    for (const guildId of guilds) {
      log.push(guildId)
      scene.web.happen(guildId)
    }
  }
  const check = (tab: FakeTab, guildId: string) => {
    expect(tab.seen[guildId]?.events).toEqual(expected(log, tab, guildId))
    expect(tab.phase(guildId)).toBe('live')
  }
  return { scene, web: scene.web, log, happen, check }
}

describe('tabs of one browser', () => {
  test('the first has its guild over the shared response at once', () => {
    const { scene, web, happen, check } = open()
    const tab = scene.tab(A)
    scene.settle()
    happen(A)
    scene.settle()
    check(tab, A)
    expect(scene.browser.sources).toHaveLength(1)
    expect(web.sources).toHaveLength(1)
  })

  test('a second of the same guild is told it by itself, and then shares the response', () => {
    const { scene, web, happen, check } = open()
    const first = scene.tab(A)
    scene.settle()
    happen(A, A)
    scene.settle()
    const second = scene.tab(A)
    scene.settle()
    expect(web.sources).toHaveLength(1)
    happen(A)
    scene.settle()
    check(first, A)
    check(second, A)
    expect(second.seen[A]).toMatchObject({ from: 2, snapshots: 1 })
    expect(first.seen[A]?.snapshots).toBe(1)
  })

  test('two that are opened together begin together', () => {
    const { scene, happen, check } = open()
    const tabs = [scene.tab(A), scene.tab(A)]
    scene.settle()
    happen(A)
    scene.settle()
    for (const tab of tabs) check(tab, A)
    expect(scene.browser.sources).toHaveLength(1)
  })

  test('another with another guild moves the response, of which the first hears nothing', () => {
    const { scene, web, happen, check } = open()
    const first = scene.tab(A)
    scene.settle()
    const second = scene.tab(B)
    scene.settle()
    happen(A, B)
    scene.pass(1_000)
    check(first, A)
    check(second, B)
    expect(web.sources.map(({ url }) => url)).toEqual([`/api/events?guild=${A}@k-0&guild=${B}&viewer=${ADA}&hops=1`])
    expect(first.seen[A]?.phases).toEqual(['opening', 'waiting', 'catching-up', 'live'])
    expect(first.seen[A]?.snapshots).toBe(1)
  })

  test.each(['in order', 'without a word'] as const)('one that is closed %s takes nothing with it', (how) => {
    const { scene, web, happen, check } = open()
    const [first, second] = [scene.tab(A), scene.tab(A)]
    scene.settle()
    first.close(how)
    happen(A, A)
    scene.pass(120_000)
    happen(A)
    scene.settle()
    check(second, A)
    expect(web.sources).toHaveLength(1)
  })

  test('where none is left nothing is held open', () => {
    const { scene, web } = open()
    const tab = scene.tab(A, B)
    scene.settle()
    tab.client.suspend()
    scene.settle()
    expect(web.sources).toEqual([])
  })

  test('a guild that nobody looks at any more is left out after a while', () => {
    const { scene, web, check } = open()
    const [first, second] = [scene.tab(A), scene.tab(B)]
    scene.pass(1_000)
    second.leave(B)
    scene.pass(31_000)
    expect(web.sources.map(({ url }) => url)).toEqual([`/api/events?guild=${A}@k-0&viewer=${ADA}&hops=1`])
    check(first, A)
  })

  test('a page that was put by goes on from where it was', () => {
    const { scene, happen, check } = open()
    const [first, second] = [scene.tab(A), scene.tab(A)]
    scene.settle()
    first.client.suspend()
    happen(A, A)
    scene.pass(1_000)
    first.client.resume()
    scene.settle()
    check(first, A)
    check(second, A)
    expect(first.seen[A]?.snapshots).toBe(1)
  })
})

describe('where two responses meet', () => {
  /**
   * One tab shares; another has just asked for its own response, of which nothing has arrived.
   *
   * @param unread what happened before that, and the shared response has not brought yet.
   */
  const meeting = (unread = 0) => {
    const all = open()
    const first = all.scene.tab(A)
    all.scene.settle()
    for (let left = unread; left > 0; left -= 1) all.happen(A)
    const second = all.scene.tab(A)
    while (second.line.deliverToHub() || second.line.deliverToTab()) continue
    const [shared, own] = all.web.sources
    if (shared === undefined || own === undefined) throw new Error('there are to be two responses')
    return { ...all, first, second, shared, own }
  }

  test('the shared one is further: what it said meanwhile is passed on', () => {
    const { scene, web, happen, check, first, second, shared, own } = meeting()
    happen(A, A)
    web.flow(shared)
    web.flow(own, 4)
    expect(web.sources).toHaveLength(1)
    scene.settle()
    check(second, A)
    check(first, A)
  })

  test('the shared one is behind: what it says up to there is known', () => {
    const { scene, web, happen, check, first, second, own } = meeting(3)
    web.flow(own)
    expect(web.sources).toHaveLength(1)
    happen(A)
    scene.settle()
    check(second, A)
    expect(second.seen[A]).toMatchObject({ from: 3, events: [4], snapshots: 1 })
    check(first, A)
  })

  test('what has no id goes with what comes next: known where that is known, and news where it is', () => {
    const { scene, web, happen, second, own } = meeting()
    web.say(A, 'GUILD_CREATE', { at: -5 })
    happen(A)
    const late = scene.tab(A)
    while (late.line.deliverToHub() || late.line.deliverToTab()) continue
    web.flow(own, 4)
    web.flow(web.sources.at(-1)!)
    expect(web.sources).toHaveLength(1)
    scene.settle()
    expect(late.seen[A]).toMatchObject({ from: 1, events: [], snapshots: 1 })
    expect(second.seen[A]).toMatchObject({ from: -5, events: [1], snapshots: 2 })
  })

  test('what has no id, and nothing after it, is not kept from one who is ahead', () => {
    const { scene, web, check, second, own } = meeting(1)
    web.flow(own)
    web.say(A, 'GUILD_CREATE', { at: 1 })
    scene.settle()
    expect(second.seen[A]?.snapshots).toBe(1)
    scene.pass(600)
    check(second, A)
    expect(second.seen[A]?.snapshots).toBe(2)
  })

  test('the shared one is told all of it anew while one is ahead of it: they go on from where they are', () => {
    const { scene, web, happen, check, first, second, own, shared } = meeting(2)
    web.flow(own)
    expect(web.sources).toEqual([shared])
    shared.break()
    happen(A)
    web.from = 2
    scene.pass(5_000)
    happen(A)
    scene.pass(1_000)
    check(second, A)
    expect(second.seen[A]?.snapshots).toBe(1)
    expect(first.seen[A]?.snapshots).toBe(2)
    expect(web.sources).toHaveLength(1)
  })

  test('its own is behind what the shared one has passed on, at another web: it is kept until it is there', () => {
    const { scene, web, happen, check } = open()
    const first = scene.tab(A)
    scene.settle()
    happen(A, A)
    scene.settle()
    const late = scene.tab(A)
    while (late.line.deliverToHub() || late.line.deliverToTab()) continue
    const behind = web.sources.at(-1)!
    behind.say('sync', { state: 'snapshot', reason: 'fresh' })
    behind.say('GUILD_CREATE', { at: 0 }, 'k-0')
    behind.say('sync', { state: 'live', id: 'k-0' }, 'k-0')
    expect(web.sources).toContain(behind)
    behind.say('MESSAGE_CREATE', { at: 1 }, 'k-1')
    behind.say('MESSAGE_CREATE', { at: 2 }, 'k-2')
    scene.settle()
    check(first, A)
    expect(late.seen[A]).toMatchObject({ from: 0, events: [1, 2] })
    expect(web.sources).not.toContain(behind)
  })

  test('of two logs no place can be compared: each goes on by itself, and both are right', () => {
    const { scene, web, check, happen, own, second } = meeting()
    own.say('sync', { state: 'snapshot', reason: 'fresh' })
    own.say('GUILD_CREATE', { at: 0 }, 'other-7')
    own.say('sync', { state: 'live', id: 'other-7' }, 'other-7')
    scene.settle()
    happen(A)
    web.flowAll()
    scene.settle()
    expect(second.seen[A]?.events).toEqual([1])
    check(second, A)
  })
})

describe('a tab that takes nothing', () => {
  test('is not sent without bound, and goes on from where it was when it wakes', () => {
    const { scene, web, happen, check } = open()
    const [frozen, other] = [scene.tab(A), scene.tab(A)]
    scene.settle()
    frozen.freeze()
    for (let index = 0; index < 7_000; index += 1) happen(A)
    scene.pass(1_000)
    for (let index = 0; index < 7_000; index += 1) happen(A)
    scene.pass(1_000)
    expect(frozen.line.toTab.length).toBeLessThan(7_100)
    expect(frozen.line.toTab.at(-1)?.type).toBe('dropped')
    frozen.thaw()
    scene.pass(1_000)
    check(frozen, A)
    check(other, A)
    expect(frozen.seen[A]?.snapshots).toBe(1)
    expect(web.sources).toHaveLength(1)
  })

  test('in a quiet guild costs no more with time, and is given up after a minute', () => {
    const { scene, happen, check } = open()
    const [frozen, other] = [scene.tab(A), scene.tab(A)]
    scene.settle()
    frozen.freeze()
    scene.pass(59_000)
    expect(frozen.line.toTab.length).toBeLessThan(10)
    scene.pass(600_000)
    expect(frozen.line.toTab.length).toBeLessThan(10)
    happen(A)
    scene.pass(1_000)
    check(other, A)
    frozen.thaw()
    scene.pass(2_000)
    check(frozen, A)
  })
})

describe('the worker', () => {
  test('is killed: within two seconds each tab shows it, and all meet at another, with nothing lost', () => {
    const { scene, web, happen, check } = open()
    const tabs = [scene.tab(A), scene.tab(A), scene.tab(B)]
    scene.pass(1_000)
    happen(A, B)
    scene.settle()
    scene.killWorker()
    happen(A, B, A)
    scene.pass(1_900)
    expect(tabs.map((tab) => tab.seen[A]?.phases.at(-1) ?? tab.phase(B))).toEqual(Array(3).fill('reconnecting'))
    scene.pass(5_000)
    happen(A, B)
    scene.pass(1_000)
    check(tabs[0]!, A)
    check(tabs[1]!, A)
    check(tabs[2]!, B)
    expect(tabs.map(({ seen }) => Object.values(seen).map(({ snapshots }) => snapshots))).toEqual([[1], [1], [1]])
    expect(web.sources).toHaveLength(1)
  })

  test('is silent for a moment only: the tab says so, and stays', () => {
    const { scene, check } = open()
    const tab = scene.tab(A)
    scene.pass(1_000)
    scene.browser.pass(2_000)
    expect(tab.phase(A)).toBe('reconnecting')
    scene.pass(1_000)
    check(tab, A)
    expect(tab.lines).toHaveLength(1)
  })

  test('is of another build: the tab holds a hub of its own', () => {
    const { scene, web, happen, check } = open()
    const tab = scene.tab(A)
    tab.line.toHub = [{ type: 'hello', version: HUB_VERSION - 1, viewer: ADA }, ...tab.line.toHub.slice(1)]
    scene.pass(1_000)
    happen(A)
    scene.pass(1_000)
    check(tab, A)
    expect(tab.lines.map(({ worker }) => worker)).toEqual([0, 1])
    scene.pass(60_000)
    expect(web.sources).toHaveLength(1)
  })

  test('cannot be had: the tab holds a hub of its own', () => {
    const { scene, happen, check } = open()
    scene.hasWorkers = false
    const [first, second] = [scene.tab(A), scene.tab(A)]
    scene.pass(500)
    happen(A)
    scene.pass(500)
    check(first, A)
    check(second, A)
    expect(scene.web.sources).toHaveLength(2)
  })

  test('cannot be had: a tab that is hidden has no stream, and comes back to where it was', () => {
    const { scene, web, happen, check } = open()
    scene.hasWorkers = false
    const [first, second] = [scene.tab(A), scene.tab(A)]
    scene.pass(500)
    happen(A)
    scene.pass(500)
    first.client.hide()
    scene.settle()
    expect(web.sources).toHaveLength(1)
    expect(first.phase(A)).toBe('reconnecting')
    happen(A, A)
    scene.pass(60_000)
    expect(web.sources).toHaveLength(1)
    expect(first.seen[A]?.events).toEqual([1])
    first.client.show()
    scene.pass(500)
    check(first, A)
    check(second, A)
    expect(first.seen[A]?.snapshots).toBe(1)
  })

  test('cannot be had: a tab that is hidden when it is opened has a stream once it is looked at', () => {
    const { scene, web, happen, check } = open()
    scene.hasWorkers = false
    const tab = scene.tab()
    tab.client.hide()
    tab.look(A)
    scene.pass(5_000)
    expect(web.sources).toEqual([])
    expect(tab.phase(A)).toBe('opening')
    tab.client.show()
    scene.pass(500)
    happen(A)
    scene.pass(500)
    check(tab, A)
  })

  test('is shared: a tab that is hidden hears on', () => {
    const { scene, happen, check } = open()
    const tab = scene.tab(A)
    scene.pass(500)
    tab.client.hide()
    happen(A)
    scene.pass(500)
    check(tab, A)
    tab.client.show()
    scene.pass(500)
    check(tab, A)
    expect(tab.lines).toHaveLength(1)
  })

  test('turns out not to load: the tab holds a hub of its own', () => {
    const { scene, happen, check } = open()
    const tab = scene.tab(A)
    tab.line.cut()
    tab.news.onBroken()
    scene.pass(500)
    happen(A)
    scene.pass(500)
    check(tab, A)
  })

  test('never says a word, nor does the next: the tab holds a hub of its own', () => {
    const { scene, happen, check } = open()
    const tab = scene.tab(A)
    tab.line.cut()
    scene.browser.pass(4_100)
    tab.line.cut()
    scene.browser.pass(4_100)
    expect(tab.lines).toHaveLength(3)
    scene.pass(1_000)
    happen(A)
    scene.pass(500)
    check(tab, A)
  })
})

describe('access', () => {
  test('signed out, all tabs are, with nothing more of any guild', async () => {
    const { scene, web, happen } = open()
    const tabs = [scene.tab(A), scene.tab(A, B)]
    scene.pass(1_000)
    web.signOut()
    scene.pass(1_000)
    await Promise.resolve()
    scene.pass(1_000)
    expect(tabs.flatMap(({ seen }) => Object.values(seen).map(({ phases }) => phases.at(-1)))).toEqual(
      Array(3).fill('signed-out'),
    )
    happen(A)
    scene.pass(1_000)
    expect(tabs[0]?.seen[A]?.events).toEqual([])
    expect(web.sources).toEqual([])
  })

  test('another person signs in in the same breath as the first signs out: their tabs are told nothing, and say so', async () => {
    const { scene, web, happen } = open()
    const tabs = [scene.tab(A), scene.tab(A, B)]
    scene.pass(1_000)
    web.signOut('71')
    happen(A, B)
    scene.pass(1_000)
    await Promise.resolve()
    scene.pass(10_000)
    const seen = tabs.flatMap((tab) => Object.values(tab.seen))
    expect(seen.map(({ phases }) => phases.at(-1))).toEqual(Array(3).fill('signed-out'))
    expect(seen.flatMap(({ events }) => events)).toEqual([])
    expect(web.sources).toEqual([])
  })

  test('a tab of another person is turned away by the hub, and shares nothing with it', () => {
    const { scene, web, happen, check } = open()
    const hers = scene.tab(A)
    scene.pass(500)
    web.viewer = '71'
    const his = scene.tabFor('71', A)
    scene.pass(500)
    happen(A)
    scene.pass(500)
    check(his, A)
    expect(his.lines).toHaveLength(2)
    expect(hers.lines).toHaveLength(1)
    const viewers = web.sources.map(({ url }) => new URL(url, 'http://web').searchParams.get('viewer'))
    expect(viewers).toEqual([ADA, '71'])
  })

  test('whoever comes after a sign-out is told all of it anew', async () => {
    const { scene, web, happen, check } = open()
    const tab = scene.tab(A)
    scene.pass(500)
    happen(A)
    web.signOut()
    scene.pass(500)
    await Promise.resolve()
    scene.pass(500)
    web.viewer = ADA
    const next = scene.tab(A)
    scene.pass(500)
    happen(A)
    scene.pass(500)
    check(next, A)
    expect(next.seen[A]).toMatchObject({ snapshots: 1, from: 1 })
    expect(tab.phase(A)).toBe('signed-out')
  })

  test('to one guild only is lost: the others go on, in the same tab too', () => {
    const { scene, web, happen, check } = open()
    const [both, one] = [scene.tab(A, B), scene.tab(B)]
    scene.pass(1_000)
    web.hide(B)
    scene.pass(500)
    happen(A)
    scene.pass(500)
    check(both, A)
    expect([both.phase(B), one.phase(B)]).toEqual(['no-access', 'no-access'])
  })

  test('to a guild that is shared is refused to one who comes', () => {
    const { scene, web } = open()
    scene.tab(A)
    scene.pass(500)
    web.hidden.add(A)
    const late = scene.tab(A)
    scene.pass(500)
    expect(late.phase(A)).toBe('no-access')
  })
})

test('whatever comes, goes, breaks and sleeps: each tab is told each event once, in order, from its first snapshot on', () => {
  const guild = fc.constantFrom(A, B)
  const which = fc.nat({ max: 9 })
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('happen' as const), guild }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constant('flow' as const), which, count: fc.nat({ max: 5 }) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('deliver' as const), which, count: fc.nat({ max: 5 }) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.nat({ max: 3_000 }) }) },
    fc.record({ do: fc.constant('open' as const), guild }),
    fc.record({ do: fc.constantFrom('look' as const, 'leave' as const), which, guild }),
    fc.record({ do: fc.constantFrom('freeze' as const, 'thaw' as const, 'close' as const, 'put by' as const), which }),
    fc.record({ do: fc.constantFrom('hide' as const, 'show' as const), which }),
    fc.record({ do: fc.constantFrom('announce' as const, 'kill' as const, 'settle' as const) }),
    fc.record({ do: fc.constant('break' as const), which }),
  )
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), fc.boolean(), (steps, hasWorkers) => {
      const { scene, web, log, happen } = open()
      scene.hasWorkers = hasWorkers
      scene.tab(A)
      const closed = new Set<FakeTab>()
      const pick = <T>(all: readonly T[], index: number): T | undefined => all[index % Math.max(all.length, 1)]
      for (const one of steps) {
        const tab = 'which' in one ? pick(scene.tabs, one.which) : undefined
        const acts = tab !== undefined && !closed.has(tab)
        if (one.do === 'happen') happen(one.guild)
        else if (one.do === 'pass') scene.browser.pass(one.ms)
        else if (one.do === 'announce') web.announce()
        else if (one.do === 'kill') scene.killWorker()
        else if (one.do === 'settle') scene.pass(100)
        else if (one.do === 'open') {
          if (scene.tabs.length < 6) scene.tab(one.guild)
        } else if (one.do === 'break') pick(web.sources, one.which)?.break()
        else if (one.do === 'flow') {
          const source = pick(web.sources, one.which)
          if (source) web.flow(source, one.count)
        } else if (!acts) continue
        else if (one.do === 'look') tab.look(one.guild)
        else if (one.do === 'leave') tab.leave(one.guild)
        else if (one.do === 'freeze') tab.freeze()
        else if (one.do === 'thaw') tab.thaw()
        else if (one.do === 'put by') {
          tab.client.suspend()
          tab.client.resume()
        } else if (one.do === 'hide' || one.do === 'show') {
          if (!tab.isFrozen) tab.client[one.do]()
        } else if (one.do === 'close') {
          tab.close('without a word')
          closed.add(tab)
        } else if (one.do === 'deliver') {
          for (let left = one.count; left > 0; left -= 1) {
            tab.lines.at(-1)?.line.deliverToHub()
            if (!tab.isFrozen) tab.lines.at(-1)?.line.deliverToTab()
          }
        }
      }
      for (const tab of scene.tabs) {
        if (closed.has(tab)) continue
        tab.thaw()
        tab.client.show()
      }
      scene.pass(40_000)
      web.announce()
      scene.pass(20_000)
      for (const tab of scene.tabs) {
        for (const [guildId, seen] of Object.entries(tab.seen)) {
          const all = expected(log, tab, guildId)
          // Who left or was closed has seen the beginning of it.
          const isLive = !closed.has(tab) && seen.phases.at(-1) === 'live'
          expect(seen.events).toEqual(isLive ? all : all.slice(0, seen.events.length))
          expect(seen.anew).toBe(0)
          if (!closed.has(tab)) expect(['live', 'idle']).toContain(seen.phases.at(-1))
        }
      }
      const hubs = new Set(scene.tabs.map(({ lines }) => lines.at(-1)?.worker))
      expect(web.sources.length).toBeLessThanOrEqual(hubs.size)
    }),
    { numRuns: 300 },
  )
})
