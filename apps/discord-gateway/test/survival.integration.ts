import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bounds, type GatewayServiceV2Message } from '@repo/discord-integration/types'
import { SqliteLog } from '@repo/event-feed/sqlite'
import { startSimulator, type Simulator } from '@repo/discord-simulator'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { until } from '../../../test/lib/child.ts'
import { logPath } from '../src/log-path.ts'
import { GatewayProcess } from './gateway-process.ts'
import { ask, Backend } from './link.ts'

let simulator: Simulator
let dataDir: string
const started: GatewayProcess[] = []

beforeEach(async () => {
  simulator = await startSimulator({ seed: 'survival' })
  dataDir = mkdtempSync(join(tmpdir(), 'survival-'))
})

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') console.log(started.map(({ output }) => output).join('\n———\n'))
  for (const one of started.splice(0)) await one.end('SIGKILL')
  await simulator.close()
  rmSync(dataDir, { recursive: true, force: true })
})

function start(environment: Record<string, string> = {}): GatewayProcess {
  const { botToken, apiUrl } = simulator
  const gateway = new GatewayProcess({
    DISCORD_TOKEN: botToken,
    DISCORD_API_URL: apiUrl,
    GATEWAY_DATA_DIR: dataDir,
    ...environment,
  })
  started.push(gateway)
  return gateway
}

const path = () => logPath(dataDir, simulator.apiUrl, simulator.botToken)
const url = (port: number) => `ws://127.0.0.1:${port}`
const guildId = () => simulator.world.guilds()[0]?.id ?? ''
const type = (n: number) =>
  simulator.dispatch('TYPING_START', { guild_id: guildId(), channel_id: '1', user_id: '1', timestamp: n })

const numbers = (messages: readonly GatewayServiceV2Message[]) =>
  messages.flatMap<unknown>((message) =>
    message.type === 'event' && message.data.event === 'TYPING_START'
      ? [(message.data.payload as { timestamp: number }).timestamp]
      : [],
  )

const isNumber = (n: number) => (message: GatewayServiceV2Message) => numbers([message]).includes(n)

/** The id of the last thing that a backend was told. */
const lastId = (messages: readonly GatewayServiceV2Message[]) =>
  messages.flatMap((message) => ('id' in message && message.id !== undefined ? [message.id] : [])).at(-1) ?? ''

const opened = () => simulator.connections().map(({ opened_by }) => opened_by)

