import { useEffect, useMemo, useState } from 'react'
import { eventFilter } from '../../live/log/event-filter.ts'
import { ShownRows, type Rows } from '../../live/log/shown-rows.ts'
import { useGuild, useGuildStore } from '../../hooks/use-guild-store.ts'

export type ShownLog = {
  /** Newest first, those that the filter lets pass. */
  rows: Rows
  /** How many came since the list holds still. */
  waiting: number
  kept: number
  since: number | null
}

/** The log as the inspector shows it: live, or as it was when it was `held`. */
export function useEventLog(filterText: string, held: boolean): ShownLog {
  const store = useGuildStore()
  const seq = useGuild((snapshot) => snapshot.logSeq)
  const channels = useGuild((snapshot) => snapshot.view.channels)
  const people = useGuild((snapshot) => snapshot.view.people)
  const [heldAt, setHeldAt] = useState<number | null>(null)
  useEffect(() => {
    setHeldAt(held ? store.log.seq : null)
  }, [held, store])
  const upTo = heldAt ?? seq

  // Names change seldom and presences often: a filter by name is made anew only when it is typed.
  const filter = useMemo(
    () =>
      eventFilter(filterText, {
        channel: (id) => store.getSnapshot().view.channels[id]?.name,
        person: (id) => store.getSnapshot().view.people[id]?.name,
      }),
    // oxlint-disable-next-line react/exhaustive-deps
    [filterText, store, filterText === '' ? null : channels, filterText === '' ? null : people],
  )
  // What was taken out of it is shown no more, not even to who holds it still.
  const { rows: kept } = store.log
  const [shown] = useState(() => new ShownRows())
  // oxlint-disable-next-line react/exhaustive-deps
  const rows = useMemo(() => shown.of(store.log, filter, upTo), [shown, store, kept, filter, upTo])
  const waiting = seq === upTo ? 0 : kept.length - 1 - kept.findLastIndex((row) => row.seq <= upTo)
  return { rows, waiting, kept: kept.length, since: kept[0]?.at ?? null }
}
