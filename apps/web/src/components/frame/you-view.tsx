import { useQuery } from '@tanstack/react-query'
import { OperationsLink } from './operations-link.tsx'
import { usePageState } from './page-state.tsx'
import { StationMark, stationInk, useHopStrip } from '../hops/hop-strip.tsx'
import { ViewerCard, viewerQuery } from './viewer-card.tsx'

/** The fourth view of a narrow page: who is looking, and in words what the strip has room for as shapes only. */
export function YouView() {
  const { view } = usePageState()
  const demo = useQuery(viewerQuery).data?.demo === true
  if (view !== 'you') return null
  return (
    <section
      aria-label="You"
      className="min-h-0 overflow-auto bg-canvas [grid-area:feed] lg:hidden [&>div:first-child]:border-t-0 [&>div:first-child]:border-b"
    >
      <ViewerCard />
      {demo && (
        <p className="max-w-[72ch] border-b border-line px-3.5 py-3 text-sm text-pretty text-ink-2">
          You see what Discord shows you, and what you write is sent by the bot.
        </p>
      )}
      <Connection />
      <div className="px-3.5 pb-3">
        <OperationsLink />
      </div>
    </section>
  )
}

function Connection() {
  const { strip } = useHopStrip()
  return (
    <div className="px-3.5 py-3">
      <h2 className="pb-1 text-xs font-strong text-ink-3">Connection</h2>
      <dl>
        {strip.stations.map(({ key, name, state, word, figure }) => (
          <div key={key} className="flex min-h-9 items-center gap-2.5">
            <dt className={`flex flex-1 items-center gap-2.5 ${stationInk[state]}`}>
              <StationMark state={state} />
              <span className="font-strong text-ink">{name}</span>
            </dt>
            <dd className="text-end text-sm text-ink-2 tabular-nums">
              {word}
              {figure !== '' && ` · ${figure}`}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
