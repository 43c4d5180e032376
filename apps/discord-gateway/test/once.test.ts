import { LinkError } from '@repo/discord-integration/types'
import { beforeEach, describe, expect, it } from 'vitest'
import { MemoryOutcomes } from '../src/commands/memory-outcomes.ts'
import { Once } from '../src/commands/once.ts'

let now = 0
let runs = 0
let once = new Once(new MemoryOutcomes())
beforeEach(() => {
  now = 0
  runs = 0
  const clock = () => now
  once = new Once(new MemoryOutcomes({ now: clock, max: 3 }), clock)
})

const count = async () => ++runs
const ask = (key: string, execute: () => Promise<unknown> = count, fingerprint = 'f') =>
  once.run({ key, fingerprint, keepMs: 1000 }, execute)

describe('Once', () => {
  it('gives the same answer and does nothing again', async () => {
    expect(await ask('a')).toBe(1)
    expect(await ask('a')).toBe(1)
    expect(await ask('b')).toBe(2)
  })

  it('joins one in flight', async () => {
    const gate = Promise.withResolvers<void>()
    const first = ask('a', async () => {
      await gate.promise
      return ++runs
    })
    const second = ask('a')
    gate.resolve()
    expect(await Promise.all([first, second])).toEqual([1, 1])
  })

  it('refuses an id that stands for something else, done or in flight', async () => {
    const gate = Promise.withResolvers<void>()
    const first = ask('a', async () => await gate.promise)
    await expect(ask('a', count, 'other')).rejects.toMatchObject({
      code: 'INVALID_MESSAGE',
      issues: [{ path: 'requestId' }],
    })
    gate.resolve()
    await first
    await expect(ask('a', count, 'other')).rejects.toMatchObject({ code: 'INVALID_MESSAGE' })
    expect(runs).toBe(0)
  })

  it('keeps a refusal', async () => {
    const refuse = async () => {
      runs++
      throw new LinkError('MISSING_PERMISSIONS', 'no')
    }
    await expect(ask('a', refuse)).rejects.toMatchObject({ code: 'MISSING_PERMISSIONS' })
    await expect(ask('a')).rejects.toMatchObject({ code: 'MISSING_PERMISSIONS' })
    expect(runs).toBe(1)
  })

  it('tries again what says that nothing was done', async () => {
    const limited = async () => {
      throw new LinkError('RATE_LIMITED', 'later')
    }
    await expect(ask('a', limited)).rejects.toMatchObject({ code: 'RATE_LIMITED' })
    expect(await ask('a')).toBe(1)
  })

  describe('of what nobody knows', () => {
    const unknown = async () => {
      runs++
      throw new LinkError('OUTCOME_UNKNOWN', 'who knows')
    }
    const askGuarded = (execute: () => Promise<unknown>) =>
      once.run({ key: 'a', fingerprint: 'f', keepMs: 1000, repeatMs: 100 }, execute)

    it('tries again for as long as that cannot do it twice, by the first try’s clock, and then no more', async () => {
      await expect(askGuarded(unknown)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
      now = 99
      await expect(askGuarded(unknown)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
      expect(runs).toBe(2)
      now = 100
      await expect(askGuarded(unknown)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
      expect(runs).toBe(2)
    })

    it('keeps what the second try has found', async () => {
      await expect(askGuarded(unknown)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
      expect(await askGuarded(count)).toBe(2)
      now = 100
      expect(await askGuarded(count)).toBe(2)
    })

    it('does not call it undone because the second try did nothing', async () => {
      await expect(askGuarded(unknown)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
      const limited = () => Promise.reject(new LinkError('RATE_LIMITED', 'later'))
      await expect(askGuarded(limited)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    })

    it('does not try again what nothing guards', async () => {
      await expect(ask('a', unknown)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
      await expect(ask('a', unknown)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
      expect(runs).toBe(1)
    })
  })

  it('forgets when the time is up', async () => {
    expect(await ask('a')).toBe(1)
    now = 999
    expect(await ask('a')).toBe(1)
    now = 1000
    expect(await ask('a')).toBe(2)
  })

  it('forgets the oldest when there are too many', async () => {
    for (const key of ['a', 'b', 'c', 'd']) await ask(key)
    expect(await ask('b')).toBe(2)
    expect(await ask('a')).toBe(5)
  })

  it('an exception that is no answer is not kept', async () => {
    await expect(ask('a', () => Promise.reject(new TypeError('bug')))).rejects.toThrow(TypeError)
    expect(await ask('a')).toBe(1)
  })
})
