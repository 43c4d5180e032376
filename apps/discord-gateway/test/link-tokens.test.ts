import { closeCodes } from '@repo/discord-integration/types'
import { describe, expect, it } from 'vitest'
import type { RunCommand } from '../src/command-origin.ts'
import { unnamedTokens, type LinkToken } from '../src/tokens/link-token.ts'
import { LinkTokens } from '../src/tokens/link-tokens.ts'
import { ScopeHistory } from '../src/tokens/scope-history.ts'
import { EVERY_SCOPE, type Scopes } from '../src/tokens/scopes.ts'
import { hashOf } from '../src/tokens/token-text.ts'
import { memoryNotes } from './helpers.ts'
import { ask, Backend, startLink, TOKEN, UPGRADE } from './link.ts'

function tokenFor(text: string, scopes: Partial<Scopes> = {}, more: Partial<LinkToken> = {}): LinkToken {
  const backend = { id: `name ${text}`, name: text, scopes: { ...EVERY_SCOPE, ...scopes } }
  return { hash: hashOf(text), backend, connectionsMax: null, expiresAt: null, ...more }
}

const upgradeWith = (token: string) => ({ ...UPGRADE, authorization: `Bearer ${token}` })
const guild = (id: string) => ({ id, channels: [{ id: `${id}1` }] })
const says = (messages: Awaited<ReturnType<Backend['take']>>) =>
  messages.map((message) => {
    if (message.type === 'sync') return [message.data.state, message.data.reason].filter(Boolean).join(' ')
    return message.type === 'event' ? message.data.event : message.type
  })

describe('a token that is taken back', () => {
  it('closes its connections at once, for good, and no others; it lets nobody in any more', async () => {
    const tokens = new LinkTokens([tokenFor('old'), tokenFor('new')])
    await using link = await startLink({ tokens })
    await using old = await Backend.open(link.url, { token: 'old' })
    await using kept = await Backend.open(link.url, { token: 'new' })
    await Promise.all([old.live(), kept.live()])
    tokens.replace([tokenFor('new')])
    expect(await old.closed).toBe(closeCodes.TOKEN_REVOKED.code)
    expect(await ask(link.port, '/', upgradeWith('old'))).toMatchObject({ status: 401 })
    await link.publish('TYPING_START', { guild_id: '1' })
    expect(says([await kept.next()])).toEqual(['TYPING_START'])
  })

  it('is sent nothing more and has no command taken, also while it does not close', async () => {
    const ran: string[] = []
    const tokens = new LinkTokens([tokenFor('old')])
    await using link = await startLink({ tokens, runCommand: async (command) => void ran.push(command) })
    await using old = await Backend.open(link.url, { token: 'old' })
    await old.live()
    // What it sends now is read after it was revoked.
    old.command('get_status', {}, 'r')
    tokens.replace([])
    await link.publish('TYPING_START', { guild_id: '1' })
    await old.closed
    expect(says(old.messages)).toEqual(['snapshot fresh', 'live'])
    expect(ran).toEqual([])
  })

  it('has what was taken before finished, and written down', async () => {
    const [begun, done] = [Promise.withResolvers<void>(), Promise.withResolvers<object>()]
    const tokens = new LinkTokens([tokenFor('old')])
    const runCommand = async () => {
      begun.resolve()
      return await done.promise
    }
    await using link = await startLink({ tokens, runCommand })
    await using old = await Backend.open(link.url, { token: 'old' })
    old.command('send_message', {}, 'r')
    await begun.promise
    tokens.replace([])
    await old.closed
    done.resolve({})
    while (!link.lines.some((line) => line.includes('"audit":true'))) await new Promise(setImmediate)
    expect(link.lines.find((line) => line.includes('"audit":true'))).toContain('"requestId":"r","outcome":"ack"')
  })

  it('also when its time is up', async () => {
    const tokens = new LinkTokens([tokenFor('short', {}, { expiresAt: Date.now() + 500 })])
    await using link = await startLink({ tokens })
    await using backend = await Backend.open(link.url, { token: 'short' })
    expect(await backend.closed).toBe(closeCodes.TOKEN_REVOKED.code)
  })
})

