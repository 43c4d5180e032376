import { describe, expect, it } from 'vitest'
import { Heartbeat } from '../../../src/clients/shard/heartbeat.ts'
import { ManualTimers } from '../helpers/manual-timers.ts'

function start(random = 0.25, intervalMs = 40_000) {
  const timers = new ManualTimers()
  const seen: string[] = []
  const heartbeat = new Heartbeat({
    timers,
    random: () => random,
    send: () => seen.push('beat'),
    zombie: () => seen.push('zombie'),
  })
  heartbeat.start(intervalMs)
  return { timers, seen, heartbeat }
}

describe('Heartbeat', () => {
  it('beats first after interval × random, then every interval', () => {
    const { timers, seen, heartbeat } = start()
    timers.advance(9_999)
    expect(seen).toEqual([])
    timers.advance(1)
    expect(seen).toEqual(['beat'])
    heartbeat.acknowledge()
    timers.advance(40_000)
    expect(seen).toEqual(['beat', 'beat'])
  })

  it('calls the connection a zombie when a beat is due and the last was not acknowledged', () => {
    const { timers, seen } = start()
    timers.advance(10_000 + 39_999)
    expect(seen).toEqual(['beat'])
    timers.advance(1)
    expect(seen).toEqual(['beat', 'zombie'])
    timers.advance(400_000)
    expect(seen).toEqual(['beat', 'zombie'])
  })

  it('answers a request at once, which is no zombie when a beat is due right after it', () => {
    const { timers, seen, heartbeat } = start()
    timers.advance(10_000)
    heartbeat.acknowledge()
    timers.advance(39_999)
    heartbeat.requested()
    timers.advance(1)
    expect(seen).toEqual(['beat', 'beat', 'beat'])
  })

  it('beats on while the socket is paused, and excuses what could not be read', () => {
    const { timers, seen, heartbeat } = start()
    timers.advance(10_000)
    heartbeat.pause()
    timers.advance(120_000)
    expect(seen).toEqual(['beat', 'beat', 'beat', 'beat'])
    heartbeat.resume()
    timers.advance(40_000)
    expect(seen.at(-1)).toBe('beat')
    timers.advance(40_000)
    expect(seen.at(-1)).toBe('zombie')
  })

  it('measures the round trip, and not while paused', () => {
    const { timers, heartbeat } = start()
    expect(heartbeat.pingMs).toBeNull()
    timers.advance(10_000)
    timers.advance(35)
    heartbeat.acknowledge()
    expect(heartbeat.pingMs).toBe(35)
    heartbeat.pause()
    timers.advance(40_000)
    heartbeat.acknowledge()
    expect(heartbeat.pingMs).toBe(35)
  })

  it.each([
    [1e-9, 100],
    [1e300, 600_000],
  ])('takes an interval of %d ms for one of %d', (said, used) => {
    expect(start(1, said).timers.delays).toEqual([used])
  })

  it('is silent once stopped', () => {
    const { timers, seen, heartbeat } = start()
    heartbeat.stop()
    timers.advance(100_000)
    expect(seen).toEqual([])
  })
})
