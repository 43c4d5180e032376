import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_SEND_BYTES, SendLimiter } from '../../../src/clients/shard/send-limiter.ts'
import { ManualTimers } from '../helpers/manual-timers.ts'

function create() {
  const timers = new ManualTimers()
  const written: { text: string; at: number }[] = []
  const limiter = new SendLimiter({ timers })
  return { timers, written, limiter, open: () => limiter.open((text) => written.push({ text, at: timers.now() })) }
}

describe('SendLimiter', () => {
  it('holds what is said until the session is ready, and sends it in order', () => {
    const { limiter, written, open } = create()
    limiter.push(1)
    limiter.push(2)
    expect(written).toEqual([])
    open()
    limiter.push(3)
    expect(written.map(({ text }) => text)).toEqual(['1', '2', '3'])
  })

  it('keeps what waits when the connection is lost', () => {
    const { limiter, written, open } = create()
    open()
    limiter.shut()
    limiter.push('later')
    expect(written).toEqual([])
    open()
    expect(written).toHaveLength(1)
  })

  it('starts a new window with a new connection', () => {
    const { limiter, written, open } = create()
    open()
    for (let i = 0; i < 150; i += 1) limiter.push(i)
    expect(written).toHaveLength(114)
    open()
    expect(written).toHaveLength(150)
  })

  it('never sends more than 120 in any 60 s, heartbeats kept room for, and never keeps one waiting for nothing', () => {
    const bursts = fc.array(fc.record({ afterMs: fc.nat(40_000), count: fc.nat(100) }), { maxLength: 10 })
    fc.assert(
      fc.property(bursts, (steps) => {
        const { timers, limiter, written, open } = create()
        open()
        for (const { afterMs, count } of steps) {
          timers.advance(afterMs)
          for (let i = 0; i < count; i += 1) limiter.push(i)
          if (limiter.queued > 0) expect(written.filter(({ at }) => at > timers.now() - 60_000)).toHaveLength(114)
        }
        timers.advance(60_000 * 20)
        expect(limiter.queued).toBe(0)
        for (const { at } of written) {
          expect(written.filter((other) => other.at >= at && other.at < at + 60_000).length).toBeLessThanOrEqual(114)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('refuses what Discord would close the connection for', () => {
    const { limiter } = create()
    const fits = 'ä'.repeat((MAX_SEND_BYTES - 2) / 2)
    limiter.push(fits)
    expect(() => limiter.push(`${fits}a`)).toThrow(RangeError)
    expect(limiter.queued).toBe(1)
  })

  it('has an end to its queue', () => {
    const { limiter } = create()
    for (let i = 0; i < 1000; i += 1) limiter.push(i)
    expect(() => limiter.push('one more')).toThrow(/1000 .* waiting/)
  })
})
