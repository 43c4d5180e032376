import type { FigureHistory, Figures } from '@repo/discord-integration/types'
import { clockTime } from '../../live/format.ts'
import { latency, mebibytes, NOT_KNOWN, rate } from './ops-format.ts'

/** A role of the tokens, and a dash of its own: series are told apart without colour too. */
export type PlotSeries = { key: string; role: `plot-${1 | 2 | 3 | 4 | 5 | 6}`; dash: readonly number[] }

export type PlotSpec = {
  id: string
  title: string
  unit: string
  series: readonly PlotSeries[]
  scale: 'linear' | 'log'
  /** By series, a value for each point; null where nothing is known. */
  values: (history: FigureHistory) => readonly (readonly (number | null)[])[]
  /** A value, as it is written. */
  format: (value: number) => string
  /** A value of the axis. */
  tick: (value: number) => string
  limit?: (figures: Figures) => { value: number; text: string }
}

const MIB = 1024 * 1024
const minutes = (ms: number) => Math.round(ms / 60_000)
const plain = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 })
const tick = (value: number) => plain.format(value)

export const plots = {
  events: {
    id: 'events',
    title: 'Events by type',
    unit: 'per second',
    series: [
      { key: 'messages', role: 'plot-1', dash: [] },
      { key: 'presence', role: 'plot-5', dash: [1.5, 3] },
      { key: 'voice', role: 'plot-2', dash: [6, 3] },
      { key: 'reactions', role: 'plot-3', dash: [6, 2, 1.5, 2] },
      { key: 'other', role: 'plot-4', dash: [10, 3] },
    ],
    scale: 'linear',
    values: ({ events: { messages, presence, voice, reactions, other } }) => [
      messages,
      presence,
      voice,
      reactions,
      other,
    ],
    format: rate,
    tick,
  },
  latency: {
    id: 'latency',
    title: 'Discord to browser',
    unit: 'latency',
    series: [
      { key: 'p99', role: 'plot-4', dash: [7, 3] },
      { key: 'p50', role: 'plot-1', dash: [] },
    ],
    scale: 'log',
    values: ({ p99_ms, p50_ms }) => [p99_ms, p50_ms],
    format: latency,
    tick,
  },
  log: {
    id: 'log',
    title: 'Replay log',
    unit: 'MiB kept',
    series: [{ key: 'kept', role: 'plot-1', dash: [] }],
    scale: 'linear',
    values: ({ log_bytes }) => [log_bytes.map((bytes) => (bytes === null ? null : bytes / MIB))],
    format: (mib) => mebibytes(mib * MIB),
    tick,
    limit: ({ log }) => ({
      value: log.bytes_max / MIB,
      text: `limit ${mebibytes(log.bytes_max)} MiB or ${minutes(log.age_max_ms)} min`,
    }),
  },
  commands: {
    id: 'commands',
    title: 'Command outcomes',
    unit: 'per second',
    series: [
      { key: 'done', role: 'plot-1', dash: [] },
      { key: 'refused', role: 'plot-3', dash: [7, 3] },
      { key: 'unknown', role: 'plot-4', dash: [2, 3] },
    ],
    scale: 'linear',
    values: ({ commands: { done, refused, unknown } }) => [done, refused, unknown],
    format: rate,
    tick,
  },
} as const satisfies Readonly<Record<string, PlotSpec>>

/** The beginnings of the points' times, in seconds since the epoch, as uPlot counts. */
export function timesOf({ from, step_ms: stepMs }: FigureHistory, points: number): number[] {
  return Array.from({ length: points }, (_, index) => (from + index * stepMs) / 1_000)
}

/** The last that is known of a series. */
export function lastKnown(values: readonly (number | null)[]): { index: number; value: number } | null {
  const index = values.findLastIndex((value) => value !== null)
  const value = values[index]
  return value === null || value === undefined ? null : { index, value }
}

/** A line through fewer points than this is hardly seen. */
const LINE_MIN = 3

/** Which points of a series have no line to speak of, for want of neighbours that are known: they are drawn as points. */
export function alone(values: readonly (number | null)[]): number[] {
  const found: number[] = []
  let run: number[] = []
  for (const [index, value] of [...values, null].entries()) {
    if (value !== null) run.push(index)
    else {
      if (run.length < LINE_MIN) found.push(...run)
      run = []
    }
  }
  return found
}

/** In one sentence what the plot shows, for those who do not see it. */
export function plotSentence(spec: PlotSpec, history: FigureHistory): string {
  const values = spec.values(history)
  const told = spec.series.flatMap(({ key }, index) => {
    const known = (values[index] ?? []).filter((value) => value !== null)
    const last = known.at(-1)
    if (last === undefined) return []
    const [least, most] = [Math.min(...known), Math.max(...known)].map(spec.format)
    const span = least === most ? `always ${least}` : `${least} to ${most}, now ${spec.format(last)}`
    return [`${key} ${span}`]
  })
  const since = `Since ${clockTime(history.from)}`
  return `${spec.title}, ${spec.unit}. ${told.length === 0 ? `${since} nothing is known.` : `${since}: ${told.join('; ')}.`}`
}

/** A value as a table and a legend have it. */
export const written = (spec: PlotSpec, value: number | null | undefined): string =>
  value === null || value === undefined ? NOT_KNOWN : spec.format(value)

/** How wide an axis is that tells these values, so that none is cut off: at the least so wide. */
export function axisRoom(
  values: readonly (string | null)[] | null,
  least: number,
  gap: number,
  widthOf: (text: string) => number,
): number {
  const widest = Math.max(0, ...(values ?? []).map((value) => (value === null ? 0 : widthOf(value))))
  return Math.max(least, Math.ceil(widest) + gap)
}

/** Round numbers from 0 to above the greatest: at the most so many steps. */
export function linearTop(greatest: number): number {
  if (!(greatest > 0)) return 1
  const magnitude = 10 ** Math.floor(Math.log10(greatest))
  const step = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 15].find((part) => part * magnitude >= greatest * 1.05)
  return (step ?? 15) * magnitude
}

/** Whole powers of ten around what is there, at the least from 1 to 1,000. */
export function logRange(values: readonly (number | null)[]): [number, number] {
  const known = values.filter((value) => value !== null && value > 0) as number[]
  const least = Math.min(1, ...known)
  const most = Math.max(1_000, ...known)
  return [10 ** Math.floor(Math.log10(least)), 10 ** Math.ceil(Math.log10(most))]
}

/** Where the names at the lines' ends stand, so that none lies over another. `ys` in pixels; the answer in the same order. */
export function endLabels(ys: readonly number[], apart: number, top: number, bottom: number): number[] {
  const order = ys.map((y, index) => ({ y, index })).sort((a, b) => a.y - b.y)
  for (let at = 1; at < order.length; at++) order[at]!.y = Math.max(order[at]!.y, order[at - 1]!.y + apart)
  let limit = bottom
  for (const label of order.toReversed()) {
    label.y = Math.max(top, Math.min(label.y, limit))
    limit = label.y - apart
  }
  const placed: number[] = []
  for (const { y, index } of order) placed[index] = y
  return placed
}
