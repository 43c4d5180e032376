import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { sentences, type Shown } from './protocol-sentences.ts'

const ROOT = new URL('../../../', import.meta.url)

/** What stands between a document's headings, in the order in which it stands there. */
type Section = { heading: string; sentences: string[] }

/**
 * The sentences of a document by their headings: of paragraphs, of list items and of rows of tables, whose cells are put one
 * behind the other. Code blocks and generated tables say nothing of their own. What is bold at the beginning of a paragraph or
 * an item belongs to the sentence behind it. Typographic apostrophes and straight ones are one.
 */
function sections(document: string): Section[] {
  const prose = document
    .replaceAll(/^<!-- table: [\w-]+ -->\n[^]*?^<!-- \/table -->\n/gm, '')
    .replaceAll(/^```[^]*?^```$/gm, '')
    .replaceAll("'", '’')
  const found: Section[] = []
  // A list's item, a row and a heading begin anew without an empty line before them.
  for (const block of prose.split(/\n(?=\n|#+ | *- | *\d+\. |\|)/).map((text) => text.trim())) {
    const [, heading] = /^#+ (.*)$/.exec(block) ?? []
    if (heading !== undefined) found.push({ heading, sentences: [] })
    else if (block !== '') found.at(-1)?.sentences.push(...sentencesOf(block))
  }
  // The row of a table's heads, which the line of dashes below it tells.
  for (const section of found) {
    const isLine = (text: string | undefined) => text !== undefined && /^[-| ]+$/.test(text)
    section.sentences = section.sentences.filter((text, at, all) => !isLine(text) && !isLine(all[at + 1]))
  }
  return found.filter((section) => section.sentences.length > 0)
}

function sentencesOf(block: string): string[] {
  const text = block.replace(/^(?:- |\d+\. |\| )/, '').replaceAll(/\s+/g, ' ')
  return text.replace(/ \|$/, '').split(/(?<=[^ ][.?!]) (?=[^a-z])/)
}

/** The titles of a file's tests, as they are written there: `it`, `test`, and `.each` of them. */
const titlesIn = (source: string) =>
  [...source.matchAll(/(?:\b(?:it|test)|\))\(\s*(['"`])((?:\\.|(?!\1).)+)\1,/g)].map(([, , title = '']) => title)

const document = sections(await readFile(new URL('docs/PROTOCOL.md', ROOT), 'utf8'))

describe('docs/PROTOCOL.md', () => {
  it('has headings of which each is named once, and none beside them is named', () => {
    expect(document.map(({ heading }) => heading).sort()).toEqual(Object.keys(sentences).sort())
  })

  it.each(document)('every sentence of “$heading” is shown by a test that is named once', (section) => {
    const keys = Object.keys(sentences[section.heading] ?? {})
    const named = section.sentences.map((sentence) => ({
      sentence,
      by: keys.filter((words) => sentence.startsWith(words)),
    }))
    expect(named.filter(({ by }) => by.length !== 1)).toEqual([])
    expect(named.map(({ by: [words] }) => words)).toEqual(keys)
  })

  it('says little that is no more than a definition', () => {
    const proofs = Object.values(sentences).flatMap((section) => Object.values(section))
    expect(proofs.filter((proof) => 'says' in proof).length).toBeLessThan(proofs.length / 20)
  })
})

describe('what shows it', () => {
  const shown = Object.values(sentences)
    .flatMap((section) => Object.values(section))
    .flatMap((proof): readonly Shown[] => ('says' in proof ? [] : proof))
  const titlesBy = Map.groupBy(shown, ({ file }) => file)

  it.each([...titlesBy].map(([file, tests]) => [file, new Set(tests.map(({ title }) => title))] as const))(
    'is in %s, each test once',
    async (file, titles) => {
      const all = titlesIn(await readFile(new URL(file, ROOT), 'utf8'))
      const found = [...titles].map((title) => ({ title, tests: all.filter((one) => one.startsWith(title)).length }))
      expect(found.filter(({ tests }) => tests !== 1)).toEqual([])
    },
  )

  it('is a test for each sentence that is not a definition', () => {
    const none = Object.entries(sentences).flatMap(([heading, section]) =>
      Object.entries(section).flatMap(([words, proof]) =>
        'says' in proof || proof.length > 0 ? [] : [heading, words],
      ),
    )
    expect(none).toEqual([])
  })
})

describe('how it is read', () => {
  it('by sentences, items and rows, without code and what is generated', () => {
    const text = [
      '# One',
      '',
      'It is `a.b`, i.e. this.',
      'Next\nline. **Bold.** It goes on. 5 are. Is it? `Yes`.',
      '- an item. And more',
      '- another: `x . y`. *So*.',
      '',
      '## Two',
      '',
      '```',
      'No sentence.',
      '```',
      '',
      '| A  | B |',
      '| -- | - |',
      '| `c` | It’s d. E. |',
      '',
      '<!-- table: t -->',
      '',
      '| F |',
      '',
      '<!-- /table -->',
      '',
      '## Three',
    ]
    expect(sections(text.join('\n'))).toEqual([
      {
        heading: 'One',
        sentences: [
          'It is `a.b`, i.e. this.',
          'Next line.',
          '**Bold.** It goes on.',
          '5 are.',
          'Is it?',
          '`Yes`.',
          'an item.',
          'And more',
          'another: `x . y`.',
          '*So*.',
        ],
      },
      { heading: 'Two', sentences: ['`c` | It’s d.', 'E.'] },
    ])
  })

  it('of tests by the titles that they have', () => {
    const source =
      "it('a’s', () => {})\ntest.each([1])(\n  'b, (%s)',\n  x)\nit.skip('c', y)\ndescribe('d', z)\nit(`e`, f)"
    expect(titlesIn(source)).toEqual(['a’s', 'b, (%s)', 'e'])
  })
})
