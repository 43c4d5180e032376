import { FigureRangeSchema, LATENCY_BUCKETS, LatencyBucketSchema } from '@repo/discord-integration/types'
import { z } from 'zod'
import { HOPS, perHop } from '../../latency-report.ts'

export const OpsInput = z.strictObject({
  range: FigureRangeSchema,
  /** The history that the page has, by its `historyAt`. */
  has: z.number().nullable(),
})

/** A page measures each event once: more than this in fifteen seconds no page is sent. */
const COUNT_MAX = 100_000

const counts = z.array(z.tuple([LatencyBucketSchema, z.int().min(1).max(COUNT_MAX)])).max(LATENCY_BUCKETS)

export const LatencyInput = z
  .strictObject(perHop(() => counts))
  .refine((report) => HOPS.some((hop) => report[hop].length > 0), `expected counts in one of ${HOPS.join(', ')}`)
