import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { closeCodes } from '@repo/discord-integration/types'
import { startSimulator, type Guild, type Simulator } from '@repo/discord-simulator'
import { ChannelType } from 'discord-api-types/v10'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { until } from '../../../test/lib/child.ts'
import { hashOf } from '../src/tokens/token-text.ts'
import { GatewayProcess } from './gateway-process.ts'
import { ask, Backend, UPGRADE } from './link.ts'

let simulator: Simulator
let folder: string
let gateway: GatewayProcess
let guild: Guild
let other: Guild
const started: GatewayProcess[] = []

const file = () => join(folder, 'tokens.json')

function write(...entries: object[]): void {
  writeFileSync(file(), JSON.stringify(entries))
}

/** A token's entry: by default with every scope. */
const entryOf = (token: string, more: object = {}) => ({
  name: token,
  hash: hashOf(token),
  guilds: '*',
  events: '*',
  commands: '*',
  ...more,
})

/** Without LINK_TOKEN: the file alone says who may. */
function start(environment: Record<string, string> = {}): GatewayProcess {
  const { botToken, apiUrl } = simulator
  gateway = new GatewayProcess({
    DISCORD_TOKEN: botToken,
    DISCORD_API_URL: apiUrl,
    GATEWAY_DATA_DIR: join(folder, 'data'),
    LINK_TOKEN: '',
    LINK_TOKENS_FILE: file(),
    ...environment,
  })
  started.push(gateway)
  return gateway
}

/** What is in the file now is read; resolves when that is said. */
async function hangUp(said = 'the link tokens were read again'): Promise<string> {
  const from = gateway.output.length
  gateway.child.kill('SIGHUP')
  return await until(said, () => {
    const now = gateway.output.slice(from)
    return now.includes(said) ? now.split('\n').find((line) => line.includes(said)) : null
  })
}

const upgradeWith = (token: string) => ({ ...UPGRADE, authorization: `Bearer ${token}` })

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'link-tokens-'))
  simulator = await startSimulator({ seed: 'tokens', life: false })
  const [first, second] = simulator.world.guilds()
  if (!first || !second) throw new Error('the world is too small')
  guild = first
  other = second
})

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') console.log(started.map(({ output }) => output).join('\n'))
  for (const one of started.splice(0)) await one.end('SIGKILL')
  await simulator.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('the tokens of LINK_TOKEN', () => {
  it('are one backend’s, who changes from one to the next: what was asked with the old one is not done again with the new', async () => {
    const channelId = guild.channels.find(({ name }) => name === 'build-log')?.id ?? ''
    const payload = { channel_id: channelId, content: 'once' }
    const answerTo = async (port: number, token: string) => {
      await using backend = await Backend.open(`ws://127.0.0.1:${port}`, { token })
      backend.command('send_message', payload, 'r')
      return (await backend.until(({ type }) => type === 'ack' || type === 'error')).at(-1)
    }
    const [old, both, next] = [['old'], ['old', 'new'], ['new']].map((list) =>
      list.map((name) => `${name}-link-token-of-a-test`),
    )
    const startWith = async (tokens: string[] = []) => {
      await gateway?.end()
      return await start({ LINK_TOKEN: tokens.join(), LINK_TOKENS_FILE: '' }).ready()
    }
    const answers = [await answerTo(await startWith(old), old?.[0] ?? '')]
    const port = await startWith(both)
    for (const token of both ?? []) answers.push(await answerTo(port, token))
    answers.push(await answerTo(await startWith(next), next?.[0] ?? ''))
    expect(answers[0]).toMatchObject({ type: 'ack', data: { success: true } })
    expect(new Set(answers.map((answer) => JSON.stringify(answer && 'data' in answer && answer.data))).size).toBe(1)
    expect(
      simulator.world.messages.list(channelId, { limit: 100 }).filter(({ content }) => content === 'once'),
    ).toHaveLength(1)
  })
})

