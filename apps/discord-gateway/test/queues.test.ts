import { LinkError } from '@repo/discord-integration/types'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { DiscordApi } from '../src/commands/discord-api.ts'
import { GlobalTurns } from '../src/commands/global-turns.ts'
import { Lanes } from '../src/commands/lanes.ts'
import { answerJson, codeOf, fakeDiscord } from './helpers.ts'

/** Fills lanes with what does not end before the gate is opened. */
function filling(lanes: Lanes) {
  const gate = Promise.withResolvers<void>()
  const running: Promise<unknown>[] = []
  /** How many of a backend are taken, until one is refused. */
  const fill = async (backendId: string, laneOf: (n: number) => string) => {
    for (let count = 0; ; count += 1) {
      const run = lanes.run(laneOf(count), { backendId, deadlineAt: Date.now() + 60_000 }, () => gate.promise)
      const refused = await Promise.race([
        run.catch((error: unknown) => error),
        new Promise(setImmediate).then(() => null),
      ])
      if (refused) {
        expect(refused).toMatchObject({ code: 'RATE_LIMITED', retryable: true, retryAfter: expect.any(Number) })
        return count
      }
      running.push(run)
    }
  }
  return { gate, running, fill }
}

describe('lanes', () => {
  it('what is of one channel is done in order, one at a time, and others go past', async () => {
    const lanes = new Lanes()
    const done: string[] = []
    const gate = Promise.withResolvers<void>()
    const later = Date.now() + 60_000
    const first = lanes.run('a', { backendId: 'b', deadlineAt: later }, async () => {
      await gate.promise
      done.push('a1')
    })
    const second = lanes.run('a', { backendId: 'b', deadlineAt: later }, async () => void done.push('a2'))
    await lanes.run('b', { backendId: 'b', deadlineAt: later }, async () => void done.push('b1'))
    expect(done).toEqual(['b1'])
    gate.resolve()
    await Promise.all([first, second])
    expect(done).toEqual(['b1', 'a1', 'a2'])
  })

  it('one that fails does not hold the next', async () => {
    const lanes = new Lanes()
    const later = Date.now() + 60_000
    const failing = lanes.run('a', { backendId: 'b', deadlineAt: later }, () => Promise.reject(new Error('no')))
    const next = lanes.run('a', { backendId: 'b', deadlineAt: later }, async () => 'done')
    await expect(failing).rejects.toThrow('no')
    expect(await next).toBe('done')
  })

  it('what cannot be done in time, or waits behind too many, is refused undone', async () => {
    let now = 0
    const lanes = new Lanes({ now: () => now })
    const gate = Promise.withResolvers<void>()
    let begun = 0
    const first = lanes.run('a', { backendId: 'b', deadlineAt: 8_000 }, () => gate.promise)
    const waiting = Array.from({ length: 63 }, () =>
      codeOf(lanes.run('a', { backendId: 'b', deadlineAt: 8_000 }, async () => (begun += 1))),
    )
    await expect(lanes.run('a', { backendId: 'b', deadlineAt: 8_000 }, async () => (begun += 1))).rejects.toMatchObject(
      {
        code: 'RATE_LIMITED',
        retryable: true,
        retryAfter: expect.any(Number),
      },
    )
    now = 7_001
    gate.resolve()
    await first
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['RATE_LIMITED']))
    expect(begun).toBe(0)
    expect(await lanes.run('a', { backendId: 'b', deadlineAt: 20_000 }, async () => 'free again')).toBe('free again')
  })

  it('backends take turns in one, and each keeps its order', async () => {
    const lanes = new Lanes()
    const done: string[] = []
    const gate = Promise.withResolvers<void>()
    const run = (backendId: string, what: string) =>
      lanes.run('a', { backendId, deadlineAt: Date.now() + 60_000 }, async () => void done.push(what))
    const first = lanes.run('a', { backendId: 'many', deadlineAt: Date.now() + 60_000 }, () => gate.promise)
    const all = [
      ...['m1', 'm2', 'm3'].map((what) => run('many', what)),
      ...['f1', 'f2'].map((what) => run('few', what)),
    ]
    gate.resolve()
    await Promise.all([first, ...all])
    expect(done).toEqual(['m1', 'f1', 'm2', 'f2', 'm3'])
  })

  it('what others are let go before until its time is up is refused then, and not run', async () => {
    const lanes = new Lanes()
    const gate = Promise.withResolvers<void>()
    const first = lanes.run('a', { backendId: 'b', deadlineAt: Date.now() + 60_000 }, () => gate.promise)
    const begun: string[] = []
    const late = lanes.run('a', { backendId: 'b', deadlineAt: Date.now() + 1_050 }, async () => begun.push('late'))
    const next = lanes.run('a', { backendId: 'b', deadlineAt: Date.now() + 60_000 }, async () => begun.push('next'))
    expect(await codeOf(late)).toBe('RATE_LIMITED')
    gate.resolve()
    await Promise.all([first, next])
    expect(begun).toEqual(['next'])
  })

  it('one backend that fills one leaves the others their part of it, and of all', async () => {
    const lanes = new Lanes({ backends: () => ['many', 'few'] })
    const { gate, running, fill } = filling(lanes)
    // Half of 64 in two equal parts is kept for those who have nothing there yet.
    expect(await fill('many', () => 'one')).toBe(48)
    expect(await fill('few', () => 'one')).toBe(16)
    // And half of 300 of all, whichever channels they are of.
    expect(await fill('many', (n) => `many ${n}`)).toBe(300 - 75 - 48)
    expect(await fill('few', (n) => `few ${n}`)).toBe(75 - 16)
    gate.resolve()
    await Promise.all(running)
    expect(await codeOf(lanes.run('one', { backendId: 'many', deadlineAt: Date.now() + 60_000 }, async () => {}))).toBe(
      'done',
    )
  })
})

