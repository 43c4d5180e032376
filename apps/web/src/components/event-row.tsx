import { memo } from 'react'
import { familyOf } from '../hooks/event-table.ts'
import type { LogRow } from '../hooks/event-log.ts'
import { byteSize, clockTime } from '../hooks/format.ts'
import { useGuild } from '../hooks/use-guild-store.ts'
import { columns } from './event-columns.ts'

const grounds: Record<LogRow['kind'], string> = {
  event: 'text-ink-2',
  sync: 'text-catch',
  gap: 'hatch-row text-unknown',
}

/** One event in one line; pressed, it opens what it carries. */
export const EventRow = memo(
  function EventRow({ row, open, onToggle }: { row: LogRow; open: boolean; onToggle: () => void }) {
    const channel = useGuild((snapshot) => (row.channelId === null ? undefined : snapshot.view.channels[row.channelId]))
    const isEvent = row.kind === 'event'
    const behind = row.kind === 'gap' ? 'w-fit -mx-[3px] bg-unknown-soft px-[3px]' : ''
    return (
      <button
        type="button"
        aria-expanded={open}
        onClick={onToggle}
        className={`focus-inside h-7 text-start font-code text-2xs tabular-nums max-md:h-11 max-md:grid-rows-[18px_18px] max-md:content-center ${columns} ${
          open
            ? 'bg-selected shadow-[inset_3px_0_0_var(--live)]'
            : `hover:bg-hover ${isEvent ? 'fresh-row bg-panel' : ''}`
        } ${grounds[row.kind]}`}
      >
        <span className={`max-md:row-start-2 max-md:ps-2.5 ${isEvent || row.kind === 'sync' ? 'text-ink-3' : behind}`}>
          {clockTime(row.at, 'milliseconds')}
        </span>
        <span
          data-family={row.kind === 'event' ? familyOf(row.name) : row.kind}
          data-restored={row.restored || undefined}
          className={`min-w-0 truncate ${
            isEvent
              ? 'family font-medium text-ink max-md:row-start-1'
              : `col-[2/-1] font-sans text-xs max-md:col-[1/3] max-md:row-start-1 ${row.kind === 'sync' ? 'family' : behind}`
          }`}
        >
          {row.name}
          {row.restored && <span className="ms-2 font-sans text-2xs/none font-strong text-unknown">restored</span>}
        </span>
        {isEvent && (
          <>
            <span
              title={row.id ?? undefined}
              className={`flex min-w-0 max-md:col-start-2 max-md:row-start-1 max-md:justify-end ${open ? 'font-semibold text-live' : ''}`}
            >
              <EventId id={row.id} />
            </span>
            <span
              dir="auto"
              className="truncate font-sans text-xs max-md:col-start-2 max-md:row-start-2 max-md:text-end"
            >
              {channel?.name ?? '–'}
            </span>
            <span className="text-end text-ink-3 max-md:hidden">{byteSize(row.size)}</span>
          </>
        )}
      </button>
    )
  },
  (a, b) => a.row === b.row && a.open === b.open,
)

/** Where there is no room for all of it, the position stays: it is what tells one event from the next. */
function EventId({ id }: { id: string | null }) {
  if (id === null) return '–'
  const dash = id.lastIndexOf('-')
  if (dash === -1) return <span className="truncate">{id}</span>
  return (
    <>
      <span className="truncate">{id.slice(0, dash)}</span>
      <span className="flex-none">{id.slice(dash)}</span>
    </>
  )
}
