import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSimulator, type Simulator } from '@repo/discord-simulator'
import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freePort } from '../../../test/lib/free-port.ts'
import { GatewayProcess } from './gateway-process.ts'
import { ask, Backend, TOKEN, UPGRADE } from './link.ts'

let simulator: Simulator
let dataDir: string
let gateway: GatewayProcess
const started: GatewayProcess[] = []

function start(environment: Record<string, string> = {}, args: string[] = []): GatewayProcess {
  const { botToken, apiUrl } = simulator
  gateway = new GatewayProcess(
    { DISCORD_TOKEN: botToken, DISCORD_API_URL: apiUrl, GATEWAY_DATA_DIR: dataDir, ...environment },
    args,
  )
  started.push(gateway)
  return gateway
}

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'gateway-'))
  simulator = await startSimulator({ seed: 'gateway', life: false })
})

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') console.log(started.map(({ output }) => output).join('\n'))
  for (const one of started.splice(0)) await one.end('SIGKILL')
  await simulator.close()
  rmSync(dataDir, { recursive: true, force: true })
})

/** A text channel that the bot may write to, or see and not write to, by the overwrites of the world. */
function textChannel(writable: boolean) {
  for (const guild of simulator.world.guilds()) {
    for (const channel of guild.channels) {
      const isText = channel.type === ChannelType.GuildText || channel.type === ChannelType.GuildAnnouncement
      if (!isText || !('permission_overwrites' in channel)) continue
      const denied = (channel.permission_overwrites ?? []).some(
        ({ deny }) => (BigInt(deny) & PermissionFlagsBits.SendMessages) !== 0n,
      )
      if (denied !== writable) return { guildId: guild.id, channelId: channel.id }
    }
  }
  throw new Error('the world has no such channel')
}

