import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeFrame } from '../../../src/clients/shard/frame.ts'

const head = (t: string, s: number) => `{"t":${JSON.stringify(t)},"s":${s},"op":0,"d":`

/** What decodeFrame must say, by the slow way. */
function reference(text: string): { op: number; d: unknown; s: number | null; t: string | null } | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null) return null
  const frame = value as Record<string, unknown>
  if (typeof frame.op !== 'number') return null
  return {
    op: frame.op,
    d: frame.d ?? null,
    s: typeof frame.s === 'number' && Number.isSafeInteger(frame.s) ? frame.s : null,
    t: typeof frame.t === 'string' ? frame.t : null,
  }
}

function check(text: string): void {
  const frame = decodeFrame(text)
  const expected = reference(text)
  if (frame === null || expected === null) {
    expect(frame).toBe(expected)
    return
  }
  const { raw, ...rest } = frame
  expect(rest).toEqual(expected)
  expect(raw === null).toBe(expected.op !== 0)
  if (raw === null) return
  expect(JSON.parse(raw)).toEqual(expected.d)
  expect(raw).not.toMatch(/[\n\r]/)
}

const space = fc.stringMatching(/^[ \n\r\t]{0,3}$/)
const member = fc.tuple(
  fc.oneof(fc.constantFrom('t', 's', 'op', 'd', '\\u0064', '__proto__'), fc.stringMatching(/^[a-z}{",:\\]{0,4}$/)),
  fc.oneof(
    fc.json(),
    fc.constantFrom('0', '1', '"READY"', '{}', '{"a":{"b":"}"}}', '"}"', 'null', '01', '{"a":1,"a":2}'),
  ),
)

/** Objects as text: any keys in any order, doubled ones, white space anywhere, now and then not JSON. */
const frameText = fc.tuple(fc.array(member, { maxLength: 6 }), space, space).map(([members, a, b]) => {
  const text = members.map(([key, value]) => `${a}"${key}"${b}:${a}${value}`).join(`${b},`)
  return `${b}{${text}${a}}${b}`
})

describe('decodeFrame', () => {
  it('keeps the payload byte for byte as Discord wrote it', () => {
    const d = '{"id":9007199254740993,"a":1,"a":2, "emoji":"\\ud83d\\ude00\\u0041","x":1.0e2,"10":1,"2":2}'
    expect(decodeFrame(`${head('MESSAGE_CREATE', 7)}${d}}`)).toMatchObject({
      op: 0,
      t: 'MESSAGE_CREATE',
      s: 7,
      raw: d,
      d: { a: 2, emoji: '😀A' },
    })
  })

  it.each([
    ['a key after d', `${head('A', 1)}{"x":1},"op":9}`, { op: 9, t: 'A', d: { x: 1 } }],
    ['d twice', `${head('A', 1)}{"x":1},"d":{"x":2}}`, { op: 0, d: { x: 2 }, raw: '{"x":2}' }],
    ['t twice', `${head('A', 1)}{},"t":"B"}`, { t: 'B' }],
    ['white space behind', `${head('A', 1)}{"x":1}}\n`, { op: 0, d: { x: 1 }, raw: '{"x":1}' }],
    ['another order', '{"op":0,"s":3,"t":"A","d":[1]}', { op: 0, s: 3, raw: '[1]' }],
    ['d over several lines', `${head('A', 1)}{"x":\n1}}`, { raw: '{"x":1}' }],
    ['a brace in a string', `${head('A', 1)}"}"}`, { d: '}', raw: '"}"' }],
    ['no d', '{"op":0,"t":"A","s":1}', { d: null, raw: 'null' }],
    ['a name that is escaped', '{"t":"\\u0041","s":1,"op":0,"d":{}}', { t: 'A' }],
    ['types that make no sense', '{"op":0,"t":5,"s":"1","d":{}}', { t: null, s: null }],
  ])('reads %s', (_, text, expected) => {
    expect(decodeFrame(text)).toMatchObject(expected)
    check(text)
  })

  it.each([
    '',
    '{',
    '[]',
    'null',
    '5',
    '"x"',
    '{"op":"0"}',
    `${head('A', 1)}{}`,
    `${head('A', 1)}}`,
    `${head('A', 1)}{}}}`,
    '{"t":"A","s":01,"op":0,"d":{}}',
  ])('understands nothing of %j', (text) => expect(decodeFrame(text)).toBeNull())

  it('does not throw for an array nested deeper than the stack', () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000)
    expect(() => decodeFrame(`{"op":0,"d":${deep}}`)).not.toThrow()
  })

  it('says what JSON.parse says, for any frame', () => {
    fc.assert(fc.property(frameText, check), { numRuns: 2000 })
  })

  it('says what JSON.parse says, for anything behind the beginning that Discord writes', () => {
    const tail = fc.oneof(
      fc.json(),
      fc.string(),
      member.map(([key, value]) => `${value},"${key}":${value}`),
    )
    fc.assert(
      fc.property(
        fc.constantFrom('A', 'READY', 'a"b', 'Ä'),
        fc.nat(),
        tail,
        fc.constantFrom('}', '', '} ', '}}'),
        (t, s, d, end) => check(`${head(t, s)}${d}${end}`),
      ),
      { numRuns: 2000 },
    )
  })
})
