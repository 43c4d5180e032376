/** Why the state on the page was replaced by a new one, where a reader should know. */
export type Replaced = { reason: keyof typeof whyAnew | 'permissions_changed'; at: number }

/** The reasons that leave a hole in what one knows, each as the page says it. */
export const whyAnew = {
  expired: 'You were away too long to replay.',
  lagged: 'You fell too far behind to replay.',
  foreign: 'The record was started anew.',
} as const

/** What led to it, for who asks. */
export const howAnew: Readonly<Record<keyof typeof whyAnew, string>> = {
  expired: 'Events are kept for a while for pages that come back; those after your last one are kept no more.',
  lagged: 'More came than your connection took, and what waits for a page is bounded.',
  foreign: 'Events are counted from one again, so what followed your last one cannot be found.',
}

/** A hole of that kind, at its place among the messages. */
export type Anew = { reason: keyof typeof whyAnew; at: number }

export const leavesHole = (reason: string | undefined): reason is Anew['reason'] =>
  reason !== undefined && Object.hasOwn(whyAnew, reason)
