import { expect, test } from 'vitest'
import { eventFilter } from '../../src/live/log/event-filter.ts'
import type { LogRow } from '../../src/live/log/event-log.ts'

const row: LogRow = {
  seq: 1,
  at: 0,
  kind: 'event',
  name: 'MESSAGE_CREATE',
  id: 'k3f9x-48213',
  channelId: '20',
  authorId: '7',
  size: 10,
  restored: false,
  times: null,
  payload: { content: 'The hold is flat again.' },
}
const names = {
  channel: (id: string) => (id === '20' ? 'Friday demo' : undefined),
  person: (id: string) => (id === '7' ? 'pikelet' : undefined),
}

test.each([
  ['event:message_*', true],
  ['event:MESSAGE', false],
  ['channel:"friday demo"', true],
  ['channel:general', false],
  ['from:pike*', true],
  ['from:7', true],
  ['id:48213', true],
  ['flat again', true],
  ['event:MESSAGE_CREATE from:brackish', false],
  ['event:(', false],
])('%s: %s', (text, matches) => {
  expect(eventFilter(text, names)?.(row)).toBe(matches)
})

test('nothing typed is no filter', () => {
  expect(eventFilter('  ', names)).toBeNull()
})
