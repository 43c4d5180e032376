/** How often one thing may be asked for. */
export interface Limit {
  /** Routes of one name share one bucket. Default: the route's own. */
  bucket?: string
  count: number
  windowMs: number
  /** `shared` limits belong to the resource: what others do counts too, and their 429s are nobody's fault. */
  scope?: 'user' | 'shared'
  /** True where no header says what is left. */
  isUntold?: boolean
}

const SECOND_MS = 1_000

/*
 * Discord publishes no numbers and asks clients to read the headers; these are the ones that its headers have shown for
 * years. https://docs.discord.com/developers/topics/rate-limits
 */
const LIMITS: Readonly<Record<string, Limit>> = {
  'POST /channels/:channel_id/messages': { count: 5, windowMs: 5 * SECOND_MS },
  'PATCH /channels/:channel_id/messages/:message_id': { count: 5, windowMs: 5 * SECOND_MS },
  'DELETE /channels/:channel_id/messages/:message_id': { count: 5, windowMs: SECOND_MS },
  'POST /channels/:channel_id/messages/bulk-delete': { count: 1, windowMs: SECOND_MS },
  'POST /channels/:channel_id/typing': { count: 5, windowMs: 5 * SECOND_MS },
  'PUT /channels/:channel_id/messages/:message_id/reactions/:emoji/@me': {
    bucket: 'reactions',
    count: 1,
    windowMs: SECOND_MS / 4,
  },
  'DELETE /channels/:channel_id/messages/:message_id/reactions/:emoji/@me': {
    bucket: 'reactions',
    count: 1,
    windowMs: SECOND_MS / 4,
  },
  // https://docs.discord.com/developers/topics/rate-limits (emoji routes are limited by guild, whoever asks)
  'GET /guilds/:guild_id/emojis': { count: 30, windowMs: 30 * SECOND_MS, scope: 'shared' },
  'POST /webhooks/:webhook_id/:webhook_token': { count: 5, windowMs: 2 * SECOND_MS },
  // A guess: those who met the 429 found no header that would have told of it.
  // https://github.com/breqdev/flask-discord-interactions/issues/91
  'POST /oauth2/token': { count: 10, windowMs: 2 * SECOND_MS, isUntold: true },
  'POST /oauth2/token/revoke': { count: 10, windowMs: 2 * SECOND_MS, isUntold: true },
}

/** What holds where the table says nothing: wide enough that only a loop runs into it. */
const DEFAULTS: Readonly<Record<string, Limit>> = {
  GET: { count: 50, windowMs: SECOND_MS },
  POST: { count: 10, windowMs: 2 * SECOND_MS },
  PATCH: { count: 10, windowMs: 2 * SECOND_MS },
  PUT: { count: 10, windowMs: 2 * SECOND_MS },
  DELETE: { count: 10, windowMs: 2 * SECOND_MS },
}

const WIDEST: Limit = { count: 50, windowMs: SECOND_MS }

/** The limit of a route. */
export const limitOf = ({ method, path }: { method: string; path: string }): Limit =>
  LIMITS[`${method} ${path}`] ?? DEFAULTS[method] ?? WIDEST
