import { randomBytes } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { DiscordGatewayClient, memorySessionStore, type GatewayEventData } from '../../src/clients/index.ts'
import { guilds, INTENTS, startAtSimulator as start } from './helpers/simulated-discord.ts'

const COMPRESSIONS = ['none', 'zstd-stream'] as const

describe('at the simulator', () => {
  it.each(COMPRESSIONS)(
    'identifies, and gets READY and a GUILD_CREATE for each guild, in sequence: %s',
    async (compression) => {
      await using run = await start({}, { compression })
      const first = await guilds(run.events)
      expect(first.map(({ type }) => type)).toEqual(['READY', 'GUILD_CREATE', 'GUILD_CREATE'])
      expect(first.map(({ sequence }) => sequence)).toEqual([1, 2, 3])
      for (const { raw, data } of first) expect(JSON.parse(raw)).toEqual(data)
    },
  )

  it.each(COMPRESSIONS)(
    'resumes after a cut, and gets what happened meanwhile once and in order: %s',
    async (compression) => {
      await using run = await start({}, { compression })
      await guilds(run.events)
      const [guild] = run.simulator.world.guilds()
      const payload = (n: number) => ({ guild_id: guild?.id, channel_id: null, user_id: '1', session_id: String(n) })
      run.simulator.dispatch('VOICE_STATE_UPDATE', payload(0))
      await run.events.next()
      run.simulator.dropConnection(run.simulator.connections()[0]?.id ?? 0)
      await run.state('reconnecting')
      run.simulator.dispatch('VOICE_STATE_UPDATE', payload(1))
      run.simulator.dispatch('VOICE_STATE_UPDATE', payload(2))
      const missed = await run.events.take(3)
      expect(missed.map(({ type, data }) => [type, (data as { session_id?: string }).session_id])).toEqual([
        ['VOICE_STATE_UPDATE', '1'],
        ['VOICE_STATE_UPDATE', '2'],
        ['RESUMED', undefined],
      ])
      expect(run.simulator.connections().map(({ opened_by }) => opened_by)).toEqual(['identify', 'resume'])
    },
  )

  it('leaves the session so that the next client resumes it', async () => {
    const sessions = memorySessionStore()
    await using run = await start({}, { sessions })
    await guilds(run.events)
    await run.client.close()
    const { botToken: token, apiUrl } = run.simulator
    const next = new DiscordGatewayClient({ token, apiUrl, intents: INTENTS, sessions })
    const resumed = new Promise<GatewayEventData>((resolve) => next.onAnyEvent((event) => resolve(event)))
    await next.connect()
    expect((await resumed).type).toBe('RESUMED')
    await next.close()
    expect(run.simulator.connections()).toMatchObject([
      { opened_by: 'identify', close_code: 4200, closed_by: 'client' },
      { opened_by: 'resume', close_code: 4200, closed_by: 'client' },
    ])
  })

  it('is told which intent to switch on', async () => {
    await using run = await start({ privileged: [] }, { intents: 1 << 15 })
    const [shard] = await run.state('stopped')
    expect(shard?.detail).toMatch(/4014.*Message Content Intent$/)
  })

  it('keeps its connection by heartbeats', async () => {
    await using run = await start({ heartbeatIntervalMs: 100 })
    await run.state('ready')
    for (let beat = 0; beat < 3; beat += 1) await run.state('ready')
    expect(run.client.shards[0]?.pingMs).toBeGreaterThanOrEqual(0)
    expect(run.simulator.connections()).toHaveLength(1)
  })
})

it('reads no more while what came is inflated too slowly, and all of it in the end', async () => {
  const pause = vi.spyOn(WebSocket.prototype, 'pause')
  const resume = vi.spyOn(WebSocket.prototype, 'resume')
  await using run = await start({}, { compression: 'zstd-stream' })
  await guilds(run.events)
  const guildId = run.simulator.world.guilds()[0]?.id ?? ''
  // Each is more, compressed, than may wait.
  const filler = randomBytes(9 * 1024 * 1024).toString('base64')
  for (const n of [0, 1, 2]) run.simulator.dispatch('VOICE_STATE_UPDATE', { guild_id: guildId, n, filler })
  expect((await run.events.take(3)).map(({ data }) => (data as { n: number }).n)).toEqual([0, 1, 2])
  expect(pause).toHaveBeenCalled()
  expect(resume).toHaveBeenCalled()
  vi.restoreAllMocks()
})
