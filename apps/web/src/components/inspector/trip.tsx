import { clockTime, milliseconds } from '../../live/format.ts'
import { hopsOf, type EventTimes } from '../../live/hops/event-times.ts'

type Stop = { name: string; at: number | null; took: number | null; from: number | null }

/** The way of one event, station by station. What nobody measured is a dash, and has no bar. */
export function Trip({ id, times }: { id: string | null; times: EventTimes }) {
  const { discord, gateway, web, browser } = times
  const hops = hopsOf(times)
  const stops: Stop[] = [
    { name: 'Discord', at: discord, took: null, from: null },
    { name: 'Gateway', at: gateway, took: hops.gateway, from: discord },
    { name: 'Web', at: web, took: hops.web, from: gateway },
    { name: 'This browser', at: browser, took: hops.browser, from: web },
  ]
  const start = discord ?? gateway ?? web ?? browser
  const end = Math.max(discord ?? start, gateway ?? start, web ?? start, browser)
  const span = Math.max(1, end - start)
  const share = (ms: number) => `${Math.min(100, Math.max(0, (ms / span) * 100)).toFixed(2)}%`
  return (
    <section
      aria-label={id === null ? 'Way of the event' : `Way of event ${id}`}
      className="mb-2.5 grid grid-cols-[82px_92px_minmax(0,1fr)_62px] items-center gap-x-2.5 gap-y-[3px] text-xs tabular-nums max-md:grid-cols-[78px_84px_minmax(0,1fr)_56px]"
    >
      {stops.map(({ name, at, took, from }) => (
        <div key={name} className="contents">
          <span className="text-ink-2">{name}</span>
          <span className="font-code text-2xs text-ink-2">{at === null ? '–' : clockTime(at, 'milliseconds')}</span>
          <span aria-hidden="true" className="trip-bed relative h-1.5">
            {at !== null && (name === 'Discord' || (took !== null && from !== null)) && (
              <span
                className="absolute inset-y-0 min-w-0.5 rounded-[1px] bg-live"
                style={{ insetInlineStart: share((from ?? at) - start), width: share(took ?? 0) }}
              />
            )}
          </span>
          <span className="text-end text-ink-2">{saysOf(name, at, took)}</span>
        </div>
      ))}
    </section>
  )
}

function saysOf(name: string, at: number | null, took: number | null): string {
  if (name === 'Discord') return at === null ? '–' : 'sent'
  return took === null ? '–' : `+${milliseconds(took)}`
}
