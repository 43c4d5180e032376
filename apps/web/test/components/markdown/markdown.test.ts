import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isJumbo } from '../../../src/components/feed/markdown/jumbo.ts'
import { parseMarkdown } from '../../../src/components/feed/markdown/markdown.ts'
import type { MarkdownNode } from '../../../src/components/feed/markdown/nodes.ts'
import { plainText } from '../../../src/components/feed/markdown/plain-text.ts'
import { anyText } from './any-text.ts'

/** Nodes in a notation that fits on a line: `strong(a em(b))`. */
const shape = (nodes: readonly MarkdownNode[]): string => nodes.map(shapeOf).join(' ')
function shapeOf(node: MarkdownNode): string {
  switch (node.type) {
    case 'text':
      return JSON.stringify(node.text)
    case 'heading':
      return `h${node.level}(${shape(node.children)})`
    case 'list':
      return `${node.start ?? 'dots'}[${node.items.map(shape).join(' | ')}]`
    case 'code':
      return `code(${node.text})`
    case 'codeBlock':
      return `block:${node.language}(${node.text})`
    case 'link':
      return `link:${node.href}(${shape(node.children)})`
    case 'user':
    case 'role':
    case 'channel':
      return `${node.type}:${node.id}`
    case 'everyone':
      return node.text
    case 'command':
      return `/${node.name}`
    case 'navigation':
      return `go:${node.to}`
    case 'emoji':
      return `${node.animated ? 'moving' : 'emoji'}:${node.name}:${node.id}`
    case 'time':
      return `time:${node.at}:${node.style}`
    case 'strong':
    case 'em':
    case 'underline':
    case 'strike':
    case 'spoiler':
    case 'quote':
    case 'subtext':
      return `${node.type}(${shape(node.children)})`
  }
}

const ID = '402883176412774400'

describe('what Discord documents', () => {
  test.each([
    ['*a* _b_', 'em("a") " " em("b")'],
    ['**a** __b__ ~~c~~', 'strong("a") " " underline("b") " " strike("c")'],
    ['***a***', 'em(strong("a"))'],
    ['**a *b* c**', 'strong("a " em("b") " c")'],
    ['__**a**__', 'underline(strong("a"))'],
    ['snake_case_word', '"snake_case_word"'],
    ['2 * 3 * 4', '"2 * 3 * 4"'],
    ['\\*a\\*', '"*a*"'],
    ['¯\\_(ツ)_/¯', '"¯\\\\_(ツ)_/¯"'],
    ['||a **b**||', 'spoiler("a " strong("b"))'],
    ['`a *b*` and ``c`d``', 'code(a *b*) " and " code(c`d)'],
    ['```ts\nlet a\n```', 'block:ts(let a)'],
    ['see ```a``` there', '"see " block:(a) " there"'],
    ['# a\n## b\n### c\n#### d', 'h1("a") h2("b") h3("c") "#### d"'],
    ['a # b', '"a # b"'],
    ['-# small', 'subtext("small")'],
    ['> a\n> b\nc', 'quote("a\\nb") "c"'],
    ['>>> a\n\nb', 'quote("a\\n\\nb")'],
    ['> # a', 'quote(h1("a"))'],
    ['a > b', '"a > b"'],
    ['- a\n- b\n  - c\n* d', 'dots["a" | "b" dots["c"] | "d"]'],
    ['4. a\n5. b', '4["a" | "b"]'],
    ['1. a\n- b', '1["a"] dots["b"]'],
    ['- a\n  more\nend', 'dots["a\\nmore"] "end"'],
    ['> - a', 'quote(dots["a"])'],
    ['-a', '"-a"'],
  ])('%s', (text, expected) => {
    expect(shape(parseMarkdown(text))).toBe(expected)
  })

  test.each([
    [`<@${ID}> <@!${ID}> <@&${ID}> <#${ID}>`, `user:${ID} " " user:${ID} " " role:${ID} " " channel:${ID}`],
    ['@everyone @here', '@everyone " " @here'],
    [`</kiln fire:${ID}>`, '/kiln fire'],
    [`</:${ID}>`, `"</:${ID}>"`],
    ['<id:customize> <id:home> <id:nowhere>', 'go:customize " " go:home " <id:nowhere>"'],
    [`<:kiln:${ID}><a:fire_2:${ID}>`, `emoji:kiln:${ID} moving:fire_2:${ID}`],
    ['<t:1700000000> <t:-1:S>', 'time:1700000000000:f " " time:-1000:S'],
    ['<t:1700000000:x> <t:99999999999999:R>', '"<t:1700000000:x> <t:99999999999999:R>"'],
  ])('%s', (text, expected) => {
    expect(shape(parseMarkdown(text))).toBe(expected)
  })
})

