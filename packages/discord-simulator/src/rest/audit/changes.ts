import { isDeepStrictEqual } from 'node:util'
import type { AuditLogEvent } from 'discord-api-types/v10'
import type { Change, Deed } from './audit-log.ts'

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

/** What was made, changed and deleted between two lists, each a deed of its own. */
export function deedsBetween(
  before: readonly { id: string }[],
  after: readonly { id: string }[],
  [made, changed, deleted]: readonly [made: AuditLogEvent, changed: AuditLogEvent, deleted: AuditLogEvent],
  keys: readonly string[],
): Deed[] {
  const [old, next] = [before, after].map((list) => new Map(list.map((thing) => [thing.id, thing])))
  return [...new Set([...(old?.keys() ?? []), ...(next?.keys() ?? [])])].flatMap((id) => {
    const [from, to] = [old?.get(id), next?.get(id)]
    const changes = changesBetween(from, to, keys)
    if (changes.length === 0) return []
    return [{ action_type: !from ? made : to ? changed : deleted, target_id: id, changes }]
  })
}
