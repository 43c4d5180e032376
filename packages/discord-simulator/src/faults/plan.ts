import { z } from 'zod'
import { createRandom } from '../random.ts'
import type { Random } from '../random.ts'
import type { FaultInput } from './fault.ts'

/** Faults with their moments. The same seed makes the same plan, so a run that failed can be repeated. */
export interface Plan {
  seed: string
  duration_ms: number
  every_ms: number
  steps: { at_ms: number; fault: FaultInput }[]
}

/** How a plan is asked for. */
export const planBody = z.strictObject({
  seed: z.string().min(1).max(200),
  /** How long it goes on: 10 minutes. With the shortest pause a day has 86,400 faults, each with a timer: as many as may be. */
  duration_ms: z.number().positive().max(86_400_000).default(600_000),
  /** How far apart faults are, on average. */
  every_ms: z.number().min(1_000).default(20_000),
})
export type PlanOptions = z.input<typeof planBody>

/** Codes after which Discord wants the session resumed. */
const RESUMABLE = [4000, 4001, 4002, 4003, 4005, 4008] as const

/** What may go wrong, each as likely as the others. No fault lasts longer than half a minute, or nothing would recover. */
const KINDS: readonly ((random: Random) => FaultInput)[] = [
  () => ({ kind: 'drop', any: true }),
  (random) => ({ kind: 'drop', any: true, after_bytes: random.int(1, 4_000) }),
  (random) => ({ kind: 'drop', next: true, after_bytes: random.int(0, 2_000) }),
  (random) => ({ kind: 'close', any: true, code: random.pick(RESUMABLE) }),
  () => ({ kind: 'reconnect', any: true }),
  (random) => ({ kind: 'invalidate', any: true, resumable: random.chance(0.5) }),
  (random) => ({ kind: 'no_ack', any: true, times: random.int(1, 3) }),
  (random) => ({
    kind: 'delay',
    for_ms: random.int(500, 10_000),
    ms: random.int(5, 500),
    jitter_ms: random.int(1, 200),
  }),
  (random) => ({ kind: 'throttle', for_ms: random.int(500, 10_000), bytes_per_s: random.int(2_000, 200_000) }),
  (random) => ({ kind: 'duplicate', times: random.int(1, 20) }),
  (random) => ({ kind: 'refuse', times: random.int(1, 3), status: random.pick(['reset', 502, 503] as const) }),
  (random) => ({ kind: 'outage', for_ms: random.int(500, 30_000), sessions: random.pick(['live', 'die'] as const) }),
  (random) => ({ kind: 'rest', times: random.int(1, 5), answer: random.pick([429, 500, 502, 503]), retry_after: 0.5 }),
]

/** Draws a plan. Throws a ZodError for one that cannot be drawn. */
export function createPlan(options: PlanOptions): Plan {
  const { seed, duration_ms, every_ms } = planBody.parse(options)
  const random = createRandom(seed).fork('faults')
  const steps: Plan['steps'] = []
  const gap = () => random.int(1, Math.max(1, Math.round(every_ms * 2) - 1))
  for (let at_ms = gap(); at_ms <= duration_ms; at_ms += gap()) {
    steps.push({ at_ms, fault: random.pick(KINDS)(random) })
  }
  return { seed, duration_ms, every_ms, steps }
}

/** A plan to be read: first how to have it again, then a line for each fault. */
export function printPlan({ seed, duration_ms, every_ms, steps }: Plan): string {
  const again = JSON.stringify({ seed, duration_ms, every_ms })
  return [`faults ${again}`, ...steps.map(({ at_ms, fault }) => `  +${at_ms} ms ${JSON.stringify(fault)}`)].join('\n')
}
