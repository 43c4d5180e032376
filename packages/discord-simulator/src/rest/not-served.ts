/** What of Discord's REST API there is not here, by what it is of. */
export interface NotServed {
  what: string
  /** As Discord writes them, with places as here: `GET /lobbies/:lobby_id`. */
  routes: readonly string[]
}

/**
 * Every route of Discord's description that is not answered: a test holds the two together, so none is forgotten. Whoever asks
 * for one is told so (501), and not that there is no such route.
 */
export const NOT_SERVED: readonly NotServed[] = [
  {
    what: 'linked roles',
    routes: [
      'GET /applications/:application_id/role-connections/metadata',
      'PUT /applications/:application_id/role-connections/metadata',
      'GET /users/@me/applications/:application_id/role-connection',
      'PUT /users/@me/applications/:application_id/role-connection',
      'DELETE /users/@me/applications/:application_id/role-connection',
    ],
  },
  {
    what: 'subscriptions, and what users have bought',
    routes: [
      'GET /skus/:sku_id/subscriptions',
      'GET /skus/:sku_id/subscriptions/:subscription_id',
      'GET /users/@me/applications/:application_id/entitlements',
    ],
  },
  {
    what: 'activities',
    routes: [
      'GET /applications/:application_id/activity-instances/:instance_id',
      'POST /applications/:application_id/attachment',
    ],
  },
  {
    what: 'lobbies',
    routes: [
      'POST /lobbies',
      'PUT /lobbies',
      'GET /lobbies/:lobby_id',
      'PATCH /lobbies/:lobby_id',
      'DELETE /lobbies/:lobby_id',
      'PATCH /lobbies/:lobby_id/channel-linking',
      'DELETE /lobbies/:lobby_id/members/@me',
      'POST /lobbies/:lobby_id/members/@me/invites',
      'POST /lobbies/:lobby_id/members/bulk',
      'PUT /lobbies/:lobby_id/members/:user_id',
      'DELETE /lobbies/:lobby_id/members/:user_id',
      'POST /lobbies/:lobby_id/members/:user_id/invites',
      'GET /lobbies/:lobby_id/messages',
      'POST /lobbies/:lobby_id/messages',
      'PUT /lobbies/:lobby_id/messages/:message_id/moderation-metadata',
    ],
  },
  {
    what: 'the Social SDK',
    routes: [
      'POST /partner-sdk/token',
      'POST /partner-sdk/token/bot',
      'POST /partner-sdk/provisional-accounts/unmerge',
      'POST /partner-sdk/provisional-accounts/unmerge/bot',
      'PUT /partner-sdk/dms/:user_id_a/:user_id_b/messages/:message_id/moderation-metadata',
    ],
  },
  {
    what: 'OpenID Connect',
    routes: ['GET /oauth2/keys', 'GET /oauth2/userinfo'],
  },
  {
    what: 'groups in direct channels',
    routes: ['PUT /channels/:channel_id/recipients/:user_id', 'DELETE /channels/:channel_id/recipients/:user_id'],
  },
  {
    what: 'requests to join',
    routes: ['GET /guilds/:guild_id/requests', 'PATCH /guilds/:guild_id/requests/:request_id'],
  },
  {
    what: 'exceptions of events that recur',
    routes: [
      'POST /guilds/:guild_id/scheduled-events/:event_id/exceptions',
      'PATCH /guilds/:guild_id/scheduled-events/:event_id/exceptions/:exception_id',
      'DELETE /guilds/:guild_id/scheduled-events/:event_id/exceptions/:exception_id',
      'GET /guilds/:guild_id/scheduled-events/:event_id/:exception_id/users',
    ],
  },
  {
    what: 'pictures',
    routes: ['GET /guilds/:guild_id/widget.png'],
  },
]
