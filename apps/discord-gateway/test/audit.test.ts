import { LinkError } from '@repo/discord-integration/types'
import { expect, it } from 'vitest'
import { CommandAudit } from '../src/audit.ts'
import { DiscordApi } from '../src/commands/discord-api.ts'
import { createCommandRunner } from '../src/commands/runner.ts'
import { StoredOutcomes } from '../src/commands/stored-outcomes.ts'
import { createLogger } from '../src/logger.ts'
import { EVERY_SCOPE } from '../src/tokens/scopes.ts'
import { handlersOf, memoryExpiring } from './helpers.ts'
import { Backend, startLink } from './link.ts'

const origin = { backend: { id: 'the-hash', name: 'web', scopes: EVERY_SCOPE }, version: 2, requestId: 'r-1' } as const

function audited(level: string) {
  const lines: string[] = []
  let now = 0
  const logger = createLogger(level, { write: (line: string) => void lines.push(line) })
  const guildOfChannel = (channelId: string) => (channelId === '11' ? '1' : null)
  const commandAudit = new CommandAudit({ logger, guildOfChannel, now: () => (now += 2.6) })
  return {
    lines,
    commandAudit,
    audit: commandAudit.take,
    pass: (ms: number) => (now += ms),
    entries: () => lines.map((line) => JSON.parse(line) as object),
  }
}

it('a command is a line: who, what, where, under which id, how it ended and how long it took', () => {
  const { audit, entries } = audited('info')
  audit('send_message', { channel_id: '11', content: 'the-secret-text' }, origin)('MISSING_PERMISSIONS')
  audit('move_member', { guild_id: '2', user_id: '5', channel_id: '99' }, { ...origin, requestId: undefined })('ack')
  const line = { audit: true, msg: 'command', backend: 'web', ms: 3 }
  expect(entries()).toMatchObject([
    { ...line, command: 'send_message', guild: '1', channel: '11', requestId: 'r-1', outcome: 'MISSING_PERMISSIONS' },
    { ...line, command: 'move_member', guild: '2', channel: '99', outcome: 'ack' },
  ])
  expect(Object.keys(entries()[0] ?? {}).sort()).toEqual(
    ['audit', 'backend', 'channel', 'command', 'guild', 'level', 'ms', 'msg', 'outcome', 'requestId', 'time'].sort(),
  )
})

it('says for whom the backend did it, where it says so', () => {
  const { audit, entries } = audited('info')
  audit('send_message', { channel_id: '11', content: 'x' }, { ...origin, actor: '42' })('ack')
  expect(entries()).toMatchObject([{ command: 'send_message', requestId: 'r-1', actor: '42', outcome: 'ack' }])
})

it('what a backend asks of the gateway about itself is told once a minute, with how often it was', () => {
  const { audit, entries, pass } = audited('info')
  const web = () => audit('get_status', {}, origin)('ack')
  for (let n = 0; n < 5; n++) web()
  audit('get_status', {}, { ...origin, backend: { ...origin.backend, id: 'another', name: 'panel' } })('ack')
  audit('get_status', {}, origin)('FORBIDDEN')
  audit('list_commands', {}, origin)('ack')
  pass(60_000)
  web()
  web()
  expect(entries().map((entry) => ({ ...entry, time: 0 }))).toMatchObject([
    { backend: 'web', command: 'get_status', outcome: 'ack' },
    { backend: 'panel', command: 'get_status' },
    { backend: 'web', command: 'get_status', outcome: 'FORBIDDEN' },
    { backend: 'web', command: 'list_commands' },
    { backend: 'web', command: 'get_status', outcome: 'ack', times: 5 },
  ])
  expect(entries()[0]).not.toHaveProperty('times')
})

it('what is done at Discord has a line each time, also where no server is named', () => {
  const { audit, entries } = audited('info')
  for (const code of ['one', 'two']) audit('delete_invite', { code }, origin)('ack')
  expect(entries()).toHaveLength(2)
})

it('what was asked of the gateway since the last line is told at the end, and nothing twice', () => {
  const { commandAudit, audit, entries } = audited('info')
  for (let n = 0; n < 4; n++) audit('get_status', {}, origin)('ack')
  audit('list_commands', {}, origin)('ack')
  commandAudit.end()
  commandAudit.end()
  expect(entries()).toMatchObject([
    { command: 'get_status' },
    { command: 'list_commands' },
    { command: 'get_status', backend: 'web', outcome: 'ack', times: 3 },
  ])
})

