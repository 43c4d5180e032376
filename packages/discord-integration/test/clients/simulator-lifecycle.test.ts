import type { FaultInput } from '@repo/discord-simulator'
import { ChannelType } from 'discord-api-types/v10'
import { describe, expect, it } from 'vitest'
import { discordCloseCodes, type GatewayEventData } from '../../src/clients/index.ts'
import { guilds, startAtSimulator } from './helpers/simulated-discord.ts'
import { systemTimers } from '../../src/clients/timers.ts'

type Run = Awaited<ReturnType<typeof startAtSimulator>>

/** A session that is up, at a Discord that then does something to it. */
async function established(...options: Parameters<typeof startAtSimulator>): Promise<Run> {
  const run = await startAtSimulator(...options)
  await guilds(run.events)
  await run.state('ready')
  return run
}

const voice = (run: Run, n: number) =>
  run.simulator.dispatch('VOICE_STATE_UPDATE', {
    guild_id: run.simulator.world.guilds()[0]?.id,
    channel_id: null,
    user_id: '1',
    session_id: String(n),
  })

const numbers = (events: readonly GatewayEventData[]) =>
  events.flatMap(({ type, data }) =>
    type === 'VOICE_STATE_UPDATE' ? [Number((data as { session_id: string }).session_id)] : [],
  )

const opened = ({ simulator }: Run) => simulator.connections().map(({ opened_by }) => opened_by)

/** What happened while the connection was down, and the event that says that the session is up again. */
async function comesBack(run: Run): Promise<GatewayEventData[]> {
  const events: GatewayEventData[] = []
  for (;;) {
    const event = await run.events.next()
    events.push(event)
    if (event.type === 'RESUMED' || event.type === 'READY') return events
  }
}

describe('a session that Discord lets live is resumed, and nothing is missed', () => {
  const faults: Record<string, FaultInput> = {
    'its connection is cut': { kind: 'drop' },
    'it is cut in the middle of a frame': { kind: 'drop', after_bytes: 20 },
    'op 7': { kind: 'reconnect' },
    'op 9 with d true': { kind: 'invalidate', resumable: true },
    'an outage shorter than a session lives': { kind: 'outage', for_ms: 50 },
    ...Object.fromEntries(
      Object.values(discordCloseCodes)
        .filter(({ next }) => next === 'resume')
        .map(({ code, meaning }) => [`close ${code}, ${meaning}`, { kind: 'close', code } as const]),
    ),
  }

  it.each(Object.keys(faults))('%s', async (name) => {
    await using run = await established()
    voice(run, 1)
    const fault = faults[name]
    if (fault) run.simulator.faults.inject(fault)
    voice(run, 2)
    await run.state('reconnecting')
    voice(run, 3)
    const back = await comesBack(run)
    expect(back.at(-1)?.type).toBe('RESUMED')
    voice(run, 4)
    // An event that was stored before the cut may come again: the log knows its sequence.
    const all = [...back, await run.events.next()]
    const bySequence = new Map(all.map((event) => [event.sequence, event]))
    expect(numbers([...bySequence.values()])).toEqual([1, 2, 3, 4])
    expect(opened(run)).toEqual(['identify', 'resume'])
  })

  it('at the resume URL that READY gave', async () => {
    await using elsewhere = await startAtSimulator()
    await using run = await established({ resumeGatewayUrl: elsewhere.simulator.gatewayUrl })
    const before = elsewhere.simulator.connections().length
    run.simulator.faults.inject({ kind: 'drop' })
    await expect.poll(() => elsewhere.simulator.connections().length).toBeGreaterThan(before)
  })

  it('a zombie is found by the heartbeat that is not acknowledged, closed by us, and resumed', async () => {
    await using run = await established({ heartbeatIntervalMs: 100 })
    run.simulator.faults.inject({ kind: 'no_ack', connection: 1 })
    expect((await comesBack(run)).at(-1)?.type).toBe('RESUMED')
    expect(run.simulator.connections()[0]).toMatchObject({ close_code: 4200, closed_by: 'client' })
  })

  it('a RESUME that is never answered is tried again', async () => {
    await using run = await established({}, { timers: hasty })
    run.simulator.faults.inject({ kind: 'delay', ms: 60_000, times: 1 })
    run.simulator.faults.inject({ kind: 'drop', connection: 1 })
    expect((await comesBack(run)).at(-1)?.type).toBe('RESUMED')
    expect(opened(run).length).toBeGreaterThan(2)
  })

  it('a server that flaps is asked again until it stays', async () => {
    await using run = await established()
    for (let time = 0; time < 4; time++) {
      run.simulator.faults.inject({ kind: 'drop' })
      await run.state('reconnecting')
      voice(run, time)
      await comesBack(run)
    }
    expect(opened(run)).toEqual(['identify', ...Array.from({ length: 4 }, () => 'resume')])
  })

  it.each(['lose', 'garble'] as const)('a dispatch that does not arrive whole (%s) is resumed for', async (kind) => {
    await using run = await established()
    run.simulator.faults.inject({ kind, times: 1 })
    for (const n of [1, 2]) voice(run, n)
    const back = await comesBack(run)
    expect(numbers(back)).toEqual([1, 2])
    expect(opened(run)).toEqual(['identify', 'resume'])
    expect(back.some(({ missing }) => missing)).toBe(false)
  })

  it.each(['lose', 'garble'] as const)('one that never does (%s) is said to be missing', async (kind) => {
    await using run = await established()
    for (const connection of [1, 2]) run.simulator.faults.inject({ kind, connection, times: 1 })
    for (const n of [1, 2]) voice(run, n)
    const back = await comesBack(run)
    expect(numbers(back)).toEqual([2])
    expect(back.map(({ missing }) => missing !== undefined)).toEqual([true, false])
    expect(opened(run)).toEqual(['identify', 'resume'])
  })

  it('dispatches that come twice carry one sequence, by which the log drops the second', async () => {
    await using run = await established()
    run.simulator.faults.inject({ kind: 'duplicate', times: 1 })
    voice(run, 1)
    const [first, second] = await run.events.take(2)
    expect(second?.sequence).toBe(first?.sequence)
  })
})

