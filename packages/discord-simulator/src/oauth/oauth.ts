import type { IncomingMessage } from 'node:http'
import { BodyTooLarge, readBody } from '../http/body.ts'
import { isLocal } from '../http/loopback.ts'
import type { Reply } from '../http/reply.ts'
import type { User } from '../world/types.ts'
import type { World } from '../world/world.ts'
import { TOKEN_LIFE_MS } from './grants.ts'
import type { Grant, Grants } from './grants.ts'
import { choosePage } from './page.ts'

/** The secret that is accepted unless another is given. It guards nothing. */
export const DEFAULT_CLIENT_SECRET = 'not-a-real-secret-for-the-simulator'

export interface OAuthOptions {
  world: World
  grants: Grants
  clientSecret: string
  /** Where codes may be sent. Undefined: any page of this machine. */
  redirectUris: readonly string[] | undefined
}

const SCOPES: ReadonlySet<string> = new Set([
  'identify',
  'email',
  'guilds',
  'guilds.members.read',
  'openid',
  'bot',
  'applications.commands',
])

/** https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
const failure = (error: string, error_description: string, status = 400): Reply => ({
  status,
  body: { error, error_description },
})

const refuse = (message: string): Reply => ({ status: 400, body: { message, code: 0 } })

/** Discord's OAuth2, for the people of the world: https://docs.discord.com/developers/topics/oauth2 */
export class OAuth {
  readonly #options: OAuthOptions

  constructor(options: OAuthOptions) {
    this.#options = options
  }

  /** Answers what is under one of its paths; undefined for what is not its own. */
  async answer(request: IncomingMessage, url: URL): Promise<Reply | undefined> {
    const path = url.pathname.replace(/^\/api(\/v(9|10))?(?=\/)/, '')
    const what = `${request.method} ${path}`
    try {
      if (what === 'GET /oauth2/authorize') return this.#authorize(url.searchParams)
      if (what === 'POST /oauth2/authorize') return this.#choose(await readFields(request))
      if (what === 'POST /oauth2/token') return this.#token(request, await readFields(request))
      if (what === 'POST /oauth2/token/revoke') return this.#revoke(request, await readFields(request))
    } catch (error) {
      if (error instanceof BodyTooLarge)
        return { status: 413, body: { message: 'Request entity too large', code: 40_005 } }
      throw error
    }
    return undefined
  }

  /** All who could be asked, without bots. */
  #people(): User[] {
    const users = this.#options.world.guilds().flatMap((guild) => guild.members.map((member) => member.user))
    return [...new Map(users.map((user) => [user.id, user])).values()].filter((user) => user.bot !== true)
  }

  #isRedirect(uri: string): boolean {
    const { redirectUris } = this.#options
    if (redirectUris) return redirectUris.includes(uri)
    return URL.canParse(uri) && /^https?:$/.test(new URL(uri).protocol) && isLocal(new URL(uri).host, undefined)
  }

  /** What is wrong with what was asked, told here: an untrusted redirect is none. */
  #fault(query: URLSearchParams): string | undefined {
    if (query.get('client_id') !== this.#options.world.bot.id) return 'Unknown Application'
    if (!this.#isRedirect(query.get('redirect_uri') ?? '')) return 'Invalid OAuth2 redirect_uri'
    if (query.get('response_type') !== 'code') return 'Only response_type=code is served'
    const scopes = (query.get('scope') ?? '').split(' ').filter(Boolean)
    if (scopes.length === 0 || scopes.some((scope) => !SCOPES.has(scope))) return 'Invalid scope'
    const isPlain = query.has('code_challenge') && query.get('code_challenge_method') !== 'S256'
    return isPlain ? 'Only code_challenge_method=S256 is served' : undefined
  }

  #authorize(query: URLSearchParams): Reply {
    const fault = this.#fault(query)
    if (fault !== undefined) return refuse(fault)
    const hint = query.get('login_hint')
    if (hint === null) return choosePage(this.#options.world.bot.username, this.#people(), query)
    const user = this.#people().find(({ id, username }) => id === hint || username === hint)
    return user ? this.#grant(query, user) : refuse(`Nobody is called ${hint}`)
  }

  #choose(fields: URLSearchParams): Reply {
    const fault = this.#fault(fields)
    if (fault !== undefined) return refuse(fault)
    if (fields.has('cancel')) return this.#redirect(fields, { error: 'access_denied' })
    const user = this.#people().find(({ id }) => id === fields.get('user_id'))
    return user ? this.#grant(fields, user) : refuse('Nobody has that id')
  }

  #grant(query: URLSearchParams, user: User): Reply {
    const code = this.#options.grants.ask({
      userId: user.id,
      scopes: (query.get('scope') ?? '').split(' ').filter(Boolean),
      redirectUri: query.get('redirect_uri') ?? '',
      challenge: query.get('code_challenge') ?? undefined,
    })
    return this.#redirect(query, { code })
  }

  #redirect(query: URLSearchParams, answer: Readonly<Record<string, string>>): Reply {
    const target = new URL(query.get('redirect_uri') ?? '')
    for (const [name, value] of Object.entries(answer)) target.searchParams.set(name, value)
    const state = query.get('state')
    if (state !== null) target.searchParams.set('state', state)
    return { status: 302, headers: { Location: target.href } }
  }

  /** The client, by HTTP Basic or in the body: https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1 */
  #isClient({ headers }: IncomingMessage, fields: URLSearchParams): boolean {
    const basic = /^Basic (.+)$/i.exec(headers.authorization ?? '')?.[1]
    const given = basic
      ? Buffer.from(basic, 'base64').toString('utf8')
      : `${fields.get('client_id')}:${fields.get('client_secret')}`
    return given === `${this.#options.world.bot.id}:${this.#options.clientSecret}`
  }

  #token(request: IncomingMessage, fields: URLSearchParams): Reply {
    if (!this.#isClient(request, fields)) return failure('invalid_client', 'Invalid client', 401)
    const { grants } = this.#options
    const type = fields.get('grant_type')
    if (type === 'authorization_code') {
      const verifier = fields.get('code_verifier') ?? undefined
      return shown(grants.exchange(fields.get('code') ?? '', fields.get('redirect_uri') ?? '', verifier))
    }
    if (type === 'refresh_token') return shown(grants.refresh(fields.get('refresh_token') ?? ''))
    return failure('unsupported_grant_type', 'Grant type not supported')
  }

  #revoke(request: IncomingMessage, fields: URLSearchParams): Reply {
    if (!this.#isClient(request, fields)) return failure('invalid_client', 'Invalid client', 401)
    this.#options.grants.revoke(fields.get('token') ?? '')
    return { status: 200, body: {} }
  }
}

function shown(grant: Grant | undefined): Reply {
  if (!grant) return failure('invalid_grant', 'Invalid "code" or "refresh_token" in request.')
  const { accessToken, refreshToken, scopes } = grant
  const body = {
    token_type: 'Bearer',
    access_token: accessToken,
    expires_in: TOKEN_LIFE_MS / 1_000,
    refresh_token: refreshToken,
    scope: scopes.join(' '),
  }
  return { status: 200, body }
}

const readFields = async (request: IncomingMessage) => new URLSearchParams((await readBody(request)).toString('utf8'))
