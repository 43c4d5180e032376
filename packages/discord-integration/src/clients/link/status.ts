export type LinkState = 'connecting' | 'connected' | 'live' | 'reconnecting' | 'closed'

/** How the link stands. `connected` is up and catching up; `live` has caught up. */
export type LinkStatus = {
  state: LinkState
  /** Since when it is in that state, in ms since the epoch. */
  since: number
  /** How many tries in a row have failed. */
  attempt: number
  /** When the next try comes, in ms since the epoch; null while none is waited for. */
  nextAttemptAt: number | null
  /** The last round trip to the gateway, in ms; null while unknown. */
  rttMs: number | null
  /** What went wrong last, for a person, while it is not up. */
  detail?: string
}
