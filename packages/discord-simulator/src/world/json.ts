import { z } from 'zod'

const copied = (value: object): Record<string, unknown> => JSON.parse(JSON.stringify(value)) as Record<string, unknown>

/**
 * What a dispatch carries: an object that can be sent as JSON. Gives a copy, for the world keeps parts of what it is told,
 * and the caller's object stays the caller's.
 */
export const json = z.record(z.string(), z.unknown()).transform((value, context) => {
  try {
    return copied(value)
  } catch {
    // A circle, or a BigInt.
    context.addIssue({ code: 'custom', message: 'must be JSON' })
    return z.NEVER
  }
})
