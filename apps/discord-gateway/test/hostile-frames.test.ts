import { commands, errorCodes, GATEWAY_SERVICE_V2, isErrorCode, RequestIdSchema } from '@repo/discord-integration/types'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DiscordApi } from '../src/commands/discord-api.ts'
import { createCommandRunner } from '../src/commands/runner.ts'
import { StoredOutcomes } from '../src/commands/stored-outcomes.ts'
import { linkLimits } from '../src/link/limits.ts'
import { answered, closed, crowds, type Answered } from './answers.ts'
import { answerJson, fakeDiscord, handlersOf, memoryExpiring } from './helpers.ts'
import { Backend, startLink } from './link.ts'
import { closeCodeOf, openRaw } from './raw-link.ts'

/** The link and all that stands behind it, up to a Discord that does whatever it is asked. */
async function startAll() {
  const discord = await fakeDiscord((_request, response) => answerJson(response, 200, { id: '999' }))
  const { run: runCommand } = createCommandRunner({
    handlers: handlersOf(),
    discord: new DiscordApi({ token: 'bot-token', apiUrl: discord.apiUrl }),
    outcomes: new StoredOutcomes(memoryExpiring()),
    findCreated: async () => null,
  })
  const link = await startLink({ runCommand })
  return {
    ...link,
    discord,
    async [Symbol.asyncDispose]() {
      await link[Symbol.asyncDispose]()
      await discord[Symbol.asyncDispose]()
    },
  }
}

/** A backend that is live, so that nothing comes any more but answers. */
async function liveBackend(url: string): Promise<Backend> {
  const backend = await Backend.open(url, { query: '?guilds=1' })
  await backend.live()
  return backend
}

const short = (sent: string | Buffer) => (typeof sent === 'string' ? sent : sent.toString('hex')).slice(0, 60)

describe('each is answered once, and the link stays', () => {
  const cases = answered.flatMap((row) => row.sent.map((sent) => [row.what, short(sent), sent, row] as const))

  it.each(cases)('%s: %s', async (_what, _short, sent, row: Answered) => {
    await using all = await startAll()
    await using backend = await liveBackend(all.url)
    backend.socket.send(sent)
    const answer = await backend.next()
    if (row.code === 'ack') expect(answer).toMatchObject({ type: 'ack', data: { success: true } })
    else {
      expect(answer).toMatchObject({ type: 'error', data: { code: row.code } })
      if (answer.type !== 'error') return
      const paths = answer.data.issues?.map(({ path }) => path) ?? []
      if (row.field !== undefined) expect(paths.some((path) => path.startsWith(row.field ?? ''))).toBe(true)
      for (const path of paths) expect(answer.data.message).toContain(path)
      expect(answer.requestId).toBe(row.requestId === 'none' ? undefined : row.requestId)
      expect(all.discord.requests).toEqual([])
      expect(backend.texts.at(-1)?.length).toBeLessThan(4_000)
    }
    // Nothing else comes: the next answer is the next command's.
    backend.command('list_commands', {}, 'after')
    expect(await backend.next()).toMatchObject({ type: 'ack', requestId: 'after' })
    expect(all.lines.join('')).not.toContain('hush')
  })
})

describe('what the link does not outlive', () => {
  it.each(closed.map((row) => [row.what, row.close, row] as const))('%s: %i', async (_what, close, { sent }) => {
    await using all = await startAll()
    await using other = await liveBackend(all.url)
    const socket = await openRaw(all.port)
    const code = closeCodeOf(socket)
    for (const bytes of sent) socket.write(bytes)
    expect(await code).toBe(close)
    other.command('list_commands', {})
    expect(await other.next()).toMatchObject({ type: 'ack' })
    expect(all.discord.requests).toEqual([])
  })
})

const KEYS = ['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString', 'type', 'data', 'ts', 'a.b', '']
const names = fc.oneof(fc.constantFrom(...Object.keys(commands), ...KEYS), fc.string({ unit: 'binary' }))
const ids = fc.oneof(
  fc.constantFrom('a', 'b', 'c', '\ud800', '__proto__', ''),
  fc.string({ unit: 'binary', maxLength: 140 }),
)
const value = fc.oneof(fc.jsonValue({ maxDepth: 3, noUnicodeString: false }), fc.constantFrom('42', 'hush', '\udc00'))

/** JSON whose keys are written as they are, `__proto__` too. */
const objectOf = (entries: fc.Arbitrary<[string, string][]>) =>
  entries.map((fields) => `{${fields.map(([key, json]) => `${JSON.stringify(key)}:${json}`).join()}}`)
const json = (of: fc.Arbitrary<unknown>) => of.map((what) => JSON.stringify(what))
const FIELDS = ['channel_id', 'guild_id', 'content', 'message_id', 'emoji', 'user_ids', ...KEYS]
const payloads = objectOf(
  fc.array(fc.tuple(fc.oneof(fc.constantFrom(...FIELDS), fc.string()), json(value)), { maxLength: 6 }),
)
const message = fc
  .tuple(json(names), fc.oneof(payloads, json(value)), json(ids), fc.constantFrom('command', 'event', 'Command'))
  .map(
    ([name, body, id, type]) =>
      `{"type":"${type}","data":{"command":${name},"payload":${body}},"requestId":${id},"ts":1}`,
  )
