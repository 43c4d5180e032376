import type { FigureRange } from '@repo/discord-integration/types'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useGateway } from '../../hooks/gateway-provider.tsx'
import { clockTime, plural } from '../../live/format.ts'
import type { OpsReport } from '../../ops-report.ts'
import { nextTry } from '../hops/hop-strip-state.ts'
import { Icon } from '../ui/icon.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Tag } from '../ui/tag.tsx'
import { useNow } from '../ui/use-now.ts'
import { forgetViewer } from '../frame/forget-viewer.ts'
import { SignedOut } from '../frame/signed-out.tsx'
import { PLAIN_TITLE, usePageTitle } from '../frame/use-page-title.ts'
import { NotFoundPage } from '../pages/not-found-page.tsx'
import { ConsumersTable } from './consumers-table.tsx'
import { FIRST_RANGE } from './first-range.ts'
import { GapsTable } from './gaps-table.tsx'
import { KeyFigures } from './key-figures.tsx'
import { duration } from './ops-format.ts'
import { OpsBar } from './ops-bar.tsx'
import { opsTags } from './ops-words.ts'
import { Plot } from './plot.tsx'
import { plots } from './plots.ts'
import { ShardsTable } from './shards-table.tsx'
import { ageOf, useOps, type Ops } from './use-ops.ts'

const ranges: Readonly<Record<FigureRange, string>> = { '15m': '15 min', '30m': '30 min', '6h': '6 h', '24h': '24 h' }

/** Older than this, figures that come every second are not of now. */
const FRESH_MS = 3_000

/** How the whole runs, for those whom the operator has named, as long as they are. */
export function OpsPage({ first }: { first: OpsReport }) {
  const [range, setRange] = useState<FigureRange>(FIRST_RANGE)
  const ops = useOps(range, { report: first, range: FIRST_RANGE })
  if (ops.ended === 'not-found') return <NotFoundPage />
  if (ops.ended === 'signed-out') return <Ended />
  return <Running ops={ops} range={range} onRange={setRange} />
}

/** Nothing is kept of what was shown. */
function Ended() {
  usePageTitle('You were signed out', PLAIN_TITLE)
  const queries = useQueryClient()
  const { unsent } = useGateway().stores
  useEffect(() => forgetViewer(queries, unsent), [queries, unsent])
  return (
    <div className="grid h-dvh grid-cols-[minmax(0,1fr)] grid-rows-[auto_minmax(0,1fr)]">
      <OpsBar ops={null} />
      <main className="grid min-h-0 justify-center overflow-auto bg-panel">
        <SignedOut />
      </main>
    </div>
  )
}

function Running({ ops, range, onRange }: { ops: Ops; range: FigureRange; onRange: (range: FigureRange) => void }) {
  usePageTitle('Operations', PLAIN_TITLE)
  const now = useNow(1_000)
  const { report } = ops
  const { figures, history } = report
  const age = ageOf(report, now)
  const isLinked = report.hops.gateway.state === 'connected'
  const isNow = age !== null && age <= FRESH_MS && ops.silentSince === null && isLinked
  return (
    <div className="grid min-h-dvh grid-cols-[minmax(0,1fr)] grid-rows-[auto_minmax(0,1fr)]">
      <OpsBar ops={ops} />
      <main className="mx-auto w-full max-w-[105rem] min-w-0 px-6 pt-5 pb-8 max-md:p-3.5">
        <div className="mb-3.5 flex items-center gap-x-3 gap-y-2 max-lg:flex-wrap">
          <h1 className="text-xl font-title tracking-[-0.015em]">Operations</h1>
          {figures !== null &&
            isNow &&
            opsTags(figures).map(({ tone, icon, text }) => (
              <Tag key={text} tone={tone}>
                <Icon name={icon} size={11} />
                {text}
              </Tag>
            ))}
          <span className="min-w-0 flex-1" />
          <span className="text-ink-3 tabular-nums">{updated(age)}</span>
          <Ranges range={range} onChange={onRange} />
        </div>
        <Notice ops={ops} isNow={isNow} now={now} />
        {figures === null ? (
          <NoFigures />
        ) : (
          <>
            <KeyFigures figures={figures} ownStreams={report.streams} />
            <div className="ops-columns mt-4 grid gap-4">
              <ShardsTable figures={figures} isNow={isNow} />
              <ConsumersTable figures={figures} isNow={isNow} />
              {history !== null &&
                Object.values(plots).map((spec) => (
                  <Plot key={spec.id} spec={spec} history={history} figures={figures} />
                ))}
              <GapsTable figures={figures} isNow={isNow} />
            </div>
          </>
        )}
      </main>
    </div>
  )
}

function updated(age: number | null): string {
  if (age === null) return ''
  return age < 1_500 ? 'updated 1 s ago' : `updated ${duration(age)} ago`
}

function Ranges({ range, onChange }: { range: FigureRange; onChange: (range: FigureRange) => void }) {
  return (
    <fieldset
      aria-label="Time range"
      className="inline-flex flex-none overflow-hidden rounded-2 border border-line-strong bg-panel"
    >
      {(Object.keys(ranges) as FigureRange[]).map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={one === range}
          onClick={() => onChange(one)}
          className="focus-inside h-[1.875rem] px-[11px] text-xs font-strong whitespace-nowrap text-ink-2 transition-colors duration-(--dur-press) not-first:border-s not-first:border-line hover:bg-hover aria-pressed:bg-selected aria-pressed:text-live touch:h-11 touch:min-w-11"
        >
          {ranges[one]}
        </button>
      ))}
    </fieldset>
  )
}

/** What holds for the whole page; nothing while all is well. */
function Notice({ ops, isNow, now }: { ops: Ops; isNow: boolean; now: number }) {
  const { report, silentSince } = ops
  const { figuresAt } = report
  const { gateway } = report.hops
  if (report.figures === null) return null
  const what = figuresAt === null ? 'the last figures' : `the figures of ${clockTime(figuresAt, 'seconds')}`
  if (silentSince !== null) return <Line icon="away" text={`Web does not answer. You see ${what}.`} right="trying" />
  if (gateway.state !== 'connected') {
    const own = `This web holds ${plural(report.streams, 'stream')} open.`
    const text = `The gateway is away. You see ${what}; what happens now will follow. ${own}`
    return <Line icon="away" text={text} right={nextTry(gateway.nextAttemptAt, now)} />
  }
  return isNow ? null : <Line icon="clock" text={`The gateway is slow to answer. You see ${what}.`} right="" />
}

function Line({ icon, text, right }: { icon: 'away' | 'clock'; text: string; right: string }) {
  return (
    <output className="mb-4 flex min-h-9 items-center gap-2.5 rounded-3 bg-wait-soft px-4 py-1.5">
      <Icon name={icon} className="text-wait" />
      <span>{text}</span>
      {right !== '' && (
        <span aria-hidden="true" className="ms-auto text-xs whitespace-nowrap text-ink-2 tabular-nums">
          {right}
        </span>
      )}
    </output>
  )
}

function NoFigures() {
  return (
    <div className="grid min-h-80 justify-center rounded-3 border border-line bg-panel">
      <EmptyState icon="away" title="The gateway is away">
        Its figures appear here when it is back. This page looks again by itself.
      </EmptyState>
    </div>
  )
}
