import { parsed, type Notes } from '@repo/event-feed'
import type { z } from 'zod'

/** A note's JSON. Null for one that is not there, and for one that makes no sense: then it is as if it were not there. */
export function readNote<T>(notes: Notes, key: string, schema: z.ZodType<T>): T | null {
  const text = notes.get(key)
  return text === null ? null : (schema.safeParse(parsed(text)).data ?? null)
}
