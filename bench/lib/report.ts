import type { Chart } from './chart.ts'
import { cpuUsPerEvent, perSecond, spreadOf, type Sample, type Spread } from './rounds.ts'

/** One table of the report; `raw` is what its figures were made of, for the JSON, `chart` the same to be drawn. */
export type Table = {
  title: string
  columns: readonly string[]
  rows: readonly (readonly string[])[]
  raw: unknown
  chart?: Chart
}

/** Contenders of one case, by name, each with a sample a turn. */
export type Case = { name: string; samples: ReadonlyMap<string, readonly Sample[]> }

/** A case in the JSON of a comparison. */
export type RawCase = { name: string; samples: Record<string, readonly Sample[]> }

/** The contender that only writes the same bytes, where a hop has one. */
export const FLOOR = 'the floor, in C'

/**
 * Contenders side by side. The ratios are to the first, and to the floor where there is one, turn by turn, and are what holds
 * on another machine; the absolute figures are those of this one, now.
 */
export function comparison(title: string, cases: readonly Case[]): Table {
  const hasFloor = cases.some(({ samples }) => samples.has(FLOOR))
  const rows = cases.flatMap(({ name, samples }) => {
    const [first = []] = samples.values()
    const floor = samples.get(FLOOR) ?? []
    return [...samples].map(([contender, own]) => [
      name,
      contender,
      figure(spreadOf(own.map(perSecond)).median),
      figure(spreadOf(own.map(cpuUsPerEvent)).median),
      ratioTo(first, own, faster),
      ratioTo(first, own, cheaper),
      ...(hasFloor ? [ratioTo(floor, own, faster), ratioTo(floor, own, cheaper)] : []),
    ])
  })
  return {
    title,
    columns: [
      'case',
      'contender',
      'events/s',
      'CPU µs/event',
      'rate, times',
      'CPU, times less',
      ...(hasFloor ? ['rate, of the floor’s', 'CPU, of the floor’s'] : []),
    ],
    rows,
    raw: cases.map(({ name, samples }): RawCase => ({ name, samples: Object.fromEntries(samples) })),
    chart: {
      title,
      unit: 'events/s',
      groups: cases.map(({ name, samples }) => ({
        name,
        bars: [...samples].map(([contender, own]) => ({ name: contender, ...spreadOf(own.map(perSecond)) })),
      })),
    },
  }
}

const faster = (one: Sample, other: Sample) => perSecond(one) / perSecond(other)
const cheaper = (one: Sample, other: Sample) => cpuUsPerEvent(other) / cpuUsPerEvent(one)

/** To what was measured in the same turn. */
function ratioTo(
  base: readonly Sample[],
  own: readonly Sample[],
  compare: (one: Sample, other: Sample) => number,
): string {
  if (own === base) return '1'
  if (base.length === 0) return '–'
  return ratio(spreadOf(own.map((sample, turn) => compare(sample, base[turn] ?? sample))))
}

/** What is counted and not measured. */
export const whole = (count: number) => count.toLocaleString('en')

export function figure(value: number): string {
  if (value >= 1_000) return whole(Math.round(value))
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

export const ratio = ({ median, least, most }: Spread) => `${figure(median)} (${figure(least)}–${figure(most)})`

/** As Markdown, which reads well on a terminal too. */
export function print({ title, columns, rows }: Table): string {
  const lines = [columns, ...rows]
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)))
  const write = (line: readonly string[]) => `| ${line.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  return `\n${title}\n\n${write(columns)}\n${rule}\n${rows.map(write).join('\n')}\n`
}
