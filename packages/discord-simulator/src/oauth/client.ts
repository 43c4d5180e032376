import type { IncomingMessage } from 'node:http'
import type { World } from '../world/world.ts'

/** The secret that is accepted unless another is given. It guards nothing. */
export const DEFAULT_CLIENT_SECRET = 'not-a-real-secret-for-the-simulator'

/** Who asks for tokens: the bot's application. */
export interface Client {
  world: World
  clientSecret: string
  /** Whether the client need not know its secret, where PKCE stands in for it. */
  isPublic: boolean
}

/** The client, by HTTP Basic or in the body: https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1 */
export function isClient(
  { world, clientSecret }: Client,
  { headers }: IncomingMessage,
  fields: URLSearchParams,
): boolean {
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
export function isPublicClient({ isPublic, world }: Client, fields: URLSearchParams): boolean {
  return isPublic && fields.get('client_id') === world.bot.id && !fields.has('client_secret')
}
