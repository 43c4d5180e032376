import type { ReactNode } from 'react'
import { stationInk, StationMark } from '../hops/hop-strip.tsx'
import type { Condition } from './ops-words.ts'

/** A table in a card, which scrolls sideways within itself where it has no room. */
export function TableCard({
  title,
  note,
  className = '',
  children,
}: {
  title: string
  note: string
  className?: string
  children: ReactNode
}) {
  const id = `table-${title.toLowerCase()}`
  return (
    <div className={`min-w-0 rounded-3 border border-line bg-panel px-1 pt-2.5 pb-1 ${className}`}>
      <header className="flex items-baseline gap-2 px-3 pb-0.5">
        <h2 id={id} className="text-sm font-title">
          {title}
        </h2>
        <span className="text-ink-3">{note}</span>
      </header>
      {/* Reached by the keyboard, so that it can be scrolled by it. */}
      <section
        aria-labelledby={id}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        className="focus-inside relative overflow-x-auto"
      >
        <table className="ops-table">{children}</table>
      </section>
    </div>
  )
}

/** A mark and a word. */
export function ConditionCell({ condition: { state, word } }: { condition: Condition }) {
  return (
    <td>
      <span className={`inline-flex items-center gap-[7px] align-middle ${stationInk[state]}`}>
        <StationMark state={state} />
        <span className="text-ink">{word}</span>
      </span>
    </td>
  )
}

/** Says that there is nothing, in place of rows. */
export function NoRows({ columns, children }: { columns: number; children: ReactNode }) {
  return (
    <tr>
      <td colSpan={columns} className="text-ink-3">
        {children}
      </td>
    </tr>
  )
}
