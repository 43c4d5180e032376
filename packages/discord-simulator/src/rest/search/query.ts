import { z } from 'zod'
import { blame, snowflake, text } from '../form.ts'

/*
 * Queries that say a field more than once: https://docs.discord.com/developers/reference#array-query-strings
 */

/** A query as an object. Of what is no list, what is said last counts. */
export function queryOf(query: URLSearchParams, lists: ReadonlySet<string>): Record<string, unknown> {
  return Object.fromEntries([...query.keys()].map((key) => [key, lists.has(key) ? query.getAll(key) : query.get(key)]))
}

/** https://docs.discord.com/developers/reference#boolean-query-strings */
export const flag: z.ZodType<boolean> = z.string().transform((value, context) => {
  if (['true', 'True', '1'].includes(value)) return true
  if (!['false', 'False', '0'].includes(value))
    context.addIssue({ code: 'custom', ...blame('BOOLEAN_TYPE_CONVERT', 'Must be either true or false.') })
  return false
})

/** Some libraries join a list with commas; no id and none of Discord's own words has one. */
const split = (values: string[]): unknown[] => values.flatMap((value) => value.split(','))

export const ids = (most: number) => z.array(z.string()).transform(split).pipe(z.array(snowflake).max(most))
export const words = <const T extends string>(choices: readonly T[]) =>
  z
    .array(z.string())
    .transform(split)
    .pipe(z.array(z.literal(choices)))
export const texts = (longest: number) => z.array(text(longest)).max(100)
