import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { clockTime } from '../../live/format.ts'
import { onTheme, plotColors, type PlotColors } from './plot-colors.ts'
import { alone, axisRoom, endLabels, lastKnown, linearTop, logRange, type PlotSpec } from './plots.ts'

export type PlotGap = { from: number; to: number }

/** What is drawn. Times in seconds since the epoch, as uPlot counts. */
export type PlotData = {
  times: readonly number[]
  values: readonly (readonly (number | null)[])[]
  gaps: readonly PlotGap[]
  limit: { value: number; text: string } | null
}

const HEIGHT = 168
/** Room for the values on the left, and for the lines' names at their ends. */
const LEFT = 46
const RIGHT = 78
const VALUES_GAP = 8
const BOTTOM = 24
const TOP = 8
const FONT_PX = 11
/** Names at the lines' ends stand at least so far apart. */
const APART = 12
/** All plots show the same moment. */
const SYNC = 'ops'

/** A plot on a canvas in an element, for as long as it is there. */
export class PlotCanvas {
  readonly #element: HTMLElement
  readonly #spec: PlotSpec
  readonly #plot: uPlot
  readonly #ends: (() => void)[]
  #colors: PlotColors
  #data: PlotData

  /** @param pointed told of which point the pointer is over, in whichever plot; null: of none. */
  constructor(element: HTMLElement, spec: PlotSpec, data: PlotData, pointed: (index: number | null) => void) {
    this.#element = element
    this.#spec = spec
    this.#data = data
    this.#colors = plotColors(element)
    this.#plot = new uPlot(this.#options(pointed), this.#columns(), element)
    const resized = new ResizeObserver(() => this.#plot.setSize(this.#size()))
    resized.observe(element)
    this.#ends = [
      () => resized.disconnect(),
      onTheme(() => {
        this.#colors = plotColors(element)
        this.#plot.redraw(false, true)
      }),
    ]
  }

  draw(data: PlotData): void {
    this.#data = data
    this.#plot.setData(this.#columns())
  }

