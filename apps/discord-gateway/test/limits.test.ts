import fc from 'fast-check'
import type { LinkError } from '@repo/discord-integration/types'
import { describe, expect, it, vi } from 'vitest'
import { Breaker, BreakerOpen } from '../src/commands/breaker.ts'
import { DiscordApi } from '../src/commands/discord-api.ts'
import { FairShare } from '../src/commands/fair-share.ts'
import { answerJson, codeOf, fakeDiscord, fakeSocket, type Answer } from './helpers.ts'

describe('the breaker', () => {
  const clock = () => {
    const time = { now: 1_000_000 }
    const breaker = new Breaker(() => time.now)
    const answered = (status: number, backendId: string | null = null, scope: string | null = null) =>
      breaker.begin(backendId)({ status, scope })
    return { time, breaker, answered }
  }
  const answer401: Answer = (_request, response) => answerJson(response, 401, { message: '401: Unauthorized', code: 0 })
  const look = (api: DiscordApi, id = 'one') =>
    // Urgent: not held up by the global limit.
    api.call({ action: 'look', repeatable: 'no', backend: { id }, urgent: true }, (rest, signal) =>
      rest.get(`/users/${id}`, { signal }),
    )

  it('opens long before Discord bans, and closes as the refusals grow old', () => {
    const { time, breaker, answered } = clock()
    for (let index = 0; index < 499; index += 1) answered(index % 2 === 0 ? 403 : 429)
    expect(breaker.waitMs(null)).toBe(0)
    answered(403)
    expect(breaker.waitMs(null)).toBeGreaterThan(590_000)
    expect(() => breaker.begin('one')).toThrow(BreakerOpen)
    time.now += breaker.waitMs(null)
    expect(breaker.waitMs(null)).toBe(0)
  })

  it('one backend that is refused all the time waits alone', () => {
    const { time, breaker, answered } = clock()
    const refusedUntilItWaits = (id: string) => {
      let times = 0
      for (; breaker.waitMs(id) === 0; times += 1) answered(403, id)
      return times
    }
    expect(refusedUntilItWaits('one')).toBe(250)
    expect(breaker.waitMs('one')).toBeGreaterThan(590_000)
    for (const id of ['another', null]) expect(breaker.waitMs(id)).toBe(0)
    // However many they are, each leaves half of what there is.
    expect(['two', 'three', 'four'].map(refusedUntilItWaits)).toEqual([125, 63, 31])
    for (const id of ['another', null]) expect(breaker.waitMs(id)).toBe(0)
    time.now += breaker.waitMs('one')
    expect(breaker.waitMs('one')).toBe(0)
  })

  it('knows whose a call to Discord is', async () => {
    await using discord = await fakeDiscord((_request, response) =>
      answerJson(response, 403, { message: 'Missing Access', code: 50_001 }),
    )
    const api = new DiscordApi({ token: 't', apiUrl: discord.apiUrl })
    let refused = 0
    while ((await codeOf(look(api))) === 'MISSING_ACCESS') refused += 1
    expect(refused).toBe(250)
    expect(await codeOf(look(api))).toBe('RATE_LIMITED')
    expect(await codeOf(look(api, 'another'))).toBe('MISSING_ACCESS')
  })

  it('counts what Discord counts: no success, no other refusal, no limit of a shared resource', () => {
    const { breaker, answered } = clock()
    for (let index = 0; index < 2_000; index += 1) {
      answered(200)
      answered(404)
      answered(500)
      answered(429, null, 'shared')
    }
    expect(breaker.waitMs(null)).toBe(0)
  })

  it('a token that Discord does not know is asked about twice a minute', () => {
    const { time, breaker, answered } = clock()
    for (const _time of [1, 2]) answered(401)
    expect(breaker.waitMs(null)).toBe(0)
    answered(401)
    expect(breaker.waitMs(null)).toBe(30_000)
    time.now += 30_000
    expect(breaker.waitMs(null)).toBe(0)
    answered(401)
    expect(breaker.waitMs(null)).toBe(30_000)
    time.now += 30_000
    // Of the token that says nothing.
    answered(500)
    expect(breaker.waitMs(null)).toBe(0)
    answered(401)
    expect(breaker.waitMs(null)).toBe(30_000)
    time.now += 30_000
    answered(200)
    expect(breaker.waitMs(null)).toBe(0)
  })

  it('one request alone asks whether Discord knows the token again, until it is answered', () => {
    const { time, breaker, answered } = clock()
    for (const _time of [1, 2, 3]) answered(401)
    time.now += 30_000
    for (const answer of [null, { status: 401, scope: null }, { status: 200, scope: null }]) {
      const ended = breaker.begin('one')
      for (const id of ['one', 'another', null]) expect(() => breaker.begin(id)).toThrow(BreakerOpen)
      expect(breaker.waitMs('another')).toBe(1_000)
      ended(answer)
      time.now += breaker.waitMs(null)
    }
    const open = ['one', 'another', null].map((id) => breaker.begin(id))
    expect(open).toHaveLength(3)
  })

  it('of all that waits only one reaches Discord when the half minute is over, also where it gives no answer', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      let answer: Answer = answer401
      await using discord = await fakeDiscord((...call) => answer(...call))
      const api = new DiscordApi({ token: 't', apiUrl: discord.apiUrl })
      for (const _time of [1, 2, 3]) await expect(look(api)).rejects.toMatchObject({ status: 401 })
      const all = () => Promise.all(Array.from({ length: 20 }, (_, index) => codeOf(look(api, `${index}`))))
      vi.setSystemTime(Date.now() + 30_000)
      answer = (_request, response) => response.destroy()
      expect((await all()).filter((code) => code !== 'RATE_LIMITED')).toEqual(['OUTCOME_UNKNOWN'])
      answer = answer401
      expect((await all()).filter((code) => code !== 'RATE_LIMITED')).toEqual(['DISCORD_UNAUTHORIZED'])
      expect(discord.requests).toHaveLength(5)
    } finally {
      vi.useRealTimers()
    }
  })

  it('of hundreds at once that are refused, those that wait for their turn are not sent any more', async () => {
    await using discord = await fakeDiscord(answer401)
    const api = new DiscordApi({ token: 't', apiUrl: discord.apiUrl })
    const asked = Array.from({ length: 300 }, (_, n) =>
      codeOf(
        api.call({ action: 'look', repeatable: 'no', backend: { id: `${n % 3}` } }, (rest, signal) =>
          rest.get(`/users/${n}`, { signal }),
        ),
      ),
    )
    const codes = await Promise.all(asked)
    expect(discord.requests.length).toBeLessThanOrEqual(50)
    expect(new Set(codes)).toEqual(new Set(['DISCORD_UNAUTHORIZED', 'RATE_LIMITED']))
  })

  it('keeps what would be refused again from being sent, for every command, and says how long', async () => {
    await using discord = await fakeDiscord(answer401)
    const api = new DiscordApi({ token: 't', apiUrl: discord.apiUrl })
    for (const _time of [1, 2, 3]) await expect(look(api)).rejects.toMatchObject({ status: 401 })
    const refused = await look(api, 'another').catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'RATE_LIMITED', retryable: true })
    expect((refused as LinkError).retryAfter).toBeGreaterThan(10)
    expect((refused as LinkError).retryAfter).toBeLessThanOrEqual(30)
    expect(discord.requests).toHaveLength(3)
  })

  it('whoever asks when it lets them is never refused a tenth of what a ban takes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(20_000), fc.nat(5)), { maxLength: 3_000 }), (asks) => {
        const { time, breaker, answered } = clock()
        const refused: number[] = []
        for (const [pause, who] of asks) {
          time.now += pause
          const id = who === 5 ? null : String(who)
          if (breaker.waitMs(id) > 0) continue
          answered(403, id)
          refused.push(time.now)
        }
        const within = refused.filter((at) => at > time.now - 600_000)
        expect(within.length).toBeLessThan(1_000)
      }),
      { numRuns: 30 },
    )
  })
})

