import { wildcard } from './wildcard.ts'
import type { LogRow } from './event-log.ts'

export type Names = { channel: (id: string) => string | undefined; person: (id: string) => string | undefined }

export type EventFilter = (row: LogRow) => boolean

const KEYS = ['event', 'channel', 'from', 'id'] as const

type Key = (typeof KEYS)[number]

/** `isQuoted`: it is whole, as it was typed. */
type Term = { key: Key | null; value: string; isQuoted: boolean }

/**
 * `event:MESSAGE_* channel:build-log from:pikelet id:k3f9x` and free text, all of which must hold; of the same key, one of those
 * that are said. `*` stands for anything; case does not matter; quotes keep a name with spaces together. `#` before a channel and `@`
 * before a person are as the page writes them, and may be left out.
 *
 * It holds at each letter of what is being typed, and the list is never empty because a word is not at its end: `event:`,
 * `channel:` and `from:` look for what begins so, and in quotes for that and nothing else; a quote that is not closed reaches
 * to the end; and a key without a value, or the beginning of one at the end, asks for nothing yet.
 *
 * `id:` finds any part of an id, in quotes the whole. Free text finds any part of an event's name, its id, its channel's name
 * and what it carries.
 */
export function eventFilter(text: string, names: Names): EventFilter | null {
  const terms = termsOf(text)
  if (terms.length === 0) return null
  const byKey = Map.groupBy(terms, ({ key, value }) => key ?? `any ${value}`)
  const tests = [...byKey.values()].map((group) => group.map((term) => testOf(term, names)))
  return (row) => tests.every((either) => either.some((test) => test(row)))
}

/** Whether a row of that name may pass; null where the filter asks for no names. */
export function nameFilter(text: string): ((name: string) => boolean) | null {
  const tests = termsOf(text).flatMap((term) => (term.key === 'event' ? [patternOf(term)] : []))
  return tests.length === 0 ? null : (name) => tests.some((is) => is(name))
}

/** What there is that a filter can name. Channels and people have an id and a name. */
export type Known = {
  events: readonly string[]
  channels: readonly { id: string; name: string }[]
  people: readonly { id: string; name: string }[]
}

/** What of a filter names nothing that there is, as it was typed. */
export function unknownTerms(text: string, { events, channels, people }: Known): readonly string[] {
  return termsOf(text).flatMap((term) => {
    const { key, value, isQuoted } = term
    const is = patternOf(term)
    const isThere =
      key === 'event'
        ? events.some(is)
        : key === 'channel' || key === 'from'
          ? (key === 'channel' ? channels : people).some(({ id, name }) => is(id) || is(name))
          : key === 'id' || isQuoted || !/^[a-z]+:/.test(value)
    return isThere ? [] : [key === null ? value : `${key}:${isQuoted ? `"${value}"` : value}`]
  })
}

function termsOf(text: string): Term[] {
  const found = text.matchAll(/(?:(?<key>event|channel|from|id):)?(?:"(?<quoted>[^"]*)(?<closed>"?)|(?<bare>\S*))/giu)
  return [...found].flatMap(({ 0: whole, index, groups = {} }) => {
    const key = groups['key']?.toLowerCase() as Key | undefined
    const value = (groups['quoted'] ?? groups['bare'] ?? '').toLowerCase()
    const isAtEnd = index + whole.length === text.length
    if (value === '' || (isAtEnd && isKeyBegun(whole))) return []
    if (key !== undefined && value === markOf[key]) return []
    return [{ key: key ?? null, value, isQuoted: groups['closed'] === '"' }]
  })
}

const isKeyBegun = (word: string): boolean => KEYS.some((key) => key.startsWith(word.toLowerCase()))

/** Before a name, where the page shows it. */
const markOf: Readonly<Partial<Record<Key, string>>> = { channel: '#', from: '@' }

function patternOf({ key, value, isQuoted }: Term): (text: string) => boolean {
  const part = key === null ? 'any' : isQuoted ? 'all' : key === 'id' ? 'any' : 'beginning'
  const is = wildcard(value, part)
  const mark = key === null ? undefined : markOf[key]
  if (mark === undefined || !value.startsWith(mark)) return is
  // A name may begin so itself.
  const isWithout = wildcard(value.slice(mark.length), part)
  return (text) => isWithout(text) || is(text)
}

function testOf(term: Term, names: Names): EventFilter {
  const is = patternOf(term)
  switch (term.key) {
    case 'event':
      return (row) => is(row.name)
    case 'channel':
      return ({ channelId }) => channelId !== null && (is(channelId) || is(names.channel(channelId) ?? ''))
    case 'from':
      return ({ authorId }) => authorId !== null && (is(authorId) || is(names.person(authorId) ?? ''))
    case 'id':
      return ({ id }) => id !== null && is(id)
    case null:
      // The text of a payload is made once for each row and search; a search is typed seldom.
      return ({ name, id, channelId, payload }) =>
        is(name) ||
        is(id ?? '') ||
        is((channelId === null ? undefined : names.channel(channelId)) ?? '') ||
        is(JSON.stringify(payload))
  }
}
