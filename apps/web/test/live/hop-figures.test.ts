import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byOneClock, hopsOf, type Hops } from '../../src/live/hops/event-times.ts'
import { HopMeter } from '../../src/live/hops/hop-figures.ts'
import { sentAt } from '../../src/live/hops/sent-at.ts'

describe('when Discord made it', () => {
  it.each([
    ['MESSAGE_CREATE', { id: '175928847299117063' }, 1_462_015_105_796],
    [
      'MESSAGE_UPDATE',
      { id: '175928847299117063', edited_timestamp: '2026-11-20T14:07:31.187000+00:00' },
      1_795_183_651_187,
    ],
    ['GUILD_MEMBER_ADD', { joined_at: '2026-11-20T14:07:31.187Z' }, 1_795_183_651_187],
    ['THREAD_CREATE', { id: '175928847299117063', newly_created: true }, 1_462_015_105_796],
  ])('%s', (event, payload, at) => {
    expect(sentAt(event, payload)).toBe(at)
  })

  it.each([
    ['an embed that was loaded', 'MESSAGE_UPDATE', { id: '175928847299117063', edited_timestamp: null }],
    ['a thread that was there before', 'THREAD_CREATE', { id: '175928847299117063' }],
    ['what says no time', 'VOICE_STATE_UPDATE', { user_id: '1' }],
    ['a time to the second', 'TYPING_START', { timestamp: 1_764_000_000 }],
    ['no id', 'MESSAGE_CREATE', { id: 5 }],
    ['no payload', 'MESSAGE_CREATE', null],
  ])('is not known of %s', (_name, event, payload) => {
    expect(sentAt(event, payload)).toBeNull()
  })
})

describe('an event’s way', () => {
  it('is told by this browser’s clock, whatever the others show', () => {
    const ms = fc.integer({ min: -3_600_000, max: 3_600_000 })
    const hop = fc.integer({ min: 0, max: 5_000 })
    fc.assert(
      fc.property(ms, ms, ms, hop, hop, hop, (discordOff, gatewayOff, webOff, first, second, third) => {
        const sent = 1_795_000_000_000
        const clocks = {
          discordFromGateway: discordOff - gatewayOff,
          gatewayFromWeb: gatewayOff - webOff,
          webFromBrowser: webOff,
        }
        const own = {
          discord: sent + discordOff,
          gateway: sent + first + gatewayOff,
          web: sent + first + second + webOff,
          browser: sent + first + second + third,
        }
        const times = byOneClock(own, clocks)
        expect(times.discord).toBe(sent)
        expect(hopsOf(times)).toEqual({ gateway: first, web: second, browser: third, total: first + second + third })
      }),
    )
  })

  it('is not known where a clock on it is not', () => {
    const own = { discord: 10, gateway: 20, web: 30, browser: 40 }
    const times = byOneClock(own, { discordFromGateway: null, gatewayFromWeb: 0, webFromBrowser: 0 })
    expect(hopsOf(times)).toEqual({ gateway: null, web: 10, browser: 10, total: null })
    const none = byOneClock(own, { discordFromGateway: 0, gatewayFromWeb: 0, webFromBrowser: null })
    expect(hopsOf(none)).toEqual({ gateway: null, web: null, browser: null, total: null })
  })

  it('never takes less than no time', () => {
    expect(hopsOf({ discord: 10, gateway: 9, web: 9, browser: 12 })).toEqual({
      gateway: 0,
      web: 0,
      browser: 3,
      total: 2,
    })
  })
})

describe('where an event seems to be there before it was sent', () => {
  it('is not known how long that took, nor the whole way', () => {
    expect(hopsOf({ discord: 10, gateway: 12, web: 40, browser: 20 })).toEqual({
      gateway: 2,
      web: 28,
      browser: null,
      total: null,
    })
    const measured: Hops[] = []
    const meter = new HopMeter((hops) => measured.push(hops))
    meter.add({ discord: 10, gateway: 12, web: 40, browser: 20 })
    expect(measured).toMatchObject([{ browser: null, total: null }])
    expect(meter.figures(21).total).toBeNull()
  })
})

describe('the figures', () => {
  const at = (total: number, browser = 1_000_000) => ({
    discord: browser - total,
    gateway: browser - total / 2,
    web: browser - total / 4,
    browser,
  })

  it('are medians, each of what said it', () => {
    const meter = new HopMeter()
    for (const total of [8, 4, 400]) meter.add(at(total))
    meter.add({ discord: null, gateway: 999_998, web: 999_999, browser: 1_000_000 })
    expect(meter.figures(1_000_000)).toEqual({ gateway: 4, web: 1, browser: 1, total: { p50: 8, p99: null } })
  })

  it('tell the slowest hundredth once there is one', () => {
    const meter = new HopMeter()
    for (let total = 1; total <= 100; total += 1) meter.add(at(total))
    expect(meter.figures(1_000_000).total).toEqual({ p50: 50, p99: 99 })
  })

  it('forget what is long ago, and all but the last thousand', () => {
    const meter = new HopMeter()
    for (let index = 0; index < 3_000; index += 1) meter.add(at(index < 2_000 ? 1_000 : 10))
    expect(meter.figures(1_000_000).total).toEqual({ p50: 10, p99: 10 })
    expect(meter.figures(1_000_000 + 5 * 60_000).total).toBeNull()
  })

  it('say nothing of what nobody measured', () => {
    const meter = new HopMeter()
    meter.add({ discord: 1, gateway: null, web: null, browser: 5 })
    expect(meter.figures(5)).toEqual({ gateway: null, web: null, browser: null, total: null })
  })
})