describe('the tokens of a file', () => {
  it('change while the gateway runs: two are valid meanwhile, and the one that is revoked closes at once', async () => {
    write(entryOf('old-token'))
    const port = await start().ready()
    const url = `ws://127.0.0.1:${port}`
    await using old = await Backend.open(url, { token: 'old-token' })
    await old.live()
    expect(await ask(port, '/', upgradeWith('new-token'))).toMatchObject({ status: 401 })

    write(entryOf('old-token'), entryOf('new-token'))
    expect(JSON.parse(await hangUp())).toMatchObject({ added: ['new-token'], revoked: [], changed: [] })
    await using fresh = await Backend.open(url, { token: 'new-token' })
    await fresh.live()
    old.command('get_status', {}, 'still')
    expect(await old.next()).toMatchObject({ type: 'ack' })

    write(entryOf('new-token'))
    expect(JSON.parse(await hangUp())).toMatchObject({ added: [], revoked: ['old-token'] })
    expect(await old.closed).toBe(closeCodes.TOKEN_REVOKED.code)
    expect(await ask(port, '/', upgradeWith('old-token'))).toMatchObject({ status: 401 })
    fresh.command('get_status', {}, 'stays')
    expect(await fresh.next()).toMatchObject({ type: 'ack' })
    expect(await gateway.end()).toBe(0)
    expect(gateway.output).not.toContain(hashOf('old-token'))
  })

  it('stay as they were when the file is bad, which is said as loudly as can be', async () => {
    write(entryOf('web'))
    const port = await start().ready()
    await using backend = await Backend.open(`ws://127.0.0.1:${port}`, { token: 'web' })
    await backend.live()
    write(entryOf('web', { guild: ['1'] }))
    const line = JSON.parse(await hangUp('COULD NOT BE READ')) as { level: number; problems: string[] }
    expect(line).toMatchObject({ level: 50, problems: [`LINK_TOKENS_FILE: ${file()}: 0.guild: unknown field`] })
    rmSync(file())
    expect(await hangUp('COULD NOT BE READ')).toContain('ENOENT')
    backend.command('get_status', {}, 'r')
    expect(await backend.next()).toMatchObject({ type: 'ack' })
    await using _another = await Backend.open(`ws://127.0.0.1:${port}`, { token: 'web' })
  })

  it.each([
    ['a field that is wrong', [entryOf('web', { commands: ['send'] })], '0.commands'],
    ['a token of LINK_TOKEN', [entryOf('a-link-token-that-is-both')], '0.hash: the token is in LINK_TOKEN too'],
    ['nothing there', null, 'ENOENT'],
  ])('keep the process from starting, with 78: %s', async (_what, entries, place) => {
    if (entries) write(...entries)
    const code = await start({ LINK_TOKEN: 'a-link-token-that-is-both' }).exit
    expect(code).toBe(78)
    expect(gateway.output).toMatch(/^discord-gateway: LINK_TOKENS_FILE: /m)
    expect(gateway.output).toContain(`${file()}: `)
    expect(gateway.output).toContain(place)
  })

  it('bound how many connections there are', async () => {
    write(entryOf('one', { connections: 1 }))
    const port = await start().ready()
    await using first = await Backend.open(`ws://127.0.0.1:${port}`, { token: 'one' })
    await first.live()
    expect(await ask(port, '/', upgradeWith('one'))).toMatchObject({
      status: 429,
      body: { error: { code: 'TOO_MANY_CONNECTIONS' } },
    })
  })
})

