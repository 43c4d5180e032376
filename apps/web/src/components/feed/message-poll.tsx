import { plural } from '../../live/format.ts'
import type { ViewPoll, ViewPollAnswer } from '../../live/view/message-poll.ts'
import { useNow } from '../ui/use-now.ts'
import { CustomEmoji } from './markdown/custom-emoji.tsx'
import { timeText } from './markdown/time-text.ts'

/** How often it is looked at whether a poll has ended. */
const LOOK_MS = 10_000

/** A question and how it stands. One votes in Discord: a bot cannot. */
export function Poll({ poll }: { poll: ViewPoll }) {
  const now = useNow(LOOK_MS)
  const total = poll.answers.reduce<number | null>(
    (sum, { count }) => (sum === null || count === null ? null : sum + count),
    0,
  )
  const most = Math.max(0, ...poll.answers.map(({ count }) => count ?? 0))
  const ended = poll.counted || (poll.endsAt !== null && poll.endsAt <= now)
  return (
    <section
      aria-label={`Poll: ${poll.question}`}
      className="mt-[5px] w-100 max-w-full rounded-3 border border-line bg-canvas px-3.5 pt-2.5 pb-3"
    >
      <p dir="auto" className="text-sm font-title wrap-anywhere">
        {poll.question}
      </p>
      <ul className="mt-1.5 grid gap-1">
        {poll.answers.map((answer) => (
          <Answer
            key={answer.id}
            answer={answer}
            total={total}
            won={ended && answer.count !== null && answer.count > 0 && answer.count === most}
          />
        ))}
      </ul>
      <p className="mt-1.5 text-xs text-ink-3">
        {[
          total === null ? 'Votes not known' : plural(total, 'vote'),
          ...(poll.several ? ['several answers'] : []),
          endOf(poll, ended, now),
        ].join(' · ')}
      </p>
    </section>
  )
}

function endOf({ counted, endsAt }: ViewPoll, ended: boolean, now: number): string {
  if (counted) return 'ended'
  if (endsAt === null) return 'open'
  return ended ? 'ended, being counted' : `ends ${timeText(endsAt, 'R', now)}`
}

function Answer({ answer, total, won }: { answer: ViewPollAnswer; total: number | null; won: boolean }) {
  const { text, emoji, count } = answer
  const share = count === null || total === null || total === 0 ? 0 : count / total
  return (
    <li className="relative flex min-h-8 items-center gap-2 overflow-hidden rounded-2 border border-line bg-panel px-2.5 py-1">
      <span
        aria-hidden="true"
        style={{ width: `${share * 100}%` }}
        className={`absolute inset-y-0 start-0 ${won ? 'bg-live-soft' : 'bg-sunken'}`}
      />
      {emoji !== null && (
        <span className="relative flex-none">
          {emoji.id === null ? (
            emoji.name
          ) : (
            <CustomEmoji id={emoji.id} name={emoji.name ?? 'emoji'} animated={false} size={20} />
          )}
        </span>
      )}
      <span dir="auto" className={`relative min-w-0 flex-1 text-sm wrap-anywhere ${won ? 'font-title' : ''}`}>
        {text}
        {won && <span className="sr-only"> (won)</span>}
      </span>
      <span className="relative flex-none text-xs text-ink-2 tabular-nums">
        {count === null ? '–' : plural(count, 'vote')}
        <span className="inline-block min-w-[6ch] text-end text-ink-3">
          {total === null || total === 0 ? '' : `${Math.round(share * 100)}\u00a0%`}
        </span>
      </span>
    </li>
  )
}
