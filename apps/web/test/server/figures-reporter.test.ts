import { LinkError, type FiguresReport } from '@repo/discord-integration/types'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { FiguresReporter } from '../../src/server/ops/figures-reporter.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function reporterOver() {
  const link = { isUp: false, answer: null as LinkError | null }
  const sent: FiguresReport[] = []
  let changed = () => {}
  const reporter = new FiguresReporter({
    process: 'this',
    async send(report) {
      sent.push(report)
      if (link.answer) throw link.answer
    },
    isUp: () => link.isUp,
    onStatus(handler) {
      changed = handler
      return () => (changed = () => {})
    },
    streams: () => 12,
    latency: { all: () => [[20, 3]] },
  })
  const setUp = (isUp: boolean) => {
    link.isUp = isUp
    changed()
  }
  return { reporter, link, sent, setUp }
}

it('tells at once when the link is up, since what is counted is counted from there, and every five seconds', async () => {
  const { reporter, sent, setUp } = reporterOver()
  await vi.advanceTimersByTimeAsync(20_000)
  expect(sent).toEqual([])
  setUp(true)
  expect(sent).toMatchObject([{ streams: 12, latency: [[20, 3]] }])
  await vi.advanceTimersByTimeAsync(10_000)
  expect(sent.every(({ process }) => process === 'this')).toBe(true)
  expect(sent).toHaveLength(3)
  reporter.close()
  await vi.advanceTimersByTimeAsync(20_000)
  expect(sent).toHaveLength(3)
})

it.each(['FORBIDDEN', 'UNKNOWN_COMMAND'])('answered %s, it is silent until the link is another', async (code) => {
  const { reporter, link, sent, setUp } = reporterOver()
  link.answer = new LinkError(code, 'no')
  setUp(true)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(sent).toHaveLength(1)
  link.answer = null
  setUp(false)
  setUp(true)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(sent).toHaveLength(3)
  reporter.close()
})

it('what else goes wrong is made good by the next report', async () => {
  const { reporter, link, sent, setUp } = reporterOver()
  link.answer = new LinkError('NOT_CONNECTED', 'away')
  setUp(true)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(sent).toHaveLength(3)
  reporter.close()
})