  destroy(): void {
    for (const end of this.#ends) end()
    this.#plot.destroy()
  }

  #size(): { width: number; height: number } {
    return { width: Math.max(this.#element.clientWidth, LEFT + RIGHT), height: HEIGHT * textScale() }
  }

  #columns(): uPlot.AlignedData {
    return [[...this.#data.times], ...this.#data.values.map((series) => [...series])]
  }

  #options(pointed: (index: number | null) => void): uPlot.Options {
    const scale = textScale()
    const axis = {
      stroke: () => this.#colors['ink-3'],
      font: `${FONT_PX * scale}px ${getComputedStyle(this.#element).fontFamily}`,
      grid: { stroke: () => this.#colors.line, width: 1 },
      ticks: { show: false },
    }
    const isLog = this.#spec.scale === 'log'
    return {
      ...this.#size(),
      padding: [TOP, RIGHT * scale, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: false, y: false, setScale: false },
        sync: { key: SYNC },
        points: { size: 5 },
      },
      scales: {
        x: { time: true, range: () => this.#span() },
        y: isLog
          ? { distr: 3, log: 10, range: () => logRange(this.#data.values.flat()) }
          : { range: (_plot, _least, most) => [0, linearTop(Math.max(most ?? 0, this.#data.limit?.value ?? 0))] },
      },
      axes: [
        {
          ...axis,
          size: BOTTOM * scale,
          gap: 7,
          space: 64 * scale,
          values: (_plot, splits) => splits.map((at) => clockTime(at * 1_000)),
        },
        {
          ...axis,
          size: (plot, values) =>
            axisRoom(values, LEFT * scale, VALUES_GAP, (text) => widthOf(plot.ctx, axis.font, text)),
          gap: VALUES_GAP,
          space: 28 * scale,
          values: (_plot, splits) => splits.map((value) => (value === null ? null : this.#spec.tick(value))),
          ...(isLog && { grid: { ...axis.grid, filter: powersOfTen }, filter: powersOfTen }),
        },
      ],
      series: [
        {},
        ...this.#spec.series.map(({ key, role, dash }, index) => ({
          label: key,
          stroke: () => this.#colors[role],
          width: 1.5,
          dash: [...dash],
          points: {
            size: 5,
            width: 0,
            fill: () => this.#colors[role],
            show: true,
            filter: () => alone(this.#data.values[index] ?? []),
          },
        })),
      ],
      hooks: {
        drawAxes: [(plot) => this.#drawGaps(plot)],
        draw: [(plot) => this.#drawLimit(plot), (plot) => this.#drawEnds(plot)],
        setCursor: [(plot) => pointed(isOver(plot) ? (plot.cursor.idx ?? null) : null)],
      },
      plugins: [timeLabel()],
    }
  }

  /** All of the range, also where nothing is known. */
  #span(): [number, number] {
    const { times } = this.#data
    const [first = 0, second = first + 1] = times
    return [first, (times.at(-1) ?? first) + (second - first)]
  }

  /** Hatching: not known. */
  #drawGaps(plot: uPlot): void {
    const { ctx, bbox } = plot
    const [first, last] = this.#span()
    ctx.save()
    for (const { from, to } of this.#data.gaps) {
      if (to / 1_000 < first || from / 1_000 > last) continue
      const left = plot.valToPos(Math.max(first, from / 1_000), 'x', true)
      // A short one is seen all the same.
      const right = Math.max(plot.valToPos(Math.min(last, to / 1_000), 'x', true), left + 2 * pixels())
      ctx.beginPath()
      ctx.rect(left, bbox.top, right - left, bbox.height)
      ctx.fillStyle = this.#colors['unknown-soft']
      ctx.fill()
      ctx.fillStyle = hatching(ctx, this.#colors['unknown-hatch'])
      ctx.fill()
      ctx.strokeStyle = this.#colors.unknown
      ctx.lineWidth = pixels()
      ctx.setLineDash([2 * pixels(), 3 * pixels()])
      ctx.stroke()
    }
    ctx.restore()
  }

  #drawLimit(plot: uPlot): void {
    const { ctx, bbox } = plot
    const { limit } = this.#data
    if (limit === null) return
    const y = plot.valToPos(limit.value, 'y', true)
    ctx.save()
    ctx.strokeStyle = this.#colors.down
    ctx.lineWidth = 1.25 * pixels()
    ctx.setLineDash([6 * pixels(), 4 * pixels()])
    ctx.beginPath()
    ctx.moveTo(bbox.left, y)
    ctx.lineTo(bbox.left + bbox.width, y)
    ctx.stroke()
    ctx.fillStyle = this.#colors.down
    ctx.font = this.#font()
    ctx.textAlign = 'left'
    ctx.textBaseline = 'alphabetic'
    ctx.fillText(limit.text, bbox.left + 6 * pixels(), y - 5 * pixels())
    ctx.restore()
  }

  /** Each line's name at its end. */
  #drawEnds(plot: uPlot): void {
    const { ctx, bbox } = plot
    const ends = this.#spec.series.flatMap((series, index) => {
      const last = lastKnown(this.#data.values[index] ?? [])
      if (last === null) return []
      const y = plot.valToPos(last.value, 'y', true)
      return Number.isFinite(y) ? [{ ...series, y }] : []
    })
    const apart = APART * textScale() * pixels()
    const placed = endLabels(
      ends.map(({ y }) => y),
      apart,
      bbox.top,
      bbox.top + bbox.height,
    )
    ctx.save()
    ctx.font = this.#font(550)
    ctx.textAlign = 'left'
    ctx.textBaseline = 'middle'
    for (const [index, { key, role }] of ends.entries()) {
      ctx.fillStyle = this.#colors[role]
      ctx.fillText(key, bbox.left + bbox.width + 6 * pixels(), placed[index] ?? 0)
    }
    ctx.restore()
  }

  #font(weight = 400): string {
    return `${weight} ${FONT_PX * textScale() * pixels()}px ${getComputedStyle(this.#element).fontFamily}`
  }
}

/** The moment under the pointer, where the axis tells times. */
function timeLabel(): uPlot.Plugin {
  const label = document.createElement('div')
  label.className = 'plot-time'
  return {
    hooks: {
      init: [(plot) => plot.over.append(label)],
      setCursor: [
        (plot) => {
          const { left = -1, idx } = plot.cursor
          const at = idx === null || idx === undefined ? undefined : plot.data[0][idx]
          label.hidden = left < 0 || at === undefined
          if (at === undefined) return
          label.textContent = clockTime(at * 1_000, 'seconds')
          label.style.insetInlineStart = `${plot.valToPos(at, 'x')}px`
        },
      ],
    },
  }
}

const isOver = ({ cursor: { left = -1 } }: uPlot): boolean => left >= 0
/** Of a scale of powers those alone have a line and a value. */
const powersOfTen = (_plot: uPlot, splits: number[]): (number | null)[] =>
  splits.map((value) => (isPowerOfTen(value) ? value : null))
const isPowerOfTen = (value: number): boolean => Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-9
/** Of the canvas, in one of the page. */
const pixels = (): number => uPlot.pxRatio
/** Text may be larger than it is by default. */
const textScale = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16

/** In the page's pixels. */
function widthOf(ctx: CanvasRenderingContext2D, font: string, text: string): number {
  ctx.save()
  ctx.font = font
  const { width } = ctx.measureText(text)
  ctx.restore()
  return width
}

const hatchings = new Map<string, CanvasPattern>()

/** Lines from the lower left to the upper right, 7 apart, as the page's hatching has them. */
function hatching(ctx: CanvasRenderingContext2D, color: string): CanvasPattern | string {
  const size = Math.round(10 * pixels())
  const key = `${color} ${size}`
  const known = hatchings.get(key)
  if (known) return known
  const tile = document.createElement('canvas')
  tile.width = tile.height = size
  const own = tile.getContext('2d')
  if (own === null) return color
  own.strokeStyle = color
  own.lineWidth = 1.4 * pixels()
  own.beginPath()
  // Over the corners too, so that the lines of neighbours meet.
  for (const shift of [-size, 0, size]) {
    own.moveTo(shift - 1, size + 1)
    own.lineTo(shift + size + 1, -1)
  }
  own.stroke()
  const pattern = ctx.createPattern(tile, 'repeat')
  if (pattern === null) return color
  hatchings.set(key, pattern)
  return pattern
}