describe('links', () => {
  test.each([
    ['https://a.org/x_(y)_z.', 'link:https://a.org/x_(y)_z("https://a.org/x_(y)_z") "."'],
    ['(https://a.org/b)', '"(" link:https://a.org/b("https://a.org/b") ")"'],
    ['<https://a.org>', 'link:https://a.org("https://a.org")'],
    ['<me@a.org> <mailto:me@a.org>', 'link:mailto:me@a.org("me@a.org") " " link:mailto:me@a.org("mailto:me@a.org")'],
    ['[a **b**](https://a.org "why")', 'link:https://a.org("a " strong("b"))'],
    ['[a](<https://a.org/(b)>)', 'link:https://a.org/(b)("a")'],
    ['[[1]](https://a.org)', 'link:https://a.org("[1]")'],
    ['||https://a.org||', 'spoiler(link:https://a.org("https://a.org"))'],
    ['see:https://a.org', '"see:" link:https://a.org("https://a.org")'],
  ])('%s', (text, expected) => {
    expect(shape(parseMarkdown(text))).toBe(expected)
  })

  test.each([
    'javascript:alert(1)',
    '[x](javascript:alert(1))',
    '[x](data:text/html,y)',
    '<javascript:alert@a.b>',
    'ftp://a.org',
    '<script>alert(1)</script>',
    'https://',
  ])('%s stays text', (text) => {
    expect(parseMarkdown(text)).toEqual([{ type: 'text', text }])
  })

  test('one whose text is another address does not hide where it leads', () => {
    expect(shape(parseMarkdown('[https://bank.org](https://thief.org)'))).not.toContain(
      'link:https://thief.org("https://bank',
    )
  })

  test('no link holds another', () => {
    expect(shape(parseMarkdown('[a <me@a.org>](https://b.org)'))).toBe('link:https://b.org("a <me@a.org>")')
  })
})

test('halves of a character stay together', () => {
  for (const text of ['𝕏 and 𝕐', '\\😀', 'привет', '👩‍🚀'])
    expect(parseMarkdown(text)).toEqual([{ type: 'text', text: text.replace('\\', '') }])
})

test('an embed’s names have no headings, lists and quotes', () => {
  expect(shape(parseMarkdown('# a **b**', 'inline'))).toBe('"# a " strong("b")')
})

test.each([
  [`<:kiln:${ID}>`, true],
  ['👍 🫖\n👩‍🚀', true],
  ['👍'.repeat(30), true],
  ['👍'.repeat(31), false],
  ['👍 yes', false],
  ['**👍**', false],
  ['', false],
])('emoji alone stand large: %s', (text, expected) => {
  expect(isJumbo(parseMarkdown(text))).toBe(expected)
})

test('a quotation is one line, and what is hidden stays hidden', () => {
  const nameOf = (kind: string, id: string) => `${kind} ${id}`
  expect(plainText(`# a\n- **b**\n> c ||d|| <@${ID}> <:kiln:${ID}>`, nameOf)).toBe(`a b c (spoiler) user ${ID} :kiln:`)
})

/** All that is kept of a text, in its order, but for what marks it. */
function kept(nodes: readonly MarkdownNode[]): string {
  return nodes
    .map((node) => {
      switch (node.type) {
        case 'text':
        case 'code':
        case 'everyone':
          return node.text
        case 'codeBlock':
          return node.language + node.text
        case 'link':
          return kept(node.children) + (isBare(node) ? '' : node.href + node.title)
        case 'list':
          return node.items.map(kept).join('')
        case 'emoji':
          return (node.animated ? 'a' : '') + node.name
        case 'time':
          // Its own style where none is given.
          return node.style === 'f' ? 't' : `t${node.style}`
        case 'command':
          return node.name
        case 'navigation':
          return `id${node.to}`
        case 'user':
        case 'role':
        case 'channel':
          return ''
        case 'strong':
        case 'em':
        case 'underline':
        case 'strike':
        case 'spoiler':
        case 'quote':
        case 'subtext':
        case 'heading':
          return kept(node.children)
      }
    })
    .join('')
}

const isBare = ({ href, children }: { href: string; children: MarkdownNode[] }): boolean =>
  [href, href.replace('mailto:', '')].includes(children.map((node) => ('text' in node ? node.text : '')).join(''))

const letters = (text: string): string => text.replaceAll(/[^\p{L}]/gu, '')

test('whatever is written: nothing fails, no letter is lost, and links lead to the web or to a letter', () => {
  const check = (nodes: readonly MarkdownNode[]): void => {
    for (const node of nodes) {
      if (node.type === 'link') expect(new URL(node.href).protocol).toMatch(/^(?:https?|mailto):$/)
      if ('children' in node) check(node.children)
      if (node.type === 'list') node.items.forEach(check)
    }
  }
  fc.assert(
    fc.property(anyText, (text) => {
      const nodes = parseMarkdown(text)
      check(nodes)
      expect(letters(kept(nodes))).toBe(letters(text))
    }),
    { numRuns: 3_000 },
  )
})

test.each(['[a](', '*', '_', '> ', '- ', '||', '__*', '**__~~||', '[[', '  - a\n', '`', '<@'])(
  'a message of nothing but %s is taken apart, however deep it seems',
  (part) => {
    const text = part.repeat(4_000 / part.length)
    expect(letters(kept(parseMarkdown(text)))).toBe(letters(text))
  },
)
