import { memo } from 'react'
import { familyOf } from '../../live/stream/event-table.ts'
import type { LogRow } from '../../live/log/event-log.ts'
import { byteSize, clockTime } from '../../live/format.ts'
import { useGuild } from '../../hooks/use-guild-store.ts'
import { columns, rowHeight } from './event-columns.ts'

const grounds: Record<LogRow['kind'], string> = {
  event: 'text-ink-2',
  sync: 'text-catch',
  gap: 'hatch-row text-unknown',
}

/** One event in one line; pressed, it opens what it carries. @param fresh is asked once, when it comes. */
export const EventRow = memo(
  function EventRow({
    row,
    open,
    fresh,
    onToggle,
  }: {
    row: LogRow
    open: boolean
    fresh: boolean
    onToggle: () => void
  }) {
    const channel = useGuild((snapshot) => (row.channelId === null ? undefined : snapshot.view.channels[row.channelId]))
    const isEvent = row.kind === 'event'
    // On a phone where other rows have their text, which stands beside a bar.
    const behind = row.kind === 'gap' ? 'w-fit -mx-[3px] bg-unknown-soft px-[3px] max-md:ms-[7px]' : ''
    return (
      <button
        type="button"
        aria-expanded={open}
        onClick={onToggle}
        className={`focus-inside text-start font-code text-2xs tabular-nums ${rowHeight} ${columns} ${
          open
            ? 'bg-selected shadow-[inset_3px_0_0_var(--live)]'
            : `hover:bg-hover ${isEvent ? `bg-panel ${fresh ? 'fresh-row' : ''}` : ''}`
        } ${grounds[row.kind]}`}
      >
        <span
          className={`max-md:row-start-2 max-sm:row-start-3 ${isEvent || row.kind === 'sync' ? 'text-ink-3 max-md:ps-2.5' : behind}`}
        >
          {clockTime(row.at, 'milliseconds')}
        </span>
        <span
          data-family={row.kind === 'event' ? familyOf(row.name) : row.kind}
          data-restored={row.restored || undefined}
          className={`min-w-0 truncate ${
            isEvent
              ? 'family font-medium text-ink max-md:row-start-1'
              : `col-[2/-1] font-sans text-xs max-md:col-[1/-1] max-md:row-start-1 ${row.kind === 'sync' ? 'family' : behind}`
          }`}
        >
          {row.name}
          {row.restored && <span className="ms-2 font-sans text-2xs/none font-strong text-unknown">restored</span>}
        </span>
        {isEvent && (
          <>
            <span
              title={row.id ?? undefined}
              className={`min-w-0 whitespace-nowrap max-md:col-start-2 max-md:row-start-1 max-md:text-end max-sm:col-start-1 max-sm:row-start-2 max-sm:ps-2.5 max-sm:text-start ${open ? 'font-semibold text-live' : ''}`}
            >
              {row.id === null ? '–' : shortId(row.id)}
            </span>
            <span
              dir="auto"
              className="truncate font-sans text-xs max-md:col-start-2 max-md:row-start-2 max-md:text-end max-sm:col-start-1 max-sm:row-start-4 max-sm:ps-2.5 max-sm:text-start"
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

/** As many letters as the column holds. */
const ID_LETTERS = 15

/** Where there is no room for all of it, the position stays: it is what tells one event from the next. */
function shortId(id: string): string {
  if (id.length <= ID_LETTERS) return id
  const dash = id.lastIndexOf('-')
  const tail = dash === -1 ? '' : id.slice(dash)
  return `${id.slice(0, Math.max(2, ID_LETTERS - 1 - tail.length))}…${tail}`
}
