import { closeCodes, type CloseCodeName, type ErrorCode } from '@repo/discord-integration/types'
import { linkLimits } from '../src/link/limits.ts'
import { frame } from './raw-link.ts'

/** What a backend may send, and what comes of it: `sent` one after the other, each answered so. */
export type Answered = {
  what: string
  /** Texts of messages; binary ones as bytes. */
  sent: readonly (string | Buffer)[]
} & (
  | { code: ErrorCode; field?: string; requestId: 'r' | 'none' }
  /** It is a command as good as any. */
  | { code: 'ack' }
)

/** What ends the link: bytes as they stand on the wire. */
export type Closed = { what: string; sent: readonly Buffer[]; close: number; name: string }

const PAYLOAD = '{"channel_id":"42","content":"hush"}'

/** A command, any part of it replaced. Without a payload of its own it is good. */
function command(parts: { payload?: string; name?: string; requestId?: string; more?: string } = {}): string {
  const { payload = PAYLOAD, name = '"send_message"', requestId = '"r"', more = '' } = parts
  return `{"type":"command","data":{"command":${name},"payload":${payload}},"requestId":${requestId},"ts":1${more}}`
}

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
const messageOf = (field: string) => `{"channel_id":"42","content":"hush",${field}}`

/** Each has exactly one answer, and the link stays. docs/PROTOCOL.md shows it. */
export const answered: readonly Answered[] = [
  {
    what: 'a text that is not JSON: empty, cut off, brackets without end',
    sent: ['', 'hush', command().slice(0, -1), '['.repeat(200_000), '\u{feff}{}', 'null '.repeat(2)],
    code: 'INVALID_JSON',
    requestId: 'none',
  },
  {
    what: 'JSON that is no object, however deep or long',
    sent: ['null', '1e400', '"hush"', '[]', nested(100_000), `[${'1,'.repeat(100_000)}1]`],
    code: 'INVALID_MESSAGE',
    requestId: 'none',
  },
  {
    what: 'an object without `type: "command"`, with a field of the message missing or wrong',
    sent: [
      command().replace('"command"', '"event"'),
      command().replace('"ts":1', '"ts":"now"'),
      command().replace('"ts":1', '"ts":1e400'),
      command().replace(/"data":{.*},/, ''),
      command({ name: '["send_message"]' }),
      '{"type":"command","__proto__":{"data":{"command":"get_status","payload":{}}},"requestId":"r","ts":1}',
    ],
    code: 'INVALID_MESSAGE',
    requestId: 'r',
  },
  {
    what: 'a `requestId` that is no text of 1 to 128 characters',
    sent: ['""', '7', 'null', '{}', `"${'r'.repeat(129)}"`].map((requestId) => command({ requestId })),
    code: 'INVALID_MESSAGE',
    field: 'requestId',
    requestId: 'none',
  },
  {
    what: 'in version 2, an `actor` that is no user’s id',
    sent: ['42', '"hush"', '""', '{}', 'null', '["42"]', '"-1"'].map((actor) =>
      command().replace('"data":{', `"data":{"actor":${actor},`),
    ),
    code: 'INVALID_MESSAGE',
    field: 'data.actor',
    requestId: 'r',
  },
  {
    what: 'a binary message',
    sent: [Buffer.from(command()), Buffer.from([0, 255, 1])],
    code: 'INVALID_MESSAGE',
    requestId: 'none',
  },
  {
    what: 'the name of no command',
    sent: ['"send"', '""', '"__proto__"', '"constructor"', '"SEND_MESSAGE"', '"\\ud800"'].map((name) =>
      command({ name }),
    ),
    code: 'UNKNOWN_COMMAND',
    field: 'data.command',
    requestId: 'r',
  },
  {
    what: 'a payload that is no object',
    sent: ['null', '5', '"hush"', '[]', nested(100_000)].map((payload) => command({ payload })),
    code: 'INVALID_PAYLOAD',
    field: 'data.payload',
    requestId: 'r',
  },
  {
    what: 'a payload with a field that the command has not, `__proto__` and `constructor` among them',
    sent: [
      '"colour":true',
      '"__proto__":{"colour":true}',
      '"constructor":{}',
      '"a.b":1',
      `"${'x'.repeat(100_000)}":1`,
      `"embed":${nested(50_000)}`,
      Array.from({ length: 900 }, (_, n) => `"x${n}":1`).join(),
    ].map((field) => command({ payload: messageOf(field) })),
    code: 'INVALID_PAYLOAD',
    field: 'data.payload.',
    requestId: 'r',
  },
  {
    what: 'a field of the payload that is missing, of another kind, or too long',
    sent: [
      '{"content":"hush"}',
      '{"channel_id":42,"content":"hush"}',
      '{"channel_id":"../1","content":"hush"}',
      '{"channel_id":"42","content":""}',
      `{"channel_id":"42","content":"${'x'.repeat(200_000)}"}`,
      messageOf(`"allowed_mentions":{"users":[${'"x",'.repeat(50_000)}"x"]}`),
    ].map((payload) => command({ payload })),
    code: 'INVALID_PAYLOAD',
    field: 'data.payload.',
    requestId: 'r',
  },
  {
    what: 'a list or an object of over 1,000, over 64 levels, or over 10,000 values in all',
    sent: [
      messageOf(`"allowed_mentions":{"parse":[${'1,'.repeat(100_000)}1]}`),
      `{${Array.from({ length: 1_001 }, (_, n) => `"x${n}":1`).join()}}`,
      messageOf(`"components":[{"type":1,"components":${nested(50_000)}}]`),
      messageOf(`"embeds":[${Array.from({ length: 101 }, () => `[${'1,'.repeat(99)}1]`).join()}]`),
    ].map((payload) => command({ payload })),
    code: 'INVALID_PAYLOAD',
    field: 'data.payload',
    requestId: 'r',
  },
  {
    what: 'text with half of a surrogate pair in it, which no UTF-8 can carry on',
    sent: ['{"channel_id":"42","content":"hush \\ud800"}', '{"channel_id":"42","content":"\\udc00\\ud800"}'].map(
      (payload) => command({ payload }),
    ),
    code: 'INVALID_PAYLOAD',
    field: 'data.payload.content',
    requestId: 'r',
  },
  {
    what: 'an emoji that is none, though it would lead elsewhere in a path',
    sent: ['.', '..', '../../../@me', 'a b', '\\udc00'].map((emoji) =>
      command({ name: '"add_reaction"', payload: `{"channel_id":"42","message_id":"1","emoji":"${emoji}"}` }),
    ),
    code: 'INVALID_PAYLOAD',
    field: 'data.payload.emoji',
    requestId: 'r',
  },
  {
    what: 'a message with fields beside those that it has to have: they are passed over',
    sent: [command({ more: ',"traceId":"hush"' }), command({ more: ',"__proto__":{}' })],
    code: 'ack',
  },
  {
    what: 'a field that is there twice: the last one holds',
    sent: [command({ payload: '{"channel_id":"x","channel_id":"42","content":"hush"}' })],
    code: 'ack',
  },
  {
    what: 'text of any language, direction and length up to its bound, NUL included',
    sent: ['😀'.repeat(2_000), '\u{202e}\u{200b}\u{feff}', 'a\\u0000b', '\u{10ffff}', 'e\u{301}'].map((content, n) =>
      command({ payload: `{"channel_id":"42","content":"${content}"}`, requestId: `"text ${n}"` }),
    ),
    code: 'ack',
  },
]