describe('a token whose scopes change', () => {
  it('closes its connections, which come back to a snapshot of what there is for them now', async () => {
    const narrow = { guilds: new Set(['1']) }
    const tokens = new LinkTokens([tokenFor('web')])
    const notes = memoryNotes()
    const place = { epoch: 'test', to: 0 }
    const scopeHistory = new ScopeHistory(place, notes)
    scopeHistory.record([tokenFor('web')])
    await using link = await startLink({ tokens, scopeHistory })
    const change = (token: LinkToken) => {
      place.to = link.feed.log.to
      scopeHistory.record([token])
      tokens.replace([token])
    }
    for (const id of ['1', '2']) await link.publish('GUILD_CREATE', guild(id), id)

    await using wide = await Backend.open(link.url, { token: 'web' })
    await wide.live()
    change(tokenFor('web', narrow))
    expect(await wide.closed).toBe(closeCodes.SCOPES_CHANGED.code)
    expect(closeCodes.SCOPES_CHANGED.reconnect).toBe(true)

    await link.publish('TYPING_START', { guild_id: '2' }, '2')
    await link.publish('TYPING_START', { guild_id: '1' }, '1')
    await using narrowed = await Backend.open(link.url, { token: 'web', lastEventId: 'test-2' })
    expect(says(await narrowed.live())).toEqual(['snapshot permissions_changed', 'GUILD_CREATE', 'live'])
    change(tokenFor('web'))
    await narrowed.closed
    await using widened = await Backend.open(link.url, { token: 'web', lastEventId: 'test-4' })
    const again = ['snapshot permissions_changed', 'GUILD_CREATE', 'GUILD_CREATE', 'live']
    expect(says(await widened.live())).toEqual(again)
    await link.publish('TYPING_START', { guild_id: '2' }, '2')
    await using returning = await Backend.open(link.url, { token: 'web', lastEventId: 'test-5' })
    expect(says(await returning.live())).toEqual(['resumed', 'live'])
  })

  it('is the next of a backend: it goes on where the last was if it reaches as far, and else begins anew', async () => {
    const named = (text: string, scopes: Partial<Scopes> = {}) => {
      const token = tokenFor(text, scopes)
      return { ...token, backend: { ...token.backend, name: 'web' } }
    }
    const place = { epoch: 'test', to: 0 }
    const scopeHistory = new ScopeHistory(place, memoryNotes())
    const narrow = { guilds: new Set(['1']) }
    const before = [named('last', narrow)]
    const after = [...before, named('equal', narrow), named('wider')]
    const tokens = new LinkTokens(before)
    await using link = await startLink({ tokens, scopeHistory })
    scopeHistory.record(before)
    await link.publish('TYPING_START', { guild_id: '1' })
    await using last = await Backend.open(link.url, { token: 'last', lastEventId: 'test-0' })
    expect(says(await last.live())).toEqual(['resumed', 'TYPING_START', 'live'])
    place.to = link.feed.log.to
    scopeHistory.record(after)
    tokens.replace(after)
    for (const [token, told] of [
      ['last', 'resumed'],
      ['equal', 'resumed'],
      ['wider', 'snapshot permissions_changed'],
    ] as const) {
      await using next = await Backend.open(link.url, { token, lastEventId: 'test-1' })
      expect(says(await next.live())).toEqual([told, 'live'])
    }
    last.command('get_status', {}, 'still')
    expect(says([await last.next()])).toEqual(['ack'])
  })

  it('is left alone when nothing of them did', async () => {
    const tokens = new LinkTokens([tokenFor('web', { guilds: new Set(['1', '2']) })])
    await using link = await startLink({ tokens })
    await using backend = await Backend.open(link.url, { token: 'web' })
    await backend.live()
    tokens.replace([tokenFor('web', { guilds: new Set(['2', '1']) }, { connectionsMax: 5 })])
    backend.command('get_status', {}, 'r')
    expect(says([await backend.next()])).toEqual(['ack'])
  })
})

