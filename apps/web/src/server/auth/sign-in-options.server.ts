import { sightOf, type GuildView, type Sight } from '@repo/discord-permissions'
import type { GuildState } from '@repo/event-feed'
import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10'
import { z } from 'zod'
import type { DemoPerson, SignInOptions } from '../function-results.ts'
import type { WebConfig } from '../config.ts'

const { MoveMembers, MuteMembers, ModerateMembers, SendMessages } = PermissionFlagsBits
/** What moderators do to members, as the page says it. */
const deeds = [
  ['move', MoveMembers],
  ['mute', MuteMembers],
  ['time out', ModerateMembers],
] as const

/** How somebody can sign in here: what the page that asks for it shows. It tells of nobody but the simulator's people. */
export function signInOptions(config: WebConfig, state: GuildState, now = Date.now()): SignInOptions {
  const { demo, DEMO_PEOPLE, DISCORD_CLIENT_ID } = config
  return {
    isSetUp: DISCORD_CLIENT_ID !== null,
    people: demo ? (DEMO_PEOPLE ?? []).map(({ id, name }) => ({ id, name, ...standing(id, state, now) })) : [],
  }
}

/** What somebody is to the servers that are here, the first thing first. */
function standing(userId: string, state: GuildState, now: number): Omit<DemoPerson, 'id' | 'name'> {
  const guilds = [...state.guildIds()].flatMap((guildId) => {
    const guild = state.get(guildId)
    const member = guild?.collections.members.get(userId) ?? null
    const sight = guild && sightOf({ userId, member }, guild, now)
    return sight ? [within(guild, sight)] : []
  })
  const best = (['owner', 'moderator', 'member'] as const).find((one) => guilds.some((guild) => guild.standing === one))
  const those = guilds.filter((guild) => guild.standing === best)
  const channels = those.flatMap((guild) => guild.channels)
  return {
    standing: best ?? 'stranger',
    servers: those.map(({ name }) => name),
    may: deeds.flatMap(([deed]) => (those.some(({ may }) => may.has(deed)) ? [deed] : [])),
    channels: {
      all: channels.length,
      seen: channels.filter(({ isSeen }) => isSeen).length,
      written: channels.filter(({ isWritten }) => isWritten).length,
    },
  }
}

function within(guild: GuildView, sight: Sight) {
  const { owner_id: ownerId, name } = GuildFields.parse(guild.fields)
  const may = new Set(deeds.flatMap(([deed, bit]) => ((sight.permissions & bit) === 0n ? [] : [deed])))
  const channels = Array.from(guild.collections.channels.values())
    .filter(({ type }) => type !== ChannelType.GuildCategory)
    .map(({ id }) => {
      const isSeen = sight.mayView(guild, id)
      return { isSeen, isWritten: isSeen && (sight.permissionsIn(guild, id) & SendMessages) !== 0n }
    })
  const rest = may.has('time out') ? 'moderator' : 'member'
  return { name, standing: ownerId === sight.userId ? ('owner' as const) : rest, may, channels } as const
}

const GuildFields = z.object({ owner_id: z.string().catch(''), name: z.string().catch('') })
