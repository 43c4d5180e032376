import { CatchBoundary } from '@tanstack/react-router'
import { memo } from 'react'
import { dayName, plural } from '../../live/format.ts'
import type { FeedRow } from './feed-rows.ts'
import { AnewNotice } from './anew-notice.tsx'
import { CaughtUpLine } from './caught-up-line.tsx'
import { GapNotice } from './gap-notice.tsx'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Message } from './message.tsx'
import { SystemLine } from './system-line.tsx'

/** One row of the feed. Rows are made anew on each change of the list; what they show mostly stays the same. */
export const FeedRowView = memo(
  function FeedRowView({ row, unfold }: { row: FeedRow; unfold: (run: string) => void }) {
    switch (row.kind) {
      case 'day':
        return <DayLine at={row.at} />
      case 'gap':
        return <GapNotice gap={row.gap} restored={row.restored} />
      case 'anew':
        return <AnewNotice anew={row.anew} />
      case 'caught-up':
        return <CaughtUpLine>Caught up: {plural(row.count, 'event')} while you were away</CaughtUpLine>
      case 'new':
        return <CaughtUpLine>New since you looked</CaughtUpLine>
      case 'folded':
        return <Folded count={row.count} unfold={() => unfold(row.run)} />
      case 'system':
      case 'message':
        break
    }
    // Payloads are as Discord sent them: one that is odd somewhere deep takes no other row with it.
    return (
      <CatchBoundary getResetKey={() => row.message} errorComponent={UnshownMessage}>
        {row.kind === 'system' ? (
          <SystemLine message={row.message} />
        ) : (
          <Message message={row.message} continued={row.continued} own={row.own} />
        )}
      </CatchBoundary>
    )
  },
  ({ row: a }, { row: b }) => {
    if (a.kind !== b.kind) return false
    if (a.kind === 'message' && b.kind === 'message') {
      return a.message === b.message && a.continued === b.continued && a.own === b.own
    }
    if (a.kind === 'system' && b.kind === 'system') return a.message === b.message
    if (a.kind === 'folded' && b.kind === 'folded') return a.key === b.key && a.count === b.count
    if (a.kind === 'gap' && b.kind === 'gap') return a.gap === b.gap && a.restored === b.restored
    return a.key === b.key
  },
)

function Folded({ count, unfold }: { count: number; unfold: () => void }) {
  return (
    <Button kind="quiet" small onClick={unfold} className="ms-15 mt-0.5 self-start max-md:ms-[3.125rem]">
      <Icon name="chevronRight" />
      {plural(count, 'more restored message')}
    </Button>
  )
}

function UnshownMessage() {
  return (
    <p
      data-anchor=""
      className="mt-2 grid grid-cols-[2.25rem_minmax(0,1fr)] items-center gap-x-3 px-5 py-[3px] text-ink-3 max-md:px-3.5"
    >
      <Icon name="unknown" className="justify-self-center" />
      This message is not as Discord documents it. It stands under Events as it came.
    </p>
  )
}

function DayLine({ at }: { at: number }) {
  return (
    <div className="mt-3.5 flex items-center gap-3 px-5 text-xs/5 text-ink-3 before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line max-md:px-3.5">
      {dayName(at)}
    </div>
  )
}
