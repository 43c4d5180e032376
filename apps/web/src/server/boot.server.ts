import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isFromLoopback } from '@repo/discord-integration/types'
import { createAuthHandler } from './auth/auth-handler.ts'
import { cookieOf } from './auth/cookies.ts'
import type { Cookie } from './auth/cookies.ts'
import { DiscordOAuth } from './auth/discord-oauth.ts'
import { Sessions } from './auth/sessions.ts'
import { watchSignOuts } from './auth/sign-outs.ts'
import { SqliteSessionStore } from './auth/sqlite-session-store.ts'
import { UserLimits } from './auth/user-limits.ts'
import { viewerOf } from './auth/viewer.server.ts'
import { ConfigError, readConfig } from './config.ts'
import type { WebConfig } from './config.ts'
import { deputyFor } from './deputy/deputy-for.server.ts'
import { Ledger } from './deputy/ledger.ts'
import { Slowmode } from './deputy/slowmode.ts'
import { FUNCTION_PATH } from './function-answer.server.ts'
import {
  answerFailure,
  answerJson,
  refuse,
  securityHeadersOf,
  setSecurityHeaders,
  type Refusal,
} from './http/answer.ts'
import { errorPlace } from './http/error-place.ts'
import { addressOf, isHttps, isOwnRequest, originOf } from './http/origin.ts'
import { initGatewayClient } from './init/gateway-client-init.server.ts'
import type { Gateway } from './init/gateway-client-init.server.ts'
import { createLogger } from './logger.server.ts'
import type { Logger } from './logger.server.ts'
import { createOps } from './ops/ops.ts'
import type { Ops } from './ops/ops.ts'
import { processSingleton } from './process-singleton.ts'
import { createClockHandler } from './realtime/clock-handler.ts'
import { HopReporter } from './realtime/hop-reporter.ts'
import { sseManager } from './realtime/sse-manager.ts'
import { createStreamHandler } from './realtime/stream-handler.ts'
import { createUploadHandler } from './uploads/upload-handler.ts'
import { UploadSeal } from './uploads/upload-seal.ts'

/** Over how long a web that ends spreads the ends of its streams, and how long its browsers wait before they come back. */
const DRAIN = { overMs: 1_500, retryMs: 1_000 }

/** What programs ask for: where there is nothing, they are told so in their own language, and not with a page. */
const FOR_PROGRAMS = /^\/(?:api|metrics)(?:[/?]|$)/

/** What there is once a process. */
export type Runtime = {
  /** Of this process, whose clock is one of its own. */
  id: string
  config: WebConfig
  logger: Logger
  gateway: Gateway
  hops: HopReporter
  ops: Ops
  sessions: Sessions
  sessionCookie: Cookie
  limits: UserLimits
  uploads: UploadSeal
  slowmode: Slowmode
  ledger: Ledger
  stopWatching: () => void
  draining: boolean
}

/** Starts web: the link opens now, not with the first request. Again, it answers what is running. */
export function boot(config?: WebConfig): Runtime {
  return processSingleton('runtime', () => start(config ?? readConfig(process.env, process.argv)))
}

function start(config: WebConfig): Runtime {
  const logger = createLogger(config.LOG_LEVEL)
  const sessions = openSessions(config, logger)
  const ledger = openLedger(config, logger)
  const [limits, slowmode] = [new UserLimits(config), new Slowmode()]
  const uploads = new UploadSeal(config.LINK_TOKEN)
  const gateway = initGatewayClient(config, logger, (userId) => limits.take('read', userId))
  const { client } = gateway
  const id = randomUUID()
  const hops = new HopReporter(
    {
      get status() {
        return client.status
      },
      onStatus: (handler) => client.onStatus(handler),
      ask: (options) => client.sendCommand('get_status', {}, options),
    },
    { by: id },
  )
  const ops = createOps({ id, client, hops, streams: () => sseManager.size })
  const sessionCookie = cookieOf('session', isHttps(config))
  const stopWatching = watchSignOuts(sessions, sseManager, (error) =>
    logger.warn(errorPlace(error), 'who has signed out elsewhere could not be looked up'),
  )
  return {
    id,
    config,
    logger,
    gateway,
    hops,
    ops,
    sessions,
    sessionCookie,
    limits,
    uploads,
    slowmode,
    ledger,
    stopWatching,
    draining: false,
  }
}

