import { expect, it, vi } from 'vitest'
import { WebClock } from '../../src/live/hops/web-clock.ts'

function setUp(answers: (at: number) => { way: number; answer: unknown }) {
  let now = 1_000_000
  const due: { at: number; run: () => void }[] = []
  let asked = 0
  const clock = new WebClock({
    askClock: () => {
      asked += 1
      const askedAt = now
      const { way, answer } = answers(now)
      now += way
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve({ answer, askedAt, heardAt: now })
    },
    now: () => now,
    random: () => 0.5,
    setTimer: (run, ms) => due.push({ at: now + ms, run }),
    clearTimer: () => {},
  })
  let isWanted = true
  const pass = async (ms: number) => {
    const end = now + ms
    for (;;) {
      const next = due.toSorted((a, b) => a.at - b.at)[0]
      if (next === undefined || next.at > end) break
      due.splice(due.indexOf(next), 1)
      // As a page wants to know with every report.
      now = Math.max(now, next.at - 500)
      if (isWanted) clock.aheadOf('web')
      now = Math.max(now, next.at)
      next.run()
      // The answer, and what is made of it.
      await vi.waitFor(() => Promise.resolve())
      await Promise.resolve()
      await Promise.resolve()
    }
    now = Math.max(now, end)
  }
  return {
    clock,
    pass,
    asked: () => asked,
    leave: () => {
      isWanted = false
    },
  }
}

it('is known after the first answer, and better after a quicker one', async () => {
  const ways = [200, 20, 80]
  let turn = 0
  const { clock, pass } = setUp((at) => {
    const way = ways[turn++] ?? 0
    // It was read as the question came in, which was slower than the answer.
    return { way, answer: { ts: at + way * 0.75 + 5_000, by: 'web' } }
  })
  expect(clock.aheadOf('web')).toBeNull()
  await pass(300)
  expect(clock.aheadOf('web')).toBe(5_050)
  await pass(3_000)
  expect(clock.aheadOf('web')).toBe(5_005)
  expect(clock.aheadOf('another')).toBeNull()
})

it('is asked for once a minute, and forgotten where nobody answers any more', async () => {
  let isThere = true
  const { clock, pass, asked } = setUp((at) => ({
    way: 0,
    answer: isThere ? { ts: at, by: 'web' } : new Error('away'),
  }))
  clock.aheadOf('web')
  await pass(2_000)
  expect(asked()).toBe(3)
  await pass(600_000)
  expect(asked()).toBe(13)
  expect(clock.aheadOf('web')).toBe(0)
  isThere = false
  await pass(160_000)
  expect(clock.aheadOf('web')).toBeNull()
})

it('is kept of the last web processes alone, and of no answer that is none', async () => {
  let turn = 0
  const { clock, pass } = setUp((at) => {
    turn += 1
    return { way: 0, answer: turn === 2 ? '<html>' : { ts: at + turn, by: `web ${turn}` } }
  })
  clock.aheadOf('web')
  await pass(2_000)
  expect([1, 2, 3].map((web) => clock.aheadOf(`web ${web}`))).toEqual([1, null, 3])
  await pass(130_000)
  expect([1, 3, 4, 5].map((web) => clock.aheadOf(`web ${web}`))).toEqual([null, 3, 4, 5])
})

it('is asked for no more once nobody wants to know, and again when somebody does', async () => {
  const { clock, pass, asked, leave } = setUp((at) => ({ way: 0, answer: { ts: at, by: 'web' } }))
  clock.aheadOf('web')
  await pass(2_000)
  leave()
  await pass(600_000)
  expect(asked()).toBe(3)
  expect(clock.aheadOf('web')).toBeNull()
  await pass(0)
  expect(clock.aheadOf('web')).toBe(0)
})