it('at the end it is said of what is still under way that nobody knows, once', () => {
  const { commandAudit, audit, entries } = audited('info')
  const answered = audit('send_message', { channel_id: '11', content: 'the-secret-text' }, origin)
  commandAudit.end()
  answered('ack')
  expect(entries()).toMatchObject([
    { command: 'send_message', guild: '1', channel: '11', requestId: 'r-1', outcome: 'OUTCOME_UNKNOWN' },
  ])
})

it('an answer that was known is told from one that was found out', async () => {
  const { commandAudit, audit, entries } = audited('info')
  let sent = 0
  const send_message = async () => ({ success: true as const, message_id: String(++sent) })
  const { run, again } = createCommandRunner({
    handlers: { ...handlersOf(), send_message },
    discord: new DiscordApi({ token: 't', apiUrl: 'http://127.0.0.1:9/api' }),
    outcomes: new StoredOutcomes(memoryExpiring()),
    findCreated: async () => null,
    audit: commandAudit,
  })
  const ask = async (payload: object, how: (...asked: Parameters<typeof run>) => Promise<unknown> | null = run) => {
    const own = { ...origin }
    const answered = audit('send_message', payload, own)
    const answer = how('send_message', payload, own) ?? Promise.reject(new Error('it was not known'))
    answered(
      await answer.then(
        () => 'ack',
        (error: LinkError) => error.code,
      ),
    )
  }
  const payload = { channel_id: '11', content: 'Hello!' }
  // The second waits for the first, the others find it written down; the last is a mistake.
  await Promise.all([ask(payload), ask(payload)])
  await ask(payload)
  await ask(payload, again)
  await ask({ ...payload, content: 'Another' })
  expect(sent).toBe(1)
  const told = (entries() as Record<string, unknown>[]).map(({ outcome, repeated }) => [outcome, repeated])
  expect(told).toEqual([
    ['ack', undefined],
    ['ack', true],
    ['ack', true],
    ['ack', true],
    ['INVALID_MESSAGE', undefined],
  ])
})

it('takes nothing of a payload but ids, however it is made', () => {
  const { audit, lines } = audited('trace')
  const secret = 'the-secret-text'
  const payloads = [
    { channel_id: secret, guild_id: [secret], content: secret },
    { channel_id: { toString: () => '11' }, guild_id: `1${secret}` },
    Object.create({ channel_id: '11' }),
    [secret],
    secret,
    null,
    undefined,
  ]
  for (const payload of payloads) audit(`made-up ${secret}`, payload, origin)('INVALID_PAYLOAD')
  expect(lines).toHaveLength(payloads.length)
  expect(lines.join('')).not.toMatch(/secret|made-up|the-hash|"channel"|"guild"/)
})

it.each(['trace', 'warn', 'fatal'])('is written at level %s, and at no other than silent left out', (level) => {
  const { audit, lines } = audited(level)
  audit('get_status', {}, origin)('ack')
  expect(lines).toHaveLength(1)
  const silent = audited('silent')
  silent.audit('get_status', {}, origin)('ack')
  expect(silent.lines).toEqual([])
})

it('every command that is answered has one line, also those that were not begun or never ended', async () => {
  const { promise: never } = Promise.withResolvers<never>()
  await using link = await startLink({
    limits: { commandsInFlightMax: 2 },
    runCommand: async (_command, _payload, { requestId }) => {
      if (requestId === 'fails') throw new LinkError('MISSING_ACCESS', 'no')
      if (requestId === 'breaks') throw new Error('of ours')
      return requestId?.startsWith('waits') ? await never : {}
    },
  })
  const ended = () =>
    link.lines.flatMap((line) => {
      const { audit, requestId, outcome } = JSON.parse(line) as Record<string, string | undefined>
      return audit ? [`${requestId} ${outcome}`] : []
    })
  await using backend = await Backend.open(link.url)
  await backend.live()
  for (const id of ['done', 'fails', 'breaks']) {
    backend.command('send_message', { channel_id: '1', content: 'the-secret-text' }, id)
    await backend.next()
  }
  for (const id of ['waits-1', 'waits-2', 'too-many']) backend.command('get_status', {}, id)
  await backend.next()
  await link.server.drain(0)
  await backend.take(2)
  backend.command('get_status', {}, 'too-late')
  await backend.next()
  expect(ended()).toEqual([
    'done ack',
    'fails MISSING_ACCESS',
    'breaks INTERNAL_ERROR',
    'too-many TOO_MANY_COMMANDS',
    'waits-1 OUTCOME_UNKNOWN',
    'waits-2 OUTCOME_UNKNOWN',
    'too-late SHUTTING_DOWN',
  ])
  expect(link.lines.join('')).not.toContain('the-secret-text')
})
