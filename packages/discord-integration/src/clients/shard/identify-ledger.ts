/** Discord's limit is per day. https://docs.discord.com/developers/events/gateway#session-start-limit-object */
export const IDENTIFY_DAY_MS = 24 * 60 * 60_000

/**
 * When IDENTIFYs were sent, kept by somebody who outlives the process. Discord counts them too, but its answer is as old as
 * the last question, and what goes wrong with its count costs the bot its token.
 */
export interface IdentifyLedger {
  /** Those of the last day at the least, the oldest first, in ms since the epoch. */
  readonly sentAt: readonly number[]
  /** One is about to be sent. Called before; when it throws, the IDENTIFY is not sent. */
  record(at: number): void
  /**
   * Takes for `now` what lies in the future, since it was written down by a clock that was ahead; answers how many. Counting
   * them for longer than they can have lasted by Discord's clock costs nothing, waiting for their time may take for ever.
   */
  correct(now: number): number
}

/** A ledger over a list that somebody keeps. */
export function identifyLedger(keep: {
  load(): readonly number[]
  save(sentAt: readonly number[]): void
}): IdentifyLedger {
  let sentAt = keep.load()
  return {
    get sentAt() {
      return sentAt
    },
    record: (at) => {
      const after = [...sentAt.filter((sent) => sent > at - IDENTIFY_DAY_MS), at]
      keep.save(after)
      sentAt = after
    },
    correct: (now) => {
      const ahead = sentAt.filter((at) => at > now).length
      if (ahead === 0) return 0
      sentAt = sentAt.map((at) => Math.min(at, now)).sort((a, b) => a - b)
      keep.save(sentAt)
      return ahead
    },
  }
}
