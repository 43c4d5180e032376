import type { IncomingMessage } from 'node:http'
import type { Reply } from '../http/reply.ts'
import { ownerOf } from '../world/application.ts'
import { SCOPES, isVerifier, scopesOf } from './authorization.ts'
import { isClient, isPublicClient } from './client.ts'
import type { Client } from './client.ts'
import { TOKEN_LIFE_MS } from './grants.ts'
import type { Grant, Grants } from './grants.ts'
import { At } from './routes.ts'
import type { OAuthRoute } from './routes.ts'

export type Issuer = Client & { grants: Grants }

/** A scope that only the bot's owner has. */
const UPDATE_COMMANDS = 'applications.commands.update'

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

/** https://docs.discord.com/developers/topics/oauth2#authorization-code-grant-access-token-response */
export const tokenOf = ({ accessToken, refreshToken, scopes }: Grant) => ({
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

function token({ grants, ...client }: Issuer, request: IncomingMessage, fields: URLSearchParams): Reply {
  const type = fields.get('grant_type')
  // What is asked for is looked at before who asks: https://github.com/discord/discord-api-docs/issues/5249
  const needed = GRANTS.get(type)
  if (!needed) return refuseGrant(type)
  const missing = needed.find((name) => !fields.get(name))
  if (missing !== undefined) return failure('invalid_request', `Missing "${missing}" in request.`)
  const verifier = fields.get('code_verifier') ?? undefined
  if (verifier !== undefined && !isVerifier(verifier)) {
    return failure('invalid_request', 'code_verifier must be 43 to 128 characters of A-Z, a-z, 0-9, "-", ".", "_", "~"')
  }
  const code = fields.get('code') ?? ''
  const isKnown = isClient(client, request, fields)
  const isProven = type === 'refresh_token' || (type === 'authorization_code' && grants.isChallenged(code))
  if (!isKnown && !(isProven && isPublicClient(client, fields))) {
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
  return shown(grants.give({ userId: ownerOf(client.world).id, scopes }))
}

function revoke({ grants, ...client }: Issuer, request: IncomingMessage, fields: URLSearchParams): Reply {
  if (!isClient(client, request, fields) && !isPublicClient(client, fields)) {
    return failure('invalid_client', 'Invalid client', 401)
  }
  // https://www.rfc-editor.org/rfc/rfc7009#section-2.1
  const given = fields.get('token')
  if (!given) return failure('invalid_request', 'Missing "token" in request.')
  grants.revoke(given)
  return { status: 200, body: {} }
}

/** Gives tokens and takes them back, for who knows the client's secret, and asks in a form. */
export function answerTokens(issuer: Issuer, route: OAuthRoute, request: IncomingMessage, body: Buffer): Reply {
  if (!isForm(request)) return refuseBody(route, request)
  const fields = new URLSearchParams(body.toString('utf8'))
  return (route === At.token ? token : revoke)(issuer, request, fields)
}
