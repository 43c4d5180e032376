import { describe, expect, it } from 'vitest'
import { Delivery, MAX_UNSETTLED_BYTES, MAX_UNSETTLED_EVENTS } from '../../../src/clients/shard/delivery.ts'
import type { GatewayEventData, GatewayEventHandler } from '../../../src/clients/shard/event.ts'
import { startClient } from '../helpers/connected-client.ts'
import { recordingLogger } from '../helpers/recording-logger.ts'

const event = (sequence: number): GatewayEventData => ({
  type: 'MESSAGE_CREATE',
  data: { content: 'a secret' },
  raw: '{"content":"a secret"}',
  shardId: 0,
  sessionId: 'session-1',
  sequence,
  receivedAt: 0,
})

function create(...handlers: GatewayEventHandler[]) {
  const logger = recordingLogger()
  const seen: string[] = []
  const stored = new Set<number>()
  const delivery = new Delivery({
    handlers: new Set(handlers),
    logger,
    taken: ({ sequence }) => seen.push(`taken ${sequence}`),
    failed: ({ sequence }) => {
      seen.push(`failed ${sequence}`)
      return stored.has(sequence)
    },
    full: () => seen.push('full'),
    drained: () => seen.push('drained'),
  })
  return { logger, seen, stored, delivery }
}

/** A handler whose answers the test gives, event by event. */
function held() {
  const answers = new Map<number, PromiseWithResolvers<void>>()
  const handler = ({ sequence }: GatewayEventData): Promise<void> => {
    const answer = Promise.withResolvers<void>()
    answers.set(sequence, answer)
    return answer.promise
  }
  return { handler, answers, settle: () => new Promise((resolve) => setImmediate(resolve)) }
}

describe('Delivery', () => {
  it('hands events over in order and at once, and counts them when they are taken, in order too', async () => {
    const { handler, answers, settle } = held()
    const { delivery, seen } = create(handler)
    for (const s of [1, 2, 3]) delivery.deliver(event(s), 10)
    expect([...answers.keys()]).toEqual([1, 2, 3])
    answers.get(3)?.resolve()
    answers.get(2)?.resolve()
    await settle()
    expect(seen).toEqual([])
    answers.get(1)?.resolve()
    await delivery.idle()
    expect(seen).toEqual(['taken 1', 'taken 2', 'taken 3'])
  })

  it('hides nothing from the other handlers when one throws, and says so without the payload', () => {
    const others: number[] = []
    const { delivery, seen, logger } = create(
      () => {
        throw new Error('no')
      },
      ({ sequence }) => void others.push(sequence),
    )
    delivery.deliver(event(1), 10)
    expect(others).toEqual([1])
    expect(seen).toEqual(['failed 1'])
    expect(logger.text()).toContain('a handler failed')
    expect(logger.text()).not.toContain('secret')
  })

  it('counts nothing after the first event that was not taken', async () => {
    const { handler, answers } = held()
    const { delivery, seen } = create(handler)
    for (const s of [1, 2, 3, 4]) delivery.deliver(event(s), 10)
    answers.get(1)?.resolve()
    answers.get(2)?.reject(new Error('disk full'))
    answers.get(3)?.resolve()
    answers.get(4)?.resolve()
    await delivery.idle()
    expect(seen).toEqual(['taken 1', 'failed 2'])
  })

  it('goes on after a failure at an event that is stored all the same', () => {
    const { delivery, seen, stored } = create(({ sequence }) => {
      if (sequence === 1) throw new Error('a metric')
    })
    stored.add(1)
    delivery.deliver(event(1), 10)
    delivery.deliver(event(2), 10)
    expect(seen).toEqual(['failed 1', 'taken 1', 'taken 2'])
  })

  it('waits for every handler of an event, also after one has failed', async () => {
    const { handler, answers } = held()
    const { delivery, seen } = create(handler, () => {
      throw new Error('no')
    })
    delivery.deliver(event(1), 10)
    expect(seen).toEqual([])
    answers.get(1)?.resolve()
    await delivery.idle()
    expect(seen).toEqual(['failed 1'])
  })

  it('is full at the bound of events, and drained at half of it', async () => {
    const { handler, answers, settle } = held()
    const { delivery, seen } = create(handler)
    for (let s = 1; s <= MAX_UNSETTLED_EVENTS + 10; s += 1) delivery.deliver(event(s), 1)
    expect(seen).toEqual(['full'])
    for (let s = 1; s <= MAX_UNSETTLED_EVENTS / 2 + 10; s += 1) answers.get(s)?.resolve()
    await settle()
    expect(seen).not.toContain('drained')
    answers.get(MAX_UNSETTLED_EVENTS / 2 + 11)?.resolve()
    await settle()
    expect(seen.at(-1)).toBe('drained')
    for (const answer of answers.values()) answer.resolve()
    await delivery.idle()
    expect(seen.filter((line) => line.startsWith('taken'))).toHaveLength(MAX_UNSETTLED_EVENTS + 10)
  })

  it('is full at the bound of bytes', async () => {
    const { handler, answers } = held()
    const { delivery, seen } = create(handler)
    delivery.deliver(event(1), MAX_UNSETTLED_BYTES - 1)
    expect(seen).toEqual([])
    delivery.deliver(event(2), 1)
    expect(seen).toEqual(['full'])
    answers.get(1)?.resolve()
    answers.get(2)?.resolve()
    await delivery.idle()
    expect(seen).toContain('drained')
  })

  it('keeps its order over many rounds with one event always open', async () => {
    const { handler, answers, settle } = held()
    const { delivery, seen } = create(handler)
    const total = MAX_UNSETTLED_EVENTS * 3
    delivery.deliver(event(0), 1)
    for (let s = 1; s < total; s += 1) {
      delivery.deliver(event(s), 1)
      answers.get(s - 1)?.resolve()
      if (s % 100 === 0) await settle()
    }
    answers.get(total - 1)?.resolve()
    await delivery.idle()
    expect(seen).toEqual(Array.from({ length: total }, (_, s) => `taken ${s}`))
  })
})

