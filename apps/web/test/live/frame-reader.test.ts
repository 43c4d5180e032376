import { expect, test } from 'vitest'
import { FrameReader, type RawFrame } from '../../src/live/stream/frame-reader.ts'
import { distance } from '../../src/live/stream/place.ts'

function open() {
  const heard: unknown[] = []
  const reader = new FrameReader({ onEvent: ({ name }) => heard.push(name), onSync: ({ state }) => heard.push(state) })
  const sync = (state: string, id?: string): RawFrame => ({
    name: 'sync',
    data: JSON.stringify({ state, id }),
    id: id ?? null,
  })
  const event = (id: string | null, data = '{}'): RawFrame => ({ name: 'TYPING_START', data, id })
  return { reader, heard, sync, event }
}

test('a snapshot counts once it is whole', () => {
  const { reader, sync, event } = open()
  reader.hear(sync('snapshot'))
  reader.hear(event('k-1'))
  expect(reader.place).toBeNull()
  reader.hear(sync('live', 'k-1'))
  expect(reader.place).toBe('k-1')
})

test('what comes after a snapshot that was cut off counts by itself', () => {
  const { reader, sync, event } = open()
  reader.hear(sync('live', 'k-1'))
  reader.hear(sync('snapshot'))
  reader.hear(event('k-90'))
  reader.cutOff()
  expect(reader.place).toBe('k-1')
  reader.hear(sync('resumed'))
  reader.hear(event('k-2'))
  expect(reader.place).toBe('k-2')
})

test('what cannot be read is passed over, and what follows is not', () => {
  const { reader, heard, event } = open()
  reader.hear(event('k-1', '{"cut'))
  reader.hear({ name: 'sync', data: 'nonsense', id: null })
  reader.hear(event('k-2'))
  expect(heard).toEqual(['TYPING_START'])
  expect(reader.place).toBe('k-2')
})

test('forgotten, it is told all of it anew', () => {
  const { reader, sync } = open()
  reader.hear(sync('live', 'k-1'))
  reader.forget()
  expect(reader.place).toBeNull()
})

test.each([
  ['k-7', 'k-4', 3],
  ['k-4', 'k-7', -3],
  ['k-4', 'k-4', 0],
  ['k-4', 'other-4', null],
  ['k-4', null, null],
  ['odd', 'k-4', null],
])('from %s to %s it is %s', (a, b, by) => {
  expect(distance(a, b)).toBe(by)
})
