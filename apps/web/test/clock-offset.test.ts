import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ClockOffset } from '../src/clock-offset.ts'

/** Another’s clock that is ahead by so much, asked over a network that takes so long there and back. */
function ask(
  clock: ClockOffset,
  { at, ahead, there, back }: { at: number; ahead: number; there: number; back: number },
) {
  const answer = { askedAt: at, theirs: Math.floor(at + there + ahead), heardAt: at + there + back }
  clock.hear({ ...answer, heardAt: Math.floor(answer.heardAt) })
}

describe('ClockOffset', () => {
  it('is not known before an answer, and when the last one is too old', () => {
    const clock = new ClockOffset()
    expect(clock.at(0)).toBeNull()
    ask(clock, { at: 0, ahead: 500, there: 2, back: 2 })
    expect(clock.at(30_004)).toBe(500)
    expect(clock.at(30_005)).toBeNull()
  })

  it('is that of the quickest answer: what was held up one way tells less', () => {
    const clock = new ClockOffset()
    ask(clock, { at: 0, ahead: -3_000, there: 400, back: 1 })
    expect(clock.at(401)).toBeCloseTo(-2_800, -1)
    ask(clock, { at: 500, ahead: -3_000, there: 2, back: 2 })
    ask(clock, { at: 1_000, ahead: -3_000, there: 1, back: 300 })
    expect(clock.at(1_301)).toBe(-3_000)
  })

  it('is wrong by no more than half of the quickest round trip, whatever the jitter', () => {
    const way = fc.integer({ min: 0, max: 600 })
    const answers = fc.array(fc.record({ there: way, back: way }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(answers, fc.integer({ min: -1e7, max: 1e7 }), (given, ahead) => {
        const clock = new ClockOffset()
        for (const [index, ways] of given.entries()) ask(clock, { at: 1e9 + index * 1_000, ahead, ...ways })
        const quickest = Math.min(...given.map(({ there, back }) => there + back))
        const known = clock.at(1e9 + given.length * 1_000) ?? Number.NaN
        expect(Math.abs(known - ahead)).toBeLessThanOrEqual(quickest / 2 + 1)
      }),
    )
  })

  it.each([-5_000, -40, 40, 5_000])('follows a clock that is set by %i ms at the next answer', (step) => {
    const clock = new ClockOffset()
    for (let at = 0; at < 10_000; at += 500) ask(clock, { at, ahead: 100, there: 1, back: 1 })
    ask(clock, { at: 10_000, ahead: 100 + step, there: 9, back: 9 })
    expect(clock.at(10_018)).toBe(100 + step)
  })

  it.each([-5_000, 5_000])('follows its own clock that is set by %i ms', (step) => {
    const clock = new ClockOffset()
    for (let at = 0; at < 10_000; at += 500) ask(clock, { at: 1e6 + at, ahead: 100, there: 1, back: 1 })
    // Between a question and its answer.
    clock.hear({ askedAt: 1e6 + 10_000, theirs: 1e6 + 10_101, heardAt: 1e6 + 10_002 + step })
    ask(clock, { at: 1e6 + 10_500 + step, ahead: 100 - step, there: 1, back: 1 })
    expect(clock.at(1e6 + 10_502 + step)).toBe(100 - step)
  })

  it('says nothing where its own clock was set back between a question and its answer', () => {
    const clock = new ClockOffset()
    ask(clock, { at: 1e6, ahead: 100, there: 1, back: 1 })
    clock.hear({ askedAt: 1e6 + 500, theirs: 1e6 + 601, heardAt: 1e6 + 502 - 5_000 })
    expect(clock.at(1e6 + 502 - 5_000)).toBeNull()
  })

  it('forgets what was another’s', () => {
    const clock = new ClockOffset()
    ask(clock, { at: 0, ahead: 500, there: 2, back: 2 })
    clock.forget()
    expect(clock.at(4)).toBeNull()
  })
})
