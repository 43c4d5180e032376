import fc from 'fast-check'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { MarkdownText } from '../../../src/components/feed/markdown/markdown-text.tsx'
import { GuildStoreProvider } from '../../../src/hooks/use-guild-store.ts'
import { stillStore } from '../still-store.ts'
import { anyText } from './any-text.ts'

const store = stillStore({ people: { '402883176412774400': { name: 'pikelet <b>' } } })

const markup = (text: string): string =>
  renderToStaticMarkup(
    <GuildStoreProvider value={store}>
      <MarkdownText text={text} />
    </GuildStoreProvider>,
  )

/** All that a text may become. */
const ELEMENTS = new Set(
  [
    'div',
    'strong',
    'em',
    'u',
    's',
    'span',
    'bdi',
    'button',
    'blockquote',
    'small',
    'ul',
    'ol',
    'li',
    'code',
    'pre',
  ].concat(['a', 'img', 'picture', 'source', 'time']),
)
const ATTRIBUTES = new Set(
  [
    'dir',
    'class',
    'href',
    'title',
    'target',
    'rel',
    'src',
    'srcset',
    'alt',
    'style',
    'loading',
    'decoding',
    'media',
  ].concat(['draggable', 'datetime', 'tabindex', 'type', 'aria-label', 'start']),
)

test('whatever is written becomes no element and no attribute but those of Discord’s markdown', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      for (const [, name = '', attributes = ''] of markup(text).matchAll(
        /<([^\s/>]+)((?:\s+[^\s=>]+(?:="[^"]*")?)*)\s*\/?>/g,
      )) {
        expect(ELEMENTS).toContain(name.toLowerCase())
        for (const [, attribute = '', value = ''] of attributes.matchAll(/([^\s=]+)(?:="([^"]*)")?/g)) {
          expect(ATTRIBUTES).toContain(attribute.toLowerCase())
          if (attribute === 'href') expect(value).toMatch(/^(?:https?:\/\/|mailto:)/i)
          if (attribute === 'src') expect(value).toMatch(/^https:\/\/cdn\.discordapp\.com\/emojis\/\d+\.webp/)
        }
      }
    }),
    { numRuns: 500 },
  )
})

test('every link leads away without a word of where from', () => {
  for (const text of ['https://a.org', '<https://a.org>', '[a](https://a.org)', '<me@a.org>']) {
    expect(markup(text)).toContain('rel="noopener noreferrer nofollow ugc"')
  }
})

test('names are text', () => {
  expect(markup('<@402883176412774400>')).toContain('@pikelet &lt;b&gt;')
  expect(markup('<@1402883176412774400>')).toContain('@unknown user')
  expect(markup('<#402883176412774400>')).toContain('#unknown channel')
})

test('a spoiler is covered by a button, and what is beneath is out of reach', () => {
  const html = markup('a ||b https://a.org|| c')
  expect(html).toMatch(/<span tabindex="-1" class="invisible">b <a [^>]+>https:\/\/a\.org<\/a><\/span><button/)
  expect(html).toContain('aria-label="Show spoiler"')
})

test('custom emoji have their size before they are there', () => {
  expect(markup('a <:kiln:402883176412774400>')).toContain('style="width:1.25rem;height:1.25rem"')
})
