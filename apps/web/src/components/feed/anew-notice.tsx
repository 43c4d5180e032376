import { clockTime } from '../../live/format.ts'
import { whyAnew, type Anew } from '../../live/view/replaced.ts'
import { Icon } from '../ui/icon.tsx'

/** Where the state was replaced without what led to it: in its place, for good, like a gap. */
export function AnewNotice({ anew: { reason, at } }: { anew: Anew }) {
  return (
    <section
      role="note"
      aria-label="Break in the record"
      className="hatch-gutter-feed mt-3 grid grid-cols-[2.25rem_minmax(0,1fr)] items-start gap-x-3 px-5 py-1.5 max-md:px-3.5"
    >
      <Icon
        name="unknown"
        className="mt-0.5 justify-self-center rounded-full bg-unknown-soft text-unknown shadow-[0_0_0_2px_var(--unknown-soft)]"
      />
      <p className="max-w-[62ch] text-ink-2">
        <b className="font-title text-ink">{whyAnew[reason]}</b> Messages are as Discord has them; what else happened
        just before is not known.{' '}
        <time dateTime={new Date(at).toISOString()} className="text-xs whitespace-nowrap text-ink-3 tabular-nums">
          {clockTime(at)}
        </time>
      </p>
    </section>
  )
}
