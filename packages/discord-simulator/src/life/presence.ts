import type { GatewayPresenceUpdate } from 'discord-api-types/v10'
import { presence } from '../world/seed/build.ts'
import type { Happening } from './agenda.ts'
import type { Stage } from './script.ts'

/** Somebody comes, goes, or is away for a while: told in every guild that they are in. */
export function changePresence({ world, random }: Stage): Happening[] {
  const people = world.guilds().flatMap((guild) => guild.members.filter((member) => !member.user.bot))
  if (people.length === 0) return []
  const { user } = random.pick(people)
  const guilds = world.guilds().filter((guild) => guild.members.some((member) => member.user.id === user.id))
  const before = guilds[0]?.presences.find((entry) => entry.user.id === user.id)?.status ?? 'offline'
  const next = random.pick((['online', 'idle', 'dnd', 'offline'] as const).filter((status) => status !== before))
  return guilds.map((guild) => ({
    event: 'PRESENCE_UPDATE',
    payload: presence(guild.id, user, next) satisfies GatewayPresenceUpdate,
  }))
}
