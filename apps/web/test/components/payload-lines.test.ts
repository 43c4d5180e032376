import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ENTRIES_SHOWN, payloadLines, type PayloadView } from '../../src/components/inspector/payload-lines.ts'

const nothing: PayloadView = { open: {}, shown: {} }
const textOf = (payload: unknown, view = nothing) =>
  payloadLines(payload, view).map(({ depth, tokens, more }) =>
    more === null ? '  '.repeat(depth) + tokens.map(({ text }) => text).join('') : `${'  '.repeat(depth)}+${more}`,
  )

describe('a payload in lines', () => {
  it('is JSON, what is short in its line and what is long folded', () => {
    const payload = {
      id: '1440716238843904051',
      author: { id: '402883', username: 'pikelet' },
      mentions: [],
      embeds: [{ title: 'Kiln 2', fields: [1, 2] }],
      edited_timestamp: null,
      type: 0,
    }
    expect(textOf(payload)).toEqual([
      '{',
      '  "id": "1440716238843904051",',
      '  "author": { "id": "402883", "username": "pikelet" },',
      '  "mentions": [],',
      '  "embeds": [ … 1 ],',
      '  "edited_timestamp": null,',
      '  "type": 0',
      '}',
    ])
    expect(textOf(payload, { ...nothing, open: { '$/embeds': true, '$/embeds/0': true } })).toEqual([
      '{',
      '  "id": "1440716238843904051",',
      '  "author": { "id": "402883", "username": "pikelet" },',
      '  "mentions": [],',
      '  "embeds": [',
      '    {',
      '      "title": "Kiln 2",',
      '      "fields": [1, 2]',
      '    }',
      '  ],',
      '  "edited_timestamp": null,',
      '  "type": 0',
      '}',
    ])
  })

  it('shows the first entries of many, and more when asked', () => {
    const members = Array.from({ length: ENTRIES_SHOWN + 30 }, (_, index) => ({ user: { id: String(index) } }))
    const open = { '$/members': true }
    const first = textOf({ members }, { ...nothing, open })
    expect(first).toHaveLength(ENTRIES_SHOWN + 5)
    expect(first.at(-3)).toBe('    +30')
    const all = textOf({ members }, { open, shown: { '$/members': ENTRIES_SHOWN * 2 } })
    expect(all).toHaveLength(ENTRIES_SHOWN + 34)
  })

  it('cuts a text that no line could hold, and says so', () => {
    expect(textOf({ content: 'x'.repeat(5_000) })[1]).toMatch(/x" … 1000 more characters$/u)
  })

  it('has a name for each line, and loses nothing where all is open', () => {
    const everyPath = (value: unknown, path: string): string[] =>
      typeof value === 'object' && value !== null
        ? [
            path,
            ...Object.entries(value).flatMap(([key, each]) =>
              everyPath(each, `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
            ),
          ]
        : []
    const key = fc.oneof(fc.string(), fc.constantFrom('', '/', '~more', '~end', 'a/b', '~1'))
    const { payload: payloads } = fc.letrec((tie) => ({
      payload: fc.oneof({ maxDepth: 4 }, fc.jsonValue({ maxDepth: 0 }), tie('list'), tie('object')),
      list: fc.array(tie('payload'), { maxLength: 12 }),
      object: fc.dictionary(key, tie('payload'), { maxKeys: 12 }),
    }))
    fc.assert(
      fc.property(payloads, (payload) => {
        // As it came: JSON knows no minus zero.
        const said = JSON.parse(JSON.stringify(payload)) as unknown
        const open = Object.fromEntries(everyPath(said, '$').map((path) => [path, true]))
        const shown = Object.fromEntries(Object.keys(open).map((path) => [path, Number.MAX_SAFE_INTEGER]))
        const lines = payloadLines(said, { open, shown })
        expect(new Set(lines.map(({ path }) => path)).size).toBe(lines.length)
        const text = lines.flatMap(({ tokens }) => tokens.map((token) => token.text)).join('')
        expect(JSON.parse(text)).toEqual(said)
      }),
    )
  })
})
