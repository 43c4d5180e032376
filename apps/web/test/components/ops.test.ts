import {
  figureFamilyOf,
  type FigureConsumer,
  type FigureGap,
  type FigureHistory,
  type Figures,
  type FigureShard,
} from '@repo/discord-integration/types'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byteRate, duration, late, mebibytes, moment, rate } from '../../src/components/ops/ops-format.ts'
import {
  consumerNames,
  gapReason,
  gapRestored,
  gapUnknown,
  noGaps,
  opsTags,
  sessionFor,
} from '../../src/components/ops/ops-words.ts'
import {
  alone,
  axisRoom,
  endLabels,
  linearTop,
  logRange,
  plots,
  plotSentence,
  timesOf,
} from '../../src/components/ops/plots.ts'
import { eventNames, familyOf } from '../../src/live/stream/event-table.ts'

it('gives an axis room for the widest of its values', () => {
  const widthOf = (text: string) => text.length * 6.5
  expect(axisRoom(['1', null, '1,000'], 46, 8, widthOf)).toBe(46)
  expect(axisRoom(['1', '100,000'], 46, 8, widthOf)).toBe(54)
  expect(axisRoom(null, 46, 8, widthOf)).toBe(46)
})

describe('figures are written as the page writes them', () => {
  it.each([
    [0, '0 s'],
    [8_400, '8 s'],
    [191_000, '3 min 11 s'],
    [540_000, '9 min'],
    [25_920_000, '7 h 12 min'],
    [(19 * 24 + 4) * 3_600_000, '19 d 4 h'],
    [-5, '0 s'],
  ])('%i ms: %s', (ms, text) => {
    expect(duration(ms)).toBe(text)
  })

  it('lags, rates and sizes', () => {
    expect([1, 2_310, 540_000].map(late)).toEqual(['1 ms', '2,310 ms', '9 min'])
    expect([22_000, 1_900_000, 640_000, 798].map(byteRate)).toEqual(['22 kB/s', '1.9 MB/s', '0.6 MB/s', '798 B/s'])
    expect([0, 0.25, 12.94, 418.4].map(rate)).toEqual(['0', '0.3', '12.9', '418'])
    expect([0, 100_000, 242_221_056].map(mebibytes)).toEqual(['0', '0.1', '231'])
  })

  it('moments, by the days of this browser', () => {
    const at = (text: string) => new Date(`2026-11-${text}`).getTime()
    const now = at('27T14:06:00')
    expect(moment(at('27T14:02:07'), now)).toBe('14:02:07')
    expect(moment(at('26T23:59:59'), now)).toBe('Yesterday 23:59:59')
    expect(moment(at('24T06:41:30'), now)).toBe('24 Nov 06:41:30')
  })
})

const gap = (more: Partial<FigureGap>): FigureGap => ({
  id: 'e-1',
  reason: 'not_resumed',
  detail: null,
  from: 0,
  to: 1,
  shard: 0,
  restored: { messages: 6, done: true, channels_left: 0 },
  ...more,
})

describe('of a gap', () => {
  it.each([
    [{ detail: 'closed with 4009: the session timed out' }, 'Discord could not resume (4009)'],
    [{ detail: 'Discord’s session is gone' }, 'Discord could not resume (op 9)'],
    [{ detail: 'a heartbeat was not acknowledged' }, 'Discord could not resume'],
    [{ reason: 'away' as const }, 'Gateway away for longer than a resume lasts'],
  ])('why: %j', (more, text) => {
    expect(gapReason(gap(more))).toBe(text)
  })

  it.each([
    [{}, '6 messages', 'reactions, edits'],
    [{ restored: { messages: 1, done: false, channels_left: 0 } }, '1 so far', 'not known yet'],
    [
      { restored: { messages: 118, done: true, channels_left: 2 } },
      '118 messages',
      'messages of 2 channels, reactions, edits',
    ],
    [{ restored: null }, '–', 'messages, reactions, edits'],
    [{ restored: null, reason: 'missing' as const }, '–', 'those events'],
    [{ restored: null, reason: 'too_large' as const }, '–', 'that event'],
  ])('what was restored, and what is not known: %j', (more, restored, unknown) => {
    expect([gapRestored(gap(more)), gapUnknown(gap(more))]).toEqual([restored, unknown])
  })
})

it('that nothing is missing is said only while every shard is there, and of now', () => {
  const figures = (...states: FigureShard['state'][]) => ({ shards: states.map((state) => ({ state })) }) as Figures
  expect(noGaps(figures('ready', 'ready'), true)).toMatch(/everything that Discord sent/)
  for (const of of [figures(), figures('reconnecting'), figures('ready', 'resuming'), figures('ready', 'stopped')]) {
    expect(noGaps(of, true)).toMatch(/^None is known of yet/)
  }
  expect(noGaps(figures('ready'), false)).toBe('None was known then')
})

it('a session has a length while it is known to last', () => {
  const lasts = (state: FigureShard['state'], session_since: number | null) =>
    sessionFor({ state, session_since } as FigureShard, 540_000)
  expect(lasts('ready', 0)).toBe('9 min')
  expect([lasts('ready', null), lasts('reconnecting', 0), lasts('resuming', 0), lasts('stopped', 0)]).toEqual([
    '–',
    '–',
    '–',
    '–',
  ])
})

