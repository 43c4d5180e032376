import { FIGURE_FAMILIES, type Figures } from '@repo/discord-integration/types'
import type { ReactNode } from 'react'
import { count, plural } from '../../live/format.ts'
import { duration, latency, mebibytes, NOT_KNOWN, rate } from './ops-format.ts'

const MINUTE_MS = 60_000

/** @param ownStreams what this web process holds open: its own word, where the gateway has not heard of any. */
export function KeyFigures({ figures, ownStreams }: { figures: Figures; ownStreams: number }) {
  const { events_per_second: events, latency: measured, consumers, log, ts } = figures
  const perSecond = FIGURE_FAMILIES.reduce((sum, family) => sum + events[family], 0)
  const telling = consumers.filter(({ streams }) => streams !== null)
  const streams = telling.reduce((sum, one) => sum + (one.streams ?? 0), 0)
  const ageMinutes = log.since === null ? 0 : Math.min(ts - log.since, log.age_max_ms) / MINUTE_MS
  return (
    <dl className="kfs grid rounded-3 border border-line bg-panel">
      <KeyFigure name="Events" value={rate(perSecond)}>
        per second
      </KeyFigure>
      <KeyFigure name="Discord to browser" value={measured === null ? NOT_KNOWN : latency(measured.p50_ms)}>
        {measured === null ? 'not measured' : `p50, p99 ${latency(measured.p99_ms)}`}
      </KeyFigure>
      <KeyFigure name="Streams" value={count(telling.length === 0 ? ownStreams : streams)}>
        {telling.length === 0 ? 'on this backend' : `on ${plural(telling.length, 'backend')}`}
      </KeyFigure>
      <KeyFigure name="Replay log" value={`${mebibytes(log.bytes)} MiB`}>
        {`${count(Math.floor(ageMinutes))} of ${count(log.age_max_ms / MINUTE_MS)} min`}
      </KeyFigure>
      <IdentifyBudget identifies={figures.identifies} now={ts} />
    </dl>
  )
}

function KeyFigure({ name, value, children }: { name: string; value: string; children: ReactNode }) {
  return (
    <div className="kf min-w-0 px-4 py-3">
      <dt className="text-xs text-ink-3">{name}</dt>
      <dd className="mt-1 flex items-baseline gap-2 whitespace-nowrap max-md:flex-wrap max-md:gap-y-0">
        <b className="text-xl font-title tracking-[-0.02em] tabular-nums">{value}</b>
        <span className="truncate text-xs text-ink-2 tabular-nums">{children}</span>
      </dd>
    </div>
  )
}

function IdentifyBudget({ identifies, now }: { identifies: Figures['identifies']; now: number }) {
  if (identifies === null) {
    return (
      <KeyFigure name="Identify budget" value={NOT_KNOWN}>
        Discord has not said
      </KeyFigure>
    )
  }
  const { total, remaining, reserve, resets_at: resetsAt } = identifies
  const share = (some: number) => (total === 0 ? 0 : Math.min(100, (some / total) * 100))
  return (
    <div className="kf gauge grid min-w-0 gap-x-4 px-4 py-3">
      <dt className="col-span-full truncate text-xs text-ink-3">
        Identify budget, resets in {duration(resetsAt - now)}
      </dt>
      <dd className="mt-1 flex items-baseline gap-2 whitespace-nowrap">
        <b className="text-xl font-title tracking-[-0.02em] tabular-nums">{count(remaining)}</b>
        <span className="text-xs text-ink-2 tabular-nums">of {count(total)} left</span>
      </dd>
      <dd className="gauge-bar">
        <svg
          // No `meter` shows what is kept in reserve.
          // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
          role="meter"
          aria-label="Identifies left today"
          aria-valuemin={0}
          aria-valuemax={total}
          aria-valuenow={remaining}
          aria-valuetext={`${count(remaining)} of ${count(total)} left; reserve ${count(reserve)}`}
          className="identify-meter block h-4 w-full"
        >
          <rect className="bed" y="3" width="100%" height="10" rx="2" />
          <rect className="left" y="3" width={`${share(remaining)}%`} height="10" rx="2" />
          <rect className="reserve" x={`${share(reserve)}%`} width="2" height="16" />
        </svg>
        <svg aria-hidden="true" className="block h-3.5 w-full overflow-visible">
          <text x={`${share(reserve)}%`} y="11" className="fill-ink-3 text-2xs">
            reserve {count(reserve)}
          </text>
        </svg>
      </dd>
    </div>
  )
}
