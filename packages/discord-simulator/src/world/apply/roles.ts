import { z } from 'zod'
import { id, newRole, role as roleShape } from '../shapes.ts'
import { onGuild, remove, upsert } from './handler.ts'
import type { Handlers } from './handler.ts'

const rolePut = onGuild(z.looseObject({ guild_id: id, role: roleShape }), (guild, { role }) => {
  const isKnown = guild.roles.some((candidate) => candidate.id === role.id)
  upsert(guild.roles, isKnown ? role : newRole(role), (candidate) => candidate.id === role.id)
})

const roleDelete = onGuild(z.looseObject({ guild_id: id, role_id: id }), (guild, { role_id }) => {
  remove(guild.roles, (role) => role.id === role_id)
  for (const member of guild.members) member.roles = member.roles.filter((role) => role !== role_id)
  for (const channel of guild.channels) {
    if (channel.permission_overwrites) remove(channel.permission_overwrites, (overwrite) => overwrite.id === role_id)
  }
})

/** https://docs.discord.com/developers/events/gateway-events#guild-role-create */
export const roleHandlers: Handlers = {
  GUILD_ROLE_CREATE: rolePut,
  GUILD_ROLE_UPDATE: rolePut,
  GUILD_ROLE_DELETE: roleDelete,
}
