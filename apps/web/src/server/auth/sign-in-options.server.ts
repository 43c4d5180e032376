import type { GuildState } from '@repo/event-feed'
import { z } from 'zod'
import type { DemoPerson, SignInOptions } from '../function-results.ts'
import type { WebConfig } from '../config.ts'

/** https://docs.discord.com/developers/topics/permissions#permissions-bitwise-permission-flags */
const MODERATE_MEMBERS = 1n << 40n

/** How somebody can sign in here: what the page that asks for it shows. It tells of nobody but the simulator's people. */
export function signInOptions(config: WebConfig, state: GuildState): SignInOptions {
  const { demo, DEMO_PEOPLE, DISCORD_CLIENT_ID } = config
  return {
    isSetUp: DISCORD_CLIENT_ID !== null,
    people: demo ? (DEMO_PEOPLE ?? []).map(({ id, name }) => ({ id, name, ...standing(id, state) })) : [],
  }
}

/** What somebody is to the servers that are here, the first thing first. */
function standing(userId: string, state: GuildState): Pick<DemoPerson, 'standing' | 'servers'> {
  const guilds = [...state.guildIds()].flatMap((guildId) => {
    const guild = state.get(guildId)
    const member = guild?.collections.members.get(userId)
    if (!guild || !member) return []
    const { owner_id: ownerId, name } = GuildFields.parse(guild.fields)
    const roles = MemberFields.parse(member).roles.map((id) => RoleFields.parse(guild.collections.roles.get(id) ?? {}))
    const moderates = roles.some(({ permissions }) => (permissions & MODERATE_MEMBERS) !== 0n)
    return [{ name, standing: ownerId === userId ? 'owner' : moderates ? 'moderator' : 'member' } as const]
  })
  const best = (['owner', 'moderator', 'member'] as const).find((one) => guilds.some((guild) => guild.standing === one))
  return {
    standing: best ?? 'stranger',
    servers: guilds.filter((guild) => guild.standing === best).map(({ name }) => name),
  }
}

const GuildFields = z.object({ owner_id: z.string().catch(''), name: z.string().catch('') })
const MemberFields = z.object({ roles: z.array(z.string()).catch([]) })
const RoleFields = z.object({
  permissions: z
    .string()
    .regex(/^\d+$/)
    .transform((text) => BigInt(text))
    .catch(0n),
})