it('whatever comes, each is run once or refused, each backend’s of a lane in their order and one at a time, and none is left', async () => {
  const Ask = fc.record({ lane: fc.nat(2), who: fc.nat(3), turns: fc.nat(3), fails: fc.boolean(), pause: fc.nat(2) })
  await fc.assert(
    fc.asyncProperty(fc.array(Ask, { maxLength: 150 }), async (asks) => {
      const lanes = new Lanes({ backends: () => ['0', '1', '2', '3'] })
      const running = new Set<number>()
      const order = new Map<string, number[]>()
      const outcomes: Promise<unknown>[] = []
      for (const [index, { lane, who, turns, fails, pause }] of asks.entries()) {
        const run = lanes.run(`${lane}`, { backendId: `${who}`, deadlineAt: Date.now() + 60_000 }, async () => {
          expect(running.has(lane)).toBe(false)
          running.add(lane)
          const key = `${lane} ${who}`
          order.set(key, [...(order.get(key) ?? []), index])
          for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate)
          running.delete(lane)
          if (fails) throw new LinkError('DISCORD_ERROR', 'no')
        })
        outcomes.push(codeOf(run))
        for (let turn = 0; turn < pause; turn += 1) await new Promise(setImmediate)
      }
      const codes = await Promise.all(outcomes)
      const ran = [...order.values()]
      for (const indexes of ran) expect(indexes).toEqual(indexes.toSorted((a, b) => a - b))
      const expected = asks.flatMap(({ fails }, index) => {
        if (codes[index] === 'RATE_LIMITED') return []
        expect(codes[index]).toBe(fails ? 'DISCORD_ERROR' : 'done')
        return [index]
      })
      expect(ran.flat().toSorted((a, b) => a - b)).toEqual(expected)
      // And everything is free again.
      const { gate, running: held, fill } = filling(lanes)
      expect(await fill('0', () => '0')).toBe(64 - 24)
      gate.resolve()
      await Promise.all(held)
    }),
    { numRuns: 50 },
  )
})

it('of hundreds of backends that are connected each still has half of a lane, and of all, where it is alone', async () => {
  const lanes = new Lanes({ backends: () => Array.from({ length: 500 }, (_, n) => `backend-${n}`) })
  const { gate, running, fill } = filling(lanes)
  expect(await fill('backend-0', () => 'one')).toBe(32)
  expect(await fill('backend-0', (n) => `${n}`)).toBe(150 - 32)
  expect(await fill('backend-1', () => 'one')).toBe(1)
  gate.resolve()
  await Promise.all(running)
})

describe('the global limit', () => {
  it('is shared in turn: who has one request does not stand behind another’s hundreds', async () => {
    await using discord = await fakeDiscord((_request, response) => answerJson(response, 200, {}))
    const api = new DiscordApi({ token: 't', apiUrl: discord.apiUrl })
    const look = (id: string, n: number) =>
      api.call({ action: 'look', repeatable: 'no', backend: { id } }, (rest, signal) =>
        rest.get(`/${id}/${n}`, { signal }),
      )
    const many = Array.from({ length: 120 }, (_, n) => look('many', n))
    await look('few', 0)
    expect(discord.requests.length).toBeLessThan(110)
    await Promise.all(many)
    expect(discord.requests).toHaveLength(121)
  })

  it('what it leaves no room for in time is refused at once, with how long it takes', async () => {
    let now = 0
    const turns = new GlobalTurns(() => now)
    const within = { few: 1_500, many: 8_000 }
    for (let n = 0; n < 50; n += 1) await turns.take('many', within.many)
    const waiting = Array.from({ length: 50 }, () => turns.take('many', within.many))
    await expect(turns.take('few', within.few)).rejects.toMatchObject({ waitMs: 1_000 })
    await expect(turns.take('many', 2_999)).rejects.toMatchObject({ waitMs: 2_000 })
    const last = turns.take('many', 60_000)
    now = 2_000
    await Promise.all(waiting)
    now = 3_000
    await last
  })

  it('is asked by no more than fifty in any second', async () => {
    let now = 0
    const turns = new GlobalTurns(() => now)
    let gone = 0
    for (let n = 0; n < 120; n += 1) void turns.take('one', 60_000).then(() => (gone += 1))
    for (const [at, total] of [
      [999, 50],
      [1_000, 100],
      [1_999, 100],
      [2_000, 120],
    ] as const) {
      now = at
      await vi.waitUntil(() => gone >= total, { timeout: 10_000 })
      expect(gone).toBe(total)
    }
  })
})
