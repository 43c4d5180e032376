import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_PENDING_COMMANDS, PendingCommands } from '../../../src/clients/link/pending-commands.ts'
import { LinkError, type Repeatable } from '../../../src/types/index.ts'
import { ManualTimers } from '../helpers/manual-timers.ts'

function create() {
  const timers = new ManualTimers()
  const pending = new PendingCommands({ timers })
  const outcomes = new Map<string, string[]>()
  const add = (requestId: string, repeatable: Repeatable = 'read', deadlineMs = 10_000): void => {
    const told: string[] = []
    outcomes.set(requestId, told)
    pending.add(requestId, { command: 'a_command', repeatable, text: `text ${requestId}` }, deadlineMs).then(
      () => told.push('done'),
      (error: unknown) => told.push(error instanceof LinkError ? error.code : 'not a LinkError'),
    )
  }
  const settled = () => new Promise((resolve) => setImmediate(resolve))
  return { timers, pending, outcomes, add, settled }
}

describe('PendingCommands', () => {
  it('asks again in order, each once a connection, and what must not be done twice only of the same log', () => {
    const { pending, add } = create()
    add('a', 'no')
    add('b', 'nonce')
    add('c', 'read')
    expect(pending.toAskAgain({ logIsKept: true })).toEqual([])
    pending.disconnected()
    expect(pending.toAskAgain({ logIsKept: false })).toEqual(['text b', 'text c'])
    add('d', 'no')
    expect(pending.toAskAgain({ logIsKept: true })).toEqual(['text a'])
    expect(pending.toAskAgain({ logIsKept: true })).toEqual([])
    pending.disconnected()
    expect(pending.toAskAgain({ logIsKept: true })).toEqual(['text a', 'text b', 'text c', 'text d'])
  })

  it('calls unknown what must not be done twice, once the log is lost that knew of it', async () => {
    const { pending, outcomes, add, settled } = create()
    add('a', 'no')
    add('b', 'nonce')
    pending.disconnected()
    pending.toAskAgain({ logIsKept: false })
    add('c', 'no')
    pending.logIsLost()
    await settled()
    expect(Object.fromEntries(outcomes)).toEqual({ a: ['OUTCOME_UNKNOWN'], b: [], c: [] })
  })

  it('takes as many as the gateway does, and no request id twice', () => {
    const { pending, add } = create()
    add('0')
    expect(() => add('0')).toThrow(expect.objectContaining({ code: 'INVALID_MESSAGE' }))
    for (let i = 1; i < MAX_PENDING_COMMANDS; i += 1) add(String(i))
    expect(() => add('more')).toThrow(expect.objectContaining({ code: 'TOO_MANY_COMMANDS', retryable: true }))
    pending.settle({ type: 'ack', data: null, requestId: '5', ts: 1 })
    add('more')
  })

  it('settles each exactly once, whatever comes in whatever order', async () => {
    const ids = ['a', 'b', 'c', 'd']
    const step = fc.oneof(
      fc.record({ kind: fc.constantFrom('ack', 'error', 'add'), id: fc.constantFrom(...ids) }),
      fc.record({ kind: fc.constantFrom('disconnected', 'same', 'lost', 'advance', 'rejectAll'), id: fc.constant('') }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const { timers, pending, outcomes, add, settled } = create()
        let number = 0
        const open = new Map<string, string>()
        for (const { kind, id } of steps) {
          const requestId = open.get(id) ?? 'unknown'
          if (kind === 'add') {
            open.set(id, `${id}${number}`)
            add(`${id}${number}`, ['read', 'nonce', 'no'][number % 3] as 'read', 5_000 + number)
            number += 1
          } else if (kind === 'ack') pending.settle({ type: 'ack', data: 1, requestId, ts: 1 })
          else if (kind === 'error') pending.settle({ type: 'error', data: { message: 'no' }, requestId, ts: 1 })
          else if (kind === 'disconnected') pending.disconnected()
          else if (kind === 'same') pending.toAskAgain({ logIsKept: true })
          else if (kind === 'lost') pending.logIsLost()
          else if (kind === 'advance') timers.advance(3_000)
          else pending.rejectAll(new LinkError('CLOSED', 'closed'))
          await settled()
        }
        timers.advance(60_000)
        await settled()
        expect(pending.size).toBe(0)
        expect(timers.delays).toEqual([])
        for (const told of outcomes.values()) expect(told).toHaveLength(1)
      }),
      { numRuns: 100 },
    )
  })
})
