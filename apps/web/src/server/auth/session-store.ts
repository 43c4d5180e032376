/** Who signed in, and when. The times are milliseconds since the epoch. */
export type Session = {
  /** Names the session for as long as it lives. It opens nothing. */
  id: string
  user: { id: string; username: string; avatar: string | null }
  /** The servers that Discord said they were in when they signed in: where to look, and nothing that lets them in. */
  guilds: readonly string[]
  createdAt: number
  /** Some request came with it then; up to a minute old. */
  usedAt: number
  /** Since then its token is the one it is. */
  rotatedAt: number
}

/** A session, and by which of its tokens it was found. */
export type FoundSession = {
  session: Session
  /** `before`: by the token that it had before its last rotation. */
  by: 'current' | 'before'
  /** The token before is good for as long as nobody has shown the one now: its bearer may never have got it. */
  beforeIsOpen: boolean
}

/**
 * Where sessions are kept, for all that serve the same site. Tokens are known to it by their SHA-256 alone: whoever
 * reads the store cannot sign in with what it holds.
 *
 * What a method promises holds when its promise resolves, also for others that use the same store.
 */
export interface SessionStore {
  add(session: Session, tokenHash: Buffer): Promise<void>
  /** @param now a token before that was to be good until then, or until earlier, finds nothing. */
  find(tokenHash: Buffer, now: number): Promise<FoundSession | null>
  touch(id: string, usedAt: number): Promise<void>
  /**
   * Gives a session another token. The one that was shown becomes the token before, and stays good until `closeBefore`
   * says otherwise; one between them that nobody has shown is forgotten.
   *
   * @returns false where the session has been rotated since, or is gone.
   */
  rotate(session: Session, shown: Buffer, next: Buffer, at: number): Promise<boolean>
  /** The token before is good until then. Said once after a rotation; again it changes nothing. */
  closeBefore(id: string, until: number): Promise<void>
  remove(id: string): Promise<void>
  /** Those of these ids that no session has, or has any more. */
  missing(ids: readonly string[]): Promise<string[]>
  /** Forgets those that were begun, or last used, before these times. */
  prune(createdBefore: number, usedBefore: number): Promise<void>
  close(): Promise<void>
}