describe('the connections of a token', () => {
  it('are bounded, each token’s by itself, and one that is gone makes room', async () => {
    const tokens = new LinkTokens([tokenFor('one', {}, { connectionsMax: 1 }), ...unnamedTokens([TOKEN])])
    await using link = await startLink({ tokens, limits: { connectionsPerTokenMax: 2 } })
    const first = await Backend.open(link.url, { token: 'one' })
    await using _other = await Backend.open(link.url)
    await using _another = await Backend.open(link.url)
    for (const token of ['one', TOKEN]) {
      const refused = await ask(link.port, '/', upgradeWith(token))
      expect(refused).toMatchObject({ status: 429, body: { error: { code: 'TOO_MANY_CONNECTIONS' } } })
      expect(refused.headers['retry-after']).toBe('1')
    }
    await first[Symbol.asyncDispose]()
    while (link.server.connections.size > 2) await new Promise(setImmediate)
    await using _next = await Backend.open(link.url, { token: 'one' })
  })

  it('above a bound that was lowered are closed, the newest first, and no others', async () => {
    const bound = (connectionsMax: number | null) => tokenFor('one', {}, { connectionsMax })
    const tokens = new LinkTokens([bound(null), tokenFor('other')])
    await using link = await startLink({ tokens, limits: { connectionsPerTokenMax: 4 } })
    const opened: Backend[] = []
    for (const token of ['one', 'other', 'one', 'one', 'one']) opened.push(await Backend.open(link.url, { token }))
    const [first, other, second, third, fourth] = opened as [Backend, Backend, Backend, Backend, Backend]
    await Promise.all(opened.map((backend) => backend.live()))
    const { code } = closeCodes.SCOPES_CHANGED

    tokens.replace([bound(2), tokenFor('other')])
    expect(await Promise.all([third.closed, fourth.closed])).toEqual([code, code])
    expect(await ask(link.port, '/', upgradeWith('one'))).toMatchObject({ status: 429 })
    tokens.replace([bound(1), tokenFor('other')])
    expect(await second.closed).toBe(code)
    tokens.replace([bound(null), tokenFor('other')])
    await link.publish('TYPING_START', { guild_id: '1' })
    for (const backend of [first, other]) expect(says([await backend.next()])).toEqual(['TYPING_START'])
    for (const backend of opened) await backend[Symbol.asyncDispose]()
  })
})

describe('what is not in the log', () => {
  it('goes to those only whose token reaches everywhere', async () => {
    const scopes = [{}, { commands: new Set<string>() }, { guilds: new Set(['1']) }, { events: new Set(['READY']) }]
    const tokens = new LinkTokens(scopes.map((one, index) => tokenFor(`t${index}`, one)))
    await using link = await startLink({ tokens })
    const backends = await Promise.all(scopes.map((_, index) => Backend.open(link.url, { token: `t${index}` })))
    await Promise.all(backends.map((backend) => backend.live()))
    link.server.broadcast('{"type":"event","data":{"event":"READY","payload":1},"ts":1}')
    for (const backend of backends) backend.command('get_status', {}, 'r')
    for (const [index, backend] of backends.entries()) {
      const told = await backend.until(({ type }) => type === 'ack')
      expect(says(told)).toEqual(index < 2 ? ['READY', 'ack'] : ['ack'])
      await backend[Symbol.asyncDispose]()
    }
  })
})

/** Each command asks for chunks with its request id for nonce. */
const asksForChunks: RunCommand = async (_command, _payload, { requestId = '', expectChunks }) => {
  expectChunks?.(requestId)
  return {}
}

