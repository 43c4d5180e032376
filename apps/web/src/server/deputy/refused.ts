import type { Permission } from './needs.ts'

/**
 * Why the bot does not do something for somebody. `NOT_FOUND`: it is of what they may not see, or is not there, which is the
 * same. The others are told to those who may see it: `TIMED_OUT`, until when is in `retryAfter`; `HELD_BACK`, as who has not
 * passed the server's screening; `SLOWMODE`; `LOCKED`, a thread; `NOT_YOURS`, a message or reaction that the bot made for
 * nobody or for somebody else; `OUTRANKED`, by whom it would be done to; `ADMINISTRATOR`, who is never timed out;
 * `NOT_IN_VOICE`, as far as they see; `TOO_LONG`, a timeout of more than 28 days; `UNKNOWN_UPLOAD`, a file that they did not
 * upload for that server. Of what they may, and the bot may not:
 * `BOT_MISSING_PERMISSIONS`, and `BOT_OUTRANKED`, by whom it would be done to. These are said beforehand alone: what is asked for
 * all the same, Discord decides.
 */
export type Refusal =
  | 'NOT_FOUND'
  | 'MISSING_PERMISSIONS'
  | 'TIMED_OUT'
  | 'HELD_BACK'
  | 'SLOWMODE'
  | 'LOCKED'
  | 'NOT_YOURS'
  | 'OUTRANKED'
  | 'ADMINISTRATOR'
  | 'NOT_IN_VOICE'
  | 'TOO_LONG'
  | 'UNKNOWN_UPLOAD'
  | 'BOT_MISSING_PERMISSIONS'
  | 'BOT_OUTRANKED'

/** The bot does not do that for them. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly code: Refusal
  /** Which permissions they lack, or the bot. */
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