describe('a session that Discord ends is followed by a new one', () => {
  const faults: Record<string, FaultInput> = {
    'op 9 with d false': { kind: 'invalidate', resumable: false },
    'an outage longer than a session lives': { kind: 'outage', for_ms: 50, sessions: 'die' },
    ...Object.fromEntries(
      Object.values(discordCloseCodes)
        .filter(({ next }) => next === 'identify')
        .map(({ code, meaning }) => [`close ${code}, ${meaning}`, { kind: 'close', code } as const]),
    ),
  }

  it.each(Object.keys(faults))('%s', async (name) => {
    await using run = await established({}, { timers: hasty })
    const fault = faults[name]
    if (fault) run.simulator.faults.inject(fault)
    expect((await comesBack(run)).at(-1)?.type).toBe('READY')
    expect(opened(run).filter((how) => how === 'identify')).toHaveLength(2)
  })
})

describe('a shard that Discord will not have stops, and says what a person can do', () => {
  it.each(Object.values(discordCloseCodes).filter(({ next }) => next === 'never'))(
    'close $code',
    async ({ code, meaning }) => {
      await using run = await established()
      run.simulator.faults.inject({ kind: 'close', code })
      const [shard] = await run.state('stopped')
      expect(shard?.detail).toContain(meaning)
      expect(opened(run)).toEqual(['identify'])
    },
  )
})

describe('what the bot says', () => {
  it('while a session is being resumed waits for RESUMED, and is then said', async () => {
    await using run = await established()
    const [guild] = run.simulator.world.guilds()
    run.simulator.faults.inject({ kind: 'drop' })
    await run.state('reconnecting')
    const room = guild?.channels.find(({ type }) => type === ChannelType.GuildVoice)?.id ?? ''
    run.client.send(0, { op: 4, d: { guild_id: guild?.id ?? '', channel_id: room, self_mute: true, self_deaf: true } })
    const resumed = await comesBack(run)
    expect(resumed.at(-1)?.type).toBe('RESUMED')
    expect(await run.events.next()).toMatchObject({ type: 'VOICE_STATE_UPDATE', data: { channel_id: room } })
  })
})

/** The machine's time, in which waits of minutes take as long as ones of a second. */
const hasty = {
  ...systemTimers,
  after(ms: number, run: () => void) {
    const timer = setTimeout(run, ms > 1_000 ? 200 : ms)
    return () => clearTimeout(timer)
  },
}
