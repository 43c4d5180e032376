import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Backoff } from '../../src/clients/backoff.ts'

const options = { baseMs: 250, capMs: 10_000, floorMs: 50 }

describe('Backoff', () => {
  it('doubles up to its cap, and starts over after a reset', () => {
    const backoff = new Backoff({ ...options, random: () => 1 })
    expect(Array.from({ length: 8 }, () => backoff.next())).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000])
    expect(backoff.attempt).toBe(8)
    backoff.reset()
    expect(backoff.next()).toBe(250)
  })

  it('grows by as much as it was told', () => {
    const backoff = new Backoff({ ...options, growth: 1.5, random: () => 1 })
    expect(Array.from({ length: 4 }, () => backoff.next())).toEqual([250, 375, 562.5, 843.75])
  })

  it('stays between the floor and the cap, however often and by whatever luck', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(5000), (luck, rounds) => {
        const backoff = new Backoff({ ...options, random: () => luck })
        let wait = 0
        for (let i = 0; i <= rounds; i += 1) wait = backoff.next()
        expect(wait).toBeGreaterThanOrEqual(50)
        expect(wait).toBeLessThanOrEqual(10_000)
      }),
      { numRuns: 50 },
    )
  })

  it('is slow when a person has to act first', () => {
    expect(new Backoff({ ...options, random: () => 0 }).slow()).toBe(5_000)
    expect(new Backoff({ ...options, random: () => 1 }).slow()).toBe(10_000)
  })
})
