import { refusal } from '../errors.ts'
import { application } from '../../world/application.ts'
import { guildPermissions } from '../../world/permissions.ts'
import type { Guild } from '../../world/types.ts'
import { guildOf } from '../access.ts'
import { ok, param } from '../route.ts'
import type { Route } from '../route.ts'

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
    handle: ({ world }, { grant }) => {
      const userId = grant?.userId ?? world.bot.id
      const guilds = world.guilds().filter((guild) => world.member(guild.id, userId))
      return ok(guilds.map((guild) => mine(guild, userId)))
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
