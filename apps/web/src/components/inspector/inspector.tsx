import { memo, useRef, useState } from 'react'
import { clockTime, count } from '../../live/format.ts'
import type { GuildSnapshot } from '../../live/guild-store.ts'
import { hasEnded } from '../../live/stream/stream-types.ts'
import { usePageState } from '../frame/page-state.tsx'
import { useEventLog } from './use-event-log.ts'
import { useSwitchFocus } from './use-switch-focus.ts'
import { useGuild, useGuildStore } from '../../hooks/use-guild-store.ts'
import { useNow } from '../ui/use-now.ts'
import { Button } from '../ui/button.tsx'
import { EventList, type Hold } from './event-list.tsx'
import { Icon } from '../ui/icon.tsx'
import { FILTER_HINT, NothingMatches } from './nothing-matches.tsx'
import { Tag } from '../ui/tag.tsx'
import { FILTER_FIELD, PAUSE_BUTTON } from '../frame/use-page-keys.ts'

/** Every event as it comes, newest first: a column from 1280, below that a drawer, on a phone a view of its own. */
export function Inspector() {
  const { setInspector } = usePageState()
  const ended = useGuild((snapshot) => hasEnded(snapshot.status))
  const live = useGuild(isLive)
  const [filter, setFilter] = useState('')
  const cameFrom = useRef<HTMLElement | null>(null)
  const leaveFilter = (field: HTMLElement) => {
    if (cameFrom.current?.isConnected) cameFrom.current.focus()
    else field.blur()
  }
  const [paused, setPaused] = useState(false)
  // Holds still under the pointer, while one is in it with the keyboard, and away from its top.
  const [hold, setHold] = useState<Hold>(null)
  const log = useEventLog(filter, paused || hold !== null)
  const list = useRef<HTMLDivElement>(null)
  // Leaving the list ends the other holds, and one does that to press a button.
  const stays = paused || hold === 'scrolled'
  const resume = () => {
    setPaused(false)
    list.current?.scrollTo(0, 0)
  }
  const inspector = useRef<HTMLElement>(null)
  useSwitchFocus(inspector)
  return (
    <aside
      ref={inspector}
      id="inspector"
      aria-label="Event inspector"
      className="group/insp flex min-h-0 min-w-0 flex-col border-s border-line bg-canvas [grid-area:insp] max-xl:invisible max-xl:fixed max-xl:inset-[var(--bar)_0_0_auto] max-xl:z-10 max-xl:w-[min(var(--inspector),100vw)] max-xl:translate-x-full max-xl:shadow-[-12px_0_32px_-16px_var(--shadow)] max-xl:transition-[translate,visibility] max-xl:duration-(--dur-panel) max-xl:ease-calm max-xl:group-data-[drawer=open]/app:visible max-xl:group-data-[drawer=open]/app:translate-x-0 max-lg:hidden max-lg:w-auto max-lg:border-0 max-lg:shadow-none max-lg:transition-none max-lg:group-data-[view=events]/app:visible max-lg:group-data-[view=events]/app:static max-lg:group-data-[view=events]/app:flex max-lg:group-data-[view=events]/app:translate-x-0 max-lg:group-data-[view=events]/app:[grid-area:feed]"
    >
      <Rail />
      <div className="flex min-h-0 min-w-0 flex-1 flex-col xl:group-data-[inspector=closed]/app:hidden">
        <header className="flex min-h-12 flex-none flex-wrap items-center gap-x-2 border-b border-line ps-3.5 pe-2">
          <h2 className="text-sm font-title">Events</h2>
          <StateTag paused={paused || hold !== null} />
          <span className="min-w-[5.5ch] text-ink-3 tabular-nums">
            {log.waiting > 0 ? `${count(log.waiting)} waiting` : <Rate />}
          </span>
          <Button
            kind="quiet"
            small
            id={PAUSE_BUTTON}
            aria-pressed={stays}
            onClick={stays ? resume : () => setPaused(true)}
            className="ms-auto"
          >
            <Icon name={stays ? 'play' : 'pause'} />
            {stays ? 'Resume' : 'Pause'}
          </Button>
          <Button
            kind="quiet"
            small
            icon
            aria-label="Close the inspector"
            data-switch="close"
            onClick={() => setInspector(false)}
            className="max-lg:hidden"
          >
            <Icon name="panel" />
          </Button>
        </header>
        <div className="flex flex-none px-3 py-2">
          <label className="flex min-h-7 min-w-0 flex-1 items-center gap-1.5 rounded-2 border border-line-strong bg-panel px-2 text-ink-3 focus-within:outline-2 focus-within:-outline-offset-1 focus-within:outline-focus touch:min-h-11">
            <Icon name="search" size={14} />
            <span className="sr-only">Filter events</span>
            <input
              id={FILTER_FIELD}
              value={filter}
              spellCheck={false}
              autoComplete="off"
              title={FILTER_HINT}
              placeholder="event:MESSAGE_* channel:build-log from:pikelet"
              onChange={(event) => setFilter(event.target.value)}
              onFocus={({ relatedTarget }) => {
                cameFrom.current = relatedTarget instanceof HTMLElement ? relatedTarget : null
              }}
              onKeyDown={(event) => {
                if (event.key !== 'Escape') return
                // Back to where one was before `/`.
                if (filter === '') leaveFilter(event.currentTarget)
                setFilter('')
              }}
              className="min-w-0 flex-1 bg-transparent text-ink outline-0 placeholder:text-ink-3 placeholder:opacity-100"
            />
          </label>
        </div>
        <EventList
          ref={list}
          rows={log.rows}
          onHold={setHold}
          empty={
            filter === '' ? (
              <p className="px-4 py-3.5 text-ink-2">
                {ended ? (
                  'Nothing more is shown here.'
                ) : (
                  <>
                    <b className="text-ink">{live ? 'Nothing has happened yet.' : 'Not known yet.'}</b> Events appear
                    here as they come.
                  </>
                )}
              </p>
            ) : (
              <NothingMatches filter={filter} kept={log.kept} onClear={() => setFilter('')} />
            )
          }
        />
        <footer className="flex min-h-8 flex-none flex-wrap items-center gap-x-2 border-t border-line px-3.5 text-xs text-ink-3 tabular-nums">
          <span>{count(log.kept)} kept</span>
          {log.since !== null && (
            <>
              <span aria-hidden="true">·</span>
              <span>since {clockTime(log.since, 'seconds')}</span>
            </>
          )}
          <span className="ms-auto inline-flex items-center gap-1 max-md:hidden">
            <Icon name="events" size={14} />
            one id from Discord to here
          </span>
        </footer>
      </div>
    </aside>
  )
}

