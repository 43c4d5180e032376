import { describe, expect, it } from 'vitest'
import { DiscordApi } from '../src/commands/discord-api.ts'
import { createCommandRunner } from '../src/commands/runner.ts'
import { StoredOutcomes } from '../src/commands/stored-outcomes.ts'
import { LinkTokens } from '../src/tokens/link-tokens.ts'
import { parseTokenFile, tokenOf } from '../src/tokens/token-file.ts'
import { hashOf } from '../src/tokens/token-text.ts'
import { answerJson, fakeDiscord, handlersOf, memoryExpiring } from './helpers.ts'
import { Backend, kinds, startLink } from './link.ts'

// The races of docs/PROTOCOL.md that are the link's own, by their numbers, over real sockets. Each is held where it is decided.

const message = { channel_id: '42', content: 'Hello!' }

/** The link over the commands as they are, and a Discord that answers when the test lets it. */
async function startHeld(options: Parameters<typeof startLink>[0] = {}) {
  const [asked, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const discord = await fakeDiscord((_request, response) => {
    const id = String(1_000 + discord.requests.length)
    asked.resolve()
    void held.promise.then(() => answerJson(response, 200, { id }))
  })
  const { run: runCommand } = createCommandRunner({
    handlers: handlersOf(),
    discord: new DiscordApi({ token: 't', apiUrl: discord.apiUrl, attemptMaxMs: 20_000, deadlineMs: 25_000 }),
    outcomes: new StoredOutcomes(memoryExpiring()),
    findCreated: async () => null,
  })
  const link = await startLink({ runCommand, ...options })
  return {
    ...link,
    requests: discord.requests,
    /** A command is at Discord now. */
    asked: asked.promise,
    answer: () => held.resolve(),
    async [Symbol.asyncDispose]() {
      held.resolve()
      await link[Symbol.asyncDispose]()
      await discord[Symbol.asyncDispose]()
    },
  }
}

/** Resolves when the gateway has taken all that the backend has said. */
async function taken({ socket }: Backend): Promise<void> {
  socket.ping()
  await new Promise((resolve) => socket.once('pong', resolve))
}

/** Resolves when nothing moves any more. */
async function still(measure: () => number): Promise<void> {
  let before = -1
  while (before !== measure()) {
    before = measure()
    for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate)
  }
}

describe('2: the link breaks before an answer', () => {
  it.each(['that is still to come', 'that has come meanwhile'])(
    'who asks again with the same id gets the one %s, and nothing is done twice',
    async (when) => {
      await using link = await startHeld()
      const cut = await Backend.open(link.url)
      cut.command('send_message', message, 'r')
      await link.asked
      await cut[Symbol.asyncDispose]()
      while (link.server.connections.size > 0) await new Promise(setImmediate)
      if (when === 'that has come meanwhile') {
        link.answer()
        while (!link.lines.some((line) => line.includes('"outcome":"ack"'))) await new Promise(setImmediate)
      }
      await using again = await Backend.open(link.url)
      await again.live()
      again.command('send_message', message, 'r')
      await taken(again)
      link.answer()
      expect(await again.next()).toMatchObject({ type: 'ack', requestId: 'r', data: { message_id: '1001' } })
      expect(link.requests).toHaveLength(1)
    },
  )
})

describe('3: two connections ask with one requestId at once', () => {
  it('the second waits for the first and gets its answer', async () => {
    await using link = await startHeld()
    const backends = await Promise.all([Backend.open(link.url), Backend.open(link.url)])
    for (const backend of backends) {
      await backend.live()
      backend.command('send_message', message, 'r')
      await taken(backend)
    }
    await link.asked
    for (const { messages } of backends) expect(kinds(messages.slice(-1))).toEqual(['sync live'])
    link.answer()
    for (const backend of backends) {
      expect(await backend.next()).toMatchObject({ type: 'ack', requestId: 'r', data: { message_id: '1001' } })
      await backend[Symbol.asyncDispose]()
    }
    expect(link.requests).toHaveLength(1)
  })
})

