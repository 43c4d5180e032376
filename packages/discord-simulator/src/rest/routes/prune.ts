import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { z } from 'zod'
import { isSnowflake, timestampOf } from '../../snowflake.ts'
import type { Guild, Member } from '../../world/types.ts'
import type { World } from '../../world/world.ts'
import { guildWith, rankOf } from '../access.ts'
import { blame, integer, maybe, readForm, snowflake } from '../form.ts'
import { ok, param } from '../route.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'
import { expel } from './members.ts'

const DAY_MS = 86_400_000
const DEFAULT_DAYS = 7

/** Ids in one text, with commas between them, as a query has them. */
const listed = z
  .string()
  .refine(
    (value) => value === '' || value.split(',').every(isSnowflake),
    blame('NUMBER_TYPE_COERCE', 'Value is not snowflake.'),
  )
  .transform((value) => value.split(',').filter(Boolean))

const countQuery = z.object({
  days: integer(1, 30).default(DEFAULT_DAYS),
  include_roles: listed.default([]),
})

const pruneBody = z.looseObject({
  days: maybe(z.int().min(1).max(30)),
  compute_prune_count: maybe(z.boolean()),
  include_roles: maybe(z.union([listed, z.array(snowflake)])),
})

/** Who has written within so many days, anywhere in the guild. */
function writers(world: World, guild: Guild, sinceMs: number): ReadonlySet<string> {
  const places = [...guild.channels, ...guild.threads]
  const messages = places.flatMap(({ id }) => world.messages.recent(id, Infinity))
  return new Set(messages.filter(({ id }) => timestampOf(id) >= sinceMs).map(({ author }) => author.id))
}

/**
 * Those who have been away for so many days, and hold no roles but those that are named. Discord knows when somebody was
 * last seen; here they are away who are offline, have not written, and have not come since.
 */
function idle(world: World, guild: Guild, days: number, roles: readonly string[]): Member[] {
  const sinceMs = world.clock.now() - days * DAY_MS
  const seen = new Set([
    ...writers(world, guild, sinceMs),
    ...guild.presences.map((presence) => presence.user.id),
    ...guild.voice_states.map((state) => state.user_id),
  ])
  const isAway = ({ user, joined_at }: Member) => !seen.has(user.id) && !(joined_at && Date.parse(joined_at) > sinceMs)
  const rank = rankOf(guild, world.bot.id)
  return guild.members.filter(
    (member) =>
      !member.user.bot &&
      isAway(member) &&
      member.roles.every((role) => roles.includes(role)) &&
      rankOf(guild, member.user.id) < rank,
  )
}

const guildOfPrune = ({ world }: RestContext, request: RestRequest) =>
  guildWith(world, param(request, 'guild_id'), Bit.ManageGuild, Bit.KickMembers)

/** https://docs.discord.com/developers/resources/guild#get-guild-prune-count */
export const pruneRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/guilds/:guild_id/prune',
    handle: (context, request) => {
      const guild = guildOfPrune(context, request)
      const { days, include_roles } = readForm(countQuery, Object.fromEntries(request.query))
      return ok({ pruned: idle(context.world, guild, days, include_roles).length })
    },
  },
  {
    method: 'POST',
    path: '/guilds/:guild_id/prune',
    handle: (context, request) => {
      const guild = guildOfPrune(context, request)
      const { days = DEFAULT_DAYS, compute_prune_count, include_roles = [] } = readForm(pruneBody, request.body ?? {})
      const members = idle(context.world, guild, days, include_roles)
      for (const { user } of members) expel(context, guild, user.id)
      return ok({ pruned: compute_prune_count === false ? null : members.length })
    },
  },
]
