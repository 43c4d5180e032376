import { z } from 'zod'
import { compareSnowflakes } from '../../snowflake.ts'
import { refusal } from '../errors.ts'
import { integer, readForm, snowflake } from '../form.ts'
import { application } from '../../world/application.ts'
import { guildPermissions } from '../../world/permissions.ts'
import type { Guild } from '../../world/types.ts'
import { guildOf } from '../access.ts'
import { ok, param } from '../route.ts'
import type { Route } from '../route.ts'
import { approximate } from './guilds.ts'

/** A guild as its members list it: https://docs.discord.com/developers/resources/user#get-current-user-guilds */
const mine = (guild: Guild, userId: string) => ({
  id: guild.id,
  name: guild.name,
  icon: guild.icon,
  banner: guild.banner ?? null,
  owner: guild.owner_id === userId,
  permissions: String(guildPermissions(guild, userId)),
  features: guild.features,
})

const guildsQuery = z.object({
  limit: integer(1, 200).default(200),
  before: snowflake.optional(),
  after: snowflake.optional(),
  with_counts: z.string().optional(),
})

/** Who the bot is, and where it may connect. */
export const identityRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/gateway',
    open: true,
    handle: ({ gatewayUrl }) => ok({ url: gatewayUrl() }),
  },
  {
    method: 'GET',
    path: '/gateway/bot',
    handle: ({ gatewayUrl, shards, starts }) => ok({ url: gatewayUrl(), shards, session_start_limit: starts.limit }),
  },
  {
    method: 'GET',
    path: '/users/@me',
    scope: 'identify',
    handle: ({ world }, { grant }) => {
      const user = (grant && world.user(grant.userId)) ?? world.bot
      const email = grant?.scopes.includes('email') ? `${user.username}@example.invalid` : null
      const account = { verified: true, mfa_enabled: true, locale: 'en-US' }
      return ok({ ...user, ...account, ...((!grant || email) && { email }) })
    },
  },
  {
    method: 'GET',
    path: '/users/@me/guilds',
    scope: 'guilds',
    handle: ({ world }, { grant, query }) => {
      const userId = grant?.userId ?? world.bot.id
      const { limit, before, after, with_counts } = readForm(guildsQuery, Object.fromEntries(query))
      const isInPage = ({ id }: Guild) =>
        (before === undefined || compareSnowflakes(id, before) < 0) &&
        (after === undefined || compareSnowflakes(id, after) > 0)
      const guilds = world
        .guilds()
        .filter((guild) => world.member(guild.id, userId) && isInPage(guild))
        .toSorted((a, b) => compareSnowflakes(a.id, b.id))
      // Those right before an id, not the first of all.
      const page = before !== undefined && after === undefined ? guilds.slice(-limit) : guilds.slice(0, limit)
      return ok(page.map((guild) => ({ ...mine(guild, userId), ...(with_counts === 'true' && approximate(guild)) })))
    },
  },
  {
    method: 'GET',
    path: '/users/@me/guilds/:guild_id/member',
    scope: 'guilds.members.read',
    personal: true,
    handle: ({ world }, request) => {
      const guild = guildOf(world, param(request, 'guild_id'))
      const member = world.member(guild.id, request.grant?.userId ?? '')
      if (!member) throw refusal.unknownGuild()
      return ok(member)
    },
  },
  {
    method: 'GET',
    path: '/users/:user_id',
    handle: ({ world }, request) => {
      const user = world.user(param(request, 'user_id'))
      if (!user) throw refusal.unknownUser()
      return ok(user)
    },
  },
  ...['/applications/@me', '/oauth2/applications/@me'].map((path): Route => ({
    method: 'GET',
    path,
    handle: ({ world, records }) => ok(application(world, records.application)),
  })),
]
