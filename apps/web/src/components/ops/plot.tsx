import type { FigureGap, FigureHistory, Figures } from '@repo/discord-integration/types'
import { memo, useEffect, useRef, useState } from 'react'
import { clockTime } from '../../live/format.ts'
import type { PlotCanvas, PlotData } from './plot-canvas.ts'
import { lastKnown, plotSentence, timesOf, written, type PlotSpec } from './plots.ts'

type Props = { spec: PlotSpec; history: FigureHistory; figures: Figures }

/** A plot of the last hours: lines that are told apart by their dash and by their names at the end; what is not known is hatched. */
export function Plot({ spec, history, figures }: Props) {
  const [pointed, setPointed] = useState<number | null>(null)
  const values = spec.values(history)
  const title = `plot-${spec.id}`
  return (
    <figure aria-labelledby={title} className="min-w-0 rounded-3 border border-line bg-panel pt-2.5 pr-3 pb-1.5 pl-1.5">
      <figcaption className="flex items-baseline gap-x-2 gap-y-0.5 pr-1 pb-1.5 pl-2.5 text-xs max-md:flex-wrap">
        <h2 id={title} className="text-sm font-title whitespace-nowrap">
          {spec.title}
        </h2>
        <span className="whitespace-nowrap text-ink-3">{spec.unit}</span>
        <span
          aria-hidden="true"
          className={`ms-auto flex flex-wrap justify-end gap-x-2 gap-y-0.5 text-ink-2 max-md:ms-0 max-md:justify-start ${spec.series.length > 4 ? 'text-2xs' : ''}`}
        >
          {spec.series.map((series, index) => {
            const own = values[index] ?? []
            const value = pointed === null ? lastKnown(own)?.value : own[pointed]
            return (
              <span key={series.key} className="inline-flex items-center gap-1 whitespace-nowrap">
                <svg width="14" height="4" data-plot={series.role} className="plot-line">
                  <path d="M0 2h14" strokeDasharray={series.dash.join(' ')} />
                </svg>
                {series.key}
                <b className="min-w-[2.6ch] text-end text-ink tabular-nums">{written(spec, value)}</b>
              </span>
            )
          })}
        </span>
      </figcaption>
      <Canvas spec={spec} history={history} figures={figures} pointed={setPointed} />
      <PlotTable spec={spec} history={history} />
    </figure>
  )
}

function Canvas({ spec, history, figures, pointed }: Props & { pointed: (index: number | null) => void }) {
  const element = useRef<HTMLDivElement>(null)
  const canvas = useRef<PlotCanvas | null>(null)
  const data = useRef<PlotData | null>(null)
  const limit = spec.limit?.(figures) ?? null
  const gaps = gapsKey(figures.gaps)
  useEffect(() => {
    const values = spec.values(history)
    data.current = { times: timesOf(history, values[0]?.length ?? 0), values, gaps: figures.gaps, limit }
    canvas.current?.draw(data.current)
    // Figures are new every second; what of them is drawn is not.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [spec, history, gaps, limit?.value, limit?.text])
  useEffect(() => {
    let gone = false
    const draw = async () => {
      // What draws is loaded for this page alone, and after it is there.
      const { PlotCanvas: Drawn } = await import('./plot-canvas.ts')
      if (gone || element.current === null || data.current === null) return
      canvas.current = new Drawn(element.current, spec, data.current, pointed)
    }
    void draw()
    return () => {
      gone = true
      canvas.current?.destroy()
      canvas.current = null
    }
  }, [spec, pointed])
  return (
    <div
      ref={element}
      // A canvas is drawn into it, which no `img` can hold.
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
      role="img"
      aria-label={plotSentence(spec, history)}
      data-plot={spec.id}
      className="plot-bed h-[10.5rem] w-full overflow-hidden"
    />
  )
}

const gapsKey = (gaps: readonly FigureGap[]): string => gaps.map(({ from, to }) => `${from}-${to}`).join()

/** The same data for those who do not see the plot. */
const PlotTable = memo(function PlotTable({ spec, history }: { spec: PlotSpec; history: FigureHistory }) {
  const values = spec.values(history)
  const times = timesOf(history, values[0]?.length ?? 0)
  // Of the others nothing is known, which the times of those that are tell.
  const known = times
    .map((at, index) => [at, index] as const)
    .filter(([, index]) => values.some((own) => own[index] !== null))
  return (
    <div className="sr-only">
      <table>
        <caption>
          {spec.title}, {spec.unit}
        </caption>
        <thead>
          <tr>
            <th scope="col">From</th>
            {spec.series.map(({ key }) => (
              <th key={key} scope="col">
                {key}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {known.map(([at, index]) => (
            <tr key={at}>
              <th scope="row">{clockTime(at * 1_000, 'seconds')}</th>
              {values.map((own, series) => (
                <td key={spec.series[series]?.key}>{written(spec, own[index])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
})
