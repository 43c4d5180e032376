import { expect, test } from 'vitest'
import { eventFilter, unknownTerms } from '../../src/live/log/event-filter.ts'
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
  ['event:*_create', true],
  ['event:*_delete', false],
  ['event:MESSAGE', true],
  ['event:CREATE', false],
  ['event:"MESSAGE"', false],
  ['event:"MESSAGE_*"', true],
  ['event:"*_CREATE"', true],
  ['event:"*_CRE"', false],
  ['channel:"friday demo"', true],
  ['channel:fri', true],
  ['channel:"friday"', false],
  ['channel:"friday d', true],
  ['channel:"friday x', false],
  ['channel:"friday demo from:pikelet', false],
  ['channel:general', false],
  ['channel:20', true],
  ['channel:#fri', true],
  ['channel:"#friday demo"', true],
  ['channel:#general', false],
  ['from:@pike', true],
  ['from:@brackish', false],
  ['from:#pike', false],
  ['event:MESSAGE_DELETE event:MESSAGE_CREATE', true],
  ['event:MESSAGE_DELETE event:MESSAGE_UPDATE', false],
  ['channel:general from:pikelet channel:friday', true],
  ['channel:general from:brackish channel:friday', false],
  ['from:brackish from:pikelet flat again', true],
  ['from:brackish from:pikelet flat tyre', false],
  ['from:pike*', true],
  ['from:pike', true],
  ['from:"pike"', false],
  ['from:"pikelet', true],
  ['from:7', true],
  ['id:48213', true],
  ['id:*13', true],
  ['id:k3*213', true],
  ['id:K3F', true],
  ['id:213*k3', false],
  ['id:"48213"', false],
  ['id:"*213"', true],
  ['id:"k3f9x-48213"', true],
  ['flat again', true],
  ['"flat again"', true],
  ['"again flat"', false],
  ['flat*again', true],
  ['again*flat', false],
  ['k3f9x-48213', true],
  ['friday', true],
  ['event:MESSAGE_CREATE from:brackish', false],
  ['event: from:brackish', false],
  ['event:MESSAGE_CREATE channel: from:pikelet', true],
  ['event:(', false],
  ['events', false],
  ['from ', false],
])('%s: %s', (text, matches) => {
  expect(eventFilter(text, names)?.(row)).toBe(matches)
})

test.each(['  ', 'event:', '"', '""', 'channel:"', 'channel:#', 'from:@', 'from:""', 'eve', 'I', '"" fro'])(
  '%s asks for nothing yet',
  (text) => {
    expect(eventFilter(text, names)).toBeNull()
  },
)

test.each([
  'event:MESSAGE_CREATE channel:"Friday demo" from:pikelet id:k3f9x-48213 hold',
  'event:*_CREATE id:*13 from:"*let" "flat again"',
])('at each letter of %s the list shows what the whole finds', (text) => {
  for (let typed = 0; typed <= text.length; typed += 1) {
    const filter = eventFilter(text.slice(0, typed), names)
    expect([text.slice(0, typed), filter?.(row) ?? true]).toEqual([text.slice(0, typed), true])
  }
})

test.each([
  ['event:MESSAGE_CREATE channel:fri from:@pikelet', []],
  ['event:MESAGE_*', ['event:mesage_*']],
  ['channel:#kiln from:@nobody flat', ['channel:#kiln', 'from:@nobody']],
  ['channel:"friday"', ['channel:"friday"']],
  ['chanel:friday id:nowhere', ['chanel:friday']],
  ['"at: noon" again', []],
])('of %s nothing is called %j', (text, unknown) => {
  const known = {
    events: ['MESSAGE_CREATE'],
    channels: [{ id: '20', name: 'Friday demo' }],
    people: [{ id: '7', name: 'pikelet' }],
  }
  expect(unknownTerms(text, known)).toEqual(unknown)
})

test('a long payload is searched for many parts at once', () => {
  const long = { ...row, payload: 'a'.repeat(100_000) }
  expect(eventFilter(`${'a*'.repeat(30)}b`, names)?.(long)).toBe(false)
})
