import type { Permission } from './needs.ts'

/**
 * Why the bot does not do something for somebody. `NOT_FOUND`: it is of what they may not see, or is not there, which is the
 * same. The others are told to those who may see it: `TIMED_OUT`, until when is in `retryAfter`; `HELD_BACK`, as who has not
 * passed the server's screening; `SLOWMODE`.
 */
export type Refusal = 'NOT_FOUND' | 'MISSING_PERMISSIONS' | 'TIMED_OUT' | 'HELD_BACK' | 'SLOWMODE'

/** The bot does not do that for them. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly code: Refusal
  /** Which permissions they lack. */
  readonly missing: readonly Permission[]
  /** In seconds. */
  readonly retryAfter: number | undefined

  constructor(
    code: Refusal,
    { missing = [], retryAfter }: { missing?: readonly Permission[]; retryAfter?: number } = {},
  ) {
    super(code)
    this.code = code
    this.missing = missing
    this.retryAfter = retryAfter
  }
}
