import type { APIRole } from 'discord-api-types/v10'
import { rolesInOrder } from '../world/role.ts'
import type { Guild } from '../world/types.ts'
import type { World } from '../world/world.ts'
import { rankOf } from './access.ts'
import { refusal } from './errors.ts'

/** Where a role is to stand: counted from @everyone, which is 0. */
export interface RoleMove {
  id: string
  position: number
}

/** All roles in the order that the moves make: those of which nothing is said keep theirs, and give way. */
function ordered(guild: Guild, moves: ReadonlyMap<string, number>): APIRole[] {
  const before = rolesInOrder(guild)
  const isMoved = ({ id }: APIRole) => moves.has(id) && id !== guild.id
  const place = ({ id }: APIRole) => moves.get(id) ?? 0
  const order = before.filter((role) => !isMoved(role))
  let last = 0
  for (const role of before.filter(isMoved).toSorted((a, b) => place(a) - place(b))) {
    last = Math.max(place(role), last + 1)
    order.splice(last, 0, role)
  }
  return order
}

/**
 * The roles that moves leave at another position, each with that. Positions are counted anew, so that no two have one; a
 * list that only says what is so changes nothing.
 *
 * From the bot's highest role upward the order must stay as it is, whatever the numbers: 50013.
 * https://docs.discord.com/developers/resources/guild#modify-guild-role-positions
 */
export function moveRoles(world: World, guild: Guild, moves: readonly RoleMove[]): APIRole[] {
  const byId = new Map(guild.roles.map((role) => [role.id, role]))
  const isNews = ({ id, position }: RoleMove) => byId.get(id)?.position !== position
  if (moves.some(({ id }) => !byId.has(id))) throw refusal.unknownRole()
  if (!moves.some(isNews)) return []
  const before = rolesInOrder(guild)
  const after = ordered(guild, new Map(moves.map(({ id, position }) => [id, position])))
  const rank = rankOf(guild, world.bot.id)
  if (before.some(({ id }, index) => index >= rank && after[index]?.id !== id)) throw refusal.missingPermissions()
  return after.flatMap((role, position) => (role.position === position ? [] : [{ ...role, position }]))
}
