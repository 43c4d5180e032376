/**
 * What Discord remembers and tells in no dispatch, so that the world does not know it: when messages were pinned, why
 * people were banned.
 */
export class Records {
  /** By message id, when it was pinned, as Discord writes moments. */
  readonly pinnedAt = new Map<string, string>()
  /** By `guild/user`, the reason that was given. */
  readonly banReasons = new Map<string, string>()
}
