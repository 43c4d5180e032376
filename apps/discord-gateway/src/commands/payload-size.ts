import type { ErrorIssue } from '@repo/discord-integration/types'
import { fieldPath } from '../issues.ts'

/** More than any list or record of a command may have. */
export const ITEMS_MAX = 1_000
/** Deeper than anything that Discord takes. */
export const LEVELS_MAX = 64
/** Of lists, objects and what is in them, all together. */
export const VALUES_MAX = 10_000

/**
 * What of a payload is too much to look into, or null. It is asked before a schema is: zod looks at every item of a list before it
 * looks how long that is, and has an issue for each; and what is nested without end ends the stack.
 */
export function tooMuch(payload: unknown): ErrorIssue | null {
  let values = 0
  const within = (value: unknown, path: readonly string[]): ErrorIssue | null => {
    if (typeof value !== 'object' || value === null) return null
    const isList = Array.isArray(value)
    const count = isList ? value.length : Object.keys(value).length
    if (count > ITEMS_MAX) {
      return issue(path, `expected at most ${ITEMS_MAX.toLocaleString('en')} ${isList ? 'items' : 'fields'}`)
    }
    // The way down to there says nothing: the field that it is in does.
    if (path.length >= LEVELS_MAX) return issue(path.slice(0, 1), `expected at most ${LEVELS_MAX} levels`)
    values += count
    if (values > VALUES_MAX) return issue([], `expected at most ${VALUES_MAX.toLocaleString('en')} values`)
    for (const [key, one] of Object.entries(value)) {
      const found = within(one, [...path, key])
      if (found) return found
    }
    return null
  }
  // Another than an object any schema refuses, and looks no further.
  return Array.isArray(payload) ? null : within(payload, [])
}

function issue(path: readonly string[], message: string): ErrorIssue {
  return { path: fieldPath(['data', 'payload', ...path]), message }
}