it('what differs from fine is said, most of all first, and nothing else', () => {
  const figures = (shards: string[], consumers: string[], exhausted = false) =>
    ({
      shards: shards.map((state) => ({ state })),
      shards_total: shards.length,
      consumers: consumers.map((state) => ({ state })),
      identifies: { exhausted },
    }) as Figures
  const said = (of: Figures) => opsTags(of).map(({ text }) => text)
  expect(said(figures(['ready'], ['live', 'catching_up']))).toEqual([])
  expect(said(figures(['resuming'], ['slow']))).toEqual(['shard reconnecting', '1 consumer slow'])
  expect(said(figures(['ready', 'reconnecting', 'stopped', 'ready'], ['slow', 'slow'], true))).toEqual([
    '1 of 4 shards stopped',
    '1 of 4 shards reconnecting',
    '2 consumers slow',
    'identifies down to the reserve',
  ])
})

it('consumers of one name are told apart by the order in which they came', () => {
  const of = (id: number, name: string) => ({ id, name }) as FigureConsumer
  expect([...consumerNames([of(9, 'web'), of(2, 'overlay'), of(4, 'web')])]).toEqual(
    expect.arrayContaining([
      [2, 'overlay'],
      [4, 'web · 1'],
      [9, 'web · 2'],
    ]),
  )
})

it('events are of the same family here as in the inspector, where both have it', () => {
  const both = new Set(['messages', 'voice', 'reactions'])
  const differ = eventNames.filter((name) => {
    const [here, there] = [figureFamilyOf(name), familyOf(name)]
    return here !== there && (both.has(here) || both.has(there))
  })
  expect(differ).toEqual([])
})

const history = (values: (number | null)[]): FigureHistory => ({
  range: '15m',
  step_ms: 10_000,
  from: 1_700_000_000_000,
  events: { messages: values, presence: values, voice: values, reactions: values, other: values },
  commands: { done: values, refused: values, unknown: values },
  log_bytes: values,
  p50_ms: values,
  p99_ms: values,
})

describe('a plot', () => {
  it('is said in a sentence, with its span and what is now', () => {
    expect(plotSentence(plots.latency, history([6, 41, null, 12]))).toMatch(
      /^Discord to browser, latency\. Since \d\d:\d\d: p99 6 ms to 41 ms, now 12 ms; p50 6 ms to 41 ms, now 12 ms\.$/,
    )
    expect(plotSentence(plots.commands, history([null, null]))).toMatch(/nothing is known\.$/)
    expect(plotSentence(plots.log, history([0, 0]))).toContain('kept always 0')
  })

  it('has a point where there is no line to speak of, and only there', () => {
    expect(alone([])).toEqual([])
    expect(alone([4, 5, 6, null, 7, 8, null, null, 9])).toEqual([4, 5, 8])
    expect(alone([0, null, 1, 2, 3])).toEqual([0])
  })

  it('has a time for each point', () => {
    expect(timesOf(history([]), 3)).toEqual([1_700_000_000, 1_700_000_010, 1_700_000_020])
  })

  it('begins at nought and ends above the greatest, at a round number', () => {
    expect([0, 0.95, 0.99, 1.1, 192, 512, 24].map(linearTop)).toEqual([1, 1, 1.5, 1.5, 250, 600, 30])
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e9, noNaN: true }), (greatest) => {
        const top = linearTop(greatest)
        expect(top).toBeGreaterThan(greatest)
        expect(top).toBeLessThan(greatest * 2)
      }),
    )
  })

  it('of powers has whole ones around all that is there', () => {
    expect(logRange([null])).toEqual([1, 1_000])
    expect(logRange([0.3, 12_000, null, 0])).toEqual([0.1, 100_000])
  })

  it('has its names at the lines’ ends in the lines’ order, none over another, none outside', () => {
    const ys = fc.array(fc.double({ min: 8, max: 148, noNaN: true }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(ys, (all) => {
        const placed = endLabels(all, 12, 8, 148)
        expect(placed).toHaveLength(all.length)
        const order = all.map((_, index) => index).sort((a, b) => (placed[a] ?? 0) - (placed[b] ?? 0))
        for (const [at, index] of order.entries()) {
          const before = order[at - 1]
          if (before === undefined) continue
          expect((placed[index] ?? 0) - (placed[before] ?? 0)).toBeGreaterThanOrEqual(12 - 1e-9)
          expect(all[index] ?? 0).toBeGreaterThanOrEqual(all[before] ?? 0)
        }
        expect(Math.min(...placed)).toBeGreaterThanOrEqual(8 - 1e-9)
        expect(Math.max(...placed)).toBeLessThanOrEqual(148 + 1e-9)
      }),
    )
  })

  it('tells its series apart by their dashes as well', () => {
    for (const { series } of Object.values(plots)) {
      expect(new Set(series.map(({ dash }) => dash.join())).size).toBe(series.length)
      expect(new Set(series.map(({ role }) => role)).size).toBe(series.length)
    }
  })
})
