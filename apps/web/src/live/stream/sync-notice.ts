// The worker that holds the stream reads with it, and is fetched before the first event: 11 kB, and 29 with all of zod.
import * as z from 'zod/mini'

const TimeSchema = z.pipe(
  z.pipe(
    z.union([z.number(), z.string()]),
    z.transform((value) => (typeof value === 'number' ? value : Date.parse(value))),
  ),
  z.number(),
)

/** What the stream says about itself: the SSE event `sync`. An unknown reason is kept, so a newer server may add one. */
export const SyncNoticeSchema = z.object({
  state: z.enum(['resumed', 'snapshot', 'live', 'gap']),
  id: z.optional(z.string()),
  /** The record of a gap that is told once more, whose id is no place to go on from. */
  gap_id: z.optional(z.string()),
  reason: z.optional(z.string()),
  /** Between when and when Discord's record has a hole. */
  from: z.optional(TimeSchema),
  to: z.optional(TimeSchema),
  /** Of a hole: messages of this guild could not be read back. */
  guild_id: z.optional(z.string()),
})

export type SyncNotice = z.infer<typeof SyncNoticeSchema>
