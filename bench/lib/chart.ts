import { figure } from './report.ts'
import type { Spread } from './rounds.ts'

/** Bars in groups; each group has a scale of its own, since what is compared stands in one. */
export type Chart = {
  title: string
  unit: string
  groups: readonly { name: string; bars: readonly (Spread & { name: string })[] }[]
}

const WIDTH = 760
/** From the left: the names, the bars, the figures. */
const BARS_AT = 280
const BARS_WIDTH = 370
const ROW = 22
const BAR = 12
const GROUP_GAP = 14
const HEAD = 44

/** Read by people on pages in either theme. */
const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #1f2937 }
  .title { font-size: 14px; font-weight: 600 }
  .group { font-weight: 600 }
  .figure { font-variant-numeric: tabular-nums }
  .bar { fill: #94a3b8 }
  .own { fill: #0f766e }
  .floor { fill: none; stroke: #94a3b8; stroke-dasharray: 3 2 }
  .spread { stroke: #1f2937 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e5e7eb }
    .bar { fill: #64748b }
    .own { fill: #2dd4bf }
    .floor { stroke: #94a3b8 }
    .spread { stroke: #e5e7eb }
  }`

/** The tables of one hop as a picture: medians as bars, with a line from the least to the most. */
export function drawCharts(charts: readonly Chart[]): string {
  const parts: string[] = []
  let y = 0
  for (const { title, unit, groups } of charts) {
    parts.push(text(16, y + 26, `${title}, ${unit}`, 'title'))
    y += HEAD
    for (const { name, bars } of groups) {
      parts.push(text(16, y + BAR, name, 'group'))
      y += ROW
      const most = Math.max(...bars.map((bar) => bar.most))
      for (const bar of bars) {
        parts.push(drawBar(bar, y, (value) => BARS_AT + (value / most) * BARS_WIDTH))
        y += ROW
      }
      y += GROUP_GAP
    }
  }
  const size = `width="${WIDTH}" height="${y}" viewBox="0 0 ${WIDTH} ${y}"`
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img"><style>${STYLE}\n</style>\n${parts.join('\n')}\n</svg>\n`
}

function drawBar(
  { name, median, least, most }: Chart['groups'][number]['bars'][number],
  y: number,
  at: (value: number) => number,
) {
  const middle = y + BAR / 2
  const [from, to, end] = [least, most, median].map((value) => at(value).toFixed(1))
  return [
    text(BARS_AT - 10, y + BAR - 1, name, '', 'end'),
    `<rect class="${kindOf(name)}" x="${BARS_AT}" y="${y}" width="${(Number(end) - BARS_AT).toFixed(1)}" height="${BAR}" rx="2"/>`,
    `<path class="spread" d="M${from} ${middle}H${to}"/>`,
    text(WIDTH - 16, y + BAR - 1, figure(median), 'figure', 'end'),
  ].join('')
}

function kindOf(name: string): string {
  if (/\bfloor\b/.test(name)) return 'floor'
  return /^(the service|web|SqliteLog|the same, compressed)\b/.test(name) ? 'own' : 'bar'
}

const escaped = (words: string) => words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

function text(x: number, y: number, words: string, kind: string, anchor = 'start'): string {
  return `<text class="${kind}" x="${x}" y="${y}" text-anchor="${anchor}">${escaped(words)}</text>`
}
