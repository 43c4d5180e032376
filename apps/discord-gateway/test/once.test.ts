import { LinkError } from '@repo/discord-integration/types'
import type { Expiring } from '@repo/event-feed'
import { beforeEach, describe, expect, it } from 'vitest'
import { Once } from '../src/commands/once.ts'
import { StoredOutcomes } from '../src/commands/stored-outcomes.ts'
import { memoryExpiring } from './helpers.ts'

let now = 0
let runs = 0
const clock = () => now
let rows = memoryExpiring(clock)
let once = new Once(new StoredOutcomes(rows), clock)
beforeEach(() => {
  now = 0
  runs = 0
  rows = memoryExpiring(clock)
  restart()
})

/** Another process over what the one before has written down. */
function restart(): void {
  once = new Once(new StoredOutcomes(rows), clock)
}

const count = async () => ++runs
const ask = (key: string, execute: () => Promise<unknown> = count, fingerprint = 'f') =>
  once.run({ key, holder: 'h', fingerprint, keepMs: 1000 }, execute)

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
      once.run({ key: 'a', holder: 'h', fingerprint: 'f', keepMs: 1000, repeatMs: 100 }, execute)

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

    describe('on a thing', () => {
      const edit = (key: string, execute: () => Promise<unknown>) =>
        once.run({ key, holder: 'h', fingerprint: key, keepMs: 1000, repeatMs: 100, thing: 'message 1' }, execute)

      it('tries again while nothing else was begun on it, also after the end of the process', async () => {
        await expect(edit('a', unknown)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
        restart()
        expect(await edit('a', count)).toBe(2)
      })

      it('tries no more what would undo a later one', async () => {
        await expect(edit('a', unknown)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
        expect(await edit('b', count)).toBe(2)
        restart()
        await expect(edit('a', count)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
        expect(runs).toBe(2)
      })

      it('tries again where the later one was not done', async () => {
        await expect(edit('a', unknown)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
        const limited = () => Promise.reject(new LinkError('RATE_LIMITED', 'later'))
        await expect(edit('b', limited)).rejects.toMatchObject({ code: 'RATE_LIMITED' })
        expect(await edit('a', count)).toBe(2)
      })

      it('tries no more where yet another was begun before the later one was not done', async () => {
        await expect(edit('a', unknown)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
        const gate = Promise.withResolvers<never>()
        const second = edit('b', () => gate.promise)
        expect(await edit('c', count)).toBe(2)
        gate.reject(new LinkError('RATE_LIMITED', 'later'))
        await expect(second).rejects.toMatchObject({ code: 'RATE_LIMITED' })
        await expect(edit('a', count)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
        expect(runs).toBe(2)
      })

      it('tries no more over one that nobody can ask for again', async () => {
        await expect(edit('a', unknown)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
        const unasked = { key: 'z', holder: 'h', fingerprint: 'z', keepMs: 1000, thing: 'message 1' }
        expect(await once.runUnasked(unasked, count)).toBe(2)
        restart()
        await expect(edit('a', count)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
        expect(runs).toBe(2)
      })
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

  it('after an exception that is no answer nobody knows what was done', async () => {
    await expect(ask('a', () => Promise.reject(new TypeError('bug')))).rejects.toThrow(TypeError)
    await expect(ask('a')).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    expect(runs).toBe(0)
  })

  describe('over the end of the process', () => {
    const options = { key: 'a', holder: 'h', fingerprint: 'f', keepMs: 1000, repeatMs: 100 }
    /** It does the thing, and the process ends before it hears of it. */
    const crashes = () => {
      runs++
      return new Promise<never>(() => {})
    }
    const crash = (of: Partial<typeof options> = {}) => {
      void once.run({ ...options, ...of }, crashes)
      restart()
    }

    it('what was answered is answered again', async () => {
      expect(await ask('a')).toBe(1)
      await expect(
        ask('b', () =>
          Promise.reject(new LinkError('MISSING_PERMISSIONS', 'no', { discordCode: 50_013, status: 403 })),
        ),
      ).rejects.toThrow('no')
      restart()
      expect(await ask('a')).toBe(1)
      await expect(ask('b')).rejects.toMatchObject({ code: 'MISSING_PERMISSIONS', discordCode: 50_013, message: 'no' })
      await expect(ask('a', count, 'other')).rejects.toMatchObject({ code: 'INVALID_MESSAGE' })
      expect(runs).toBe(1)
    })

    it('before it was begun: it is done', async () => {
      restart()
      expect(await ask('a')).toBe(1)
    })

    it('what was begun and is guarded is done again, for as long as it is, and is told so', async () => {
      crash()
      now = 99
      const repeated: boolean[] = []
      const again = async (isRepeat: boolean) => {
        repeated.push(isRepeat)
        return ++runs
      }
      expect(await once.run(options, again)).toBe(2)
      expect(repeated).toEqual([true])
      restart()
      expect(await once.run(options, again)).toBe(2)
    })

    it('what was begun and is guarded no more is looked up, and else unknown: never done again', async () => {
      crash()
      now = 100
      const asked: number[] = []
      const lookUp = async (begunAt: number) => {
        asked.push(begunAt)
        return { found: true }
      }
      expect(await once.run({ ...options, lookUp }, count)).toEqual({ found: true })
      expect(asked).toEqual([0])
      restart()
      expect(await once.run(options, count)).toEqual({ found: true })
      expect(runs).toBe(1)

      crash({ key: 'b' })
      now = 300
      await expect(once.run({ ...options, key: 'b' }, count)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
      expect(runs).toBe(2)
    })

    it('what was done and crashed before it was written down is not called undone by what cannot do it now', async () => {
      crash()
      const limited = () => Promise.reject(new LinkError('RATE_LIMITED', 'later'))
      await expect(once.run(options, limited)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    })
  })

  it('what cannot be written down is not begun; what is done is answered all the same', async () => {
    let full = true
    const unkept: unknown[] = []
    const kept = rows
    const filling: Expiring = {
      ...kept,
      set: (...row) => {
        if (full) throw new Error('database or disk is full')
        kept.set(...row)
      },
    }
    once = new Once(new StoredOutcomes(filling), clock, (error) => unkept.push(error))
    await expect(ask('a')).rejects.toMatchObject({ code: 'INTERNAL_ERROR', retryable: true })
    expect(runs).toBe(0)
    full = false
    const fills = async () => {
      full = true
      return ++runs
    }
    expect(await ask('b', fills)).toBe(1)
    expect(unkept).toHaveLength(2)
    full = false
    restart()
    await expect(ask('b')).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
  })
})
