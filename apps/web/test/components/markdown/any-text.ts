import fc from 'fast-check'

const ID = '402883176412774400'

/** What marks something, whole and in pieces, beside words and whatever else there is. */
const parts = [
  ['*', '**', '***', '_', '__', '~~', '||', '`', '``', '```', '```ts\n', '\\', '\n', '\n\n', ' ', '  ', '\t', '\r\n'],
  [
    '# ',
    '## ',
    '### ',
    '-# ',
    '> ',
    '>>> ',
    '- ',
    '* ',
    '1. ',
    '  - ',
    '[',
    '](',
    ')',
    '](https://a.org)',
    '"',
    '<',
    '>',
  ],
  [
    'https://a.org/b',
    'http://',
    'mailto:',
    '<me@a.org>',
    'javascript:alert(1)',
    '<script>',
    '&lt;',
    'onerror=',
    '@',
    '#',
  ],
  [`<@${ID}>`, `<@&${ID}>`, `<#${ID}>`, `<:kiln:${ID}>`, `<a:fire:${ID}>`, `</fire kiln:${ID}>`, `</:${ID}>`],
  ['<t:1700000000>', '<t:1700000000:R>', '<t:0:s>', '<id:browse>', '@everyone', '@here', '¯\\_(ツ)_/¯', '👍', '𝕏'],
  ['kiln', 'سمكة', 'תודה', 'é'],
].flat()

/** Texts as people, bots and those who try things out write them. */
export const anyText = fc
  .array(fc.oneof(fc.constantFrom(...parts), fc.string({ unit: 'grapheme', maxLength: 6 })), { maxLength: 24 })
  .map((some) => some.join(''))
