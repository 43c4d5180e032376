import type { FigureHistory, FigureRange, Figures } from '@repo/discord-integration/types'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { HopReport } from '../../src/hop-report.ts'
import type { OpsReport } from '../../src/ops-report.ts'
import { OpsReader } from '../../src/server/ops/ops-reader.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

const figures = { success: true, ts: 1 } as Figures

/** A reader over a gateway that answers when the test says so. */
function readerOver() {
  const asked: { history: FigureRange | undefined; answer: PromiseWithResolvers<Figures> }[] = []
  const watching = { now: 0, ever: 0 }
  const took: OpsReport['took'] = { gateway: null, web: null, browser: null }
  const reader = new OpsReader({
    ask(history) {
      const answer = Promise.withResolvers<Figures>()
      asked.push({ history, answer })
      return answer.promise
    },
    hops: {
      report: () => ({ ts: Date.now() }) as HopReport,
      subscribe() {
        watching.now++
        watching.ever++
        return () => void watching.now--
      },
    },
    took: () => ({ ...took }),
    streams: () => 7,
  })
  const answerAll = () => {
    for (const { history, answer } of asked) {
      answer.resolve({ ...figures, ...(history && { history: { range: history } as FigureHistory }) })
    }
  }
  return { reader, asked, watching, took, answerAll }
}

it('however many look at once, the gateway is asked one question', async () => {
  const { reader, asked, answerAll } = readerOver()
  const looks = Array.from({ length: 50 }, () => reader.read('30m', null))
  await vi.advanceTimersByTimeAsync(0)
  expect(asked.map(({ history }) => history)).toEqual(['30m'])
  answerAll()
  const reports = await Promise.all(looks)
  expect(reports.every((report) => report.figures?.ts === 1 && report.history?.range === '30m')).toBe(true)
  expect(asked).toHaveLength(1)
})

it('each who looks is told what pages measured by then, however old what the gateway said is', async () => {
  const { reader, took, answerAll } = readerOver()
  const look = async () => {
    const report = reader.read('30m', null)
    await vi.advanceTimersByTimeAsync(0)
    answerAll()
    return (await report).took
  }
  expect(await look()).toEqual({ gateway: null, web: null, browser: null })
  took.browser = 5
  expect(await look()).toEqual({ gateway: null, web: null, browser: 5 })
})

it('asks at most twice a second, and for a history every five', async () => {
  const { reader, asked, answerAll } = readerOver()
  for (let n = 0; n < 100; n++) {
    const look = reader.read('30m', null)
    await vi.advanceTimersByTimeAsync(0)
    answerAll()
    await look
    await vi.advanceTimersByTimeAsync(100)
  }
  expect(asked).toHaveLength(20)
  expect(asked.filter(({ history }) => history !== undefined)).toHaveLength(2)
})

it('ranges that several look at are asked for one after the other', async () => {
  const { reader, asked, answerAll } = readerOver()
  const looks = [reader.read('30m', null), reader.read('24h', null)]
  await vi.advanceTimersByTimeAsync(0)
  expect(asked.map(({ history }) => history)).toEqual(['30m'])
  answerAll()
  await vi.advanceTimersByTimeAsync(0)
  expect(asked.map(({ history }) => history)).toEqual(['30m', '24h'])
  answerAll()
  expect((await Promise.all(looks)).map(({ history }) => history?.range)).toEqual(['30m', '24h'])
})

it('a page that has the history is not sent it again', async () => {
  const { reader, answerAll } = readerOver()
  const look = async (has: number | null) => {
    const report = reader.read('30m', has)
    await vi.advanceTimersByTimeAsync(0)
    answerAll()
    return await report
  }
  const { historyAt } = await look(null)
  expect(await look(historyAt)).toMatchObject({ history: null, historyAt })
  await vi.advanceTimersByTimeAsync(5_000)
  const later = await look(historyAt)
  expect(later.history).not.toBeNull()
  expect(later.historyAt).toBeGreaterThan(historyAt ?? Infinity)
})

it('while the gateway is away, what it said last is told, and since when it has not', async () => {
  const { reader, asked, answerAll } = readerOver()
  const first = reader.read('30m', null)
  await vi.advanceTimersByTimeAsync(0)
  answerAll()
  const { heardAt } = await first
  await vi.advanceTimersByTimeAsync(3_000)
  const second = reader.read('30m', null)
  await vi.advanceTimersByTimeAsync(0)
  asked.at(-1)?.answer.reject(new Error('away'))
  expect(await second).toMatchObject({ figures: { ts: 1 }, heardAt, streams: 7 })
  // Nor is it asked again at once by the next who looks.
  await reader.read('30m', null)
  expect(asked).toHaveLength(2)
})

it('the hops are looked at while somebody looks, and not afterwards', async () => {
  const { reader, watching, answerAll } = readerOver()
  for (let n = 0; n < 4; n++) {
    const look = reader.read('30m', null)
    await vi.advanceTimersByTimeAsync(0)
    answerAll()
    await look
    await vi.advanceTimersByTimeAsync(2_000)
    expect(watching).toEqual({ now: 1, ever: 1 })
  }
  await vi.advanceTimersByTimeAsync(5_000)
  expect(watching).toEqual({ now: 0, ever: 1 })
})
