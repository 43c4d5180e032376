import fc from 'fast-check'
import { expect, test } from 'vitest'
import { messageTokens, plainText } from '../../src/components/feed/message-tokens.ts'

test('mentions, links, emoji and times are told from text', () => {
  expect(messageTokens('<@1> and <@!2>, <@&3> in <#4>: <:kiln:5> <t:1700000000:R> @everyone')).toEqual([
    { kind: 'user', id: '1' },
    { kind: 'text', text: ' and ' },
    { kind: 'user', id: '2' },
    { kind: 'text', text: ', ' },
    { kind: 'role', id: '3' },
    { kind: 'text', text: ' in ' },
    { kind: 'channel', id: '4' },
    { kind: 'text', text: ': ' },
    { kind: 'emoji', name: 'kiln' },
    { kind: 'text', text: ' ' },
    { kind: 'time', at: 1_700_000_000_000 },
    { kind: 'text', text: ' ' },
    { kind: 'everyone', text: '@everyone' },
  ])
})

test('a link ends before the sentence does', () => {
  expect(messageTokens('See https://example.org/a?b=c(d), or <https://example.org/>.')).toEqual([
    { kind: 'text', text: 'See ' },
    { kind: 'link', href: 'https://example.org/a?b=c(d', text: 'https://example.org/a?b=c(d' },
    { kind: 'text', text: '), or ' },
    { kind: 'link', href: 'https://example.org/', text: 'https://example.org/' },
    { kind: 'text', text: '.' },
  ])
})

test.each(['javascript:alert(1)', '<script>alert(1)</script>', 'data:text/html,x', '[x](javascript:alert(1))'])(
  '%s stays text',
  (content) => {
    expect(messageTokens(content)).toEqual([{ kind: 'text', text: content }])
  },
)

test('whatever is typed, links go to the web and no text is lost', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (content) => {
      const tokens = messageTokens(content)
      for (const token of tokens) if (token.kind === 'link') expect(token.href).toMatch(/^https?:\/\//u)
      const text = tokens.map((token) => ('text' in token ? token.text : '')).join('')
      if (!content.includes('<')) expect(text).toBe(content)
    }),
  )
})

test('a quotation is one line with names', () => {
  expect(plainText('Hello <@1>,\n\nsee <#2>', (kind, id) => `${kind} ${id}`)).toBe('Hello user 1, see channel 2')
})