const frames = fc.oneof(
  { weight: 4, arbitrary: message },
  { weight: 1, arbitrary: fc.tuple(message, fc.nat()).map(([text, at]) => text.slice(0, at % (text.length + 1))) },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()) },
  { weight: 1, arbitrary: fc.uint8Array().map((bytes) => Buffer.from(bytes)) },
)

/** The request id that an answer has to carry. */
function idIn(sent: string | Buffer): string | undefined {
  if (typeof sent !== 'string') return undefined
  try {
    const read: unknown = JSON.parse(sent)
    if (typeof read !== 'object' || read === null || !('requestId' in read)) return undefined
    return RequestIdSchema.safeParse(read.requestId).data
  } catch {
    return undefined
  }
}

/** How often each is there. */
const tally = (list: readonly (string | undefined)[]) =>
  list.reduce((counts, item) => counts.set(item, (counts.get(item) ?? 0) + 1), new Map<string | undefined, number>())

describe('a flood', () => {
  it('of anything has one answer for each, by a code of the table, to the id that was sent, and no word of it in the log', async () => {
    await using all = await startAll()
    await fc.assert(
      fc.asyncProperty(fc.array(frames, { minLength: 1, maxLength: 40 }), async (flood) => {
        await using backend = await liveBackend(all.url)
        for (const sent of flood) backend.socket.send(sent)
        const answers = await backend.take(flood.length)
        backend.command('list_commands', {}, 'after')
        expect(await backend.next()).toMatchObject({ type: 'ack', requestId: 'after' })
        for (const answer of answers) {
          if (answer.type !== 'error') expect(answer.type).toBe('ack')
          else {
            expect(answer.data.code).toSatisfy(isErrorCode)
            expect(errorCodes).not.toMatchObject({ [answer.data.code ?? '']: { status: expect.any(Number) } })
            expect(answer.data.code).not.toBe('INTERNAL_ERROR')
          }
        }
        const told = answers.map((answer) => ('requestId' in answer ? answer.requestId : undefined))
        expect(tally(told)).toEqual(tally(flood.map(idIn)))
      }),
      { numRuns: 200 },
    )
    expect(all.lines.join('')).not.toMatch(/hush|"level":[56]0/)
    expect(Object.keys(Object.prototype)).toEqual([])
  })
})

const proofs: Record<keyof typeof crowds, () => Promise<void>> = {
  again: async () => {
    await using all = await startAll()
    const backends = await Promise.all(Array.from({ length: 8 }, () => liveBackend(all.url)))
    for (const backend of backends) {
      for (let n = 0; n < 50; n++) backend.command('send_message', { channel_id: '42', content: 'hush' }, 'the same')
    }
    for (const backend of backends) {
      const answers = await backend.take(50)
      for (const answer of answers) {
        expect(answer).toMatchObject({ type: 'ack', data: { message_id: '999' }, requestId: 'the same' })
      }
      await backend[Symbol.asyncDispose]()
    }
    expect(all.discord.requests).toHaveLength(1)
  },
  reused: async () => {
    await using all = await startAll()
    await using backend = await liveBackend(all.url)
    backend.command('send_message', { channel_id: '42', content: 'hush' }, 'r')
    expect(await backend.next()).toMatchObject({ type: 'ack' })
    const others = [
      ['send_message', { channel_id: '42', content: 'another' }],
      ['add_reaction', { channel_id: '42', message_id: '1', emoji: '👍' }],
    ] as const
    for (const [name, payload] of others) {
      backend.command(name, payload, 'r')
      const answer = {
        type: 'error',
        requestId: 'r',
        data: { code: 'INVALID_MESSAGE', issues: [{ path: 'requestId' }] },
      }
      expect(await backend.next()).toMatchObject(answer)
    }
    expect(all.discord.requests).toHaveLength(1)
  },
  inFlight: async () => {
    await using all = await startAll()
    await using backend = await liveBackend(all.url)
    const count = 200
    const sent = (n: number) => ['send_message', { channel_id: String(n), content: 'hush' }, `r-${n}`] as const
    for (let n = 0; n < count; n++) backend.command(...sent(n))
    const answers = await backend.take(count)
    const refused = answers.filter(({ type }) => type === 'error')
    for (const answer of refused) expect(answer).toMatchObject({ data: { code: 'TOO_MANY_COMMANDS' } })
    expect(refused.length).toBeGreaterThan(0)
    expect(answers.length - refused.length).toBe(all.discord.requests.length)
    expect(answers.length - refused.length).toBeGreaterThanOrEqual(linkLimits.commandsInFlightMax)
  },
  pings: async () => {
    await using all = await startAll()
    const backend = await liveBackend(all.url)
    expect(backend.socket.protocol).toBe(GATEWAY_SERVICE_V2)
    backend.socket.pause()
    let sent = 0
    while (backend.socket.readyState === backend.socket.OPEN && sent < 5_000_000) {
      const written = Promise.withResolvers<void>()
      for (let n = 0; n < 1_000; n++) backend.socket.ping(Buffer.alloc(125), true, () => n === 999 && written.resolve())
      sent += 1_000
      await Promise.race([written.promise, backend.closed])
    }
    expect(await backend.closed).toBe(1006)
    expect(all.server.connections.size).toBe(0)
  },
}

describe('too much, or there already', () => {
  it.each(Object.entries(crowds).map(([name, { what }]) => [what, name as keyof typeof crowds] as const))(
    '%s',
    async (_what, name) => await proofs[name](),
  )
})
