import { setTimeout as sleep } from 'node:timers/promises'
import * as oauth from 'openid-client'
import { z } from 'zod'

export type DiscordOAuthOptions = {
  /** Without the version: https://discord.com/api */
  apiUrl: string
  /** The page that asks people: https://discord.com/oauth2/authorize */
  authorizeUrl: string
  clientId: string
  clientSecret: string
}

/** https://docs.discord.com/developers/topics/oauth2#shared-resources-oauth2-scopes */
const SCOPES = 'identify guilds'

/** How long Discord may take for each answer, with what it has us wait where we ask too often. */
const TIMEOUT_SECONDS = 10

/** How often at most. */
const ATTEMPTS_MAX = 6

/** https://docs.discord.com/developers/resources/user#user-object, as much as is kept. */
const UserSchema = z.object({
  id: z.string().regex(/^\d{1,20}$/),
  username: z.string().min(1).max(100),
  avatar: z
    .string()
    .regex(/^\w{1,64}$/)
    .nullable()
    .catch(null),
})

/** https://docs.discord.com/developers/resources/user#get-current-user-guilds: 200 of them, as many as one may be in. */
const GuildsSchema = z.array(z.object({ id: z.string().regex(/^\d{1,20}$/) })).max(200)

/** Who somebody is, and in which servers, by their ids. */
export type Identified = { user: z.output<typeof UserSchema>; guilds: string[] }

/** Discord's OAuth2, for finding out who somebody is and where, and nothing else. */
export class DiscordOAuth {
  readonly #config: oauth.Configuration
  readonly #api: string

  constructor({ apiUrl, authorizeUrl, clientId, clientSecret }: DiscordOAuthOptions) {
    this.#api = `${apiUrl}/v10`
    const server = {
      issuer: new URL(authorizeUrl).origin,
      authorization_endpoint: authorizeUrl,
      token_endpoint: `${this.#api}/oauth2/token`,
      revocation_endpoint: `${this.#api}/oauth2/token/revoke`,
    }
    this.#config = new oauth.Configuration(server, clientId, clientSecret)
    this.#config.timeout = TIMEOUT_SECONDS
    this.#config[oauth.customFetch] = (url, options) => patiently(url, options as RequestInit)
    // The simulator's. Discord's own is https.
    if (apiUrl.startsWith('http:')) oauth.allowInsecureRequests(this.#config)
  }

  /** Where to send somebody who wants to sign in. */
  async addressFor(asked: {
    redirectUri: string
    state: string
    verifier: string
    loginHint: string | null
  }): Promise<string> {
    const { redirectUri, state, verifier, loginHint } = asked
    const url = oauth.buildAuthorizationUrl(this.#config, {
      redirect_uri: redirectUri,
      scope: SCOPES,
      state,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...(loginHint !== null && { login_hint: loginHint }),
    })
    return url.href
  }

  /**
   * Who came back, and the servers that they are in. Their token is used for that, revoked, and forgotten.
   *
   * @param callback the redirect URI, with the query that they came back with.
   * @param onLeft told where the token could not be revoked: it then ends by itself.
   * @throws what openid-client throws, a ZodError, or a network's error. None may be shown or logged as it is.
   */
  async identify(
    callback: URL,
    checks: { state: string; verifier: string },
    onLeft: (error: unknown) => void,
  ): Promise<Identified> {
    const { access_token: token } = await oauth.authorizationCodeGrant(this.#config, callback, {
      expectedState: checks.state,
      pkceCodeVerifier: checks.verifier,
    })
    try {
      const [user, guilds] = await Promise.all([
        this.#read('/users/@me', token),
        this.#read('/users/@me/guilds', token),
      ])
      return { user: UserSchema.parse(user), guilds: GuildsSchema.parse(guilds).map(({ id }) => id) }
    } finally {
      await oauth.tokenRevocation(this.#config, token).catch(onLeft)
    }
  }

  async #read(path: string, token: string): Promise<unknown> {
    const answer = await patiently(this.#api + path, {
      headers: { Authorization: `Bearer ${token}` },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_SECONDS * 1_000),
    })
    if (answer.ok) return await answer.json()
    await answer.body?.cancel()
    throw new Error('Discord did not say who it is')
  }
}

/**
 * Asks again where Discord says that it is too often, and when to: a token that is not revoked for that would live for a week.
 * https://docs.discord.com/developers/topics/rate-limits#exceeding-a-rate-limit
 */
async function patiently(url: string, options: RequestInit): Promise<Response> {
  const deadline = Date.now() + TIMEOUT_SECONDS * 1_000
  for (let attempt = 1; ; attempt++) {
    const answer = await fetch(url, options)
    const waitMs = Number(answer.headers.get('retry-after') ?? Number.NaN) * 1_000
    const mayAskAgain = attempt < ATTEMPTS_MAX && waitMs >= 0 && Date.now() + waitMs < deadline
    if (answer.status !== 429 || !mayAskAgain) return answer
    await answer.body?.cancel()
    await sleep(waitMs, undefined, options.signal ? { signal: options.signal } : {})
  }
}