describe('5: an event happens while a snapshot is sent', () => {
  it('comes after the guild that lacks it, and not at all where the guild has it', async () => {
    await using link = await startLink()
    // More than the sockets hold, so that most of them wait for the backend to read.
    const count = 40
    const guild = (id: number, name: string) => ({ id: String(id), name, filler: 'x'.repeat(512 * 1024) })
    for (let id = 1; id <= count; id++) await link.publish('GUILD_CREATE', guild(id, 'before'), String(id))
    await using backend = await Backend.open(link.url)
    backend.socket.pause()
    while (link.server.traffic.sent < 1024 * 1024) await new Promise(setImmediate)
    await still(() => link.server.traffic.sent)
    for (const id of [1, count]) {
      await link.publish('GUILD_UPDATE', { id: String(id), name: 'after' }, String(id))
    }
    backend.socket.resume()
    const told = (await backend.live()).flatMap((one) => {
      if (one.type !== 'event') return []
      const { id, name } = one.data.payload as { id: string; name: string }
      return [{ what: `${one.data.event} ${id} ${name}`, id: one.id }]
    })
    const what = told.map((one) => one.what)
    expect(what.filter((one) => one.startsWith('GUILD_CREATE'))).toEqual(
      Array.from(
        { length: count },
        (_, index) => `GUILD_CREATE ${index + 1} ${index + 1 === count ? 'after' : 'before'}`,
      ),
    )
    expect(what.filter((one) => one.startsWith('GUILD_UPDATE'))).toEqual(['GUILD_UPDATE 1 after'])
    // None is a place to come back to before the last.
    expect(told.flatMap(({ id }) => id ?? [])).toEqual([`test-${count + 2}`])
    expect(told.at(-1)?.what).toBe(`GUILD_CREATE ${count} after`)
  })
})

describe('7: a backend does not take its answers', () => {
  it('its commands are not read any more, and when two pings have gone unanswered it is closed', async () => {
    let ran = 0
    const runCommand = async () => {
      ran++
      return 'x'.repeat(64 * 1024)
    }
    await using link = await startLink({ runCommand, limits: { pingIntervalMs: 100, closeGraceMs: 20 } })
    await using backend = await Backend.open(link.url, { version: 1 })
    backend.socket.pause()
    const count = 4_000
    for (let n = 0; n < count; n++) backend.command('get_status', { filler: 'x'.repeat(1024) })
    while (link.server.connections.size > 0) await new Promise(setImmediate)
    expect(ran).toBeGreaterThan(0)
    expect(ran).toBeLessThan(count / 2)
  })
})

describe('9: a token is revoked while a command of it is under way', () => {
  it('the command is finished, and who asks again with another token of the same name is answered', async () => {
    const entryOf = (token: string) => ({ name: 'web', hash: hashOf(token), guilds: '*', events: '*', commands: '*' })
    const tokensOf = (...texts: string[]) => {
      const read = parseTokenFile(JSON.stringify(texts.map(entryOf)), 'tokens.json')
      return read.ok ? read.entries.map(tokenOf) : expect.fail(read.problems.join())
    }
    const tokens = new LinkTokens(tokensOf('old', 'new'))
    await using link = await startHeld({ tokens })
    await using old = await Backend.open(link.url, { token: 'old', version: 1 })
    old.command('send_message', message, 'r')
    await link.asked
    tokens.replace(tokensOf('new'))
    expect(await old.closed).toBe(4004)
    await using next = await Backend.open(link.url, { token: 'new', version: 1 })
    next.command('send_message', message, 'r')
    await taken(next)
    link.answer()
    for (const time of ['while it is under way', 'when it is done']) {
      if (time === 'when it is done') next.command('send_message', message, 'r')
      expect(await next.next()).toMatchObject({ type: 'ack', requestId: 'r', data: { message_id: '1001' } })
    }
    expect(link.requests).toHaveLength(1)
    expect(old.messages).toEqual([])
  })
})
