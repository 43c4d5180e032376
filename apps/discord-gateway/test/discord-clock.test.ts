import { snowflakeAt } from '@repo/discord-integration/types'
import { describe, expect, it } from 'vitest'
import { DiscordClock } from '../src/sessions/discord-clock.ts'

const AT = 1_700_000_000_000

/** A gateway and a Discord whose clocks a test sets. */
function setUp({ ahead = 0 } = {}) {
  const world: { passed: number; ours: number; ahead: number; pingMs: number | null } = {
    passed: 1_000,
    ours: AT,
    ahead,
    pingMs: 40,
  }
  const clock = new DiscordClock({
    pingMsOf: () => world.pingMs,
    now: () => world.ours,
    passed: () => world.passed,
  })
  const pass = (ms: number) => {
    world.passed += ms
    world.ours += ms
  }
  return {
    clock,
    world,
    pass,
    /** A message is made, and comes so much later. */
    message: (
      tookMs: number,
      more: { type?: 'MESSAGE_CREATE' | 'TYPING_START'; replayed?: true; id?: string } = {},
    ) => {
      const { id = snowflakeAt(world.ours + world.ahead), type = 'MESSAGE_CREATE', ...rest } = more
      pass(tookMs)
      clock.hear({ type, data: { id }, shardId: 0, ...rest })
    },
  }
}

describe('DiscordClock', () => {
  it.each([-90_000, 0, 90_000])('is %i ms ahead, by a message that took half of a round trip', (ahead) => {
    const { clock, message } = setUp({ ahead })
    expect(clock.offsetMs).toBeNull()
    message(20)
    expect(clock.offsetMs).toBe(ahead)
  })

  it('goes by the quickest message, whatever the jitter', () => {
    const { clock, message, pass } = setUp({ ahead: -300 })
    for (const tookMs of [500, 90, 20, 4_000, 75]) {
      message(tookMs)
      pass(1_000)
    }
    expect(clock.offsetMs).toBe(-300)
  })

  it('learns nothing from what is sent again, from other events, or from what is no id', () => {
    const { clock, message } = setUp()
    message(20, { replayed: true })
    message(20, { type: 'TYPING_START' })
    message(20, { id: 'x' })
    clock.hear({ type: 'MESSAGE_CREATE', data: null, shardId: 0 })
    expect(clock.offsetMs).toBeNull()
  })

  it('is known as soon as there was a heartbeat, though the message came before it', () => {
    const { clock, message, world } = setUp({ ahead: 250 })
    world.pingMs = null
    message(20)
    expect(clock.offsetMs).toBeNull()
    world.pingMs = 40
    expect(clock.offsetMs).toBe(250)
  })

  it.each([-60_000, 60_000])('is right at once where our own clock is set by %i ms', (step) => {
    const { clock, message, world } = setUp({ ahead: 250 })
    message(20)
    world.ours += step
    world.ahead -= step
    expect(clock.offsetMs).toBe(250 - step)
    message(400)
    expect(clock.offsetMs).toBe(250 - step)
  })

  it('forgets messages of which the last minutes have had none so quick', () => {
    const { clock, message, pass } = setUp({ ahead: 250 })
    message(20)
    pass(5 * 60_000)
    message(120)
    expect(clock.offsetMs).toBe(250)
    pass(5 * 60_000)
    message(120)
    expect(clock.offsetMs).toBe(150)
    pass(11 * 60_000)
    expect(clock.offsetMs).toBeNull()
  })
})
