import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { z } from 'zod'
import { compareSnowflakes, timestampOf } from '../../snowflake.ts'
import type { Guild, User } from '../../world/types.ts'
import { guildWith, outrank } from '../access.ts'
import { refusal } from '../errors.ts'
import { integer, maybe, readForm, snowflake } from '../form.ts'
import { none, ok, param } from '../route.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'
import { expel } from './members.ts'

/** How far back messages go with whoever is banned: https://docs.discord.com/developers/resources/guild#create-guild-ban */
export const LONGEST_FORGOTTEN_S = 604_800

const banBody = z.looseObject({
  delete_message_seconds: maybe(z.int().min(0).max(LONGEST_FORGOTTEN_S)),
  delete_message_days: maybe(z.int().min(0).max(7)),
})

const shown = ({ records }: RestContext, guild: Guild, user: User) => ({
  user,
  reason: records.banReasons.get(`${guild.id}/${user.id}`) ?? null,
})

/** What somebody wrote lately, in all channels of the guild. */
function forget({ world, emit }: RestContext, guild: Guild, userId: string, seconds: number): void {
  const since = world.clock.now() - seconds * 1_000
  for (const { id: channel_id } of [...guild.channels, ...guild.threads]) {
    const theirs = world.messages
      .recent(channel_id, Infinity)
      .filter(({ id, author }) => author.id === userId && timestampOf(id) >= since)
    const ids = theirs.map(({ id }) => id)
    if (ids.length > 0) emit({ event: 'MESSAGE_DELETE_BULK', payload: { ids, channel_id, guild_id: guild.id } })
  }
}

/** Bans, and takes out of the guild, and out of voice before that. */
export function ban(context: RestContext, guild: Guild, user: User, seconds: number, reason: string | null): void {
  const { world, emit, records } = context
  if (reason !== null) records.banReasons.set(`${guild.id}/${user.id}`, reason)
  emit({ event: 'GUILD_BAN_ADD', payload: { guild_id: guild.id, user } })
  expel(context, guild, user.id)
  if (seconds > 0) forget(context, guild, user.id, seconds)
  if (!world.user(user.id)) world.strangers.set(user.id, user)
}

const listQuery = z.object({
  limit: integer(1, 1_000).default(1_000),
  before: snowflake.optional(),
  after: snowflake.optional(),
})

const path = '/guilds/:guild_id/bans'
const guildOfBans = ({ world }: RestContext, request: RestRequest) =>
  guildWith(world, param(request, 'guild_id'), Bit.BanMembers)

/** https://docs.discord.com/developers/resources/guild#get-guild-bans */
export const banRoutes: readonly Route[] = [
  {
    method: 'GET',
    path,
    handle: (context, request) => {
      const guild = guildOfBans(context, request)
      const { limit, before, after } = readForm(listQuery, Object.fromEntries(request.query))
      const users = [...(context.world.bans.get(guild.id)?.values() ?? [])]
        .filter(({ id }) => before === undefined || compareSnowflakes(id, before) < 0)
        .filter(({ id }) => after === undefined || compareSnowflakes(id, after) > 0)
        .toSorted((a, b) => compareSnowflakes(a.id, b.id))
      const page = before === undefined ? users.slice(0, limit) : users.slice(-limit)
      return ok(page.map((user) => shown(context, guild, user)))
    },
  },
  {
    method: 'GET',
    path: `${path}/:user_id`,
    handle: (context, request) => {
      const guild = guildOfBans(context, request)
      const user = context.world.bans.get(guild.id)?.get(param(request, 'user_id'))
      if (!user) throw refusal.unknownBan()
      return ok(shown(context, guild, user))
    },
  },
  {
    method: 'PUT',
    path: `${path}/:user_id`,
    handle: (context, request) => {
      const guild = guildOfBans(context, request)
      const user = context.world.user(param(request, 'user_id'))
      if (!user) throw refusal.unknownUser()
      outrank(context.world, guild, user.id)
      const body = readForm(banBody, request.body ?? {})
      const seconds = body.delete_message_seconds ?? (body.delete_message_days ?? 0) * 86_400
      if (!context.world.bans.get(guild.id)?.has(user.id)) ban(context, guild, user, seconds, request.reason)
      return none()
    },
  },
  {
    method: 'DELETE',
    path: `${path}/:user_id`,
    handle: (context, request) => {
      const guild = guildOfBans(context, request)
      const user = context.world.bans.get(guild.id)?.get(param(request, 'user_id'))
      if (!user) throw refusal.unknownBan()
      context.records.banReasons.delete(`${guild.id}/${user.id}`)
      context.emit({ event: 'GUILD_BAN_REMOVE', payload: { guild_id: guild.id, user } })
      return none()
    },
  },
]
