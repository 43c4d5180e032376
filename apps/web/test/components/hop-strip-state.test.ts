import { describe, expect, test } from 'vitest'
import type { HopReport } from '../../src/hop-report.ts'
import { clockTime } from '../../src/live/format.ts'
import type { StreamStatus } from '../../src/live/stream/stream-types.ts'
import { hopStrip, nextTry, type HopStripInput } from '../../src/components/hops/hop-strip-state.ts'
import { AT } from '../live/fixtures.ts'

const live: StreamStatus = { phase: 'live', since: AT, attempt: 0, nextAttemptAt: null }
const well: HopReport = {
  ts: AT,
  by: 'web',
  discord: { state: 'connected', since: AT, pingMs: 38, detail: null, clockMs: null, shards: [] },
  gateway: { state: 'connected', since: AT, rttMs: 0.61, clockMs: null, attempt: null, nextAttemptAt: null },
}
const away: HopReport = {
  ...well,
  discord: { ...well.discord, state: 'unknown', since: AT - 60_000, pingMs: null },
  gateway: { state: 'reconnecting', since: AT, rttMs: null, clockMs: null, attempt: 3, nextAttemptAt: AT + 4_000 },
}

const took = { gateway: 11.4, web: 0.61, browser: 5.1, total: { p50: 17, p99: 41 } }
const unmeasured = { gateway: null, web: null, browser: null, total: null }

const show = (input: Partial<HopStripInput>) => {
  const all = { report: well, reportAt: AT, status: live, took, lateMs: null, caughtUp: 0, now: AT, ...input }
  const { stations, total } = hopStrip(all)
  return { total, says: stations.map(({ state, word, figure, line }) => [state, word, figure, line].join('|')) }
}

describe('what the strip says', () => {
  test('all is well: figures where there are some, and none made up', () => {
    const { says, total } = show({})
    expect(says).toEqual([
      'connected|connected|ping 38 ms|connected',
      'connected|connected|+11.4 ms|connected',
      'connected|connected|+0.6 ms|connected',
      'connected|connected|+5.1 ms|',
    ])
    expect(total).toEqual({ head: '17 ms', sub: 'end to end, p99 41 ms', line: '17 ms end to end' })
  })

  test('what is not known is a dash', () => {
    const report: HopReport = { ...well, discord: { ...well.discord, pingMs: null } }
    const { says, total } = show({ report, took: unmeasured })
    expect(says).toEqual([
      'connected|connected|–|connected',
      'connected|connected|–|connected',
      'connected|connected|–|connected',
      'connected|connected|–|',
    ])
    expect(total).toEqual({ head: '–', sub: 'end to end', line: '– end to end' })
    expect(show({ took: { ...took, total: { p50: 12_345, p99: null } } }).total).toEqual({
      head: '12.3 s',
      sub: 'end to end',
      line: '12.3 s end to end',
    })
  })

  test('gateway away: what lies beyond the break is last known', () => {
    const { says, total } = show({ report: away })
    expect(says[0]).toBe(`stale|last known|${clockTime(AT - 60_000, 'seconds')}|stale`)
    expect(says.slice(1)).toEqual([
      'waiting|reconnecting|try 3|waiting',
      'connected|connected|+0.6 ms|connected',
      'connected|connected|+5.1 ms|',
    ])
    expect(total?.sub).toBe('next try in 4 s')
  })

  test('a gateway that is away is believed over what it last said of Discord', () => {
    const { says } = show({ report: { ...well, gateway: away.gateway } })
    expect(says[0]).toMatch(/^stale/u)
  })

  test('nothing was ever known of Discord, and the first try has no number', () => {
    const report: HopReport = {
      ...away,
      discord: { ...away.discord, since: null },
      gateway: { ...away.gateway, attempt: 0 },
    }
    const { says } = show({ report })
    expect(says[0]).toBe('stale|not known yet||stale')
    expect(says[1]).toBe('waiting|reconnecting||waiting')
  })

  test('Discord down: a cross, and where', () => {
    const discord = { ...well.discord, state: 'down' as const, since: AT, pingMs: null, detail: 'shard 2 of 4' }
    const report: HopReport = { ...well, discord }
    expect(show({ report }).says[0]).toBe('down|down|shard 2 of 4|down')
  })

  test('this browser cut off: nothing beyond it is claimed', () => {
    const status: StreamStatus = { phase: 'reconnecting', since: AT, attempt: 2, nextAttemptAt: AT + 2_000 }
    const { says, total } = show({ status })
    expect(says.map((each) => each.split('|')[0])).toEqual(['stale', 'stale', 'stale', 'waiting'])
    expect(says[3]).toBe('waiting|reconnecting|try 2|')
    expect(total?.sub).toBe('next try in 2 s')
  })

  test('before the first word nothing is known', () => {
    const status: StreamStatus = { phase: 'opening', since: AT, attempt: 0, nextAttemptAt: null }
    const { says } = show({ status, report: null, reportAt: null })
    expect(says[0]).toBe('stale|not known yet||stale')
    expect(says[3]).toBe('waiting|connecting||')
  })

  test('catching up and slow are this browser’s', () => {
    expect(show({ status: { ...live, phase: 'catching-up' }, caughtUp: 14 }).says[3]).toBe(
      'catching|catching up|14 so far|',
    )
    expect(show({ lateMs: 1_840 }).says[3]).toBe('slow|slow|+1,840 ms|')
  })

  test('a server that one may not see is no fault of the way: nothing is down, and nothing is awaited', () => {
    expect(show({ status: { ...live, phase: 'no-access' }, report: null, reportAt: null }).says).toEqual([
      'stale|not known||stale',
      'stale|not known||stale',
      'stale|not known||stale',
      'stale|no access||',
    ])
  })

  test('signed out', () => {
    expect(show({ status: { ...live, phase: 'signed-out' }, report: null }).says[3]).toBe('down|down|signed out|')
  })
})

test('the next try counts down and then is now', () => {
  expect([4_000, 3_001, 1, 0, -500].map((ms) => nextTry(AT + ms, AT))).toEqual([
    'next try in 4 s',
    'next try in 4 s',
    'next try in 1 s',
    'trying now',
    'trying now',
  ])
})