describe('a shard was heard until', () => {
  it('just before the first event that is not taken, whatever comes after it', async () => {
    await using run = await startClient()
    const { handler, answers, settle } = held()
    run.client.onAnyEvent(handler)
    const peer = await run.ready()
    const heardAt = () => run.client.shards[0]?.heardAt
    const say = async (sequence: number) => {
      run.timers.advance(1_000)
      peer.dispatch('MESSAGE_CREATE', sequence, {})
      await run.events.next()
      return run.timers.now()
    }
    answers.get(1)?.resolve()
    await settle()
    const second = await say(2)
    await say(3)
    expect(heardAt()).toBe(second - 1)
    answers.get(2)?.resolve()
    await settle()
    expect(heardAt()).toBe(second + 999)
    answers.get(3)?.resolve()
    await settle()
    const fourth = await say(4)
    answers.get(4)?.reject(new Error('the disk is full'))
    await run.state('reconnecting')
    expect(heardAt()).toBe(fourth - 1)
  })

  it('not by a READY that was not taken, nor by what is replayed and was not: what they tell of was before', async () => {
    await using run = await startClient()
    let isFull = false
    run.client.onAnyEvent(() => (isFull ? Promise.reject(new Error('the disk is full')) : undefined))
    const heardAt = () => run.client.shards[0]?.heardAt
    const first = await run.ready()
    const until = run.timers.now()
    isFull = true
    first.cut()
    for (let time = 0; time < 2; time++) {
      const { peer, answer } = await run.comeBack(10_000)
      expect([answer.op, heardAt()]).toEqual([6, until])
      peer.dispatch('MESSAGE_CREATE', 2)
      peer.dispatch('RESUMED', 3)
    }
    const { peer } = await run.comeBack(10_000)
    expect(heardAt()).toBe(until)
    peer.close(4009)
    for (let time = 0; time < 3; time++) {
      const { peer: next, answer } = await run.comeBack(60_000)
      expect([answer.op, heardAt()]).toEqual([2, until])
      next.dispatch('READY', 1, run.discord.ready(`session-${time + 2}`))
    }
  })

  it('not by what was not understood, nor by what came behind a hole', async () => {
    await using run = await startClient()
    let isFull = false
    run.client.onAnyEvent(() => (isFull ? Promise.reject(new Error('the disk is full')) : undefined))
    const heardAt = () => run.client.shards[0]?.heardAt
    const first = await run.ready()
    const until = run.timers.now()
    run.timers.advance(1_000)
    first.dispatch('MESSAGE_CREATE', 3)
    const { peer } = await run.comeBack()
    expect(heardAt()).toBe(until)
    isFull = true
    // It is missing again.
    peer.dispatch('RESUMED', 3)
    await run.comeBack(10_000)
    expect(heardAt()).toBe(until)
  })
})