/** What is left of it when it is closed, from 1280. */
function Rail() {
  const { setInspector } = usePageState()
  return (
    <button
      type="button"
      aria-label="Open the event inspector"
      data-switch="open"
      onClick={() => setInspector(true)}
      className="focus-inside hidden size-full flex-col items-center gap-2.5 pt-3.5 text-ink-2 hover:bg-hover xl:group-data-[inspector=closed]/app:flex"
    >
      <Icon name="events" />
      <span className="text-xs font-strong tabular-nums [writing-mode:vertical-rl]">
        Events · <Rate />
      </span>
    </button>
  )
}

/** Events can come: this browser's stream is whole, and so is web's. */
const isLive = ({ status, report }: GuildSnapshot): boolean =>
  status.phase === 'live' && (report === null || report.gateway.state === 'connected')

function StateTag({ paused }: { paused: boolean }) {
  const phase = useGuild((snapshot) => snapshot.status.phase)
  const live = useGuild(isLive)
  if (paused) {
    return (
      <Tag tone="wait">
        <Icon name="pause" size={11} />
        paused
      </Tag>
    )
  }
  if (live) return <Tag tone="live">live</Tag>
  // Nothing comes any more, so nothing is waited for.
  if (phase === 'signed-out' || phase === 'no-access') return null
  return phase === 'catching-up' ? <Tag tone="catch">catching up</Tag> : <Tag tone="wait">waiting</Tag>
}

/** Counted anew each second, and not with each event. */
const Rate = memo(function Rate() {
  const store = useGuildStore()
  return `${store.log.rate(useNow(1000)).toFixed(1)}/s`
})
