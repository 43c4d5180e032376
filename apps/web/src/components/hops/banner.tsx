import { useEffect, useState } from 'react'
import { clockTime, seconds } from '../../live/format.ts'
import { nextTry } from './hop-strip-state.ts'
import { howAnew, whyAnew, type Replaced } from '../../live/view/replaced.ts'
import { useGuild, useGuildStore } from '../../hooks/use-guild-store.ts'
import { useHops } from '../../hooks/use-hops.ts'
import { useNow } from '../ui/use-now.ts'
import { Icon, type IconName } from '../ui/icon.tsx'

type Notice = { tone: 'wait' | 'catch' | 'unknown'; icon: IconName; text: string; right: string; why?: string }

/** Shorter than these, what is under way is not worth a word. */
const AWAY_MS = 2_000
const CATCHING_UP_MS = 1_000
/** How long a notice of what already happened stays. */
const SHOWN_MS = 15_000

/** Over the feed: what holds for the whole view. Goes by itself. */
export function Banner() {
  // Why, of the one that was asked about: it stays for who reads.
  const [asked, setAsked] = useState<Replaced | null>(null)
  const notice = useNotice(asked)
  const replaced = useGuild((snapshot) => snapshot.replaced)
  const isAsked = asked !== null && asked === replaced
  if (notice === null) return null
  return (
    <output
      className={`flex min-h-9 flex-none items-center gap-2.5 border-b border-line px-5 py-1.5 max-md:px-3.5 ${grounds[notice.tone]}`}
    >
      <Icon
        name={notice.icon}
        className={
          notice.tone === 'unknown'
            ? '-ms-2 me-2 rounded-full bg-unknown-soft text-unknown shadow-[0_0_0_2px_var(--unknown-soft)]'
            : inks[notice.tone]
        }
      />
      <span>
        {notice.text}
        {notice.why !== undefined && isAsked && ` ${notice.why}`}
      </span>
      {notice.why !== undefined && (
        <button
          type="button"
          aria-expanded={isAsked}
          onClick={() => setAsked(isAsked ? null : replaced)}
          className="ms-auto touch-target text-xs text-link underline"
        >
          why
        </button>
      )}
      {notice.right !== '' && (
        <span aria-hidden="true" className="ms-auto text-xs whitespace-nowrap text-ink-2 tabular-nums">
          {notice.right}
        </span>
      )}
    </output>
  )
}

const grounds = { wait: 'bg-wait-soft', catch: 'bg-catch-soft', unknown: 'hatch-gutter-banner' } as const
const inks = { wait: 'text-wait', catch: 'text-catch' } as const

function useNotice(asked: Replaced | null): Notice | null {
  const store = useGuildStore()
  const { browser: status, report, lateMs } = useHops()
  const replayed = useGuild((snapshot) => snapshot.replayed)
  const replaced = useGuild((snapshot) => snapshot.replaced)
  const known = useGuild((snapshot) => snapshot.view.guild !== null)
  const unavailable = useGuild((snapshot) => snapshot.view.guild?.unavailable === true)
  const now = useNow(1000)
  useEffect(() => {
    if (replaced === null || replaced === asked) return undefined
    const timer = setTimeout(() => store.dismissReplaced(), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [store, replaced, asked])

  const gateway = report?.gateway
  const whole = status.phase === 'live' || status.phase === 'waiting' || status.phase === 'catching-up'
  if (whole && gateway !== undefined && gateway.state !== 'connected' && now - (gateway.since ?? 0) >= AWAY_MS) {
    const text = `The gateway is away. ${whatIsSeen(known, gateway.since)}`
    return { tone: 'wait', icon: 'away', text, right: nextTry(gateway.nextAttemptAt, now) }
  }
  if (unavailable) {
    const text = 'Discord has an outage there. You see the last that is known; what happens now will follow.'
    return { tone: 'wait', icon: 'away', text, right: '' }
  }
  if (replaced !== null) return replacedNotice(replaced)
  if (status.phase === 'catching-up' && replayed > 0 && now - status.since >= CATCHING_UP_MS) {
    return { tone: 'catch', icon: 'forward', text: `Catching up: ${replayed} events so far.`, right: '' }
  }
  if (lateMs !== null) {
    const text = `Slow connection: events reach you ${seconds(lateMs)} late.`
    return { tone: 'wait', icon: 'clock', text, right: 'none is lost' }
  }
  return null
}

function whatIsSeen(known: boolean, since: number | null): string {
  if (!known) return 'What is here appears when it is back.'
  const what = since === null ? 'the last that is known' : `the state of ${clockTime(since, 'seconds')}`
  return `You see ${what}; what happens now will follow.`
}

function replacedNotice({ reason }: Replaced): Notice {
  if (reason === 'permissions_changed') {
    return { tone: 'catch', icon: 'lock', text: 'What you may see has changed. The view is up to date.', right: '' }
  }
  return {
    tone: 'unknown',
    icon: 'unknown',
    text: `${whyAnew[reason]} This is the state now.`,
    right: '',
    why: howAnew[reason],
  }
}