describe('a token with scopes', () => {
  const textChannelOf = ({ channels }: Guild) =>
    channels.find(({ type, name }) => type === ChannelType.GuildText && name === 'general')?.id ??
    channels.find(({ type }) => type === ChannelType.GuildText)?.id ??
    ''
  const seen = (messages: Awaited<ReturnType<Backend['live']>>) =>
    messages.flatMap((message) => (message.type === 'event' ? [message.data.payload as { guild_id?: string }] : []))

  it('sees its servers and acts in them, and each try is written down without a word of it', async () => {
    const commands = ['send_message', 'move_member']
    write(entryOf('narrow', { guilds: [guild.id], commands }), entryOf('wide'))
    const url = `ws://127.0.0.1:${await start().ready()}`
    await using narrow = await Backend.open(url, { token: 'narrow' })
    await using wide = await Backend.open(url, { token: 'wide' })
    const snapshot = (await narrow.live()).filter(({ type }) => type === 'event')
    expect(snapshot).toMatchObject([{ data: { event: 'GUILD_CREATE', payload: { id: guild.id } } }])
    await wide.live()
    for (const { id } of [other, guild]) simulator.dispatch('TYPING_START', { guild_id: id, channel_id: '1' })
    expect(seen(await wide.take(2)).map(({ guild_id }) => guild_id)).toEqual([other.id, guild.id])
    expect(seen(await narrow.take(1)).map(({ guild_id }) => guild_id)).toEqual([guild.id])

    const content = 'the-secret-text'
    const asked = [
      ['send_message', { channel_id: textChannelOf(other), content }, 'foreign'],
      ['send_message', { channel_id: '1', content }, 'unknown'],
      ['edit_message', { channel_id: textChannelOf(guild), message_id: '1', content }, 'unnamed'],
      ['move_member', { guild_id: other.id, user_id: '1', channel_id: null }, 'elsewhere'],
      ['send_message', { channel_id: textChannelOf(guild), content }, 'own'],
    ] as const
    for (const [command, payload, requestId] of asked) narrow.command(command, payload, requestId)
    const answers: unknown[] = []
    while (answers.length < asked.length) {
      const message = await narrow.next()
      if (message.type === 'error') answers.push([message.requestId, message.data.code])
      if (message.type === 'ack') answers.push([message.requestId, 'ack'])
    }
    expect(Object.fromEntries(answers as [string, string][])).toEqual({
      foreign: 'FORBIDDEN',
      unknown: 'FORBIDDEN',
      unnamed: 'FORBIDDEN',
      elsewhere: 'FORBIDDEN',
      own: 'ack',
    })
    for (const [one, count] of [
      [guild, 1],
      [other, 0],
    ] as const) {
      const listed = simulator.world.messages.list(textChannelOf(one), { limit: 100 })
      expect(listed.filter((message) => message.content === content)).toHaveLength(count)
    }
    expect(await gateway.end()).toBe(0)
    const lines = gateway.output.split('\n').filter((line) => line.includes('"audit":true'))
    const audit = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(audit).toHaveLength(asked.length)
    expect(audit.find(({ requestId }) => requestId === 'own')).toMatchObject({
      backend: 'narrow',
      command: 'send_message',
      guild: guild.id,
      channel: textChannelOf(guild),
      outcome: 'ack',
      ms: expect.any(Number),
    })
    expect(audit.find(({ requestId }) => requestId === 'foreign')).toMatchObject({
      outcome: 'FORBIDDEN',
      guild: other.id,
    })
    expect(gateway.output).not.toContain('the-secret-text')
  })

  it('shares the bot’s socket with those who are connected, however many others the file names', async () => {
    const names = ['one', 'other', ...Array.from({ length: 58 }, (_, index) => `away-${index}`)]
    write(...names.map((name) => entryOf(name, { events: [] })))
    const url = `ws://127.0.0.1:${await start().ready()}`
    await using one = await Backend.open(url, { token: 'one' })
    await using another = await Backend.open(url, { token: 'other' })
    await Promise.all([one.live(), another.live()])
    const userIds = [guild.members[0]?.user.id ?? '']
    let asked = 0
    const answered = async (backend: Backend) => {
      backend.command('request_members', { guild_id: guild.id, user_ids: userIds }, `r-${asked++}`)
      return await backend.next()
    }
    let done = 0
    let last = await answered(one)
    for (; last.type === 'ack'; last = await answered(one)) done += 1
    expect(last).toMatchObject({ type: 'error', data: { code: 'RATE_LIMITED', retryAfter: expect.any(Number) } })
    // Half of the 114 are promised, a quarter to each of the two.
    expect(done).toBe(114 - 28)
    for (let index = 0; index < 28; index += 1) expect(await answered(another)).toMatchObject({ type: 'ack' })
  })

  it('has something of the bot’s socket also where more are connected than there are sends to promise', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `backend-${index}`)
    write(...names.map((name) => entryOf(name, { events: [] })))
    const url = `ws://127.0.0.1:${await start().ready()}`
    await using stack = new AsyncDisposableStack()
    const backends = await Promise.all(names.map((token) => Backend.open(url, { token })))
    for (const one of backends) stack.use(one)
    await Promise.all(backends.map((one) => one.live()))
    const answered = async (backend: Backend | undefined, requestId: string) => {
      backend?.command('request_members', { guild_id: guild.id, user_ids: ['1'] }, requestId)
      return await backend?.next()
    }
    let done = 0
    while ((await answered(backends[0], `r-${done}`))?.type === 'ack') done += 1
    expect(done).toBe(114 - 59)
    for (const one of backends.slice(1)) expect(await answered(one, 'r')).toMatchObject({ type: 'ack' })
  })

  it('is not held up by another’s commands that wait for Discord’s fifty requests a second', async () => {
    await simulator.close()
    simulator = await startSimulator({ seed: 'tokens', guilds: 190, life: false })
    write(entryOf('many', { events: [] }), entryOf('few', { events: [] }))
    const url = `ws://127.0.0.1:${await start().ready()}`
    await using stack = new AsyncDisposableStack()
    const many = await Promise.all([1, 2, 3, 4].map(() => Backend.open(url, { token: 'many' })))
    for (const each of many) stack.use(each)
    await using few = await Backend.open(url, { token: 'few' })
    await Promise.all([...many, few].map((each) => each.live()))
    // Each of a channel of its own, so that nothing but that limit holds them.
    const channels = simulator.world
      .guilds()
      .flatMap((each) => each.channels.filter(({ name }) => name === 'general').map(({ id }) => id))
    const [last, ...others] = channels.slice(0, 181)
    const read = (backend: Backend | undefined, channel_id: string | undefined) =>
      backend?.command('get_channel_messages', { channel_id, limit: 1 }, channel_id)
    for (const [index, id] of others.entries()) read(many[index % 4], id)
    // They wait, for three seconds at least: the first second's fifty are done.
    await many[0]?.next()
    read(few, last)
    expect(await few.next()).toMatchObject({ type: 'ack' })
    const answered = () => many.reduce((sum, { messages }) => sum + messages.length, 0)
    const before = answered()
    const answers = await Promise.all(many.map((each, index) => each.take(index === 0 ? 44 : 45)))
    expect(answers.flat().filter(({ type }) => type !== 'ack')).toEqual([])
    const after = answered()
    // More of them than are under way at once came later.
    expect(after - before).toBeGreaterThan(20)
  })

  it('has an interaction answered before all that waits for Discord’s fifty requests a second', async () => {
    await simulator.close()
    simulator = await startSimulator({ seed: 'tokens', guilds: 200, life: false })
    write(entryOf('bot', { events: [] }))
    const url = `ws://127.0.0.1:${await start().ready()}`
    await using stack = new AsyncDisposableStack()
    const all = await Promise.all([1, 2, 3, 4].map(() => Backend.open(url, { token: 'bot' })))
    for (const each of all) stack.use(each)
    await Promise.all(all.map((each) => each.live()))
    const [last, ...many] = all
    const channels = simulator.world
      .guilds()
      .flatMap((each) => each.channels.filter(({ name }) => name === 'general').map(({ id }) => id))
    for (const [index, channel_id] of channels.slice(0, 180).entries()) {
      many[index % 3]?.command('get_channel_messages', { channel_id, limit: 1 }, channel_id)
    }
    await many[0]?.next()
    last?.command('defer_interaction', { interaction_id: '7', interaction_token: 'a-token' }, 'r')
    // Of that token Discord knows nothing, but it was asked.
    expect(await last?.next()).toMatchObject({ type: 'error', data: { code: 'UNKNOWN_INTERACTION', status: 404 } })
    const answered = () => many.flatMap(({ messages }) => messages.filter(({ type }) => type === 'ack')).length
    const before = answered()
    await Promise.all([many[0]?.take(59), many[1]?.take(60), many[2]?.take(60)])
    // It did not wait for its place: of those before it more than one second's came later.
    expect(answered() - before).toBeGreaterThan(20)
  })

  it('that is revoked has nothing done any more of what waits, in a channel or for Discord’s fifty a second', async () => {
    await simulator.close()
    simulator = await startSimulator({ seed: 'tokens', guilds: 130, life: false })
    write(entryOf('many', { events: [] }))
    const url = `ws://127.0.0.1:${await start().ready()}`
    await using one = await Backend.open(url, { token: 'many' })
    await using another = await Backend.open(url, { token: 'many' })
    await Promise.all([one, another].map((each) => each.live()))
    const channels = simulator.world
      .guilds()
      .flatMap((each) => each.channels.filter(({ name }) => name === 'general').map(({ id }) => id))
      .slice(0, 120)
    const [first = ''] = channels
    simulator.faults.inject({ kind: 'rest', answer: 'hang', times: 1, route: '/channels/:channel_id/messages' })
    // Eight of one channel, whose first is held up, and one each of the others.
    const asked = [...Array.from({ length: 8 }, () => first), ...channels.slice(1)]
    for (const [index, channel_id] of asked.entries()) {
      const content = `of who is revoked ${index}`
      ;(index % 2 ? one : another).command('send_message', { channel_id, content }, `r-${index}`)
    }
    await another.until(({ type }) => type === 'ack')
    write()
    await hangUp()
    expect(await one.closed).toBe(closeCodes.TOKEN_REVOKED.code)
    const outcomes = await until('all to be told', () => {
      const lines = gateway.output.split('\n').filter((line) => line.includes('"audit":true'))
      if (lines.length < asked.length) return null
      return lines.map((line) => (JSON.parse(line) as { outcome: string }).outcome)
    })
    const sent = channels.flatMap((id) =>
      simulator.world.messages.list(id, { limit: 100 }).filter(({ content }) => content.startsWith('of who is')),
    )
    const of = (name: string) => outcomes.filter((outcome) => outcome === name).length
    expect(of('ack')).toBe(sent.length)
    // The seven that wait in the channel, and more than that.
    expect(of('FORBIDDEN')).toBeGreaterThan(7)
    // The one that was held up was under way, and is finished.
    expect(of('ack') + of('FORBIDDEN')).toBe(asked.length)
  })

  it('begins anew when it reaches less far than before, or farther, also while the gateway was away', async () => {
    write(entryOf('web'))
    const port = await start().ready()
    await using wide = await Backend.open(`ws://127.0.0.1:${port}`, { token: 'web' })
    const id = standsAt(await wide.live())
    write(entryOf('web', { guilds: [guild.id] }))
    expect(JSON.parse(await hangUp())).toMatchObject({ changed: ['web'] })
    expect(await wide.closed).toBe(closeCodes.SCOPES_CHANGED.code)

    await using narrow = await Backend.open(`ws://127.0.0.1:${port}`, { token: 'web', lastEventId: id })
    const [sync, ...guilds] = await narrow.live()
    expect(sync).toMatchObject({ data: { state: 'snapshot', reason: 'permissions_changed' } })
    expect(guilds).toHaveLength(2)
    await gateway.end()
    write(entryOf('web'))
    const again = `ws://127.0.0.1:${await start().ready()}`
    await using widened = await Backend.open(again, { token: 'web', lastEventId: id })
    expect((await widened.live())[0]).toMatchObject({ data: { state: 'snapshot', reason: 'permissions_changed' } })
  })

  it('gets the members that it asked for, and nobody else does', async () => {
    write(entryOf('narrow', { guilds: [guild.id] }), entryOf('wide'))
    const url = `ws://127.0.0.1:${await start().ready()}`
    await using narrow = await Backend.open(url, { token: 'narrow' })
    await using wide = await Backend.open(url, { token: 'wide' })
    await Promise.all([narrow.live(), wide.live()])
    const userId = guild.members[0]?.user.id ?? ''
    narrow.command('request_members', { guild_id: guild.id, user_ids: [userId] }, 'r')
    const both = await narrow.take(2)
    expect(both.find(({ type }) => type === 'event')).toMatchObject({
      data: { event: 'GUILD_MEMBERS_CHUNK', payload: { members: [{ user: { id: userId } }] } },
    })
    expect(both.find(({ type }) => type === 'ack')).toMatchObject({ requestId: 'r' })
    simulator.dispatch('TYPING_START', { guild_id: guild.id, channel_id: '1' })
    expect(await wide.next()).toMatchObject({ data: { event: 'TYPING_START' } })
  })
})