/** @throws {ConfigError} where there is no folder that they can be kept in. */
function openSessions({ WEB_DATA_DIR }: WebConfig, logger: Logger): Sessions {
  return keptIn('the sessions', () => {
    const store = SqliteSessionStore.open(WEB_DATA_DIR, logger)
    return new Sessions(store, Date.now, (error) =>
      logger.warn(errorPlace(error), 'the use of a session could not be written down'),
    )
  })
}

/** @throws {ConfigError} where there is no folder that it can be kept in. */
function openLedger({ WEB_DATA_DIR }: WebConfig, logger: Logger): Ledger {
  return keptIn('what the bot did for whom', () =>
    Ledger.open(WEB_DATA_DIR, {
      onUnkept: (error) => logger.warn(errorPlace(error), 'what the bot did for somebody could not be written down'),
      onDamage: (aside) =>
        logger.warn(
          { aside },
          'the file of what the bot did for whom is damaged and was put aside: nobody owns what was',
        ),
    }),
  )
}

function keptIn<Store>(what: string, open: () => Store): Store {
  try {
    return open()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (!NO_SUCH_PLACE.has(code)) throw error
    throw new ConfigError(`WEB_DATA_DIR: ${what} cannot be kept there (${code})`)
  }
}

/** What nothing but another WEB_DATA_DIR, or somebody's hand on it, mends. A full disk may pass. */
const NO_SUCH_PLACE: ReadonlySet<string> = new Set(
  'EACCES EEXIST EISDIR ELOOP ENAMETOOLONG ENOENT ENOTDIR EPERM EROFS'.split(' '),
)

/** Ends the streams and the link, in this order, within seconds. */
export async function shutdown(): Promise<void> {
  const runtime = boot()
  if (runtime.draining) return
  runtime.draining = true
  await runtime.gateway.feed.announcePositions()
  await sseManager.drain(DRAIN)
  runtime.ops.close()
  await runtime.gateway.close()
  runtime.stopWatching()
  await runtime.sessions.close()
  runtime.ledger.close()
}

/**
 * What is answered before the framework: health, sign-in, the event stream, the clock, files, the demo's visitors from elsewhere,
 * targets that are no URL, methods that no page answers, and what other sites' pages have a browser ask for. Never throws.
 */
export function handle(request: IncomingMessage, response: ServerResponse, next: () => void): void {
  const runtime = boot()
  try {
    const refusal = refusalOf(request, runtime)
    // A stream says them with its head: what is set beforehand, Node keeps for as long as it is open.
    if (refusal === null && handlersOf(runtime).stream(request, response)) return
    setSecurityHeaders(response, runtime.config)
    if (refusal !== null) refuse(response, refusal)
    else if (!answerHealth(request, response, runtime) && !answerProgram(request, response, handlersOf(runtime))) {
      const allowed = methodsOf(request.url ?? '')
      const isRead = request.method === 'GET' || request.method === 'HEAD'
      if (FOR_PROGRAMS.test(request.url ?? '')) refuse(response, 'NOTHING_HERE')
      else if (!allowed.includes(request.method ?? ''))
        refuse(response, 'METHOD_NOT_ALLOWED', { Allow: allowed.join(', ') })
      else if (!isRead && !isOwnRequest(request, runtime.config)) refuse(response, 'FOREIGN_REQUEST')
      else if (!handlersOf(runtime).auth(request, response)) next()
    }
  } catch (error) {
    answerFailure(response, error, runtime.logger, securityHeadersOf(runtime.config))
  }
}

const answerProgram = (request: IncomingMessage, response: ServerResponse, { clock, upload }: Handlers): boolean =>
  clock(request, response) || upload(request, response)

/** Why a request is answered by nobody; null: it may be. */
function refusalOf({ headers, url }: IncomingMessage, { config }: Runtime): Refusal | null {
  if (config.demo && !isFromLoopback(headers)) return 'FORBIDDEN_ORIGIN'
  return isAddress(url ?? '') ? null : 'BAD_REQUEST'
}

