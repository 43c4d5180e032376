import type { IncomingMessage, ServerResponse } from 'node:http'
import { isFromLoopback } from '@repo/discord-integration/types'
import { viewerOf } from './auth/viewer.server.ts'
import { readConfig } from './config.ts'
import type { WebConfig } from './config.ts'
import { FUNCTION_PATH } from './function-answer.server.ts'
import { answerFailure, answerJson, refuse, setSecurityHeaders } from './http/answer.ts'
import { initGatewayClient } from './init/gateway-client-init.server.ts'
import type { Gateway } from './init/gateway-client-init.server.ts'
import { createLogger } from './logger.server.ts'
import type { Logger } from './logger.server.ts'
import { processSingleton } from './process-singleton.ts'
import { HopReporter } from './realtime/hop-reporter.ts'
import { sseManager } from './realtime/sse-manager.ts'
import { createStreamHandler } from './realtime/stream-handler.ts'

/** Over how long a web that ends spreads the ends of its streams, and how long its browsers wait before they come back. */
const DRAIN = { overMs: 1_500, retryMs: 1_000 }

/** What programs ask for: where there is nothing, they are told so in their own language, and not with a page. */
const FOR_PROGRAMS = /^\/(?:api|metrics)(?:[/?]|$)/

/** What there is once a process. */
export type Runtime = { config: WebConfig; logger: Logger; gateway: Gateway; hops: HopReporter; draining: boolean }

/** Starts web: the link opens now, not with the first request. Again, it answers what is running. */
export function boot(config?: WebConfig): Runtime {
  return processSingleton('runtime', () => start(config ?? readConfig(process.env, process.argv)))
}

function start(config: WebConfig): Runtime {
  const logger = createLogger(config.LOG_LEVEL)
  const gateway = initGatewayClient(config, logger)
  const { client } = gateway
  const hops = new HopReporter({
    get status() {
      return client.status
    },
    onStatus: (handler) => client.onStatus(handler),
    shards: async (options) => (await client.sendCommand('get_status', {}, options)).shards,
  })
  return { config, logger, gateway, hops, draining: false }
}

/** Ends the streams and the link, in this order, within seconds. */
export async function shutdown(): Promise<void> {
  const runtime = boot()
  if (runtime.draining) return
  runtime.draining = true
  await runtime.gateway.feed.announcePositions()
  await sseManager.drain(DRAIN)
  await runtime.gateway.close()
}

/**
 * What is answered before the framework: health, the event stream, the demo's visitors from elsewhere, and targets that
 * are no URL, and methods that no page answers. Never throws.
 */
export function handle(request: IncomingMessage, response: ServerResponse, next: () => void): void {
  const runtime = boot()
  try {
    setSecurityHeaders(response)
    if (runtime.config.demo && !isFromLoopback(request.headers)) refuse(response, 'FORBIDDEN_ORIGIN')
    else if (!isAddress(request.url ?? '')) refuse(response, 'BAD_REQUEST')
    else if (!answerHealth(request, response, runtime) && !streamHandlerOf(runtime)(request, response)) {
      const allowed = methodsOf(request.url ?? '')
      if (FOR_PROGRAMS.test(request.url ?? '')) refuse(response, 'NOTHING_HERE')
      else if (!allowed.includes(request.method ?? ''))
        refuse(response, 'METHOD_NOT_ALLOWED', { Allow: allowed.join(', ') })
      else next()
    }
  } catch (error) {
    answerFailure(response, error, runtime.logger)
  }
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

const methodsOf = (target: string): readonly string[] =>
  target.startsWith(FUNCTION_PATH) ? ['GET', 'HEAD', 'POST'] : ['GET', 'HEAD']

const streamHandlers = new WeakMap<Runtime, ReturnType<typeof createStreamHandler>>()

function streamHandlerOf(runtime: Runtime): ReturnType<typeof createStreamHandler> {
  const known = streamHandlers.get(runtime)
  if (known) return known
  const { config, gateway, hops } = runtime
  const handler = createStreamHandler({
    feed: gateway.feed,
    mayHave: (guildId) => gateway.mayHave(guildId),
    streams: sseManager,
    hops,
    isSignedIn: ({ headers }) => viewerOf(headers, config) !== null,
    streamsTotal: config.STREAMS_TOTAL,
  })
  streamHandlers.set(runtime, handler)
  return handler
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
