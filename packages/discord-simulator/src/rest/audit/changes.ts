import { isDeepStrictEqual } from 'node:util'
import type { Change } from './audit-log.ts'

const valueOf = (thing: object | undefined, key: string): unknown =>
  (thing === undefined ? undefined : (Reflect.get(thing, key) as unknown)) ?? undefined

/**
 * What is different of these keys. What is made had nothing before, what is deleted has nothing after; a value that was
 * reset is left out, as Discord does. https://docs.discord.com/developers/resources/audit-log#audit-log-change-object
 */
export function changesBetween(
  before: object | undefined,
  after: object | undefined,
  keys: readonly string[],
): Change[] {
  return keys.flatMap((key) => {
    const [old_value, new_value] = [valueOf(before, key), valueOf(after, key)]
    if (isDeepStrictEqual(old_value, new_value)) return []
    return [{ key, ...(new_value !== undefined && { new_value }), ...(old_value !== undefined && { old_value }) }]
  })
}