describe('the share of the socket', () => {
  const idsOf = (count: number) => Array.from({ length: count }, (_, index) => String(index))

  it('one that says much leaves the others their part', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 120 }), fc.array(fc.nat(119), { maxLength: 400 }), (backends, asks) => {
        const ids = idsOf(backends)
        const share = new FairShare({ backends: () => ids, now: () => 0 })
        const got = new Map<string, number>()
        const take = (id: string) => {
          share.take(id)
          got.set(id, (got.get(id) ?? 0) + 1)
        }
        for (const ask of asks) {
          const id = String(ask % backends)
          if (share.waitMs(id) === 0) take(id)
        }
        // Whoever comes last still has what was promised: something, as far as there is enough for each.
        const promised = backends > 114 ? 0 : Math.max(1, Math.floor(57 / backends))
        for (const id of ids) {
          while ((got.get(id) ?? 0) < promised) {
            expect(share.waitMs(id)).toBe(0)
            take(id)
          }
        }
        expect([...got.values()].reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(114)
      }),
      { numRuns: 100 },
    )
  })

  it('of sixty that are connected the last has its part too, when the first takes all that it gets', () => {
    const share = new FairShare({ backends: () => idsOf(60), now: () => 0 })
    let taken = 0
    for (; share.waitMs('0') === 0; taken += 1) share.take('0')
    expect(taken).toBe(114 - 59)
    for (const id of idsOf(60).slice(1)) {
      expect(share.waitMs(id)).toBe(0)
      share.take(id)
    }
    expect(share.waitMs('1')).toBe(60_000)
  })

  it('nothing is kept for those that are not connected, and what is said never goes beyond the minute’s', () => {
    let connected = ['one']
    const share = new FairShare({ backends: () => connected, now: () => 0 })
    for (let index = 0; index < 114; index += 1) {
      expect(share.waitMs('one')).toBe(0)
      share.take('one')
    }
    connected = ['one', 'one', 'late']
    expect(share.waitMs('late')).toBe(60_000)
  })

  it('says when there is room, not when what another will have back grows old', () => {
    let now = 0
    const share = new FairShare({ backends: () => ['one', 'other'], now: () => now })
    share.take('other')
    now = 1_000
    while (share.waitMs('one') === 0) share.take('one')
    expect(share.waitMs('one')).toBe(60_000)
    now += share.waitMs('one')
    expect(share.waitMs('one')).toBe(0)
  })

  it('alone it has all of it, and again when the minute is over', () => {
    let now = 0
    const share = new FairShare({ backends: () => ['a'], now: () => now })
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
    const { socket, said } = fakeSocket({ backends: () => ['one', 'other'], now: () => 0 })
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

  it('each shard’s has a minute of its own', async () => {
    const { socket, said } = fakeSocket({ shardOf: (guildId) => Number(guildId) % 2, now: () => 0 })
    const answered = (guildId: string) => {
      const asked = socket.ask({ ...ask, guildId, listen: () => true, deadlineAt: 8_000 })
      socket.hear({ type: 'VOICE_STATE_UPDATE', data: {} } as never)
      return asked
    }
    for (let time = 0; time < 114; time++) await answered('1')
    await expect(answered('3')).rejects.toMatchObject({ code: 'RATE_LIMITED' })
    for (let time = 0; time < 114; time++) await answered('2')
    await expect(answered('4')).rejects.toMatchObject({ code: 'RATE_LIMITED' })
    expect(said).toHaveLength(228)
  })

  it('with too little time left to show it nothing is said', async () => {
    const { socket, said } = fakeSocket({ now: () => 0 })
    expect(await codeOf(socket.ask({ ...ask, deadlineAt: 999 }))).toBe('RATE_LIMITED')
    expect(said).toEqual([])
  })

  it('what Discord does not show in time may or may not be done', async () => {
    const { socket, said } = fakeSocket()
    expect(await codeOf(socket.ask({ ...ask, deadlineAt: Date.now() + 1_020 }))).toBe('OUTCOME_UNKNOWN')
    expect(said).toHaveLength(1)
  })
})
