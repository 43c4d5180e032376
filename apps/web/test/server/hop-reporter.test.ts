import type { LinkStatus } from '@repo/discord-integration/clients'
import type { CommandResult } from '@repo/discord-integration/types'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { HopReportSchema, hopsOfGuild } from '../../src/hop-report.ts'
import type { HopReport } from '../../src/hop-report.ts'
import { HopReporter } from '../../src/server/realtime/hop-reporter.ts'
import type { HopSource } from '../../src/server/realtime/hop-reporter.ts'

type Answer = Awaited<ReturnType<HopSource['ask']>>
type Shard = CommandResult<'get_status'>['shards'][number]

class FakeSource implements HopSource {
  status: LinkStatus = { state: 'live', since: 0, attempt: 0, nextAttemptAt: null, rttMs: 1.5 }
  asked = 0
  answer: () => Promise<Answer> = () => Promise.resolve({ shards: [ready(0)] })
  readonly #handlers = new Set<(status: LinkStatus) => void>()

  onStatus(handler: (status: LinkStatus) => void): () => void {
    this.#handlers.add(handler)
    return () => this.#handlers.delete(handler)
  }

  get watchers(): number {
    return this.#handlers.size
  }

  ask(): Promise<Answer> {
    this.asked += 1
    return this.answer()
  }

