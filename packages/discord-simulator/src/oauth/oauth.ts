import type { IncomingMessage } from 'node:http'
import { BodyTooLarge, readBody } from '../http/body.ts'
import { isLocal } from '../http/loopback.ts'
import type { Reply } from '../http/reply.ts'
import { ownerOf } from '../world/application.ts'
import type { User } from '../world/types.ts'
import type { World } from '../world/world.ts'
import { SCOPES, isVerifier, readAuthorization, redirectOf, scopesOf } from './authorization.ts'
import type { Authorization, Fault } from './authorization.ts'
import { TOKEN_LIFE_MS } from './grants.ts'
import type { Grant, Grants } from './grants.ts'
import { authorizedPage, choosePage } from './page.ts'

/** The secret that is accepted unless another is given. It guards nothing. */
export const DEFAULT_CLIENT_SECRET = 'not-a-real-secret-for-the-simulator'

export interface OAuthOptions {
  world: World
  grants: Grants
  clientSecret: string
  /** Where codes may be sent. Undefined: any page of this machine. */
  redirectUris: readonly string[] | undefined
  /** Whether the client need not know its secret, where PKCE stands in for it. */
  isPublic: boolean
}

/** Who has said last, in this browser, who they are. */
const COOKIE = 'discord_simulator_user'

const DENIED = 'The resource owner or authorization server denied the request'

/** A scope that only the bot's owner has. */
const UPDATE_COMMANDS = 'applications.commands.update'

/** What is asked anew each time: https://docs.discord.com/developers/topics/oauth2#authorization-code-grant */
const ALWAYS_ASKED = 'bot'

/** https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
const failure = (error: string, error_description: string, status = 400): Reply => ({
  status,
  body: { error, error_description },
})

/** What each kind of grant cannot do without. */
const GRANTS: ReadonlyMap<string | null, readonly string[]> = new Map([
  ['authorization_code', ['code']],
  ['refresh_token', ['refresh_token']],
  ['client_credentials', []],
])

const refuseGrant = (type: string | null, why = ''): Reply =>
  failure('unsupported_grant_type', `Grant type ${type ?? 'None'} is not supported${why}`)

/** All that the tokens' routes take: https://docs.discord.com/developers/topics/oauth2#shared-resources-oauth2-urls */
const FORM = 'application/x-www-form-urlencoded'

const typeOf = ({ headers }: IncomingMessage) =>
  headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? 'missing'
const isForm = (request: IncomingMessage) => typeOf(request) === FORM

/** Of another body Discord reads nothing, and says what it then lacks. Why, is said here only. */
function refuseBody(route: OAuthRoute, request: IncomingMessage): Reply {
  const why = `: the Content-Type must be ${FORM}, and is ${typeOf(request)}`
  return route === At.token ? refuseGrant(null, why) : failure('invalid_request', `Missing "token" in request${why}`)
}

const refuse = (message: string): Reply => ({ status: 400, body: { message, code: 0 } })

/** A route that is answered here. */
export interface OAuthRoute {
  method: 'GET' | 'POST'
  path: string
  /** True for what a browser is shown, and not the API. */
  isPage: boolean
}

const At = {
  page: { method: 'GET', path: '/oauth2/authorize', isPage: true },
  choice: { method: 'POST', path: '/oauth2/authorize', isPage: true },
  token: { method: 'POST', path: '/oauth2/token', isPage: false },
  revoked: { method: 'POST', path: '/oauth2/token/revoke', isPage: false },
} as const satisfies Record<string, OAuthRoute>

/** What is answered here. */
export const OAUTH_ROUTES: readonly OAuthRoute[] = Object.values(At)

/** Which of these a request is for. The page stands beside the API too, where Discord's site has it. */
export function oauthRouteOf(asked: string | undefined, pathname: string): OAuthRoute | undefined {
  // HEAD is GET whose answer goes out without its body.
  const method = asked === 'HEAD' ? 'GET' : asked
  const path = pathname.replace(/^\/api(\/v(9|10))?(?=\/)/, '')
  const route = OAUTH_ROUTES.find((one) => one.method === method && one.path === path)
  return route && (route.isPage || path !== pathname) ? route : undefined
}

