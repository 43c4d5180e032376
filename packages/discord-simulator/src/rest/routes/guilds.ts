import { GuildNSFWLevel } from 'discord-api-types/v10'
import { z } from 'zod'
import { compareSnowflakes } from '../../snowflake.ts'
import type { Guild } from '../../world/types.ts'
import { guildOf } from '../access.ts'
import { refusal } from '../errors.ts'
import { integer, readForm, snowflake } from '../form.ts'
import { ok, param } from '../route.ts'
import type { Route } from '../route.ts'

/** What only GUILD_CREATE says of a guild. */
const EXTRA = [
  'joined_at',
  'large',
  'unavailable',
  'member_count',
  'voice_states',
  'members',
  'channels',
  'threads',
  'presences',
  'stage_instances',
  'guild_scheduled_events',
  'soundboard_sounds',
] as const satisfies readonly (keyof Guild)[]

/** Whether a guild has this only in GUILD_CREATE. */
export const isExtra = (key: string) => EXTRA.some((extra) => extra === key)

const membersQuery = z.object({ limit: integer(1, 1_000).default(1), after: snowflake.default('0') })

const NSFW: ReadonlySet<GuildNSFWLevel> = new Set([GuildNSFWLevel.Explicit, GuildNSFWLevel.AgeRestricted])

/** A guild as REST shows it: https://docs.discord.com/developers/resources/guild#guild-object */
export function shownGuild(guild: Guild): object {
  const fields = Object.entries(guild).filter(([key]) => !isExtra(key))
  return { ...Object.fromEntries(fields), nsfw: NSFW.has(guild.nsfw_level), home_header: null }
}

/** What `with_counts` asks for. */
export const approximate = ({ member_count, presences }: Guild) => ({
  approximate_member_count: member_count,
  approximate_presence_count: presences.length,
})

/** https://docs.discord.com/developers/resources/guild */
export const guildRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/guilds/:guild_id',
    handle: ({ world }, request) => {
      const guild = guildOf(world, param(request, 'guild_id'))
      const counts = request.query.get('with_counts') === 'true' && approximate(guild)
      return ok({ ...shownGuild(guild), ...counts })
    },
  },
  {
    method: 'GET',
    path: '/guilds/:guild_id/roles/member-counts',
    handle: ({ world }, request) => {
      const { id, roles, members } = guildOf(world, param(request, 'guild_id'))
      // Everybody has @everyone: it is not counted.
      const counted = roles.filter((role) => role.id !== id)
      const holders = (roleId: string) => members.filter((member) => member.roles.includes(roleId)).length
      return ok(Object.fromEntries(counted.map((role) => [role.id, holders(role.id)])))
    },
  },
  {
    method: 'GET',
    path: '/guilds/:guild_id/channels',
    handle: ({ world }, request) => ok(guildOf(world, param(request, 'guild_id')).channels),
  },
  {
    method: 'GET',
    path: '/guilds/:guild_id/roles',
    handle: ({ world }, request) => ok(guildOf(world, param(request, 'guild_id')).roles),
  },
  {
    method: 'GET',
    path: '/guilds/:guild_id/members',
    handle: ({ world }, request) => {
      const guild = guildOf(world, param(request, 'guild_id'))
      // The list, unlike a single member, is only for bots with the members intent.
      if (!world.privileged.has('members')) throw refusal.missingAccess()
      const { limit, after } = readForm(membersQuery, Object.fromEntries(request.query))
      const inOrder = guild.members.toSorted((a, b) => compareSnowflakes(a.user.id, b.user.id))
      return ok(inOrder.filter((member) => compareSnowflakes(member.user.id, after) > 0).slice(0, limit))
    },
  },
  {
    method: 'GET',
    path: '/guilds/:guild_id/members/:user_id',
    handle: ({ world }, request) => {
      const guild = guildOf(world, param(request, 'guild_id'))
      const member = world.member(guild.id, param(request, 'user_id'))
      if (member) return ok(member)
      throw world.user(param(request, 'user_id')) ? refusal.unknownMember() : refusal.unknownUser()
    },
  },
]