  become(status: Partial<LinkStatus>): void {
    this.status = { ...this.status, ...status }
    for (const handler of this.#handlers) handler(this.status)
  }
}

const UNKNOWN = { state: 'unknown', pingMs: null, detail: null, clockMs: null, shards: [] }

function ready(id: number, ping = 40): Shard {
  return { id, state: 'ready', since: 100 + id, ping_ms: ping }
}

function listen(reporter: HopReporter): { reports: HopReport[]; stop: () => void } {
  const reports: HopReport[] = []
  const stop = reporter.subscribe(({ plain }) => {
    const data = /^event: hops\ndata: (.*)\n\n$/.exec(plain.toString())?.[1] ?? ''
    reports.push(HopReportSchema.parse(JSON.parse(data)))
  })
  return { reports, stop }
}

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('HopReporter', () => {
  it('tells at once, on change, and twice a second', async () => {
    const source = new FakeSource()
    const { reports } = listen(new HopReporter(source, { by: 'web' }))
    expect(reports).toHaveLength(1)
    expect(reports[0]?.discord).toEqual({ ...UNKNOWN, since: null })
    await vi.advanceTimersByTimeAsync(0)
    expect(reports.at(-1)?.discord).toMatchObject({ state: 'connected', since: 100, pingMs: 40 })
    expect(reports).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(1_500)
    expect(reports).toHaveLength(5)
    source.become({ state: 'reconnecting', since: Date.now(), attempt: 1, nextAttemptAt: Date.now() + 200 })
    expect(reports).toHaveLength(6)
    expect(reports[5]?.gateway).toEqual({
      state: 'reconnecting',
      since: Date.now(),
      rttMs: null,
      clockMs: null,
      attempt: 1,
      nextAttemptAt: Date.now() + 200,
    })
  })

  it('asks the gateway only while somebody listens and the link is there', async () => {
    const source = new FakeSource()
    const reporter = new HopReporter(source, { by: 'web' })
    await vi.advanceTimersByTimeAsync(5_000)
    expect(source.asked).toBe(0)
    const idle = vi.getTimerCount()
    const one = listen(reporter)
    const other = listen(reporter)
    await vi.advanceTimersByTimeAsync(1_250)
    expect(source.asked).toBe(3)
    source.become({ state: 'reconnecting' })
    await vi.advanceTimersByTimeAsync(2_500)
    expect(source.asked).toBe(3)
    one.stop()
    other.stop()
    expect(source.watchers).toBe(1)
    expect(vi.getTimerCount()).toBe(idle)
  })

  it('knows nothing of Discord when the gateway is away, and since when', async () => {
    const source = new FakeSource()
    const { reports } = listen(new HopReporter(source, { by: 'web' }))
    await vi.advanceTimersByTimeAsync(1_000)
    const heardAt = Date.now()
    source.become({ state: 'reconnecting', since: Date.now() })
    expect(reports.at(-1)?.discord).toEqual({ ...UNKNOWN, since: heardAt })
    await vi.advanceTimersByTimeAsync(11_000)
    expect(reports.at(-1)?.gateway.state).toBe('down')
  })

  it('knows nothing of Discord once the last word is two seconds old, though an answer may still come', async () => {
    const source = new FakeSource()
    const { reports } = listen(new HopReporter(source, { by: 'web' }))
    await vi.advanceTimersByTimeAsync(0)
    source.answer = () => new Promise(() => {})
    await vi.advanceTimersByTimeAsync(2_000)
    expect(reports.at(-1)?.discord.state).toBe('connected')
    await vi.advanceTimersByTimeAsync(500)
    expect(reports.at(-1)?.discord.state).toBe('unknown')
  })

  it('takes a gateway that answers no more over an open link for one that is away, until it answers', async () => {
    const source = new FakeSource()
    const { reports } = listen(new HopReporter(source, { by: 'web' }))
    await vi.advanceTimersByTimeAsync(0)
    expect(reports.at(-1)?.gateway.state).toBe('connected')
    source.answer = () => Promise.reject(new Error('no answer'))
    const asked = Date.now() + 500
    await vi.advanceTimersByTimeAsync(500)
    expect(reports.at(-1)).toMatchObject({
      discord: { state: 'unknown' },
      gateway: { state: 'reconnecting', since: asked, attempt: null, rttMs: null },
    })
    await vi.advanceTimersByTimeAsync(11_000)
    expect(reports.at(-1)?.gateway.state).toBe('down')
    source.answer = () => Promise.resolve({ shards: [ready(0)] })
    await vi.advanceTimersByTimeAsync(500)
    expect(reports.at(-1)).toMatchObject({ discord: { state: 'connected' }, gateway: { state: 'connected' } })
  })

  it('measures an outage from its first moment, whoever listens, through all the states of the link', async () => {
    const source = new FakeSource()
    const reporter = new HopReporter(source, { by: 'web' })
    const began = Date.now()
    source.become({ state: 'connecting', since: began })
    await vi.advanceTimersByTimeAsync(9_000)
    source.become({ state: 'reconnecting', since: Date.now() })
    const { reports } = listen(reporter)
    expect(reports.at(-1)?.gateway).toMatchObject({ state: 'reconnecting', since: began })
    await vi.advanceTimersByTimeAsync(1_500)
    expect(reports.at(-1)?.gateway).toMatchObject({ state: 'down', since: began })
    source.become({ state: 'connected', since: Date.now() })
    expect(reports.at(-1)?.gateway).toMatchObject({ state: 'connected', since: Date.now() })
    source.become({ state: 'reconnecting', since: Date.now() })
    expect(reports.at(-1)?.gateway).toMatchObject({ state: 'reconnecting', since: Date.now() })
  })

  it('measures from the silence where the link breaks only after it', async () => {
    const source = new FakeSource()
    const { reports } = listen(new HopReporter(source, { by: 'web' }))
    await vi.advanceTimersByTimeAsync(0)
    source.answer = () => Promise.reject(new Error('no answer'))
    await vi.advanceTimersByTimeAsync(500)
    const silent = Date.now()
    await vi.advanceTimersByTimeAsync(5_000)
    source.become({ rttMs: 7 })
    source.become({ state: 'reconnecting', since: Date.now() })
    expect(reports.at(-1)?.gateway).toMatchObject({ state: 'reconnecting', since: silent })
  })

  it('says of Discord no moment at all when the gateway was never there', async () => {
    const source = new FakeSource()
    source.become({ state: 'connecting', since: Date.now() })
    const { reports } = listen(new HopReporter(source, { by: 'web' }))
    await vi.advanceTimersByTimeAsync(30_000)
    expect(reports.at(-1)).toMatchObject({
      discord: { state: 'unknown', since: null },
      gateway: { state: 'down' },
    })
  })

  it('tells how the clocks differ, and times by its own', async () => {
    const source = new FakeSource()
    // The gateway's is 5 s ahead, and an answer takes 4 ms.
    source.answer = async () => {
      await new Promise((resolve) => setTimeout(resolve, 2))
      const answer = { shards: [ready(0, 30), ready(1, 50)], now: Date.now() + 5_000, discord_clock_ms: -120 }
      await new Promise((resolve) => setTimeout(resolve, 2))
      return answer
    }
    const { reports } = listen(new HopReporter(source, { by: 'this one' }))
    expect(reports.at(-1)).toMatchObject({ by: 'this one', gateway: { clockMs: null }, discord: { clockMs: null } })
    await vi.advanceTimersByTimeAsync(4)
    expect(reports.at(-1)).toMatchObject({
      gateway: { clockMs: 5_000 },
      discord: {
        clockMs: -120,
        since: 101 - 5_000,
        shards: [
          { id: 0, state: 'ready', since: 100 - 5_000, pingMs: 30 },
          { id: 1, state: 'ready', since: 101 - 5_000, pingMs: 50 },
        ],
      },
    })
  })

  it('knows of a gateway that was restarted no clock until it says it, and then its own', async () => {
    const source = new FakeSource()
    const answerBy = (ahead: number) => () => Promise.resolve({ shards: [ready(0)], now: Date.now() + ahead })
    source.answer = answerBy(5_000)
    const { reports } = listen(new HopReporter(source, { by: 'web' }))
    await vi.advanceTimersByTimeAsync(500)
    expect(reports.at(-1)?.gateway.clockMs).toBe(5_000)
    source.become({ state: 'reconnecting', since: Date.now() })
    expect(reports.at(-1)?.gateway.clockMs).toBeNull()
    source.answer = answerBy(-70)
    source.become({ state: 'live', since: Date.now() })
    expect(reports.at(-1)?.gateway.clockMs).toBeNull()
    // Asked at the next beat, told at the one after.
    await vi.advanceTimersByTimeAsync(1_000)
    expect(reports.at(-1)?.gateway.clockMs).toBe(-70)
  })

  it('knows no clock of a gateway that does not say it', async () => {
    const { reports } = listen(new HopReporter(new FakeSource(), { by: 'web' }))
    await vi.advanceTimersByTimeAsync(500)
    expect(reports.at(-1)).toMatchObject({ gateway: { clockMs: null }, discord: { state: 'connected', clockMs: null } })
  })

  it.each<[string, Shard[], Partial<HopReport['discord']>]>([
    ['all ready', [ready(0, 30), ready(1, 50)], { state: 'connected', since: 101, pingMs: 50, detail: null }],
    [
      'one of two away',
      [ready(0), { ...ready(1), state: 'resuming', since: 999_993 }],
      { state: 'reconnecting', since: 999_993, detail: 'shard 1 of 2', pingMs: null },
    ],
    [
      'two of three away',
      [ready(0), { ...ready(1), state: 'connecting' }, { ...ready(2), state: 'identifying' }],
      { detail: '2 of 3 shards' },
    ],
    [
      'the only one away',
      [{ ...ready(0), state: 'reconnecting', since: 990_001 }],
      { state: 'reconnecting', detail: null },
    ],
    ['away for long', [{ ...ready(0), state: 'reconnecting', since: 990_000 }], { state: 'down', since: 990_000 }],
    ['stopped for good', [{ ...ready(0), state: 'stopped' }], { state: 'down' }],
    ['none yet', [], { state: 'unknown' }],
  ])('sums up shards: %s', async (_, shards, expected) => {
    const source = new FakeSource()
    source.answer = () => Promise.resolve({ shards })
    const { reports } = listen(new HopReporter(source, { by: 'web' }))
    await vi.advanceTimersByTimeAsync(0)
    expect(reports.at(-1)?.discord).toMatchObject(expected)
  })

  it('counts a shard that goes from try to try as away since the first', async () => {
    const source = new FakeSource()
    const { reports } = listen(new HopReporter(source, { by: 'web' }))
    await vi.advanceTimersByTimeAsync(0)
    const awayAt = Date.now()
    const states = ['reconnecting', 'connecting', 'resuming'] as const
    for (let turn = 0; turn < 24; turn++) {
      const state = states[turn % states.length] ?? 'connecting'
      source.answer = () => Promise.resolve({ shards: [{ ...ready(0), state, since: Date.now() }] })
      await vi.advanceTimersByTimeAsync(500)
    }
    const told = reports.map(({ discord }) => discord.state).filter((state, at, all) => state !== all[at - 1])
    expect(told).toEqual(['unknown', 'connected', 'reconnecting', 'down'])
    expect(reports.at(-1)?.discord.since).toBeLessThan(awayAt + 1_000)
    source.answer = () => Promise.resolve({ shards: [{ ...ready(0), since: Date.now() }] })
    await vi.advanceTimersByTimeAsync(500)
    const againAt = Date.now()
    source.answer = () => Promise.resolve({ shards: [{ ...ready(0), state: 'reconnecting', since: againAt }] })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(reports.at(-1)?.discord).toMatchObject({ state: 'reconnecting', since: againAt })
  })
})

describe('hopsOfGuild', () => {
  const at = 1_000_000
  const shard = (id: number, state: Shard['state'], since = at - 3_000) => ({ id, state, since, pingMs: 10 + id })
  const reportOf = (...shards: HopReport['discord']['shards']): HopReport => ({
    ts: at,
    by: 'web',
    discord: { state: 'reconnecting', since: 1, pingMs: null, detail: '2 of 3 shards', clockMs: 4, shards },
    gateway: { state: 'connected', since: 1, rttMs: 1, clockMs: 0, attempt: null, nextAttemptAt: null },
  })
  /** `(guild_id >> 22) % 3` is the shard. */
  const guildOn = (id: number) => String((BigInt(id) + 3n) << 22n)

  it('says how the shard stands that the guild is on, whatever the others do', () => {
    const report = reportOf(shard(0, 'reconnecting'), shard(1, 'ready'), shard(2, 'connecting', at - 10_000))
    expect(hopsOfGuild(report, guildOn(1)).discord).toMatchObject({
      state: 'connected',
      since: at - 3_000,
      pingMs: 11,
      detail: null,
      clockMs: 4,
    })
    expect(hopsOfGuild(report, guildOn(0)).discord).toMatchObject({
      state: 'reconnecting',
      since: at - 3_000,
      pingMs: null,
      detail: 'shard 0 of 3',
    })
    expect(hopsOfGuild(report, guildOn(2)).discord).toMatchObject({ state: 'down', detail: 'shard 2 of 3' })
  })

  it('leaves what nobody knows as it is', () => {
    const report = reportOf()
    expect(hopsOfGuild(report, guildOn(1))).toBe(report)
  })
})
