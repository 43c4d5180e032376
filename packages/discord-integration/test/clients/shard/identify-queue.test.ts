import { describe, expect, it } from 'vitest'
import { identifyLedger } from '../../../src/clients/shard/identify-ledger.ts'
import { IdentifyQueue, type SessionStartLimit } from '../../../src/clients/shard/identify-queue.ts'
import { Inbox } from '../helpers/inbox.ts'
import { ManualTimers, settle } from '../helpers/manual-timers.ts'
import { recordingLogger } from '../helpers/recording-logger.ts'

const SPACING_MS = 5_250

function create(limit: Partial<SessionStartLimit> = {}, sentAt: number[] = [], timers = new ManualTimers()) {
  const logger = recordingLogger()
  const known: SessionStartLimit = {
    total: 1000,
    remaining: 1000,
    resetsAt: timers.now() + 3_600_000,
    maxConcurrency: 1,
    ...limit,
  }
  const answers: (SessionStartLimit | Error)[] = []
  const queue = new IdentifyQueue({
    limit: { ...known },
    refresh: async () => {
      const answer = answers.shift() ?? known
      if (answer instanceof Error) throw answer
      return { ...answer }
    },
    now: timers.now,
    timers,
    logger,
    ledger: identifyLedger({ load: () => sentAt, save: (moments) => void sentAt.splice(0, Infinity, ...moments) }),
  })
  const granted = new Inbox<number>()
  const abort = new AbortController()
  /** Identifies as soon as it may. */
  const identify = async (shardId: number): Promise<void> => {
    const slot = await queue.acquire(shardId, abort.signal)
    slot?.spend()
    if (slot) granted.push(shardId)
  }
  return { timers, logger, known, answers, queue, granted, abort, identify }
}

