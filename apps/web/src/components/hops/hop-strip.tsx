import { useState, type ReactNode } from 'react'
import {
  hopStrip,
  type HopStrip as HopStripState,
  type HopTotal as HopTotalState,
  type Station,
  type StationState,
} from './hop-strip-state.ts'
import { useGuild } from '../../hooks/use-guild-store.ts'
import { useHops } from '../../hooks/use-hops.ts'
import { useNow } from '../ui/use-now.ts'

/** The way of the events, from Discord to this browser. One line when all is well; only what differs asks to be seen. */
export function HopStrip() {
  return <HopStripView strip={useHopStrip().strip} />
}

/** The strip itself, wherever what it shows is known from. */
export function HopStripView({ strip }: { strip: HopStripState }) {
  const announcement = useAnnouncement(strip.stations)
  return (
    <>
      <ol
        aria-label="Path of events"
        className="flex min-w-0 flex-1 items-center px-5 max-lg:order-3 max-lg:min-h-11 max-lg:flex-[0_0_100%] max-lg:border-t max-lg:border-line max-md:min-h-8 max-md:flex-wrap max-md:px-3.5"
      >
        {strip.stations.map((station) => (
          <HopStation key={station.key} station={station} />
        ))}
      </ol>
      <HopTotal total={strip.total} />
      <output className="sr-only">{announcement}</output>
    </>
  )
}

export function useHopStrip() {
  const { browser: status, report, reportAt, lateMs, took } = useHops()
  const caughtUp = useGuild((snapshot) => snapshot.replayed)
  const now = useNow(1000)
  return { strip: hopStrip({ status, report, reportAt, took, lateMs, caughtUp, now }), report, status, now }
}

/** What differs, and the end of it, once. */
function useAnnouncement(stations: readonly Station[]): string {
  const trouble = troubleOf(stations)
  const [troubled, setTroubled] = useState(false)
  if (trouble !== '' && !troubled) setTroubled(true)
  if (trouble !== '' || !troubled) return trouble
  return stations.every(({ state }) => state === 'connected') ? 'Connected' : ''
}

/** Changes of state, never figures: a screen reader hears this once, not every second. */
function troubleOf(stations: readonly Station[]): string {
  const odd = stations.filter((station) => station.state !== 'connected' && station.state !== 'stale')
  return odd.map((station) => `${station.name}: ${station.word}`).join(', ')
}

export const stationInk: Record<StationState, string> = {
  connected: 'text-live',
  catching: 'text-catch',
  waiting: 'text-wait',
  slow: 'text-wait',
  down: 'text-down',
  stale: 'text-ink-3',
}

function HopStation({ station: { name, state, word, figure, line } }: { station: Station }) {
  const last = line === null
  const loud = state !== 'connected' && state !== 'stale'
  return (
    <li
      data-state={state}
      className={`grid min-w-0 grid-rows-[1.125rem_1rem] overflow-x-clip items-center gap-x-2 max-md:grid-rows-[1.25rem] max-md:gap-x-[5px] ${stationInk[state]} ${
        last
          ? 'flex-[0_1_10.5rem] grid-cols-[0.875rem_minmax(0,auto)] justify-start max-md:flex-none max-md:grid-cols-[0.75rem_auto]'
          : 'flex-[1_1_0] grid-cols-[0.875rem_minmax(0,auto)_minmax(20px,1fr)] max-md:flex-auto max-md:grid-cols-[0.75rem_auto_minmax(8px,1fr)]'
      }`}
    >
      <StationMark state={state} />
      <span
        className={`truncate font-strong text-ink max-md:text-xs ${
          state === 'connected' ? '' : 'max-md:font-title max-md:text-inherit'
        }`}
      >
        {name}
      </span>
      {line !== null && (
        <span aria-hidden="true" data-line={line} className="hop-line me-2 self-center max-md:me-[5px]" />
      )}
      <span
        // Where there is no room for all of it.
        title={figure === '' ? word : `${word} · ${figure}`}
        className="col-[2/4] truncate text-2xs text-ink-3 tabular-nums max-md:sr-only"
      >
        <b className={loud ? stationInk[state] : ''}>{word}</b>
        {figure !== '' && (
          <>
            {' · '}
            <span className="inline-block min-w-[7ch]">{figure}</span>
          </>
        )}
      </span>
    </li>
  )
}

export function StationMark({ state }: { state: StationState }) {
  return (
    <svg
      viewBox="0 0 14 14"
      aria-hidden="true"
      className="size-3.5 overflow-visible fill-none stroke-current [stroke-linecap:round] [stroke-linejoin:round] [stroke-width:1.7] max-md:size-3"
    >
      {marks[state]}
    </svg>
  )
}

const marks = {
  connected: <circle cx="7" cy="7" r="5.5" fill="currentColor" stroke="none" />,
  catching: (
    <>
      <circle cx="7" cy="7" r="6" />
      <path d="m4.3 4.6 2.4 2.4-2.4 2.4M7.4 4.6 9.8 7 7.4 9.4" />
    </>
  ),
  waiting: (
    <circle
      className="turning"
      cx="7"
      cy="7"
      r="5.4"
      strokeWidth="2.2"
      strokeDasharray="3.4 2.25"
      strokeLinecap="butt"
    />
  ),
  slow: (
    <>
      <circle cx="7" cy="7" r="6" />
      <path d="M7 3.6V7l2.3 1.4" />
    </>
  ),
  down: (
    <>
      <rect x="1" y="1" width="12" height="12" rx="2" fill="currentColor" stroke="none" />
      <path d="m4.4 4.4 5.2 5.2M9.6 4.4 4.4 9.6" className="stroke-panel" />
    </>
  ),
  stale: <circle cx="7" cy="7" r="5.3" />,
} satisfies Record<StationState, ReactNode>

/** Its place is kept while there is nothing to say, so that the stations stand still. */
function HopTotal({ total }: { total: HopTotalState | null }) {
  return (
    <p
      className={`grid min-h-8 w-42 flex-none self-center border-x px-4 text-end whitespace-nowrap max-xl:hidden ${total === null ? 'border-transparent' : 'border-line'}`}
    >
      {total !== null && (
        <>
          <b className="text-sm/[1.0625rem] font-title tabular-nums">{total.head}</b>
          <span className="text-2xs/[0.9375rem] text-ink-3 tabular-nums">{total.sub}</span>
        </>
      )}
    </p>
  )
}
