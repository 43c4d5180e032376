import fc from 'fast-check'
import { LinkError } from '@repo/discord-integration/types'
import { describe, expect, it } from 'vitest'
import { Breaker } from '../src/commands/breaker.ts'
import { DiscordApi } from '../src/commands/discord-api.ts'
import { FairShare } from '../src/commands/fair-share.ts'
import { Lanes } from '../src/commands/lanes.ts'
import { answerJson, fakeDiscord, fakeSocket } from './helpers.ts'

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof LinkError ? error.code : error),
  )

describe('the breaker', () => {
  const clock = () => {
    const time = { now: 1_000_000 }
    return { time, breaker: new Breaker(() => time.now) }
  }

  it('opens long before Discord bans, and closes as the refusals grow old', () => {
    const { time, breaker } = clock()
    for (let index = 0; index < 499; index += 1) breaker.answered(index % 2 === 0 ? 403 : 429, null)
    expect(breaker.waitMs()).toBe(0)
    breaker.answered(403, null)
    expect(breaker.waitMs()).toBeGreaterThan(590_000)
    time.now += breaker.waitMs()
    expect(breaker.waitMs()).toBe(0)
  })

  it('counts what Discord counts: no success, no other refusal, no limit of a shared resource', () => {
    const { breaker } = clock()
    for (let index = 0; index < 2_000; index += 1) {
      breaker.answered(200, null)
      breaker.answered(404, null)
      breaker.answered(500, null)
      breaker.answered(429, 'shared')
    }
    expect(breaker.waitMs()).toBe(0)
  })

  it('a token that Discord does not know is asked about twice a minute', () => {
    const { time, breaker } = clock()
    for (const _time of [1, 2]) breaker.answered(401, null)
    expect(breaker.waitMs()).toBe(0)
    breaker.answered(401, null)
    expect(breaker.waitMs()).toBe(30_000)
    time.now += 30_000
    expect(breaker.waitMs()).toBe(0)
    breaker.answered(401, null)
    expect(breaker.waitMs()).toBe(30_000)
    breaker.answered(200, null)
    expect(breaker.waitMs()).toBe(0)
  })

  it('keeps what would be refused again from being sent, for every command, and says how long', async () => {
    await using discord = await fakeDiscord((_request, response) =>
      answerJson(response, 401, { message: '401: Unauthorized', code: 0 }),
    )
    const api = new DiscordApi({ token: 't', apiUrl: discord.apiUrl })
    const call = () =>
      api.call({ action: 'look', repeatable: 'no' }, (rest, signal) => rest.get('/users/@me', { signal }))
    for (const _time of [1, 2, 3]) await expect(call()).rejects.toMatchObject({ status: 401 })
    const refused = await call().catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'RATE_LIMITED', retryable: true })
    expect((refused as LinkError).retryAfter).toBeGreaterThan(10)
    expect((refused as LinkError).retryAfter).toBeLessThanOrEqual(30)
    expect(discord.requests).toHaveLength(3)
  })

  it('whoever asks when it lets them is never refused a tenth of what a ban takes', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20_000), { maxLength: 3_000 }), (pauses) => {
        const { time, breaker } = clock()
        const refused: number[] = []
        for (const pause of pauses) {
          time.now += pause
          if (breaker.waitMs() > 0) continue
          breaker.answered(403, null)
          refused.push(time.now)
        }
        const within = refused.filter((at) => at > time.now - 600_000)
        expect(within.length).toBeLessThan(1_000)
      }),
      { numRuns: 30 },
    )
  })
})

