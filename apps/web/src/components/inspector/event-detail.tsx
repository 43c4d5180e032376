import { useMemo } from 'react'
import type { LogRow } from '../../live/log/event-log.ts'
import { jsonTokens } from './json-tokens.ts'

const inks = { key: 'text-ink', text: 'text-live', number: 'text-catch', word: 'text-unknown', mark: '' } as const

/** What an event carries, as Discord wrote it. Its way, hop by hop, goes above once events carry their times. */
export function EventDetail({ row }: { row: LogRow }) {
  const tokens = useMemo(() => jsonTokens(JSON.stringify(row.payload, null, 2)), [row.payload])
  return (
    <div className="border-b border-line bg-canvas py-2.5 ps-[17px] pe-3.5 shadow-[inset_3px_0_0_var(--live)]">
      <pre
        // A long payload scrolls by itself, so the keyboard has to reach it.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        aria-label="Payload"
        className="max-h-96 overflow-auto rounded-2 bg-sunken px-2.5 py-2 font-code text-2xs/[1.0625rem] text-ink-3 [tab-size:2]"
      >
        {tokens.map((token, index) => (
          // oxlint-disable-next-line react/no-array-index-key
          <span key={index} className={inks[token.kind]}>
            {token.text}
          </span>
        ))}
      </pre>
    </div>
  )
}
