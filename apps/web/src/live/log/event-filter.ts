import type { LogRow } from './event-log.ts'

export type Names = { channel: (id: string) => string | undefined; person: (id: string) => string | undefined }

export type EventFilter = (row: LogRow) => boolean

type Term = { key: string; value: string }

/**
 * `event:MESSAGE_* channel:build-log from:pikelet id:k3f9x` and free text, all of which must hold. `*` stands for anything;
 * case does not matter; quotes keep a name with spaces together.
 */
export function eventFilter(text: string, names: Names): EventFilter | null {
  const terms = termsOf(text)
  if (terms.length === 0) return null
  const tests = terms.map((term) => testOf(term, names))
  return (row) => tests.every((test) => test(row))
}

function termsOf(text: string): Term[] {
  const found = text.matchAll(/(?:(?<key>event|channel|from|id):)?(?:"(?<quoted>[^"]*)"|(?<bare>\S+))/giu)
  return [...found].flatMap(({ groups = {} }) => {
    const value = (groups['quoted'] ?? groups['bare'] ?? '').toLowerCase()
    return value === '' ? [] : [{ key: (groups['key'] ?? '').toLowerCase(), value }]
  })
}

function testOf({ key, value }: Term, names: Names): EventFilter {
  const like = pattern(value)
  switch (key) {
    case 'event':
      return (row) => like.test(row.name)
    case 'channel':
      return ({ channelId }) =>
        channelId !== null && (like.test(channelId) || like.test(names.channel(channelId) ?? ''))
    case 'from':
      return ({ authorId }) => authorId !== null && (like.test(authorId) || like.test(names.person(authorId) ?? ''))
    case 'id':
      return ({ id }) => id !== null && id.toLowerCase().includes(value)
    default: {
      // The text of a payload is made once for each row and search; a search is typed seldom.
      return (row) =>
        row.name.toLowerCase().includes(value) || JSON.stringify(row.payload).toLowerCase().includes(value)
    }
  }
}

function pattern(value: string): RegExp {
  const escaped = value.replaceAll(/[.+?^${}()|[\]\\]/gu, String.raw`\$&`).replaceAll('*', '.*')
  return new RegExp(`^${escaped}$`, 'iu')
}
