import { refusal } from '../errors.ts'
import { application } from '../../world/application.ts'
import { guildPermissions } from '../../world/permissions.ts'
import { ok, param } from '../route.ts'
import type { Route } from '../route.ts'

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
    handle: ({ world }) => ok({ ...world.bot, verified: true, mfa_enabled: true, locale: 'en-US', email: null }),
  },
  {
    method: 'GET',
    path: '/users/@me/guilds',
    handle: ({ world }) =>
      ok(
        world.guilds().map((guild) => ({
          id: guild.id,
          name: guild.name,
          icon: guild.icon,
          banner: guild.banner ?? null,
          owner: guild.owner_id === world.bot.id,
          permissions: String(guildPermissions(guild, world.bot.id)),
          features: guild.features,
        })),
      ),
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
  { method: 'GET', path: '/applications/@me', handle: ({ world }) => ok(application(world)) },
  { method: 'GET', path: '/oauth2/applications/@me', handle: ({ world }) => ok(application(world)) },
]