describe('lanes', () => {
  it('what is of one channel is done in order, one at a time, and others go past', async () => {
    const lanes = new Lanes()
    const done: string[] = []
    const gate = Promise.withResolvers<void>()
    const later = Date.now() + 60_000
    const first = lanes.run('a', later, async () => {
      await gate.promise
      done.push('a1')
    })
    const second = lanes.run('a', later, async () => void done.push('a2'))
    await lanes.run('b', later, async () => void done.push('b1'))
    expect(done).toEqual(['b1'])
    gate.resolve()
    await Promise.all([first, second])
    expect(done).toEqual(['b1', 'a1', 'a2'])
  })

  it('one that fails does not hold the next', async () => {
    const lanes = new Lanes()
    const later = Date.now() + 60_000
    const failing = lanes.run('a', later, () => Promise.reject(new Error('no')))
    const next = lanes.run('a', later, async () => 'done')
    await expect(failing).rejects.toThrow('no')
    expect(await next).toBe('done')
  })

  it('what cannot be done in time, or waits behind too many, is refused undone', async () => {
    let now = 0
    const lanes = new Lanes(() => now)
    const gate = Promise.withResolvers<void>()
    let begun = 0
    const first = lanes.run('a', 8_000, () => gate.promise)
    const waiting = Array.from({ length: 63 }, () => codeOf(lanes.run('a', 8_000, async () => (begun += 1))))
    await expect(lanes.run('a', 8_000, async () => (begun += 1))).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      retryable: true,
      retryAfter: expect.any(Number),
    })
    now = 7_900
    gate.resolve()
    await first
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['RATE_LIMITED']))
    expect(begun).toBe(0)
    expect(await lanes.run('a', 20_000, async () => 'free again')).toBe('free again')
  })
})

describe('the share of the socket', () => {
  it('one that says much leaves the others their part', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.array(fc.nat(7), { maxLength: 400 }), (backends, asks) => {
        const share = new FairShare({ backends: () => backends, now: () => 0 })
        const got = new Map<string, number>()
        for (const ask of asks) {
          const id = String(ask % backends)
          if (share.waitMs(id) > 0) continue
          share.take(id)
          got.set(id, (got.get(id) ?? 0) + 1)
        }
        const total = [...got.values()].reduce((sum, count) => sum + count, 0)
        expect(total).toBeLessThanOrEqual(114)
        // Whoever comes last still has what was promised.
        const promised = Math.floor(57 / backends)
        for (let id = 0; id < backends; id += 1) {
          while ((got.get(String(id)) ?? 0) < promised) {
            expect(share.waitMs(String(id))).toBe(0)
            share.take(String(id))
            got.set(String(id), (got.get(String(id)) ?? 0) + 1)
          }
        }
      }),
      { numRuns: 100 },
    )
  })

  it('alone it has all of it, and again when the minute is over', () => {
    let now = 0
    const share = new FairShare({ backends: () => 1, now: () => now })
    for (let index = 0; index < 114; index += 1) {
      expect(share.waitMs('a')).toBe(0)
      share.take('a')
    }
    expect(share.waitMs('a')).toBe(60_000)
    now = 60_000
    expect(share.waitMs('a')).toBe(0)
  })
})

describe('the bot’s own socket', () => {
  const ask = { guildId: '1', payload: { op: 4 } as never, action: 'join', backendId: 'b', listen: () => undefined }

  it('without a session nothing is said', async () => {
    const { socket, said } = fakeSocket({ waitMs: () => null })
    expect(await codeOf(socket.ask({ ...ask, deadlineAt: Date.now() + 1_000 }))).toBe('DISCORD_UNAVAILABLE')
    expect(said).toEqual([])
  })

  it('what would wait past its deadline is refused with how long it would', async () => {
    const { socket, said } = fakeSocket({ waitMs: () => 20_000 })
    const asked = socket.ask({ ...ask, deadlineAt: Date.now() + 1_000 })
    await expect(asked).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfter: 20 })
    expect(said).toEqual([])
  })

  it('what is beyond a backend’s share of the minute is refused with how long it is, and not said', async () => {
    const { socket, said } = fakeSocket({ backends: () => 2, now: () => 0 })
    const answered = (backendId: string) => {
      const asked = socket.ask({ ...ask, backendId, listen: () => true, deadlineAt: 8_000 })
      socket.hear({ type: 'VOICE_STATE_UPDATE', data: {} } as never)
      return asked
    }
    // All but what the other is promised: half of the 114, in two equal parts.
    for (let time = 0; time < 114 - 28; time++) await answered('one')
    await expect(answered('one')).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfter: 60 })
    for (let time = 0; time < 28; time++) await answered('other')
    await expect(answered('other')).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfter: 60 })
    expect(said).toHaveLength(114)
  })

  it('what Discord does not show in time may or may not be done', async () => {
    const { socket, said } = fakeSocket()
    expect(await codeOf(socket.ask({ ...ask, deadlineAt: Date.now() + 20 }))).toBe('OUTCOME_UNKNOWN')
    expect(said).toHaveLength(1)
  })
})