describe('IdentifyQueue', () => {
  it('lets one of a key go per 5 s, and keys beside each other', async () => {
    const { timers, granted, identify } = create({ maxConcurrency: 2 })
    for (const shard of [0, 1, 2, 3, 4]) void identify(shard)
    await settle()
    expect(granted.drain()).toEqual([0, 1])
    timers.advance(SPACING_MS - 1)
    await settle()
    expect(granted.size).toBe(0)
    timers.advance(1)
    await settle()
    expect(granted.drain()).toEqual([2, 3])
    timers.advance(SPACING_MS)
    await settle()
    expect(granted.drain()).toEqual([4])
  })

  it('counts the 5 s from the IDENTIFY, not from the turn', async () => {
    const { timers, queue, granted, abort, identify } = create()
    const slot = await queue.acquire(0, abort.signal)
    void identify(1)
    timers.advance(4_000)
    await settle()
    slot?.spend()
    timers.advance(SPACING_MS - 1)
    await settle()
    expect(granted.size).toBe(0)
    timers.advance(1)
    expect(await granted.next()).toBe(1)
  })

  it('passes a released turn on at once, and counts it as not spent', async () => {
    const { queue, granted, abort, identify } = create()
    const slot = await queue.acquire(0, abort.signal)
    expect(queue.remaining).toBe(999)
    slot?.release()
    slot?.release()
    expect(queue.remaining).toBe(1000)
    void identify(1)
    expect(await granted.next()).toBe(1)
    expect(queue.remaining).toBe(999)
  })

  it('never spends the reserve however often the process begins anew and whatever Discord counts', async () => {
    const sentAt: number[] = []
    const timers = new ManualTimers()
    let granted = 0
    for (let start = 0; start < 1_000; start++) {
      const { queue, abort } = create({}, sentAt, timers)
      const turn = queue.acquire(0, abort.signal)
      await settle()
      timers.advance(SPACING_MS)
      await settle()
      if (queue.budget.exhausted) {
        expect(queue.budget).toMatchObject({ remaining: 100, reserve: 100, total: 1000 })
        abort.abort()
        await turn
        continue
      }
      const slot = await turn
      slot?.spend()
      granted++
    }
    expect(granted).toBe(900)
  })

  it('waits for its turn also after a start: an IDENTIFY too early is answered with op 9', async () => {
    const sentAt: number[] = []
    const { timers, granted, identify } = create({}, sentAt)
    sentAt.push(timers.now() - 2_000)
    void identify(0)
    timers.advance(SPACING_MS - 2_000 - 1)
    await settle()
    expect(granted.size).toBe(0)
    timers.advance(1)
    expect(await granted.next()).toBe(0)
  })

  it('waits no longer than for its turn where the clock was ahead before the start, and says so', async () => {
    const timers = new ManualTimers()
    const sentAt = [timers.now() - 60_000, timers.now() + 6 * 3_600_000]
    const { granted, identify, queue, logger } = create({}, sentAt, timers)
    void identify(0)
    await settle()
    timers.advance(SPACING_MS)
    expect(await granted.next()).toBe(0)
    expect(queue.remaining).toBe(997)
    expect(logger.text()).toContain('the clock was ahead when identifies were sent')
    expect(sentAt.map((at) => at - timers.now())).toEqual([-60_000 - SPACING_MS, -SPACING_MS, 0])
  })

  it('waits no longer where the clock is set back while it runs', async () => {
    const timers = new ManualTimers()
    let ahead = 6 * 3_600_000
    const known = { total: 1000, remaining: 1000, resetsAt: 0, maxConcurrency: 1 }
    let asked = 0
    const queue = new IdentifyQueue({
      limit: { ...known },
      refresh: async () => {
        asked++
        return { ...known }
      },
      now: () => timers.now() + ahead,
      timers,
      logger: recordingLogger(),
      ledger: identifyLedger({ load: () => [], save: () => {} }),
    })
    const { signal } = new AbortController()
    const first = await queue.acquire(0, signal)
    first?.spend()
    ahead = 0
    const second = queue.acquire(0, signal)
    await settle()
    timers.advance(SPACING_MS)
    const slot = await second
    slot?.release()
    // What it knew of the budget was of a time that has not come: it has asked.
    expect(asked).toBe(1)
  })

  it('does not identify when that cannot be written down', async () => {
    const { queue, abort } = create()
    const slot = await queue.acquire(0, abort.signal)
    const full = create()
    const refused = new IdentifyQueue({
      limit: full.known,
      refresh: async () => full.known,
      now: full.timers.now,
      timers: full.timers,
      logger: full.logger,
      ledger: identifyLedger({
        load: () => [],
        save: () => {
          throw new Error('the disk is full')
        },
      }),
    })
    slot?.release()
    const unwritten = await refused.acquire(0, full.abort.signal)
    expect(() => unwritten?.spend()).toThrow('the disk is full')
    unwritten?.release()
    expect(refused.remaining).toBe(1000)
  })

  it('never spends the reserve: it waits for the reset and says so', async () => {
    const { timers, logger, known, answers, granted, identify } = create({ remaining: 101 })
    void identify(0)
    expect(await granted.next()).toBe(0)
    timers.advance(SPACING_MS)
    void identify(1)
    await settle()
    expect(granted.size).toBe(0)
    expect(logger.text()).toContain('down to the reserve')
    answers.push({ ...known, remaining: 1000 })
    timers.advance(3_600_000)
    expect(await granted.next()).toBe(1)
  })

  it('counts turns that are held against the reserve', async () => {
    const { queue, abort, granted, identify } = create({ remaining: 101, maxConcurrency: 4 })
    const slot = await queue.acquire(0, abort.signal)
    void identify(1)
    await settle()
    expect(granted.size).toBe(0)
    slot?.release()
    abort.abort()
    await settle()
    expect(granted.size).toBe(0)
  })

  it('asks again when what it knows is old, since others spend from the same budget', async () => {
    const { timers, known, answers, granted, identify } = create()
    answers.push({ ...known, remaining: 50 }, { ...known, remaining: 900 })
    timers.advance(60_000)
    void identify(0)
    await settle()
    expect(granted.size).toBe(0)
    timers.advance(3_600_000)
    expect(await granted.next()).toBe(0)
  })

  it('counts on by itself when the budget cannot be read', async () => {
    const { timers, answers, granted, identify } = create({ remaining: 100 })
    answers.push(new Error('down'), new Error('down'))
    void identify(0)
    await settle()
    expect(granted.size).toBe(0)
    timers.advance(3_600_000)
    expect(await granted.next()).toBe(0)
  })

  it('does not hammer the API when the reset lies in the past and the budget stays low', async () => {
    const { timers, answers, known, identify } = create({ remaining: 0, resetsAt: 0 })
    answers.push({ ...known, remaining: 0, resetsAt: 0 }, { ...known, remaining: 0, resetsAt: 0 })
    void identify(0)
    await settle()
    expect(timers.delays).toEqual([30_000])
    timers.advance(30_000)
    await settle()
    expect(timers.delays).toEqual([30_000])
  })

  it('lets a waiting shard go when it is aborted, and the next one have its turn', async () => {
    const { queue, timers, abort, granted, identify } = create()
    const first = await queue.acquire(0, new AbortController().signal)
    const second = queue.acquire(1, abort.signal)
    void identify(2)
    abort.abort()
    first?.spend()
    expect(await second).toBeNull()
    timers.advance(SPACING_MS)
    await settle()
    expect(granted.size).toBe(0)
  })
})
