import { z } from 'zod'

/** The SSE event `times`: when web wrote the events that follow, and when the gateway had received each, both in ms. */
export const ReceivedTimesSchema = z.object({
  web: z.number(),
  at: z.array(z.tuple([z.string(), z.number()])),
})

export type ReceivedTimes = z.infer<typeof ReceivedTimesSchema>
