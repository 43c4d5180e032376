import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeMessage } from '../../../src/clients/link/message.ts'
import { GatewayServiceV2MessageSchema } from '../../../src/types/index.ts'

/** What decodeMessage must say, by the slow way; null for what is invalid. */
function reference(text: string): unknown {
  try {
    return GatewayServiceV2MessageSchema.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}

function check(text: string): void {
  const decoded = decodeMessage(text)
  const expected = reference(text)
  expect(decoded.ok ? decoded.message : null).toEqual(expected)
  if (!decoded.ok) {
    expect(decoded.issues.length).toBeGreaterThan(0)
  } else if (decoded.message.type === 'event') {
    expect(JSON.parse(decoded.payloadText ?? '')).toEqual(decoded.message.data.payload ?? null)
    expect(decoded.payloadText).not.toMatch(/[\n\r]/)
  } else {
    expect(decoded.payloadText).toBeUndefined()
  }
}

const eventText = (payload: string, tail = '},"ts":1699000000000,"id":"k3f9x-7"}') =>
  `{"type":"event","data":{"event":"MESSAGE_CREATE","payload":${payload}${tail}`

describe('decodeMessage', () => {
  it('keeps the payload byte for byte as the gateway wrote it', () => {
    const payload = '{"id":9007199254740993,"a":1,"a":2, "x":"\\u0041}\\",\\"ts\\":5","10":1,"2":2}'
    expect(decodeMessage(eventText(payload))).toMatchObject({
      ok: true,
      payloadText: payload,
      message: {
        type: 'event',
        data: { event: 'MESSAGE_CREATE', payload: { a: 2 } },
        ts: 1699000000000,
        id: 'k3f9x-7',
      },
    })
  })

  it.each([
    ['an event without id', eventText('{}', '},"ts":1}')],
    ['a backfilled one', eventText('{"x":1}', ',"backfilled":true},"ts":1,"id":"a-1"}')],
    ['a payload that looks like the end', eventText('{"x":{"y":{}},"ts":1}')],
    ['a string that looks like the end', eventText('"},\\"ts\\":1}"')],
    ['a payload with the flag inside', eventText('{"x":1,"backfilled":true}')],
    ['a payload twice', eventText('{"x":1},"payload":{"x":2}')],
    ['the time twice', eventText('{}', '},"ts":1,"ts":2}')],
    ['the type twice', eventText('{}', '},"ts":1,"type":"error"}')],
    ['another order', '{"ts":1,"data":{"payload":[1],"event":"A"},"type":"event"}'],
    ['a payload over several lines', eventText('{"x":\n1}')],
    ['an id that is too long', eventText('{}', `},"ts":1,"id":"${'a'.repeat(65)}"}`)],
    ['no payload', '{"type":"event","data":{"event":"A"},"ts":1}'],
    ['a sync', '{"type":"sync","data":{"state":"live","id":"a-1"},"ts":1}'],
    ['an ack', '{"type":"ack","data":{"success":true},"requestId":"r","ts":1}'],
    ['a broken end', eventText('{}', '},"ts":01}')],
    ['a broken payload', eventText('{"x":}')],
    ['nothing', ''],
    ['no object', '[]'],
    ['an unknown type', '{"type":"hello"}'],
  ])('reads %s as JSON.parse and the schema do', (_, text) => check(text))

  it('reads a backfilled event by its bytes too', () => {
    expect(decodeMessage(eventText('{"x": 1}', ',"backfilled":true},"ts":1}'))).toEqual({
      ok: true,
      payloadText: '{"x": 1}',
      message: { type: 'event', data: { event: 'MESSAGE_CREATE', payload: { x: 1 }, backfilled: true }, ts: 1 },
    })
  })

  it('names the fields of an invalid message, never their contents', () => {
    const decoded = decodeMessage('{"type":"event","data":{"event":5,"payload":"a secret"},"ts":"a secret"}')
    expect(decoded).toEqual({ ok: false, issues: ['data.event', 'ts'], inStream: true })
  })

  it('says what JSON.parse and the schema say, for anything around a payload', () => {
    const payload = fc.oneof(
      fc.json(),
      fc.json().map((json) => `${json},"backfilled":true`),
      fc.json().map((json) => `${json},"payload":${json}`),
      fc.json().map((json) => `{"a":${json}},"ts":1`),
      fc.string(),
    )
    const tail = fc.oneof(
      fc.constantFrom(
        '},"ts":1}',
        '},"ts":1,"id":"a-1"}',
        '},"ts":1.5}',
        '},"ts":1} ',
        ',"backfilled":true},"ts":1}',
        '}',
      ),
      fc.string(),
    )
    fc.assert(
      fc.property(payload, tail, (a, b) => check(eventText(a, b))),
      { numRuns: 2000 },
    )
  })
})
