import type { APIRole } from 'discord-api-types/v10'
import { compareSnowflakes } from '../snowflake.ts'
import type { Guild } from './types.ts'

/** A role with all that Discord says of one: https://docs.discord.com/developers/topics/permissions#role-object */
export function role(id: string, name: string, position: number, fields: Partial<APIRole> = {}): APIRole {
  const color = fields.color ?? 0
  return {
    id,
    name,
    permissions: '0',
    position,
    color,
    colors: { primary_color: color, secondary_color: null, tertiary_color: null },
    hoist: false,
    managed: false,
    mentionable: false,
    icon: null,
    unicode_emoji: null,
    flags: 0 as APIRole['flags'],
    ...fields,
  }
}

/**
 * A guild's roles from the lowest to the highest. Where two have one position, as new ones do, the older stands higher;
 * @everyone, which has the guild's id, is below all.
 * https://docs.discord.com/developers/topics/permissions#role-object
 */
export function rolesInOrder({ id, roles }: Pick<Guild, 'id' | 'roles'>): APIRole[] {
  const isHigher = (candidate: APIRole) => Number(candidate.id !== id)
  return roles.toSorted((a, b) => isHigher(a) - isHigher(b) || a.position - b.position || compareSnowflakes(b.id, a.id))
}