function standsAt(messages: Awaited<ReturnType<Backend['live']>>): string {
  const last = messages.at(-1)
  if (last?.type !== 'sync' || last.data.id === undefined) throw new Error('it is not live')
  return last.data.id
}

/** A backend whose token is for one server, and one whose is for another. */
async function ofTwoServers() {
  const [own, foreign] = ['own-token-of-this-test', 'foreign-token-of-this-test'] as const
  write(entryOf(own, { guilds: [guild.id] }), entryOf(foreign, { guilds: [other.id] }))
  const port = await start().ready()
  const url = `ws://127.0.0.1:${port}`
  return { ours: await Backend.open(url, { token: own }), theirs: await Backend.open(url, { token: foreign }) }
}

const channelOf = (name: string) => guild.channels.find((channel) => channel.name === name)?.id ?? ''

async function outcomeOf(backend: Backend, command: string, payload: object) {
  const requestId = `${command} ${Math.random()}`
  backend.command(command, payload, requestId)
  const isAnswer = (message: { type: string; requestId?: unknown }) =>
    message.type !== 'event' && message.requestId === requestId
  return (await backend.until(isAnswer)).at(-1) as unknown as { type: string; data: Record<string, unknown> }
}

it('a token of one server has its webhooks and its invites, by id and code, and no other token of one has them', async () => {
  const backends = await ofTwoServers()
  await using ours = backends.ours
  await using theirs = backends.theirs
  const { data: made } = await outcomeOf(ours, 'create_webhook', { channel_id: channelOf('build-log'), name: 'Kiln' })
  const { data: invited } = await outcomeOf(ours, 'create_invite', { channel_id: channelOf('build-log'), unique: true })
  const webhook_id = (made['webhook'] as { id: string }).id
  const { code } = invited['invite'] as { code: string }
  const asked = [
    ['get_webhook', { webhook_id }, { webhook_id: '1' }],
    ['edit_webhook', { webhook_id, name: 'Kiln 2' }, { webhook_id: '1', name: 'Kiln 2' }],
    ['delete_webhook', { webhook_id }, { webhook_id: '1' }],
    ['get_invite', { code }, { code: 'nobodys' }],
    ['delete_invite', { code }, { code: 'nobodys' }],
  ] as const
  for (const [command, payload, unknown] of asked) {
    const refused = await outcomeOf(theirs, command, payload)
    expect(refused).toMatchObject({ type: 'error', data: { code: 'FORBIDDEN' } })
    expect((await outcomeOf(theirs, command, unknown)).data).toEqual(refused.data)
    expect(await outcomeOf(ours, command, payload)).toMatchObject({ type: 'ack' })
  }
})

it('a token of one server has the threads of that server that are archived, and no other token of one has them', async () => {
  const backends = await ofTwoServers()
  await using ours = backends.ours
  await using theirs = backends.theirs
  const made = await outcomeOf(ours, 'create_thread', {
    channel_id: channelOf('build-log'),
    name: 'Glazes',
    type: ChannelType.PublicThread,
  })
  const channel_id = (made.data['thread'] as { id: string }).id
  expect(await outcomeOf(ours, 'edit_thread', { channel_id, archived: true })).toMatchObject({ type: 'ack' })
  const refused = await outcomeOf(theirs, 'get_channel', { channel_id })
  expect(refused).toMatchObject({ type: 'error', data: { code: 'FORBIDDEN' } })
  const { data } = await outcomeOf(theirs, 'get_channel', { channel_id: '1' })
  expect(data).toEqual(refused.data)
  expect(await outcomeOf(ours, 'get_channel', { channel_id })).toMatchObject({ type: 'ack' })
  expect(await outcomeOf(ours, 'edit_thread', { channel_id, archived: false })).toMatchObject({ type: 'ack' })
})
