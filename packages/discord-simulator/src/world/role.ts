import type { APIRole } from 'discord-api-types/v10'

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
