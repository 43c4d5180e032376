import fc from 'fast-check'
import { GatewayDispatchEvents } from 'discord-api-types/v10'
import { describe, expect, expectTypeOf, test } from 'vitest'
import {
  closeCodePolicy,
  closeCodes,
  EVENT_ID_MAX_CHARS,
  formatEventId,
  type GatewayServiceAckMessage,
  type GatewayServiceCommandMessage,
  type GatewayServiceErrorMessage,
  type GatewayServiceEventMessage,
  type GatewayServiceMessage,
  GatewayServiceMessageSchema,
  GatewayServiceV2MessageSchema,
  isAckMessage,
  isCommandMessage,
  isErrorMessage,
  isEventMessage,
  isSyncMessage,
  LinkError,
  parseEventId,
} from '../src/types/index.ts'

describe('messages', () => {
  test('the union is the seed’s four', () => {
    expectTypeOf<GatewayServiceMessage>().toEqualTypeOf<
      GatewayServiceEventMessage | GatewayServiceCommandMessage | GatewayServiceAckMessage | GatewayServiceErrorMessage
    >()
  })

  test('an event is named by discord-api-types’ enum or by the plain string', () => {
    const ts = 1
    const messages: GatewayServiceMessage[] = [
      { type: 'event', data: { event: GatewayDispatchEvents.VoiceStateUpdate, payload: {} }, ts },
      { type: 'event', data: { event: 'VOICE_STATE_UPDATE', payload: {} }, ts },
    ]
    for (const message of messages) expect(GatewayServiceMessageSchema.parse(message)).toEqual(message)
  })

  test('each guard takes its own type and no other', () => {
    const guards = {
      event: isEventMessage,
      command: isCommandMessage,
      ack: isAckMessage,
      error: isErrorMessage,
      sync: isSyncMessage,
    }
    const messages = [
      { type: 'event', data: { event: 'READY', payload: null }, ts: 1 },
      { type: 'command', data: { command: 'x', payload: null }, ts: 1 },
      { type: 'ack', data: null, ts: 1 },
      { type: 'error', data: { message: 'x' }, ts: 1 },
      { type: 'sync', data: { state: 'live' }, ts: 1 },
    ].map((message) => GatewayServiceV2MessageSchema.parse(message))
    for (const message of messages) {
      const taken = Object.entries(guards).flatMap(([type, guard]) => (guard(message) ? [type] : []))
      expect(taken).toEqual([message.type])
    }
  })

  test('a payload is never altered', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        const wire = `{"type":"event","data":{"event":"READY","payload":${text}},"ts":1}`
        const message = GatewayServiceMessageSchema.parse(JSON.parse(wire))
        if (!isEventMessage(message)) throw new Error('not an event')
        expect(JSON.stringify(message.data.payload)).toBe(JSON.stringify(JSON.parse(text)))
      }),
    )
  })

  test.each([
    ['a type that nobody knows', { type: 'hello', data: {}, ts: 1 }, ['type']],
    ['no ts', { type: 'ack', data: null }, ['ts']],
    ['a command without a name', { type: 'command', data: { payload: {} }, ts: 1 }, ['data', 'command']],
    ['a command without a payload', { type: 'command', data: { command: 'x' }, ts: 1 }, ['data', 'payload']],
    ['an event without a name', { type: 'event', data: { event: '', payload: {} }, ts: 1 }, ['data', 'event']],
    ['a request id of no length', { type: 'ack', data: null, requestId: '', ts: 1 }, ['requestId']],
  ])('%s is refused, and the field is named', (_, message, path) => {
    expect(GatewayServiceMessageSchema.safeParse(message).error?.issues[0]?.path).toEqual(path)
  })
})

describe('event ids', () => {
  const epochs = fc.stringMatching(/^[A-Za-z0-9_-]{1,46}$/)
  const positions = fc.nat({ max: Number.MAX_SAFE_INTEGER })

  test('what is formatted is parsed', () => {
    fc.assert(
      fc.property(epochs, positions, (epoch, position) => {
        const id = formatEventId({ epoch, position })
        expect(id.length).toBeLessThanOrEqual(EVENT_ID_MAX_CHARS)
        expect(parseEventId(id)).toEqual({ epoch, position })
      }),
    )
  })

  test('whatever parses is what formatting gives', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z-]{0,3}-\d{1,3}$/)), (id) => {
        const place = parseEventId(id)
        if (place) expect(formatEventId(place)).toBe(id)
      }),
    )
  })

  test.each(['', '-', '-1', 'a-', 'a-01', 'a-1.0', 'a-9007199254740992', 'a b-1', `${'a'.repeat(63)}-1`])(
    '%j is no event id',
    (id) => expect(parseEventId(id)).toBeNull(),
  )

  test.each([
    ['', 1],
    ['a', -1],
    ['a', 1.5],
    ['a\n', 1],
  ])('epoch %j with position %j cannot be formatted', (epoch, position) => {
    expect(() => formatEventId({ epoch, position })).toThrow(RangeError)
  })
})

describe('tables', () => {
  test('no two close codes are the same, and each is one that an application may use', () => {
    const codes = Object.values(closeCodes).map(({ code }) => code)
    expect(new Set(codes).size).toBe(codes.length)
    for (const code of codes) expect(code === 1009 || (code >= 4000 && code < 5000)).toBe(true)
  })

  test('an unknown close code means: come back', () => {
    expect(closeCodePolicy(1006)).toEqual({ reconnect: true, afterMs: 0 })
    expect(closeCodePolicy(closeCodes.TOKEN_REVOKED.code).reconnect).toBe(false)
  })

  test('an error takes from the table whether it may be tried again, unless told', () => {
    expect(new LinkError('RATE_LIMITED', 'x').retryable).toBe(true)
    expect(new LinkError('OUTCOME_UNKNOWN', 'x').retryable).toBe(false)
    expect(new LinkError('MISSING_PERMISSIONS', 'x').retryable).toBe(false)
    expect(new LinkError('MISSING_PERMISSIONS', 'x', { retryable: true }).retryable).toBe(true)
  })
})