describe('the Gateway Service, ended and started again', () => {
  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'after %s it resumes, and a backend gets what it missed, once',
    async (signal) => {
      const first = start()
      let port = await first.ready()
      let id: string
      {
        await using backend = await Backend.open(url(port))
        await backend.live()
        type(1)
        id = lastId(await backend.until(isNumber(1)))
        type(2)
        await backend.until(isNumber(2))
      }
      await first.end(signal)
      type(3)
      type(4)
      port = await start().ready()
      expect(opened()).toEqual(['identify', 'resume'])
      await using again = await Backend.open(url(port), { lastEventId: id })
      const missed = await again.until(isNumber(4))
      expect(missed[0]).toMatchObject({ type: 'sync', data: { state: 'resumed' } })
      expect(numbers(missed)).toEqual([2, 3, 4])
      type(5)
      expect(numbers(await again.until(isNumber(5)))).toEqual([5])
    },
  )

  it('serves what it knows while Discord is away, without an IDENTIFY when that is back', async () => {
    const first = start()
    await first.ready()
    await first.end('SIGKILL')
    simulator.faults.inject({ kind: 'refuse', status: 503 })
    const second = start()
    const port = await second.port
    await using backend = await Backend.open(url(port))
    const beginning = await backend.live()
    expect(
      beginning.filter((message) => message.type === 'event' && message.data.event === 'GUILD_CREATE'),
    ).toHaveLength(2)
    expect((await ask(port, '/readyz')).status).toBe(503)
    simulator.faults.lift()
    await second.ready()
    expect(opened().filter((how) => how === 'identify')).toHaveLength(1)
    // It is asked less and less often, so a slow machine may have to wait for the next time.
  }, 90_000)

  it('tells of the hole that a session leaves which cannot be resumed, and of the guilds that are gone', async () => {
    const first = start()
    let port = await first.ready()
    let id: string
    {
      await using backend = await Backend.open(url(port))
      id = lastId(await backend.live())
      type(1)
      await backend.until(isNumber(1))
    }
    const before = Date.now()
    await first.end('SIGKILL')
    const [stays, leaves] = simulator.world.guilds().map((guild) => guild.id)
    await leave(leaves ?? '')
    simulator.faults.inject({ kind: 'outage', for_ms: 1, sessions: 'die' })
    port = await start().ready()
    expect(opened().filter((how) => how === 'identify')).toHaveLength(2)

    await using again = await Backend.open(url(port), { lastEventId: id })
    const told = await again.live()
    const said = told.map((message) =>
      message.type === 'event' ? message.data.event : message.type === 'sync' ? message.data.state : message.type,
    )
    expect(said.filter((what) => what !== 'GUILD_DELETE')).toEqual([
      'resumed',
      'TYPING_START',
      'gap',
      'READY',
      'GUILD_CREATE',
      'live',
    ])
    const gap = told.find((message) => message.type === 'sync' && message.data.state === 'gap')
    expect(gap).toMatchObject({ data: { reason: 'upstream' } })
    const { from = 0, to = 0 } = gap?.type === 'sync' ? gap.data : {}
    expect(from).toBeLessThanOrEqual(before)
    expect(to).toBeGreaterThanOrEqual(before)
    const deleted = told.filter((message) => message.type === 'event' && message.data.event === 'GUILD_DELETE')
    expect(deleted.at(-1)).toMatchObject({ data: { payload: { id: leaves } } })
    await using fresh = await Backend.open(url(port))
    const guilds = (await fresh.live()).filter((message) => message.type === 'event')
    expect(guilds).toMatchObject([{ data: { event: 'GUILD_CREATE', payload: { id: stays } } }])
  })

  it('tells a new backend of a guild that has been down since READY, also after a restart', async () => {
    const [up, down] = simulator.world.guilds()
    if (!up || !down) throw new Error('the world has too few guilds')
    down.unavailable = true
    const first = start()
    await until('READY', () => first.output.includes('shard is ready'))
    simulator.dispatch('GUILD_DELETE', { id: down.id, unavailable: true })
    const told = async (port: number) => {
      await using backend = await Backend.open(url(port))
      return (await backend.live()).flatMap((message) =>
        message.type === 'event' ? [[message.data.event, (message.data.payload as { id: string }).id]] : [],
      )
    }
    const both = [
      ['GUILD_DELETE', down.id],
      ['GUILD_CREATE', up.id],
    ]
    expect(await told(await first.ready())).toEqual(both)
    await first.end()
    const port = await start().ready()
    expect(opened()).toEqual(['identify', 'resume'])
    expect(await told(port)).toEqual(both)
  })

  it.each(['lose', 'garble'] as const)(
    'says in its place that Discord left out an event (%s), and goes on',
    async (kind) => {
      const first = start()
      let port = await first.ready()
      await using backend = await Backend.open(url(port))
      const beginning = await backend.live()
      type(1)
      await backend.until(isNumber(1))
      simulator.faults.inject({ kind, times: 1 })
      type(2)
      type(3)
      // Once is nothing: it was asked for again.
      expect(numbers(await backend.until(isNumber(3)))).toEqual([2, 3])
      for (const connection of [2, 3]) simulator.faults.inject({ kind, connection, times: 1 })
      type(4)
      type(5)
      const told = await backend.until(isNumber(5))
      const said = (messages: readonly GatewayServiceV2Message[]) =>
        messages.flatMap<unknown>((message) =>
          message.type === 'sync' && message.data.state === 'gap' ? ['gap', message.data.reason] : numbers([message]),
        )
      expect(said(told)).toEqual(['gap', 'upstream', 5])
      type(6)
      await backend.until(isNumber(6))
      // What was told is in the log: the next process, and who comes back, knows it too.
      await first.end('SIGKILL')
      port = await start().ready()
      await using again = await Backend.open(url(port), { lastEventId: lastId(beginning) })
      expect(said(await again.until(isNumber(6)))).toEqual([1, 2, 3, 'gap', 'upstream', 5, 6])
      expect(opened()).toEqual(['identify', 'resume', 'resume', 'resume'])
    },
  )

  it('passes over an event that is too large for a backend, says so, and goes on', async () => {
    const gateway = start()
    await using backend = await Backend.open(url(await gateway.ready()))
    await backend.live()
    const room = bounds.discordFrame - 200
    simulator.dispatch('TYPING_START', { guild_id: guildId(), timestamp: 1, x: 'x'.repeat(room) })
    type(2)
    const told = await backend.until(isNumber(2))
    expect(told).toMatchObject([
      { type: 'sync', data: { state: 'gap', reason: 'too_large', guild_id: guildId() } },
      { type: 'event' },
    ])
    expect(opened()).toEqual(['identify'])
    await until('it to be said', () => gateway.output.includes('too large to be passed on'))
  })

  it('restores the messages of the hole from REST, once, and nothing that the bot may not read', async () => {
    const first = start()
    let port = await first.ready()
    let id: string
    {
      await using backend = await Backend.open(url(port))
      id = lastId(await backend.live())
    }
    await first.end('SIGKILL')
    const said = [speak('general', 'one'), speak('cone 6 schedule', 'two, in a thread'), speak('general', 'three')]
    speak('treasury', 'not for the bot')
    const taken = speak('general', 'taken back')
    await deleteMessage(taken)
    simulator.faults.inject({ kind: 'outage', for_ms: 1, sessions: 'die' })
    port = await start().ready()
    await using again = await Backend.open(url(port), { lastEventId: id })
    const restored = new Map<string, unknown>()
    await again.until((message) => {
      if (message.type !== 'event' || message.data.event !== 'MESSAGE_CREATE') return false
      const payload = message.data.payload as { id: string; guild_id: string; content: string }
      expect(message.data.backfilled).toBe(true)
      expect(payload.guild_id).toBe(guildId())
      expect(restored.has(payload.id)).toBe(false)
      restored.set(payload.id, payload.content)
      return restored.size === said.length
    })
    expect([...restored.keys()].sort()).toEqual(said.map((message) => message.id).sort())
    const live = speak('general', 'and now')
    const [event] = (await again.until(({ type: kind }) => kind === 'event')).slice(-1)
    expect(event).toMatchObject({ data: { event: 'MESSAGE_CREATE', payload: { id: live.id } } })
    expect(event).not.toMatchObject({ data: { backfilled: true } })
  })

  it('identifies anew when the intents are others', async () => {
    const first = start({ DISCORD_INTENTS: 'Guilds,GuildMessages' })
    await first.ready()
    await first.end()
    await start({ DISCORD_INTENTS: 'Guilds' }).ready()
    expect(opened()).toEqual(['identify', 'identify'])
  })

  it('identifies anew when the shard count is another, and its log goes on', async () => {
    const first = start()
    let port = await first.ready()
    let id: string
    {
      await using backend = await Backend.open(url(port))
      id = lastId(await backend.live())
    }
    await first.end()
    await anotherDiscord({ port: Number(new URL(simulator.url).port), shards: 2 })
    port = await start().ready()
    expect(opened()).toEqual(['identify', 'identify'])
    await using again = await Backend.open(url(port), { lastEventId: id })
    expect((await again.live())[0]).toMatchObject({ data: { state: 'resumed' } })
  })

  it.each(['bot', 'origin'] as const)('has another log for another %s, and identifies anew', async (what) => {
    const first = start()
    let port = await first.ready()
    let id: string
    {
      await using backend = await Backend.open(url(port))
      id = lastId(await backend.live())
    }
    await first.end()
    const before = { path: path(), token: simulator.botToken }
    const samePort = Number(new URL(simulator.url).port)
    const anothersToken = `${Buffer.from('200000000000000001').toString('base64')}.another.bot`
    await anotherDiscord(what === 'bot' ? { port: samePort, botToken: anothersToken } : {})
    expect(simulator.botToken === before.token).toBe(what === 'origin')
    expect(path()).not.toBe(before.path)
    port = await start().ready()
    expect(opened()).toEqual(['identify'])
    await using again = await Backend.open(url(port), { lastEventId: id })
    const told = await again.live()
    expect(told[0]).toMatchObject({ data: { state: 'snapshot', reason: 'foreign' } })
    const guilds = told.flatMap((message) => (message.type === 'event' ? [message.data.payload] : []))
    expect(guilds).toMatchObject(simulator.world.guilds().map((guild) => ({ id: guild.id })))
  })

  it('puts a damaged log aside, says so, and begins anew', async () => {
    const first = start()
    await first.ready()
    await first.end()
    writeFileSync(path(), 'x'.repeat(statSync(path()).size))
    const second = start()
    const port = await second.ready()
    expect(second.output).toContain('the log was damaged and has been put aside')
    await using backend = await Backend.open(url(port), { lastEventId: 'of-1' })
    expect((await backend.live())[0]).toMatchObject({ data: { state: 'snapshot', reason: 'foreign' } })
  })

  it('does not start over a log that another one has open', async () => {
    await start().ready()
    const second = start()
    expect(await second.exit).toBe(1)
    expect(second.output).toMatch(/^discord-gateway: GATEWAY_DATA_DIR: another process has it open: .*events\.db/m)
  })

  it('identifies within seconds though the last time was by a clock that was hours ahead, and says so', async () => {
    const log = await SqliteLog.open({ path: path(), maxAgeMs: 1, maxBytes: 1 })
    log.notes.set('identifies', JSON.stringify([Date.now() + 6 * 3_600_000]))
    await log.close()
    const gateway = start()
    await gateway.ready()
    expect(gateway.output).toContain('the clock was ahead when identifies were sent')
  })

  it('does not spend the reserve of the day’s identifies, and says why it waits', async () => {
    const log = await SqliteLog.open({ path: path(), maxAgeMs: 1, maxBytes: 1 })
    log.notes.set('identifies', JSON.stringify(Array.from({ length: 900 }, () => Date.now() - 60_000)))
    await log.close()
    const gateway = start()
    const port = await gateway.port
    await until('it to be said', () => gateway.output.includes('down to the reserve'))
    expect(opened()).toEqual([])
    const { status, body } = await ask(port, '/readyz')
    expect(status).toBe(503)
    expect(JSON.stringify(body)).toContain('100 of the day’s 1000 identifies are left')
    expect((await ask(port, '/metrics')).body).toContain('discord_gateway_identifies_exhausted 1')
  })
})

