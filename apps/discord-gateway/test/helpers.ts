import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { LinkError } from '@repo/discord-integration/types'
import type { Expiring, Notes } from '@repo/event-feed'
import { BotSocket, type BotSocketOptions } from '../src/commands/bot-socket.ts'
import type { DiscordApi } from '../src/commands/discord-api.ts'
import type { HandlerContext } from '../src/commands/handler.ts'
import { createHandlers, type HandlersOptions } from '../src/commands/handlers.ts'
import { OwnApplication } from '../src/commands/own-application.ts'
import { BotPresence } from '../src/sessions/bot-presence.ts'
import { createLogger, type Logger } from '../src/logger.ts'
import { EVERY_SCOPE } from '../src/tokens/scopes.ts'

/** A logger whose lines a test can read. */
export function collectingLogger(): { logger: Logger; lines: string[] } {
  const lines: string[] = []
  return { logger: createLogger('trace', { write: (line: string) => void lines.push(line) }), lines }
}

/** What a command came to: `done`, or the code of its error. */
export const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof LinkError ? error.code : error),
  )

/** A bot's socket over which nothing goes but into a test's hands. */
export function fakeSocket(options: Partial<BotSocketOptions> = {}): { socket: BotSocket; said: unknown[] } {
  const said: unknown[] = []
  const socket = new BotSocket({
    send: (shardId, payload) => void said.push({ shardId, payload }),
    waitMs: () => 0,
    shardOf: () => 0,
    shardCount: () => 1,
    backends: () => ['b'],
    ...options,
  })
  return { said, socket }
}

export const handlersOf = (options: Partial<HandlersOptions> = {}) =>
  createHandlers({
    shards: () => [],
    intents: () => null,
    discordClockMs: () => null,
    socket: fakeSocket().socket,
    presence: new BotPresence(memoryNotes(), () => {}),
    application: new OwnApplication(),
    botId: '7',
    guildOf: () => undefined,
    guildText: () => null,
    figures: {
      // Nobody counts here.
      read: () => ({ success: true }) as never,
      report: () => {},
    },
    ...options,
  })

/** What a handler has at hand, but for what a test says otherwise. */
export const contextOf = (discord: DiscordApi, more: Partial<HandlerContext> = {}): HandlerContext => ({
  discord,
  nonce: 'n',
  repeatable: 'no',
  action: 'answer',
  backend: { id: 'b', name: 'web', scopes: EVERY_SCOPE },
  findUpload: () => null,
  expectChunks: () => {},
  isRevoked: () => false,
  deadlineAt: Date.now() + discord.deadlineMs,
  repeated: false,
  ...more,
})

export type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void

/** An HTTP server that answers as it is told, in place of Discord. */
export async function fakeDiscord(
  answer: Answer,
): Promise<{ apiUrl: string; requests: FakeRequest[] } & AsyncDisposable> {
  const requests: FakeRequest[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (part: string) => (body += part))
    request.on('end', () => {
      requests.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body })
      answer(request, response, body)
    })
  })
  const { promise, resolve } = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', resolve)
  await promise
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('no address')
  return {
    apiUrl: `http://127.0.0.1:${address.port}/api`,
    requests,
    async [Symbol.asyncDispose]() {
      const closed = Promise.withResolvers<void>()
      server.close(() => closed.resolve())
      server.closeAllConnections()
      await closed.promise
    },
  }
}

export type FakeRequest = { method: string; path: string; headers: IncomingMessage['headers']; body: string }

export function answerJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

/** Notes that live as long as the test. */
export function memoryNotes(): Notes {
  const notes = new Map<string, string>()
  return {
    get: (key) => notes.get(key) ?? null,
    set: (key, value) => void notes.set(key, value),
    delete: (key) => void notes.delete(key),
  }
}

/** Texts with an end that live as long as the test. */
export function memoryExpiring(now: () => number = Date.now): Expiring {
  const rows = new Map<string, { value: string; until: number }>()
  return {
    get(key) {
      const row = rows.get(key)
      return row && row.until > now() ? row.value : null
    },
    set: (key, value, until) => void rows.set(key, { value, until }),
    delete: (key) => void rows.delete(key),
    beginningWith: (text) =>
      [...rows].flatMap(([key, row]) => (row.value.startsWith(text) && row.until > now() ? [{ key, ...row }] : [])),
  }
}
