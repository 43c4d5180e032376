import { LinkError, type ErrorCode, type ErrorIssue } from '@repo/discord-integration/types'
import type { z } from 'zod'

/** More than these say nothing that fixing the first would not. */
export const ISSUES_MAX = 10

/** A path is the sender's own words: enough of it to find the place. */
const PATH_MAX_CHARS = 120

/** What a schema found, each with the path from the message's root: `data.payload.channel_id`. */
export function issuesOf(error: z.core.$ZodError, root: readonly string[]): ErrorIssue[] {
  return error.issues
    .flatMap(({ path, message, ...issue }) =>
      // zod reports unknown keys at the object that has them; whoever reads it looks for the key.
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({ path: [...path, key], message: 'unknown field' }))
        : [{ path, message: plain(message, issue) }],
    )
    .slice(0, ISSUES_MAX)
    .map(({ path, message }) => ({ path: fieldPath([...root, ...path]), message }))
}

/** zod's words, where there are plainer ones. */
function plain(message: string, issue: { code: string; format?: unknown; issues?: { message: string }[] }): string {
  if (issue.code === 'invalid_key') return issue.issues?.[0]?.message ?? message
  if (issue.code === 'invalid_format' && issue.format === 'datetime') {
    return 'expected a moment with its zone, as 2027-01-01T12:00:00Z'
  }
  return issue.code === 'invalid_type' && message.endsWith('received undefined') ? 'must be there' : message
}

/** The way to a field from the message's root: `data.payload.channel_id`. */
export function fieldPath(keys: readonly PropertyKey[]): string {
  return keys.map(String).join('.').slice(0, PATH_MAX_CHARS)
}

/** A sentence that names the fields: people read it in logs that show nothing else. */
export function namingFields(what: string, issues: readonly ErrorIssue[]): string {
  return `${what}: ${issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ')}`
}

/** A refusal that names the fields, in its sentence and as `issues`. */
export function refusalOf(code: ErrorCode, what: string, issues: ErrorIssue[]): LinkError {
  return new LinkError(code, namingFields(what, issues), { issues })
}