/** Instead of the one that there was. */
async function anotherDiscord(options: Parameters<typeof startSimulator>[0]): Promise<void> {
  await simulator.close()
  simulator = await startSimulator({ seed: 'survival', ...options })
}

/** Somebody who may write there says it. */
function speak(channelName: string, content: string): { id: string; channel_id: string } {
  for (const guild of simulator.world.guilds()) {
    const channel = [...guild.channels, ...guild.threads].find(({ name }) => name === channelName)
    if (!channel) continue
    return simulator.people.speak({ user_id: guild.owner_id, channel_id: channel.id, content })
  }
  throw new Error(`the world has no ${channelName}`)
}

async function deleteMessage({ id, channel_id: channelId }: { id: string; channel_id: string }): Promise<void> {
  const answer = await fetch(`${simulator.apiUrl}/v10/channels/${channelId}/messages/${id}`, {
    method: 'DELETE',
    headers: { authorization: `Bot ${simulator.botToken}` },
  })
  expect(answer.status).toBe(204)
}

async function leave(id: string): Promise<void> {
  const answer = await fetch(`${simulator.apiUrl}/v10/users/@me/guilds/${id}`, {
    method: 'DELETE',
    headers: { authorization: `Bot ${simulator.botToken}` },
  })
  expect(answer.status).toBe(204)
}
