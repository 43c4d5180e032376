import { cpuUsPerEvent, perSecond, spreadOf, type Sample, type Spread } from './rounds.ts'

/** One table of the report; `raw` is what its figures were made of, for the JSON. */
export type Table = { title: string; columns: readonly string[]; rows: readonly (readonly string[])[]; raw: unknown }

/**
 * Contenders side by side. The ratios are to the first, turn by turn, and are what holds on another machine; the absolute
 * figures are those of this one, now.
 */
export function comparison(title: string, cases: readonly { name: string; samples: Map<string, Sample[]> }[]): Table {
  const rows = cases.flatMap(({ name, samples }) => {
    const [first = []] = samples.values()
    return [...samples].map(([contender, own]) => {
      const faster = own.map((sample, turn) => perSecond(sample) / perSecond(first[turn] ?? sample))
      const cheaper = own.map((sample, turn) => cpuUsPerEvent(first[turn] ?? sample) / cpuUsPerEvent(sample))
      return [
        name,
        contender,
        figure(spreadOf(own.map(perSecond)).median),
        figure(spreadOf(own.map(cpuUsPerEvent)).median),
        own === first ? '1' : ratio(spreadOf(faster)),
        own === first ? '1' : ratio(spreadOf(cheaper)),
      ]
    })
  })
  return {
    title,
    columns: ['case', 'contender', 'events/s', 'CPU µs/event', 'rate, times', 'CPU, times less'],
    rows,
    raw: cases.map(({ name, samples }) => ({ name, samples: Object.fromEntries(samples) })),
  }
}

export function figure(value: number): string {
  if (value >= 1_000) return Math.round(value).toLocaleString('en')
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
