import type { IncomingMessage } from 'node:http'
import { BodyTooLarge, readBody } from '../http/body.ts'
import { isLocal } from '../http/loopback.ts'
import type { Reply } from '../http/reply.ts'
import type { User } from '../world/types.ts'
import { readAuthorization, redirectOf } from './authorization.ts'
import type { Authorization, Fault } from './authorization.ts'
import { authorizedPage, choosePage } from './page.ts'
import { At } from './routes.ts'
import type { OAuthRoute } from './routes.ts'
import { answerTokens, tokenOf } from './tokens.ts'
import type { Issuer } from './tokens.ts'

export interface OAuthOptions extends Issuer {
  /** Where codes may be sent. Undefined: any page of this machine. */
  redirectUris: readonly string[] | undefined
}

/** Who has said last, in this browser, who they are. */
const COOKIE = 'discord_simulator_user'

const DENIED = 'The resource owner or authorization server denied the request'

/** What is asked anew each time: https://docs.discord.com/developers/topics/oauth2#authorization-code-grant */
const ALWAYS_ASKED = 'bot'

const refuse = (message: string): Reply => ({ status: 400, body: { message, code: 0 } })

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
      const body = await readBody(request)
      if (route === At.choice) return this.#choose(new URLSearchParams(body.toString('utf8')))
      return answerTokens(this.#options, route, request, body)
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
}

/** A fault, where it is to be told. */
function told(asked: Authorization, fault: Fault): Reply {
  if ('message' in fault) return refuse(fault.message)
  if (asked.redirectUri === '') return refuse(fault.error_description)
  return { status: 302, headers: { Location: redirectOf(asked, fault) } }
}
