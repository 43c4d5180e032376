import { clockSpan, plural } from '../../live/format.ts'
import type { Gap } from '../../live/view/view-types.ts'
import { usePageState } from '../frame/page-state.tsx'
import { Icon } from '../ui/icon.tsx'
import { chosenGround } from './chosen-ground.ts'
import { GapDetail } from './gap-detail.tsx'

/** A hole that Discord left, in its place, for good: what came back, and what nobody can know. */
export function GapNotice({ gap, restored }: { gap: Gap; restored: number }) {
  const chosen = usePageState().eventId === gap.id && gap.id !== null
  return (
    <section
      role="note"
      aria-label="Gap in the record"
      className={`relative mt-3 grid grid-cols-[2.25rem_minmax(0,1fr)_auto] items-start gap-x-3 border-y border-unknown-hatch px-5 py-2.5 max-md:grid-cols-[2.25rem_minmax(0,1fr)] max-md:px-3.5 ${
        chosen ? chosenGround : 'bg-unknown-soft'
      }`}
    >
      <span className="hatch -my-2.5 -ms-5 grid w-14 place-items-center self-stretch text-unknown max-md:row-span-2 max-md:-ms-3.5 max-md:w-[3.125rem]">
        <Icon
          name="unknown"
          size={20}
          className="rounded-full bg-unknown-soft shadow-[0_0_0_3px_var(--unknown-soft)]"
        />
      </span>
      <div>
        <p className="max-w-[62ch] text-ink-2">
          <b className="font-title text-ink">Discord could not replay {clockSpan(gap.from, gap.to)}.</b>{' '}
          {restored > 0
            ? `${plural(restored, 'message')} restored; reactions and edits in that time are unknown.`
            : 'Reactions and edits in that time are unknown.'}
        </p>
        <p className="mt-0.5 flex gap-3 font-code text-2xs/5 text-ink-3">
          <span>{gap.reason}</span>
          {gap.id !== null && <span>gap record {gap.id}</span>}
        </p>
      </div>
      <GapDetail gap={gap} />
    </section>
  )
}
