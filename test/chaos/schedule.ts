import { createRandom } from '@repo/discord-simulator'
import type { FaultInput, Random } from '@repo/discord-simulator'

/** How many web processes hang on the one gateway. */
export const WEBS = 3

export type Hop = 'browser-web' | 'web-gateway' | 'gateway-discord'

/** Each happens to one process, or to one proxy of a hop (`at` says which of several), or to Discord. */
export type Deed =
  | { what: 'kill' | 'end'; whom: 'gateway' | 'web'; at: number; for_ms: number }
  | { what: 'freeze'; whom: 'gateway' | 'web'; at: number; for_ms: number }
  | { what: 'cut' | 'stall' | 'refuse'; whom: Hop; at: number; for_ms: number }
  | { what: 'fault'; whom: 'discord'; fault: FaultInput; dies: boolean; for_ms: number }

export type Step = { at_ms: number } & Deed

export type ScheduleOptions = {
  seed: string
  duration_ms: number
  /** How far apart deeds are, on average. */
  every_ms: number
  /** Whether Discord may forget sessions. Without it nothing may be missing at all, and nothing may be announced. */
  dying: boolean
}

/** A process that is down for longer than this is no crash any more but an outage, which browsers would be told of. */
const DOWN_MS = [100, 3_000] as const
/** Longer than a heartbeat of the runs (5 s), so that connections are found dead. */
const FROZEN_MS = [500, 6_000] as const
const HOP_MS = [200, 6_000] as const
const DISCORD_MS = [200, 5_000] as const

/** So long what Discord has sent may be held back on its way to the gateway, by a deed of each kind. */
export const HELD_MOST_MS = FROZEN_MS[1] + HOP_MS[1] + DISCORD_MS[1]

/** https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes */
const RESUMABLE_CODES = [4000, 4001, 4002, 4003, 4005, 4008] as const
const FINAL_CODES = [4007, 4009] as const

type Draw = (random: Random) => Deed

const between = (random: Random, [least, most]: readonly [number, number]) => random.int(least, most)

const process: readonly Draw[] = (['kill', 'end', 'freeze'] as const).flatMap((what) =>
  (['gateway', 'web'] as const).map((whom) => (random: Random) => {
    const for_ms = between(random, what === 'freeze' ? FROZEN_MS : DOWN_MS)
    return { what, whom, at: whom === 'web' ? random.int(0, WEBS - 1) : 0, for_ms }
  }),
)

const network: readonly Draw[] = (['cut', 'stall', 'refuse'] as const).flatMap((what) =>
  (['browser-web', 'web-gateway', 'gateway-discord'] as const).map((whom) => (random: Random) => {
    const for_ms = what === 'cut' ? 0 : between(random, HOP_MS)
    return { what, whom, at: whom === 'gateway-discord' ? 0 : random.int(0, WEBS - 1), for_ms }
  }),
)

const fault = (draw: (random: Random, for_ms: number) => FaultInput, dies = false): Draw => {
  return (random) => {
    const for_ms = between(random, DISCORD_MS)
    return { what: 'fault', whom: 'discord', fault: draw(random, for_ms), dies, for_ms }
  }
}

const discord: readonly Draw[] = [
  fault(() => ({ kind: 'drop' })),
  fault((random) => ({ kind: 'drop', after_bytes: random.int(1, 20_000) })),
  fault((random) => ({ kind: 'drop', next: true, after_bytes: random.int(0, 4_000) })),
  fault((random) => ({ kind: 'close', code: random.pick(RESUMABLE_CODES) })),
  fault(() => ({ kind: 'reconnect' })),
  fault(() => ({ kind: 'invalidate', resumable: true })),
  fault((random) => ({ kind: 'no_ack', times: random.int(1, 2) })),
  fault((random, for_ms) => ({ kind: 'delay', for_ms, ms: random.int(5, 300), jitter_ms: random.int(1, 200) })),
  fault((random, for_ms) => ({ kind: 'throttle', for_ms, bytes_per_s: random.int(20_000, 200_000) })),
  fault((random, for_ms) => ({ kind: 'duplicate', for_ms, times: random.int(1, 500) })),
  fault((random) => ({ kind: 'refuse', times: random.int(1, 3), status: random.pick(['reset', 502, 503] as const) })),
  fault((_, for_ms) => ({ kind: 'outage', for_ms })),
  fault((random) => ({ kind: 'rest', times: random.int(1, 3), answer: random.pick([429, 500, 502, 503] as const) })),
]

/**
 * What comes spoilt, or not at all, is asked for again. Not more often than the gateway asks, and not what is asked for: that it
 * would tell as missing.
 */
const SPOILT_MAX = 4
const SPOILT_EVERY_MS = 10_000
const SPOILT_ONE_IN = 10
const spoilt: Draw = fault((random) => ({ kind: random.pick(['lose', 'garble'] as const), times: 1 }))

const dying: readonly Draw[] = [
  fault(() => ({ kind: 'invalidate', resumable: false }), true),
  fault((random) => ({ kind: 'close', code: random.pick(FINAL_CODES) }), true),
  fault((_, for_ms) => ({ kind: 'outage', for_ms, sessions: 'die' }), true),
]

/** What happens when, drawn from a seed: the same options draw the same, in any process. */
export function drawSchedule({ seed, duration_ms, every_ms, dying: withDying }: ScheduleOptions): Step[] {
  const random = createRandom(seed).fork('schedule')
  // Seldom: while no session lives there is nothing to lose, and so nothing to find.
  const kinds = [process, process, process, network, network, network, discord, discord, ...(withDying ? [dying] : [])]
  let spoiltMost = SPOILT_MAX
  const steps: Step[] = []
  /** A process is left to come up again before it is hurt anew; hops and Discord take everything at any time. */
  const freeAt = new Map<string, number>()
  const gap = () => random.int(1, every_ms * 2 - 1)
  for (let at_ms = gap(); at_ms < duration_ms; at_ms += gap()) {
    const isSpoilt = spoiltMost > 0 && at_ms >= (freeAt.get('spoilt') ?? 0) && random.int(1, SPOILT_ONE_IN) === 1
    const deed = (isSpoilt ? spoilt : random.pick(random.pick(kinds)))(random)
    if (at_ms + deed.for_ms > duration_ms) continue
    if (isSpoilt) {
      spoiltMost -= 1
      freeAt.set('spoilt', at_ms + SPOILT_EVERY_MS)
    }
    if (deed.whom === 'gateway' || deed.whom === 'web') {
      const name = `${deed.whom} ${deed.at}`
      if (at_ms < (freeAt.get(name) ?? 0)) continue
      freeAt.set(name, at_ms + deed.for_ms)
    }
    steps.push({ at_ms, ...deed })
  }
  return steps
}