/** Node's parser lets more through than a URL may be, and not every escape in a path stands for text. */
function isAddress(target: string): boolean {
  const url = URL.parse(target, 'http://web')
  if (url === null) return false
  try {
    decodeURIComponent(url.pathname)
    return true
  } catch {
    return false
  }
}

const SIGN_OUT = /^\/auth\/sign-out(?:\?|$)/

function methodsOf(target: string): readonly string[] {
  if (SIGN_OUT.test(target)) return ['POST']
  return target.startsWith(FUNCTION_PATH) ? ['GET', 'HEAD', 'POST'] : ['GET', 'HEAD']
}

type Handler = (request: IncomingMessage, response: ServerResponse) => boolean

type Handlers = { stream: Handler; clock: Handler; upload: Handler; auth: Handler }

const handlers = new WeakMap<Runtime, Handlers>()

function handlersOf(runtime: Runtime): Handlers {
  const known = handlers.get(runtime)
  if (known) return known
  const { config, gateway, hops, sessions, sessionCookie, limits, uploads, logger } = runtime
  const headers = securityHeadersOf(config)
  const shared = {
    viewerOf: (request: IncomingMessage) => viewerOf(request.headers, runtime),
    onFailure: (response: ServerResponse, error: unknown) => answerFailure(response, error, logger, headers),
  }
  const clock = createClockHandler({ ...shared, by: runtime.id })
  const stream = createStreamHandler({
    ...shared,
    headers,
    feed: gateway.feed,
    admission: gateway.admission,
    viewers: gateway.viewers,
    streams: sseManager,
    hops,
    streamsPerUser: config.STREAMS_PER_USER,
    streamsTotal: config.STREAMS_TOTAL,
  })
  const upload = createUploadHandler({
    ...shared,
    isOwn: (request) => isOwnRequest(request, config),
    deputyFor: (userId) => deputyFor(userId, runtime),
    isReady: () => gateway.feed.ready,
    limits,
    upload: (data, options) => gateway.client.upload(data, options),
    seal: uploads,
    onRefusal: (code) => logger.warn({ code }, 'the gateway does not take files from here'),
  })
  const auth = createAuthHandler({
    oauth: oauthOf(config),
    sessions,
    sessionCookie,
    flowCookie: cookieOf('sign-in', isHttps(config)),
    originOf: (request) => originOf(request, config),
    addressOf: (request) => addressOf(request, config),
    passesHint: config.demo,
    onEnd: (sessionId) => sseManager.endOf(sessionId),
    logger,
  })
  const made = { stream, clock, upload, auth }
  handlers.set(runtime, made)
  return made
}

function oauthOf(config: WebConfig): DiscordOAuth | null {
  const { DISCORD_API_URL, DISCORD_AUTHORIZE_URL, DISCORD_CLIENT_ID, DISCORD_CLIENT_SECRET } = config
  if (DISCORD_CLIENT_ID === null || DISCORD_CLIENT_SECRET === null) return null
  return new DiscordOAuth({
    apiUrl: DISCORD_API_URL,
    authorizeUrl: DISCORD_AUTHORIZE_URL,
    clientId: DISCORD_CLIENT_ID,
    clientSecret: DISCORD_CLIENT_SECRET,
  })
}

/** `/healthz`: this process answers. `/readyz`: and it knows what the gateway knows. */
function answerHealth(request: IncomingMessage, response: ServerResponse, runtime: Runtime): boolean {
  const path = request.url?.split('?')[0]
  if (path !== '/healthz' && path !== '/readyz') return false
  const link = runtime.gateway.client.status.state
  const ready = link === 'live' && runtime.gateway.feed.ready && !runtime.draining
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    refuse(response, 'METHOD_NOT_ALLOWED', { Allow: 'GET, HEAD' })
  } else if (path === '/healthz') answerJson(response, 200, { status: 'ok' })
  else answerJson(response, ready ? 200 : 503, { status: ready ? 'ready' : 'unavailable', link })
  return true
}
