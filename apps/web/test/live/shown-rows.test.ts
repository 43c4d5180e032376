import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { EventFilter } from '../../src/live/log/event-filter.ts'
import { EventLog, type LogRow } from '../../src/live/log/event-log.ts'
import { ShownRows, type Rows } from '../../src/live/log/shown-rows.ts'

const listOf = (rows: Rows): (LogRow | undefined)[] => Array.from({ length: rows.length }, (_, index) => rows.at(index))
const add = (log: EventLog, name = 'TYPING_START') => log.addEvent({ name, payload: {}, id: null, size: 2 }, 0, {})

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ does: fc.constant('add' as const), many: fc.constantFrom(1, 3, 4_000) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('filter' as const), by: fc.constantFrom(0, 1, 2) }) },
  { weight: 1, arbitrary: fc.constantFrom({ does: 'hold' as const }, { does: 'let go' as const }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { does: 'note' as const },
      { does: 'rename' as const },
      { does: 'forget' as const },
      { does: 'clear' as const },
    ),
  },
)
const filters: readonly (EventFilter | null)[] = [null, ({ seq }) => seq % 2 === 0, ({ kind }) => kind === 'sync']

it('are those that the log holds, the filter lets pass and that may be shown, whatever happened before', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const log = new EventLog()
      const shown = new ShownRows()
      let filter: EventFilter | null = null
      let held: number | null = null
      for (const one of steps) {
        if (one.does === 'add') for (let index = 0; index < one.many; index += 1) add(log)
        else if (one.does === 'filter') filter = filters[one.by] ?? null
        else if (one.does === 'hold') held = log.seq
        else if (one.does === 'let go') held = null
        else if (one.does === 'note') log.addNote('sync', 'sync: live', null, 0)
        else if (one.does === 'rename') log.rename(log.rows.at(-1)?.seq ?? 0, 'sync: resumed')
        else if (one.does === 'forget') log.forgetEvents()
        else log.clear()
        const upTo = held ?? log.seq
        const rows = listOf(shown.of(log, filter, upTo))
        expect(rows).toEqual(log.rows.filter((row) => row.seq <= upTo && (filter?.(row) ?? true)).toReversed())
      }
    }),
    { numRuns: 60 },
  )
})

it('look at each row once', () => {
  const log = new EventLog()
  const shown = new ShownRows()
  let looks = 0
  const filter = () => {
    looks += 1
    return true
  }
  for (let index = 1; index <= 500; index += 1) {
    add(log)
    expect(shown.of(log, filter, log.seq).at(0)?.seq).toBe(index)
  }
  expect(looks).toBe(500)
})

it('leave the list alone that somebody still has', () => {
  const log = new EventLog()
  const shown = new ShownRows()
  add(log, 'A')
  const before = shown.of(log, null, log.seq)
  add(log, 'B')
  const after = shown.of(log, null, log.seq)
  expect([before.length, before.at(0)?.name, after.length, after.at(0)?.name]).toEqual([1, 'A', 2, 'B'])
})
