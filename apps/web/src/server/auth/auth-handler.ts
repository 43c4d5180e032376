import type { IncomingMessage, ServerResponse } from 'node:http'
import { answerFailure, refuse } from '../http/answer.ts'
import { errorPlace } from '../http/error-place.ts'
import type { Logger } from '../logger.server.ts'
import type { Cookie } from './cookies.ts'
import type { DiscordOAuth } from './discord-oauth.ts'
import { ownPath } from './own-path.ts'
import { networkOf, RateLimit } from './rate-limit.ts'
import { expiryOf } from './sessions.ts'
import type { Sessions } from './sessions.ts'
import { FLOW_MAX_SECONDS, newFlow, readFlow } from './sign-in-flow.ts'
import { isForAnother } from './viewer.server.ts'
import type { SignInProblem } from '../../sign-in-search.ts'

/** A person signs in by two requests. Some try a few times, and a whole office may share an address. */
const RATE = { burst: 60, perSecond: 1 }

/** Sign-ins that wait for Discord at once. Beyond, people are told to try again. */
const EXCHANGES_MAX = 32

const CALLBACK = '/auth/discord/callback'

export type AuthHandlerOptions = {
  /** Null: nobody has said which application of Discord's this is. */
  oauth: DiscordOAuth | null
  sessions: Sessions
  sessionCookie: Cookie
  flowCookie: Cookie
  /** Where the browser reaches this site, without a path. */
  originOf: (request: IncomingMessage) => string
  /** Who asks, for the rate limit. */
  addressOf: (request: IncomingMessage) => string
  /** Whether `login_hint` is passed on, by which the simulator signs somebody in without asking. */
  passesHint: boolean
  /** A session is over: what is open for it ends. */
  onEnd: (sessionId: string) => void
  logger: Logger
  now?: () => number
}

/**
 * Answers `GET /auth/discord` (goes to Discord), `GET /auth/discord/callback` (comes back from there, signed in) and
 * `POST /auth/sign-out`; false for another path. That a POST comes from a page of this site was looked at before.
 */
export function createAuthHandler(options: AuthHandlerOptions) {
  const { oauth, sessions, sessionCookie, flowCookie, originOf, addressOf, onEnd, logger, now = Date.now } = options
  const rate = new RateLimit({ ...RATE, now })
  let exchanges = 0
  const secondsLeft = (until: number) => Math.floor((until - now()) / 1_000)

  const routes: Record<
    string,
    { method: string; answer: (request: IncomingMessage, response: ServerResponse) => unknown }
  > = {
    '/auth/discord': { method: 'GET', answer: begin },
    [CALLBACK]: { method: 'GET', answer: finish },
    '/auth/sign-out': { method: 'POST', answer: signOut },
  }

  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const [path = ''] = (request.url ?? '').split('?')
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined
    if (!route) return false
    const wait = rate.take(networkOf(addressOf(request)))
    if (request.method !== route.method) refuse(response, 'METHOD_NOT_ALLOWED', { Allow: route.method })
    else if (wait !== null) refuse(response, 'TOO_MANY_SIGN_INS', { 'Retry-After': String(wait) })
    else void answer(route, request, response)
    return true
  }

  async function answer(route: (typeof routes)[string], request: IncomingMessage, response: ServerResponse) {
    try {
      await route.answer(request, response)
    } catch (error) {
      answerFailure(response, error, logger)
    }
  }

  async function begin(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const query = queryOf(request)
    const to = ownPath(query.get('to')) ?? '/'
    if (!oauth) return sendToSignIn(response, 'not-set-up', to)
    const flow = newFlow(to)
    const address = await oauth.addressFor({
      redirectUri: originOf(request) + CALLBACK,
      state: flow.state,
      verifier: flow.verifier,
      loginHint: options.passesHint ? query.get('login_hint') : null,
    })
    sendTo(response, address, [flowCookie.write(flow.cookie, FLOW_MAX_SECONDS)])
  }

  async function finish(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const query = queryOf(request)
    const flow = readFlow(flowCookie.read(request.headers.cookie))
    // Whatever comes of it, it is good for one attempt.
    const used = [flowCookie.clear()]
    if (!oauth) return sendToSignIn(response, 'not-set-up', '/', used)
    // Begun in another browser, or by another site, or too long ago.
    if (!flow || query.get('state') !== flow.state) return sendToSignIn(response, 'interrupted', flow?.to ?? '/', used)
    if (query.has('error')) {
      const isCancelled = query.get('error') === 'access_denied'
      return sendToSignIn(response, isCancelled ? 'cancelled' : 'discord', flow.to, used)
    }
    if (exchanges >= EXCHANGES_MAX) return sendToSignIn(response, 'busy', flow.to, used)
    const callback = new URL(originOf(request) + CALLBACK)
    callback.search = query.toString()
    const who = await whoCameBack(oauth, callback, flow)
    if (!who) return sendToSignIn(response, 'discord', flow.to, used)
    const { token, session } = await sessions.begin(who.user, who.guilds)
    await endSessionOf(request)
    logger.info({ user: who.user.id, session: session.id }, 'somebody signed in')
    sendTo(response, flow.to, [...used, sessionCookie.write(token, secondsLeft(expiryOf(session)))])
  }

  async function whoCameBack(discord: DiscordOAuth, callback: URL, flow: { state: string; verifier: string }) {
    exchanges += 1
    try {
      return await discord.identify(callback, flow, (error) => {
        logger.warn(errorPlace(error), 'a token of somebody who signed in could not be revoked')
      })
    } catch (error) {
      logger.warn({ ...errorPlace(error), ...oauthErrorOf(error) }, 'a sign-in failed at Discord')
      return null
    } finally {
      exchanges -= 1
    }
  }

  async function signOut(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const session = await sessions.read(sessionCookie.read(request.headers.cookie))
    // A page that is older than the session: whoever is signed in now did not ask for it, and is shown.
    if (session && isForAnother(queryOf(request), session.user.id)) {
      sendTo(response, '/', [])
      return
    }
    await endSessionOf(request)
    sendTo(response, '/', [sessionCookie.clear()])
  }

  /** The session that the browser shows, if any: it may not outlive a sign-in either. */
  async function endSessionOf({ headers }: IncomingMessage): Promise<void> {
    const ended = await sessions.end(sessionCookie.read(headers.cookie))
    if (!ended) return
    onEnd(ended.id)
    logger.info({ user: ended.user.id, session: ended.id }, 'somebody signed out')
  }
}

const queryOf = ({ url = '' }: IncomingMessage) => new URLSearchParams(url.split('?').slice(1).join('?'))

/** @param location a path of this site, or Discord's own page: never what a request says as it is. */
function sendTo(response: ServerResponse, location: string, cookies: string[]): void {
  // After a POST too, the next request is a GET.
  response.writeHead(303, {
    Location: location,
    'Set-Cookie': cookies,
    'Cache-Control': 'no-store',
    'Content-Length': 0,
  })
  response.end()
}

function sendToSignIn(response: ServerResponse, problem: SignInProblem, to: string, cookies: string[] = []): void {
  sendTo(response, `/sign-in?${new URLSearchParams({ problem, ...(to !== '/' && { to }) }).toString()}`, cookies)
}

/** Discord's own word for what went wrong, `invalid_client` or `invalid_grant`; nothing else of its answer. */
function oauthErrorOf(error: unknown): { oauth?: string } {
  const code = error instanceof Error && 'error' in error ? error.error : null
  return typeof code === 'string' && /^[a-z_]{1,40}$/.test(code) ? { oauth: code } : {}
}