describe('member chunks', () => {
  const chunk = (nonce: string, index = 0, count = 1) => ({
    guild_id: '1',
    members: [],
    chunk_index: index,
    chunk_count: count,
    nonce,
  })

  it('reach the connection that asked, in their place, and nobody else, not even later', async () => {
    await using link = await startLink({
      runCommand: asksForChunks,
    })
    await using asking = await Backend.open(link.url)
    await using other = await Backend.open(link.url)
    await using first = await Backend.open(link.url, { version: 1 })
    await Promise.all([asking.live(), other.live()])
    asking.command('request_members', { guild_id: '1', query: '' }, 'mine')
    first.command('request_members', { guild_id: '1', query: '' }, 'first')
    await Promise.all([asking.next(), first.next()])

    await link.publish('TYPING_START', { guild_id: '1' })
    for (const [nonce, index] of [
      ['mine', 0],
      ['first', 0],
      ['nobodys', 0],
      ['mine', 1],
      ['mine', 1],
    ] as const) {
      await link.publish('GUILD_MEMBERS_CHUNK', chunk(nonce, index, nonce === 'first' ? 1 : 2))
    }
    await link.publish('GUILD_MEMBERS_CHUNK', { guild_id: '1', members: [] })
    await link.publish('RESUMED', {}, null)

    const seenBy = async (backend: Backend) => {
      const told = await backend.until((message) => message.type === 'event' && message.data.event === 'RESUMED')
      return told.map((message) => ('id' in message ? message.id : message.type))
    }
    expect(await seenBy(asking)).toEqual(['test-1', 'test-2', 'test-5', 'test-8'])
    expect(await seenBy(first)).toEqual(['test-1', 'test-3', 'test-8'])
    expect(await seenBy(other)).toEqual(['test-1', 'test-8'])
    await using returning = await Backend.open(link.url, { lastEventId: 'test-1' })
    expect(says(await returning.live())).toEqual(['resumed', 'RESUMED', 'live'])
  })

  it('come only where the scopes’ events have them', async () => {
    const tokens = new LinkTokens([tokenFor('narrow', { events: new Set(['RESUMED']) })])
    await using link = await startLink({ tokens, runCommand: asksForChunks })
    await using backend = await Backend.open(link.url, { token: 'narrow' })
    await backend.live()
    backend.command('request_members', { guild_id: '1', query: '' }, 'mine')
    await backend.next()
    await link.publish('GUILD_MEMBERS_CHUNK', chunk('mine'))
    await link.publish('RESUMED', {}, null)
    expect(says([await backend.next()])).toEqual(['RESUMED'])
  })

  it('are waited for by some only: of those who ask ever more the oldest are given up', async () => {
    await using link = await startLink({
      limits: { chunkNoncesMax: 2 },
      runCommand: asksForChunks,
    })
    await using backend = await Backend.open(link.url)
    await backend.live()
    for (const id of ['a', 'b', 'c']) backend.command('request_members', {}, id)
    await backend.take(3)
    for (const nonce of ['a', 'b', 'c']) await link.publish('GUILD_MEMBERS_CHUNK', chunk(nonce))
    await link.publish('RESUMED', {}, null)
    expect(says(await backend.take(3))).toEqual(['GUILD_MEMBERS_CHUNK', 'GUILD_MEMBERS_CHUNK', 'RESUMED'])
  })
})

it('a scope is refused before the upgrade, by the parameter’s name', async () => {
  const tokens = new LinkTokens([tokenFor('web', { guilds: new Set(['1']) })])
  await using link = await startLink({ tokens })
  const refused = await ask(link.port, '/?guilds=1,2', upgradeWith('web'))
  expect(refused).toMatchObject({
    status: 403,
    body: { error: { code: 'FORBIDDEN', message: expect.stringMatching(/^guilds: .*2$/) } },
  })
  expect(JSON.stringify(refused.body)).not.toContain(hashOf('web'))
})
