import { useMemo, useState } from 'react'
import { count } from '../../live/format.ts'
import { Icon } from '../ui/icon.tsx'
import { containerOf, ENTRIES_SHOWN, payloadLines, type PayloadLine, type PayloadView } from './payload-lines.ts'

const inks = { key: 'text-ink', text: 'text-live', number: 'text-catch', word: 'text-unknown', mark: '' } as const
const untouched: PayloadView = { open: {}, shown: {} }

/** What an event carries, as Discord wrote it: short parts in their line, long ones folded. */
export function Payload({ payload }: { payload: unknown }) {
  const [view, setView] = useState(untouched)
  const lines = useMemo(() => payloadLines(payload, view), [payload, view])
  const toggle = ({ path, fold }: PayloadLine) =>
    setView((last) => ({ ...last, open: { ...last.open, [path]: fold?.is === 'folded' } }))
  const showMore = ({ path }: PayloadLine) => {
    const container = containerOf(path)
    setView((last) => ({
      ...last,
      shown: { ...last.shown, [container]: (last.shown[container] ?? ENTRIES_SHOWN) + ENTRIES_SHOWN },
    }))
  }
  return (
    <section
      // A long payload scrolls by itself, so the keyboard has to reach it.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      aria-label="Payload"
      className="focus-inside max-h-96 overflow-auto rounded-2 bg-sunken px-2.5 py-2 font-code text-2xs/[1.0625rem] text-ink-3"
    >
      {lines.map((line) => (
        <Line key={line.path} line={line} onToggle={toggle} onMore={showMore} />
      ))}
    </section>
  )
}

type LineProps = { line: PayloadLine; onToggle: (line: PayloadLine) => void; onMore: (line: PayloadLine) => void }

function Line({ line, onToggle, onMore }: LineProps) {
  const { depth, tokens, fold, more } = line
  const indent = { paddingInlineStart: `${depth * 2}ch` }
  if (more !== null) {
    return (
      <div style={indent}>
        <button
          type="button"
          onClick={() => onMore(line)}
          className="font-sans text-xs text-link underline underline-offset-2"
        >
          {count(more)} more
        </button>
      </div>
    )
  }
  const text = tokens.map(({ kind, text: piece }, index) => (
    // The pieces of a line stay in their order.
    // oxlint-disable-next-line react/no-array-index-key
    <span key={index} className={inks[kind]}>
      {piece}
    </span>
  ))
  if (fold === null) {
    return (
      <div style={indent} className="break-words whitespace-pre-wrap">
        {text}
      </div>
    )
  }
  return (
    <div style={indent} className="relative">
      <button
        type="button"
        aria-expanded={fold.is === 'open'}
        aria-label={`${fold.name}, ${count(fold.size)} ${fold.size === 1 ? 'entry' : 'entries'}`}
        onClick={() => onToggle(line)}
        className="text-start hover:bg-hover"
      >
        <Icon
          name={fold.is === 'open' ? 'chevronDown' : 'chevronRight'}
          size={12}
          className="absolute top-[3px] -ms-3.5"
        />
        {text}
      </button>
    </div>
  )
}
