import { z } from 'zod'

const TimeSchema = z
  .union([z.number(), z.string()])
  .transform((value) => (typeof value === 'number' ? value : Date.parse(value)))
  .pipe(z.number())

/** What the stream says about itself: the SSE event `sync`. An unknown reason is kept, so a newer server may add one. */
export const SyncNoticeSchema = z.object({
  state: z.enum(['resumed', 'snapshot', 'live', 'gap']),
  id: z.string().optional(),
  reason: z.string().optional(),
  /** Between when and when Discord's record has a hole. */
  from: TimeSchema.optional(),
  to: TimeSchema.optional(),
})

export type SyncNotice = z.infer<typeof SyncNoticeSchema>