describe('the Gateway Service over a simulated Discord', () => {
  it('passes an event to a backend, its payload byte for byte', async () => {
    const port = await start().ready()
    await using backend = await Backend.open(`ws://127.0.0.1:${port}`)
    const beginning = await backend.live()
    const guilds = beginning.filter((message) => message.type === 'event' && message.data.event === 'GUILD_CREATE')
    expect(guilds).toHaveLength(2)
    const { guildId, channelId } = textChannel(true)
    const payload = { channel_id: channelId, guild_id: guildId, user_id: '1', timestamp: 1_700_000_000, x: 'é\u2028"' }
    simulator.dispatch('TYPING_START', payload)
    const event = (await backend.until((message) => message.type === 'event')).at(-1)
    expect(event).toMatchObject({ data: { event: 'TYPING_START', payload } })
    expect(backend.texts.at(-1)).toContain(`"payload":${JSON.stringify(payload)}}`)
  })

  it('sends a message, which comes back as an event, and names Discord’s refusals', async () => {
    const port = await start().ready()
    await using backend = await Backend.open(`ws://127.0.0.1:${port}`, { version: 1 })
    backend.command('send_message', { channel_id: textChannel(true).channelId, content: 'the-secret-text' }, 'r-1')
    const [ack] = (await backend.until(({ type }) => type !== 'event')).slice(-1)
    expect(ack).toMatchObject({
      type: 'ack',
      requestId: 'r-1',
      data: { success: true, message_id: expect.any(String) },
    })
    const created = backend.messages.find(
      (message) => message.type === 'event' && message.data.event === 'MESSAGE_CREATE',
    )
    if (!created) await backend.until((message) => message.type === 'event' && message.data.event === 'MESSAGE_CREATE')

    backend.command('send_message', { channel_id: textChannel(false).channelId, content: 'the-secret-text' }, 'r-2')
    expect((await backend.until(({ type }) => type !== 'event')).at(-1)).toMatchObject({
      type: 'error',
      requestId: 'r-2',
      data: {
        code: 'MISSING_PERMISSIONS',
        message: 'Failed to send message: Missing permissions',
        discordCode: 50_013,
      },
    })
    backend.command('send_message', { channel_id: '1', content: 'the-secret-text' }, 'r-3')
    expect((await backend.until(({ type }) => type !== 'event')).at(-1)).toMatchObject({
      data: { code: 'UNKNOWN_CHANNEL', status: 404 },
    })
    expect(await gateway.end()).toBe(0)
    expect(gateway.output).not.toContain('the-secret-text')
    expect(gateway.output).not.toContain(simulator.botToken)
    expect(gateway.output).not.toContain(TOKEN)
  })

  it.each(['SIGTERM', 'SIGHUP'] as const)(
    'ends at %s with 0, tells its backends, and leaves the session resumable',
    async (signal) => {
      const port = await start().ready()
      await using backend = await Backend.open(`ws://127.0.0.1:${port}`)
      await backend.live()
      const before = performance.now()
      expect(await gateway.end(signal)).toBe(0)
      expect(performance.now() - before).toBeLessThan(5_000)
      expect(await backend.closed).toBe(4001)
      const [connection] = simulator.connections()
      expect(connection?.closed_by).toBe('client')
      expect([1000, 1001, 1005, 1006]).not.toContain(connection?.close_code)
    },
  )

  it('has a line of audit for every command at its end, which says what was answered again', async () => {
    const port = await start().ready()
    await using backend = await Backend.open(`ws://127.0.0.1:${port}`, { query: '?events=STAGE_INSTANCE_CREATE' })
    await backend.live()
    const { channelId } = textChannel(true)
    for (const id of ['same', 'same']) {
      backend.command('send_message', { channel_id: channelId, content: 'Hello!' }, id)
      await backend.next()
    }
    for (const id of ['1', '2', '3', '4']) backend.command('get_status', {}, id)
    await backend.take(4)
    expect(await gateway.end()).toBe(0)
    const lines = gateway.output.split('\n').filter((line) => line.includes('"audit":true'))
    const told = lines.map((line) => {
      const { command, requestId, repeated, times } = JSON.parse(line) as Record<string, unknown>
      return [command, requestId, repeated ?? times]
    })
    expect(told).toEqual([
      ['send_message', 'same', undefined],
      ['send_message', 'same', true],
      ['get_status', '1', undefined],
      ['get_status', '4', 3],
    ])
  })

  it('says at its end where a backend stands that nothing concerned', async () => {
    const port = await start().ready()
    await using backend = await Backend.open(`ws://127.0.0.1:${port}`, { query: '?events=STAGE_INSTANCE_CREATE' })
    await using other = await Backend.open(`ws://127.0.0.1:${port}`)
    await Promise.all([backend.live(), other.live()])
    const { guildId, channelId } = textChannel(true)
    simulator.dispatch('TYPING_START', { channel_id: channelId, guild_id: guildId, user_id: '1', timestamp: 1 })
    const event = (await other.until((message) => message.type === 'event')).at(-1)
    expect(await gateway.end()).toBe(0)
    await backend.closed
    const id = event?.type === 'event' ? event.id : 'none'
    expect(backend.messages.at(-1)).toMatchObject({ type: 'sync', data: { state: 'live', id } })
  })

  it.each([1, 2] as const)('answers at its end what Discord never answered, version %i', async (version) => {
    const port = await start().ready()
    await using backend = await Backend.open(`ws://127.0.0.1:${port}`, { version })
    simulator.faults.inject({ kind: 'rest', answer: 'hang', method: 'POST', acts: true })
    const { channelId } = textChannel(true)
    backend.command('send_message', { channel_id: channelId, content: 'hello' }, 'hanging')
    await backend.until((message) => message.type === 'event' && message.data.event === 'MESSAGE_CREATE')
    expect(await gateway.end()).toBe(0)
    await backend.closed
    const answers = backend.messages.filter((message) => 'requestId' in message && message.requestId === 'hanging')
    expect(answers).toMatchObject([{ type: 'error', data: { code: 'OUTCOME_UNKNOWN' } }])
    // Its line of audit is written then, and not again at the next start.
    const lines = () => gateway.output.split('\n').filter((line) => /"audit":true.*"hanging"/.test(line))
    expect(lines()).toHaveLength(1)
    await start().ready()
    expect(lines()).toEqual([])
  })

  it('a frozen backend does not hold up the end', async () => {
    const port = await start().ready()
    await using backend = await Backend.open(`ws://127.0.0.1:${port}`)
    await backend.live()
    backend.socket.pause()
    const before = performance.now()
    expect(await gateway.end('SIGINT')).toBe(0)
    expect(performance.now() - before).toBeLessThan(5_000)
  })

  it('the same signal again ends it at once', async () => {
    const port = await start().ready()
    await using backend = await Backend.open(`ws://127.0.0.1:${port}`)
    await backend.live()
    backend.socket.pause()
    gateway.child.kill('SIGTERM')
    while (!gateway.output.includes('"ending"')) await new Promise(setImmediate)
    expect(await gateway.end('SIGTERM')).toBe(1)
  })

  it('serves its pages without a token, and the link with one only', async () => {
    const port = await start().ready()
    expect(await ask(port, '/healthz')).toMatchObject({ status: 200 })
    expect(await ask(port, '/', UPGRADE)).toMatchObject({ status: 401 })
    const { body } = await ask(port, '/metrics')
    expect(body).toContain('discord_gateway_events_total{event="READY"} 1')
    expect(body).toContain('discord_gateway_shard_state{shard="0",state="ready"} 1')
    expect(body).toContain('discord_gateway_process_cpu_seconds_total')
    for (const secret of [TOKEN, simulator.botToken]) expect(body).not.toContain(secret)
  })

  it('is alive and not ready while Discord is away, and gets ready when it comes', async () => {
    const port = await freePort()
    const away = start({ DISCORD_API_URL: `http://127.0.0.1:${port}/api` })
    const own = await away.port
    expect(await ask(own, '/healthz')).toMatchObject({ status: 200 })
    expect(await ask(own, '/readyz')).toMatchObject({ status: 503, body: { reasons: [expect.any(String)] } })
    await using _later = await startSimulator({ port, seed: 'gateway' })
    await away.ready()
    expect(await away.end()).toBe(0)
  })

  it.each([1, 2] as const)(
    'lets a backend that comes before the guilds wait, and send commands meanwhile, version %i',
    async (version) => {
      const port = await freePort()
      const own = await start({ DISCORD_API_URL: `http://127.0.0.1:${port}/api` }).port
      await using backend = await Backend.open(`ws://127.0.0.1:${own}`, { version })
      backend.command('get_status', {}, 'early')
      expect(await backend.next()).toMatchObject({ type: 'ack', requestId: 'early' })
      await using later = await startSimulator({ port, seed: 'gateway', life: false })
      const guilds = later.world.guilds().map(({ id }) => `GUILD_CREATE ${id}`)
      const told = (messages: Awaited<ReturnType<Backend['take']>>) =>
        messages.map(({ type, data }) => {
          const { event, payload, state } = data as { event?: string; payload?: { id: string }; state?: string }
          return type === 'event' ? `${event} ${payload?.id}` : `${type} ${state}`
        })
      if (version === 1) expect(told(await backend.take(guilds.length))).toEqual(guilds)
      else expect(told(await backend.live())).toEqual(['sync snapshot', ...guilds, 'sync live'])
    },
  )

  it('tells a backend before the end where it stands, though nothing concerned it', async () => {
    const port = await start().ready()
    const { guildId, channelId } = textChannel(true)
    const other = simulator.world.guilds().find(({ id }) => id !== guildId)?.id
    await using quiet = await Backend.open(`ws://127.0.0.1:${port}`, { query: `?guilds=${other}` })
    await using told = await Backend.open(`ws://127.0.0.1:${port}`)
    await Promise.all([quiet.live(), told.live()])
    simulator.dispatch('TYPING_START', { channel_id: channelId, guild_id: guildId, user_id: '1', timestamp: 1 })
    const event = await told.next()
    expect(await gateway.end()).toBe(0)
    expect(await quiet.next()).toMatchObject({ type: 'sync', data: { state: 'live', id: 'id' in event && event.id } })
    expect(await quiet.closed).toBe(4001)
  })

  it('ends with one clear line at a token that Discord refuses', async () => {
    start({ DISCORD_TOKEN: 'not.the.token' })
    // Of sysexits(3): a supervisor need not start it again.
    expect(await gateway.exit).toBe(78)
    expect(lastLines()).toEqual([expect.stringMatching(/^discord-gateway: DISCORD_TOKEN: /)])
    expect(gateway.output).not.toContain('not.the.token')
  })

  it('ends with one clear line at a port that is taken', async () => {
    const port = await start().port
    start({ GATEWAY_PORT: String(port), GATEWAY_DATA_DIR: join(dataDir, 'another') })
    expect(await gateway.exit).toBe(1)
    expect(lastLines()).toEqual([expect.stringMatching(/^discord-gateway: GATEWAY_PORT: .*\d+ is taken/)])
  })

  it.each(['/proc/nothing/can/be/made/here', '/dev/null/below', '/sys'])(
    'ends with one clear line, for good, where it can keep nothing: %s',
    async (folder) => {
      start({ GATEWAY_DATA_DIR: folder })
      expect(await gateway.exit).toBe(78)
      expect(lastLines()).toEqual([expect.stringMatching(/^discord-gateway: GATEWAY_DATA_DIR: /)])
      expect(gateway.output).toContain(folder)
    },
  )

  it('ends with a line for each bad value', async () => {
    start({ LINK_TOKEN: '', GATEWAY_PORT: 'x' })
    expect(await gateway.exit).toBe(78)
    expect(gateway.output.trim().split('\n')).toEqual([
      'discord-gateway: LINK_TOKEN: required, or LINK_TOKENS_FILE',
      expect.stringMatching(/^discord-gateway: GATEWAY_PORT: .*"x"$/),
    ])
  })

  it('refuses the demo in production', async () => {
    start({ NODE_ENV: 'production' }, ['--demo'])
    expect(await gateway.exit).toBe(78)
    expect(gateway.output).toBe('discord-gateway: --demo: refused while NODE_ENV is production\n')
  })
})

/** What it said for people, without the log. */
function lastLines(): string[] {
  return gateway.output.split('\n').filter((line) => line !== '' && !line.startsWith('{'))
}