const code = (name: CloseCodeName) => ({ close: closeCodes[name].code, name })
const tooMany = Array.from({ length: linkLimits.badMessagesMax }, () => frame({ payload: '?' }))
const fragments = (count: number) => [
  frame({ fin: false, payload: '[' }),
  ...Array.from({ length: count }, () => frame({ fin: false, opcode: 0, payload: '1' })),
]
const half = Buffer.alloc(linkLimits.messageMaxBytes / 2 + 1, ' ')

/** What the link does not outlive. docs/PROTOCOL.md shows it. */
export const closed: readonly Closed[] = [
  {
    what: `${linkLimits.badMessagesMax} in a row of what is answered with the errors above`,
    sent: tooMany,
    ...code('BAD_MESSAGES'),
  },
  {
    what: `a message over ${linkLimits.messageMaxBytes / 1024} KiB, in one frame or several`,
    sent: [frame({ fin: false, payload: half }), frame({ opcode: 0, payload: half })],
    ...code('MESSAGE_TOO_BIG'),
  },
  { what: 'a message in more than 16,384 frames', sent: fragments(16_384), close: 1008, name: 'policy violation' },
  {
    what: 'text that is not UTF-8',
    sent: [frame({ payload: Buffer.from([0x22, 0xff, 0xfe, 0x22]) })],
    close: 1007,
    name: 'invalid payload data',
  },
  ...[
    { what: 'without a mask', bytes: frame({ payload: command(), masked: false }) },
    { what: 'compressed, or with another reserved bit', bytes: frame({ reserved: 4, payload: command() }) },
    { what: 'of an opcode that is none', bytes: frame({ opcode: 3 }) },
    { what: 'that goes on with nothing', bytes: frame({ opcode: 0, payload: command() }) },
    { what: 'that is a ping of more than 125 bytes', bytes: frame({ opcode: 9, payload: Buffer.alloc(126) }) },
    { what: 'that is a ping in parts', bytes: frame({ opcode: 9, fin: false }) },
  ].map(({ what, bytes }) => ({ what: `a frame ${what}`, sent: [bytes], close: 1002, name: 'protocol error' })),
]

/** What is too much, or there already: what it is answered, in the document's words. */
export const crowds = {
  again: {
    what: 'a command whose `requestId` was there before, with the same payload, on any connection',
    answer: 'the answer that the first one got',
  },
  reused: {
    what: 'in version 2, a `requestId` that stands for something else',
    answer: '`INVALID_MESSAGE`, naming `requestId`',
  },
  inFlight: {
    what: `a command while ${linkLimits.commandsInFlightMax} of the connection have no answer yet`,
    answer: '`TOO_MANY_COMMANDS`',
  },
  pings: { what: '60 pings whose pongs are not taken', answer: 'cut: 1006' },
} as const
