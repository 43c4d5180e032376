/** https://docs.discord.com/developers/topics/oauth2#shared-resources-oauth2-scopes: those for which Discord need not be asked first. */
export const SCOPES: ReadonlySet<string> = new Set([
  'identify',
  'email',
  'connections',
  'guilds',
  'guilds.join',
  'guilds.members.read',
  'gdm.join',
  'role_connections.write',
  'openid',
  'bot',
  'applications.commands',
  'applications.commands.permissions.update',
  'applications.entitlements',
])

/** What needs no token, for it is about the bot and not about who lets it in. */
const OF_BOT: ReadonlySet<string> = new Set(['bot', 'applications.commands'])

/** What somebody is asked for, as the URL says it. */
export interface Authorization {
  scopes: readonly string[]
  /** `install`: the bot comes into a guild, and nobody is sent anywhere. */
  flow: 'code' | 'token' | 'install'
  redirectUri: string
  state: string | null
  challenge: string | undefined
}

/** What is wrong, told here (an untrusted redirect is none) or where the redirect leads. */
export type Fault = { message: string } | { error: string; error_description: string }

export interface Trusted {
  clientId: string
  isRedirect: (uri: string) => boolean
}

/** What a challenge of S256 looks like: https://www.rfc-editor.org/rfc/rfc7636#section-4.2 */
const S256 = /^[\w-]{43}$/

/** https://www.rfc-editor.org/rfc/rfc7636#section-4.1 */
export const isVerifier = (text: string): boolean => /^[\w.~-]{43,128}$/.test(text)

export const scopesOf = (text: string | null): string[] => (text ?? '').split(' ').filter(Boolean)

/**
 * Reads `/oauth2/authorize`: https://docs.discord.com/developers/topics/oauth2#authorization-code-grant and, for the bot
 * alone, https://docs.discord.com/developers/topics/oauth2#bot-authorization-flow. Errors are those of
 * https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1
 */
export function readAuthorization(
  query: URLSearchParams,
  { clientId, isRedirect }: Trusted,
): { asked: Authorization; fault?: Fault } {
  const scopes = scopesOf(query.get('scope'))
  const type = query.get('response_type')
  const redirectUri = query.get('redirect_uri') ?? ''
  const isInstall =
    type === null && redirectUri === '' && scopes.includes('bot') && scopes.every((scope) => OF_BOT.has(scope))
  const flow = isInstall ? 'install' : type === 'token' ? 'token' : 'code'
  const challenge = query.get('code_challenge') ?? undefined
  const asked: Authorization = { scopes, flow, redirectUri, state: query.get('state'), challenge }
  const wrong = (fault: Fault) => ({ asked, fault })
  const error = (code: string, error_description: string) => wrong({ error: code, error_description })

  if (query.get('client_id') !== clientId) return wrong({ message: 'Unknown Application' })
  if (isInstall) return { asked }
  if (!isRedirect(redirectUri)) return wrong({ message: 'Invalid OAuth2 redirect_uri' })
  if (type !== 'code' && type !== 'token') {
    return error('unsupported_response_type', 'Only response_type=code and response_type=token are served')
  }
  if (scopes.length === 0 || scopes.some((scope) => !SCOPES.has(scope))) {
    return error('invalid_scope', 'The requested scope is invalid, unknown, or malformed.')
  }
  if (type === 'token' && scopes.includes('role_connections.write')) {
    return error('invalid_scope', 'role_connections.write cannot be had without a code.')
  }
  const method = query.get('code_challenge_method')
  if (challenge === undefined && method !== null) return error('invalid_request', 'code_challenge is missing')
  if (challenge !== undefined && method !== 'S256') {
    return error('invalid_request', 'Only code_challenge_method=S256 is served')
  }
  if (challenge !== undefined && !S256.test(challenge)) {
    return error('invalid_request', 'code_challenge must be a SHA-256 in base64url: 43 characters, without "="')
  }
  return { asked }
}

/** Where an answer is sent: in the query, or behind the `#` where a token comes without a code. */
export function redirectOf(
  { redirectUri, flow, state }: Authorization,
  answer: Readonly<Record<string, string>>,
): string {
  const target = new URL(redirectUri)
  const fields = { ...answer, ...(state !== null && { state }) }
  if (flow === 'token') target.hash = new URLSearchParams(fields).toString()
  else for (const [name, value] of Object.entries(fields)) target.searchParams.set(name, value)
  return target.href
}
