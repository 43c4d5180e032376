import { useGuild } from '../../hooks/use-guild-store.ts'
import { useWithheldEvents } from '../../hooks/use-rights.ts'
import { count } from '../../live/format.ts'
import { unknownTerms } from '../../live/log/event-filter.ts'
import { restrictedNames, whyNothing } from '../../live/log/withheld-words.ts'
import { eventNames, ownNames } from '../../live/stream/event-table.ts'
import { Button } from '../ui/button.tsx'

const EVENTS = [...eventNames, ...ownNames]

/** In place of events of which the filter lets none pass; why there are none, where that is known. */
export function NothingMatches({ filter, kept, onClear }: { filter: string; kept: number; onClear: () => void }) {
  const names = restrictedNames(filter)
  const withheld = useWithheldEvents(names.length > 0)
  const channels = useGuild(({ view }) => view.channels)
  const people = useGuild(({ view }) => view.people)
  const known = { events: EVENTS, channels: Object.values(channels), people: Object.values(people) }
  const unknown = unknownTerms(filter, known)
  return (
    <div className="grid justify-items-start gap-3 px-4 py-3.5 text-ink-2">
      <p>
        <b className="text-ink">Nothing matches.</b> {count(kept)} events are kept. {whyNothing(names, withheld)}
      </p>
      {unknown.length > 0 && (
        <p className="wrap-anywhere">
          Nothing here is called{' '}
          {unknown.map((term, index) => (
            <span key={term}>
              {index > 0 && ', '}
              <code className="font-code text-xs">{term}</code>
            </span>
          ))}
          . {FILTER_HINT}
        </p>
      )}
      <Button small onClick={onClear}>
        Clear filter
      </Button>
    </div>
  )
}

/** What one can write into the filter. */
export const FILTER_HINT =
  'Filter by event:, channel:, from: and id:, or by any word. All must hold; of the same key, either. Quotes keep a name with spaces together, and * stands for anything.'
