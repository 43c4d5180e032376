/**
 * When IDENTIFYs were sent, kept by somebody who outlives the process. Discord counts them too, but its answer is as old as
 * the last question, and what it counts wrongly costs the bot its token.
 */
export interface IdentifyLedger {
  /** How many were sent at or after that moment, in ms since the epoch. */
  sentSince(at: number): number
  /** One is about to be sent. Called before; when it throws, the IDENTIFY is not sent. */
  record(at: number): void
}

/** Discord's limit is per day. https://docs.discord.com/developers/events/gateway#session-start-limit-object */
export const IDENTIFY_DAY_MS = 24 * 60 * 60_000

/** A ledger over a list of moments that somebody keeps. */
export function identifyLedger(keep: {
  load(): readonly number[]
  save(sentAt: readonly number[]): void
}): IdentifyLedger {
  let sentAt = [...keep.load()]
  return {
    sentSince: (at) => sentAt.filter((sent) => sent >= at).length,
    record: (at) => {
      const after = [...sentAt.filter((sent) => sent > at - IDENTIFY_DAY_MS), at]
      keep.save(after)
      sentAt = after
    },
  }
}
