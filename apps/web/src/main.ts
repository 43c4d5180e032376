import { once } from 'node:events'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import type { WebConfig } from './server/config.ts'
import type * as Build from './server.ts'

/** How long answers that are under way may take once web is told to end. */
const CLOSE_GRACE_MS = 1_500
/** By then it has ended, whatever hangs. */
const EXIT_AFTER_MS = 4_500

/** How many connections may wait to be accepted; the kernel takes its own most. Node's 511 are few where thousands come back at once. */
const BACKLOG = 65_535

/** Tells a supervisor not to start it again: somebody has to set it up otherwise. `EX_CONFIG` of sysexits(3). */
const SET_UP_WRONG = 78

const dist = new URL('../dist/', import.meta.url)

if (Number(process.versions.node.split('.')[0]) < 24) fail(`web needs Node 24 or newer, this is ${process.version}`)
/** Ends web; until it listens there is nothing to be ended in order. */
let leave = (_reason: string): void => process.exit(0)
// Before the rest is loaded, which takes some tenths of a second, and for good: a signal that comes as one listener follows
// another would be lost.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  process.once(signal, () => {
    // The same again: at once. Another is the terminal's Ctrl-C, passed on by whoever started this.
    process.on(signal, () => process.exit(1))
    leave(signal)
  })
}
// Who started this process and held a channel to it is gone, without having said so.
process.once('disconnect', () => leave('disconnect'))
const { ConfigError, readConfig } = await import('./server/config.ts')
const { errorPlace } = await import('./server/http/error-place.ts')
const { createPageHandler } = await import('./server/http/page-handler.ts')
const config = configOrExit()
// React looks at it when it is loaded. The operator's own word was read above.
process.env['NODE_ENV'] = 'production'
const { boot, handle, shutdown, default: pages } = await loadBuild()

const runtime = bootOrExit(config)
const clientDir = fileURLToPath(new URL('client', dist))
const answerPage = createPageHandler(clientDir, (request) => pages.fetch(request), runtime.logger)
// What the framework and React say of failures quotes what they were given: the log says where it was, not what. What
// of it is this server's fault is logged as an error where it is answered; the rest strangers can cause.
Object.assign(console, {
  error: (...words: unknown[]) => {
    const errors = words.filter((word) => word instanceof Error).map(errorPlace)
    runtime.logger.warn({ errors }, 'the framework reports a failure')
  },
})
const server = createServer((request, response) => handle(request, response, () => void answerPage(request, response)))

server.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EADDRINUSE') fail(`port ${config.PORT} is taken: set PORT to another`)
  fail(`web cannot listen: ${error.message}`)
})
server.listen(config.PORT, config.WEB_HOST, BACKLOG)
await once(server, 'listening')
const host = config.WEB_HOST.includes(':') ? `[${config.WEB_HOST}]` : config.WEB_HOST
runtime.logger.info({ url: `http://${host}:${config.PORT}`, demo: config.demo }, 'web listens')

let ending = false
leave = (reason) => void end(reason)

async function end(reason: string): Promise<void> {
  if (ending) return
  ending = true
  runtime.logger.info({ reason, streams: runtime.gateway.feed.consumers }, 'web ends')
  setTimeout(() => process.exit(0), EXIT_AFTER_MS).unref()
  const closed = once(server, 'close')
  server.close()
  await shutdown()
  server.closeIdleConnections()
  setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS).unref()
  await closed
  process.exit(0)
}

function configOrExit(): WebConfig {
  try {
    return readConfig(process.env, process.argv)
  } catch (error) {
    if (error instanceof ConfigError) fail(error.message, SET_UP_WRONG)
    throw error
  }
}

function bootOrExit(settings: WebConfig): ReturnType<typeof boot> {
  try {
    return boot(settings)
  } catch (error) {
    // Of the build, which has a class of its own by that name.
    if (error instanceof Error && error.name === 'ConfigError') fail(error.message, SET_UP_WRONG)
    throw error
  }
}

async function loadBuild(): Promise<typeof Build> {
  try {
    return (await import(new URL('server/server.js', dist).href)) as typeof Build
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') {
      fail(`web is not built: run npm run build (${error.message})`)
    }
    throw error
  }
}

function fail(message: string, exitCode = 1): never {
  process.stderr.write(`${message}\n`)
  process.exit(exitCode)
}
