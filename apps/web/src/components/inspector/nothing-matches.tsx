import { useWithheldEvents } from '../../hooks/use-rights.ts'
import { count } from '../../live/format.ts'
import { restrictedNames, whyNothing } from '../../live/log/withheld-words.ts'
import { Button } from '../ui/button.tsx'

/** In place of events of which the filter lets none pass; why there are none, where that is known. */
export function NothingMatches({ filter, kept, onClear }: { filter: string; kept: number; onClear: () => void }) {
  const names = restrictedNames(filter)
  const withheld = useWithheldEvents(names.length > 0)
  return (
    <div className="grid justify-items-start gap-3 px-4 py-3.5 text-ink-2">
      <p>
        <b className="text-ink">Nothing matches.</b> {count(kept)} events are kept. {whyNothing(names, withheld)}
      </p>
      <Button small onClick={onClear}>
        Clear filter
      </Button>
    </div>
  )
}
