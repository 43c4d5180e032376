export type ShardState = 'connecting' | 'identifying' | 'resuming' | 'ready' | 'reconnecting' | 'stopped'

export type ShardStatus = {
  id: number
  state: ShardState
  /** Since when it is in that state, in ms since the epoch. */
  since: number
  /** The last heartbeat's round trip, in ms; null before the first. */
  pingMs: number | null
  sessionId: string | null
  /**
   * When Discord was last heard within a session that was up, and all that it had said was taken, in ms since the epoch; null before
   * the first.
   */
  heardAt: number | null
  /** What went wrong last, for a person: while reconnecting, or why it stopped for good. */
  detail?: string
}
