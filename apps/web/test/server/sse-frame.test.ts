import { createParser } from 'eventsource-parser'
import type { EventSourceMessage } from 'eventsource-parser'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeFrame, encodeRetry, KEEPALIVE } from '../../src/server/realtime/sse-frame.ts'

function parse(...pieces: string[]): EventSourceMessage[] {
  const messages: EventSourceMessage[] = []
  const parser = createParser({ onEvent: (message) => messages.push(message) })
  for (const piece of pieces) parser.feed(piece)
  return messages
}

const hostile = ['', 'a\nb', 'a\r', '\r\nevent: forged', 'a\0']

describe('encodeFrame', () => {
  it('is read by a parser of the format as what was put in', () => {
    const word = fc.string({ unit: 'binary', minLength: 1 }).filter((text) => !/[\r\n\0]/.test(text))
    const frame = fc.record({
      id: fc.option(word, { nil: undefined }),
      event: fc.option(word, { nil: undefined }),
      data: fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[\r\n :a]*$/)),
    })
    fc.assert(
      fc.property(fc.array(frame), (frames) => {
        expect(parse(frames.map(encodeFrame).join(KEEPALIVE))).toEqual(
          frames.map(({ id, event, data }) => ({ id, event, data: data.replaceAll(/\r\n?/g, '\n') })),
        )
      }),
    )
  })

  it.each(['\n', '\r', '\r\n'])('begins a new data line at %j', (lineBreak) => {
    expect(encodeFrame({ data: `a${lineBreak}b` })).toBe('data: a\ndata: b\n\n')
  })

  it.each(hostile)('refuses the id and the event name %j', (value) => {
    expect(() => encodeFrame({ id: value, data: '' })).toThrow(RangeError)
    expect(() => encodeFrame({ event: value, data: '' })).toThrow(RangeError)
  })
})

describe('encodeRetry', () => {
  it('is whole milliseconds, which alone a browser understands', () => {
    const retries: number[] = []
    createParser({ onRetry: (ms) => retries.push(ms) }).feed(encodeRetry(1234.56))
    expect(retries).toEqual([1235])
  })
})