/** Discord's OAuth2, for the people of the world: https://docs.discord.com/developers/topics/oauth2 */
export class OAuth {
  readonly #options: OAuthOptions

  constructor(options: OAuthOptions) {
    this.#options = options
  }

  /** Answers what is asked of one of its routes. */
  async answer(route: OAuthRoute, request: IncomingMessage, url: URL): Promise<Reply> {
    try {
      if (route === At.page) return this.#authorize(request, url.searchParams)
      const fields = new URLSearchParams((await readBody(request)).toString('utf8'))
      if (route === At.choice) return this.#choose(fields)
      if (!isForm(request)) return refuseBody(route, request)
      return route === At.token ? this.#token(request, fields) : this.#revoke(request, fields)
    } catch (error) {
      if (error instanceof BodyTooLarge)
        return { status: 413, body: { message: 'Request entity too large', code: 40_005 } }
      throw error
    }
  }

  /** All who could be asked, without bots: also those who are in no guild here. */
  #people(): User[] {
    const { world } = this.#options
    const members = world.guilds().flatMap((guild) => guild.members.map((member) => member.user))
    const users = [...members, ...world.strangers.values()]
    return [...new Map(users.map((user) => [user.id, user])).values()].filter((user) => user.bot !== true)
  }

  #isRedirect(uri: string): boolean {
    const { redirectUris } = this.#options
    if (redirectUris) return redirectUris.includes(uri)
    return URL.canParse(uri) && /^https?:$/.test(new URL(uri).protocol) && isLocal(new URL(uri).host, undefined)
  }

  #read(query: URLSearchParams) {
    const { world } = this.#options
    return readAuthorization(query, { clientId: world.bot.id, isRedirect: (uri) => this.#isRedirect(uri) })
  }

  #authorize(request: IncomingMessage, query: URLSearchParams): Reply {
    const { asked, fault } = this.#read(query)
    if (fault) return told(asked, fault)
    const { world, grants } = this.#options
    const hint = query.get('login_hint')
    const someone = hint ?? new RegExp(`(?:^|; )${COOKIE}=(\\d+)`).exec(request.headers.cookie ?? '')?.[1]
    const user = this.#people().find(({ id, username }) => id === someone || username === someone)
    if (hint !== null) return user ? this.#grant(asked, user) : refuse(`Nobody is called ${hint}`)
    const isSilent = query.get('prompt') === 'none' && !asked.scopes.includes(ALWAYS_ASKED)
    if (isSilent && user && grants.isApproved(user.id, asked.scopes)) return this.#grant(asked, user)
    return choosePage(world.bot.username, this.#people(), query)
  }

  #choose(fields: URLSearchParams): Reply {
    const { asked, fault } = this.#read(fields)
    if (fault) return told(asked, fault)
    if (fields.has('cancel')) {
      return told(asked, { error: 'access_denied', error_description: DENIED })
    }
    const user = this.#people().find(({ id }) => id === fields.get('user_id'))
    return user ? this.#grant(asked, user) : refuse('Nobody has that id')
  }

  #grant(asked: Authorization, { id: userId }: User): Reply {
    const { grants, world } = this.#options
    const { scopes, flow, redirectUri, challenge } = asked
    // The bot is where it is: there is no guild in this world that it could still be let into.
    if (flow === 'install') return authorizedPage(world.bot.username)
    const headers = { 'Set-Cookie': `${COOKIE}=${userId}; Path=/; HttpOnly; SameSite=Lax` }
    const answer =
      flow === 'token'
        ? Object.fromEntries(Object.entries(tokenOf(grants.give({ userId, scopes }))).map(([k, v]) => [k, String(v)]))
        : { code: grants.ask({ userId, scopes, redirectUri, challenge }) }
    return { status: 302, headers: { ...headers, Location: redirectOf(asked, answer) } }
  }

  /** The client, by HTTP Basic or in the body: https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1 */
  #isClient({ headers }: IncomingMessage, fields: URLSearchParams): boolean {
    const { world, clientSecret } = this.#options
    const basic = /^Basic (.+)$/i.exec(headers.authorization ?? '')?.[1]
    if (basic === undefined)
      return fields.get('client_id') === world.bot.id && fields.get('client_secret') === clientSecret
    const given = Buffer.from(basic, 'base64').toString('utf8')
    // Libraries that go by the RFC encode both as in a form, most do not, and Discord's own example does not.
    const encoded = new URLSearchParams(
      given
        .split(':')
        .map((part, index) => `${index}=${part}`)
        .join('&'),
    )
    const wanted = `${world.bot.id}:${clientSecret}`
    return given === wanted || [...encoded.values()].join(':') === wanted
  }

  /** A client without a secret, which a code that PKCE guards may be given to all the same. */
  #isPublicClient(fields: URLSearchParams): boolean {
    const { isPublic, world } = this.#options
    return isPublic && fields.get('client_id') === world.bot.id && !fields.has('client_secret')
  }

  #token(request: IncomingMessage, fields: URLSearchParams): Reply {
    const { grants, world } = this.#options
    const type = fields.get('grant_type')
    // What is asked for is looked at before who asks: https://github.com/discord/discord-api-docs/issues/5249
    const needed = GRANTS.get(type)
    if (!needed) return refuseGrant(type)
    const missing = needed.find((name) => !fields.get(name))
    if (missing !== undefined) return failure('invalid_request', `Missing "${missing}" in request.`)
    const verifier = fields.get('code_verifier') ?? undefined
    if (verifier !== undefined && !isVerifier(verifier)) {
      return failure(
        'invalid_request',
        'code_verifier must be 43 to 128 characters of A-Z, a-z, 0-9, "-", ".", "_", "~"',
      )
    }
    const code = fields.get('code') ?? ''
    const isKnown = this.#isClient(request, fields)
    const isProven = type === 'refresh_token' || (type === 'authorization_code' && grants.isChallenged(code))
    if (!isKnown && !(isProven && this.#isPublicClient(fields))) {
      return failure('invalid_client', 'Invalid client', 401)
    }
    if (type === 'authorization_code') {
      return shown(grants.exchange(code, fields.get('redirect_uri') ?? '', verifier))
    }
    if (type === 'refresh_token') return shown(grants.refresh(fields.get('refresh_token') ?? ''))
    // The bot's owner, to whom the secret belongs: https://docs.discord.com/developers/topics/oauth2#client-credentials-grant
    const scopes = scopesOf(fields.get('scope'))
    if (scopes.length === 0 || scopes.some((scope) => !SCOPES.has(scope) && scope !== UPDATE_COMMANDS)) {
      return failure('invalid_scope', 'The requested scope is invalid, unknown, or malformed.')
    }
    return shown(grants.give({ userId: ownerOf(world).id, scopes }))
  }

  #revoke(request: IncomingMessage, fields: URLSearchParams): Reply {
    if (!this.#isClient(request, fields) && !this.#isPublicClient(fields)) {
      return failure('invalid_client', 'Invalid client', 401)
    }
    // https://www.rfc-editor.org/rfc/rfc7009#section-2.1
    const token = fields.get('token')
    if (!token) return failure('invalid_request', 'Missing "token" in request.')
    this.#options.grants.revoke(token)
    return { status: 200, body: {} }
  }
}

/** A fault, where it is to be told. */
function told(asked: Authorization, fault: Fault): Reply {
  if ('message' in fault) return refuse(fault.message)
  if (asked.redirectUri === '') return refuse(fault.error_description)
  return { status: 302, headers: { Location: redirectOf(asked, fault) } }
}

const tokenOf = ({ accessToken, refreshToken, scopes }: Grant) => ({
  token_type: 'Bearer',
  access_token: accessToken,
  expires_in: TOKEN_LIFE_MS / 1_000,
  ...(refreshToken !== null && { refresh_token: refreshToken }),
  scope: scopes.join(' '),
})

const shown = (grant: Grant | undefined): Reply =>
  grant
    ? { status: 200, body: tokenOf(grant) }
    : failure('invalid_grant', 'Invalid "code" or "refresh_token" in request.')
