import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { createManualClock, systemClock } from '../src/clock.ts'
import { ReplayBuffer } from '../src/gateway/replay-buffer.ts'
import { createRandom } from '../src/random.ts'
import { compareSnowflakes, createSnowflakes, isSnowflake, shardOf, timestampOf } from '../src/snowflake.ts'

describe('the manual clock', () => {
  test('runs what falls due in order, also what is added on the way', () => {
    const clock = createManualClock(1_000)
    const ran: string[] = []
    const note = (name: string) => ran.push(`${name}@${clock.now()}`)
    clock.after(20, () => note('b'))
    clock.after(10, () => {
      note('a')
      clock.after(5, () => note('a2'))
    })
    clock.after(10, () => note('a-too'))
    clock.after(31, () => note('late'))
    const off = clock.after(1, () => note('never'))
    off.cancel()
    clock.advance(30)
    expect(ran).toEqual(['a@1010', 'a-too@1010', 'a2@1015', 'b@1020'])
    expect(clock.now()).toBe(1_030)
    clock.advance(1)
    expect(ran.at(-1)).toBe('late@1031')
  })

  test.each([-1, Number.NaN, Infinity])('went back by, or became for good, %d', (ms) => {
    const clock = createManualClock(1_000)
    expect(() => clock.advance(ms)).toThrow(RangeError)
    expect(clock.now()).toBe(1_000)
  })
})

test('the machine’s clock waited a millisecond for what is more than its timers take, as a fault of 35 days', () => {
  vi.useFakeTimers()
  try {
    const ran: string[] = []
    systemClock.after(3_000_000_000, () => ran.push('late'))
    const off = systemClock.after(3_000_000_000, () => ran.push('never'))
    vi.advanceTimersByTime(2_999_999_999)
    expect(ran).toEqual([])
    off.cancel()
    vi.advanceTimersByTime(1)
    expect(ran).toEqual(['late'])
    expect(vi.getTimerCount()).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})

describe('snowflakes', () => {
  test('are those of the documentation', () => {
    expect(timestampOf('175928847299117063')).toBe(1_462_015_105_796)
    expect(shardOf('197038439483310086', 2)).toBe(Number((197_038_439_483_310_086n >> 22n) % 2n))
    expect(['0', '1', '9223372036854775807'].map(isSnowflake)).toEqual([true, true, true])
    expect(['', '-1', '1.0', 'x', '9223372036854775808'].map(isSnowflake)).toEqual(
      Array.from({ length: 5 }, () => false),
    )
  })

  test('grow, however the clock behaves', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 200 }), (steps) => {
        let now = 1_700_000_000_000
        const next = createSnowflakes({ now: () => now, after: () => ({ cancel: () => {} }) })
        let last = '0'
        for (const step of steps) {
          now += step
          const id = next()
          expect(compareSnowflakes(id, last)).toBeGreaterThan(0)
          last = id
        }
      }),
    )
  })

  test('more than fit into a millisecond take the next one', () => {
    const next = createSnowflakes(createManualClock(1_700_000_000_000))
    const ids = Array.from({ length: 10_000 }, () => next())
    expect(new Set(ids).size).toBe(10_000)
    expect(ids).toEqual(ids.toSorted(compareSnowflakes))
  })
})

describe('randomness', () => {
  test('is the seed’s, and a fork’s is its own', () => {
    const draw = (random = createRandom('s')) => Array.from({ length: 5 }, () => random.next())
    expect(draw()).toEqual(draw())
    expect(draw(createRandom('t'))).not.toEqual(draw())
    const random = createRandom('s')
    random.fork('a').next()
    expect(draw(random)).toEqual(draw())
    expect(draw(random.fork('a'))).not.toEqual(draw(random.fork('b')))
  })

  test('keeps within its bounds, and reaches them', () => {
    const random = createRandom('bounds')
    const drawn = new Set(Array.from({ length: 500 }, () => random.int(-2, 2)))
    expect([...drawn].toSorted((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2])
    expect(random.hex(32)).toMatch(/^[0-9a-f]{32}$/)
    expect(() => random.pick([])).toThrow(RangeError)
  })
})

test('a replay buffer gives all that came after a number, or says that it cannot', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.nat(100), fc.nat(100), (limit, count, from) => {
      const buffer = new ReplayBuffer({ clock: createManualClock(0), count: limit, ageMs: 1 })
      for (let s = 1; s <= count; s++) buffer.push(s, String(s))
      const after = buffer.after(from)
      const missed = Math.max(0, count - from)
      if (missed > limit) expect(after).toBeUndefined()
      else expect(after?.map(({ s }) => s)).toEqual(Array.from({ length: missed }, (_, index) => from + index + 1))
    }),
  )
})
