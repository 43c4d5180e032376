/** A hole in a session's numbers. Its events were asked for again, and did not come: nobody can say what they were. */
export type Missing = {
  /** The last number before it. */
  after: number
  /** Until when nothing was missing, in ms since the epoch; null when only whoever stores the events knows. */
  since: number | null
}

/** Holes that are asked for in some time; more, and Discord numbers in a way that we do not know: they are only told. */
const ASKED_MAX = 5
const ASKED_WITHIN_MS = 10 * 60_000

/** RESUMEDs that may have taken numbers and not have reached us. More in a row are an outage, in which none was sent. */
const SPARE_MAX = 16

/**
 * Whether a session's dispatches are all there. Discord numbers them by ones, so a number that is passed over is an event
 * that is missing, and so is one that cannot be read. It is asked for again, by a RESUME from before it, once; when it is
 * missing again, it is said of the next event that something is missing before it.
 *
 * docs/adr/0008-a-hole-in-the-numbers-is-asked-for-once.md says why, and which jumps are none.
 */
export class Numbering {
  #sessionId: string | null = null
  /** Null: the first number is whatever comes first. */
  #last: number | null = null
  /** What is replayed has happened earlier than it comes, so it says nothing of when. */
  #replaying = false
  #live: { at: number; sequence: number } | null = null
  /** Something after `#last` could not be read, twice: what it was is missing before the next event. */
  #unread = false
  #spare = 0
  /** Where something was asked for again last. */
  #asked: { sessionId: string | null; after: number | null } | null = null
  readonly #askedAt: number[] = []

  /**
   * A connection begins that resumes a session.
   *
   * @param after the sequence that it resumes from.
   * @param unresolved how many RESUMEs may have been answered since then without our taking it: RESUMED has a number
   * too, and is not replayed.
   */
  resumes(sessionId: string, after: number, unresolved: number): void {
    if (this.#sessionId !== sessionId) this.#live = null
    this.#sessionId = sessionId
    this.#last = after
    this.#replaying = true
    this.#unread = false
    this.#spare = Math.min(unresolved, SPARE_MAX)
  }

  /** Until RESUMED what comes is replayed. */
  get replaying(): boolean {
    return this.#replaying
  }

  /** When an event of the session happened last, in ms since the epoch; null where only what was replayed has come. */
  get liveAt(): number | null {
    return this.#live?.at ?? null
  }

  /** Something has come after that which was not taken. */
  get lacks(): boolean {
    return this.#unread || this.#wasAsked()
  }

  /** A session begins. */
  begins(sessionId: string): void {
    this.#sessionId = sessionId
    this.#last = null
    this.#replaying = false
    this.#unread = false
    this.#spare = 0
  }

  /** RESUMED: what follows happens now, and no number of it is an earlier RESUMED's. */
  resumed(at: number): void {
    this.#replaying = false
    this.#spare = 0
    this.#isLive(at)
  }

  /** An event has come: `ask` for it again, with what is missing before it; or take it, with what is. */
  next(sequence: number, at: number): 'ask' | { missing: Missing | null } {
    const last = this.#last
    // What comes twice ends no hole.
    if (last !== null && sequence <= last) return { missing: null }
    let missing: Missing | null = null
    if (last !== null && (this.#unread || !this.#follows(sequence, last))) {
      if (!this.#unread && this.#mayAsk(at)) return 'ask'
      // What was heard live and is now replayed from before it was not stored: when that was says nothing of this place.
      missing = { after: last, since: this.#live && this.#live.sequence <= last ? this.#live.at : null }
    }
    this.#last = sequence
    if (!this.#replaying) this.#isLive(at)
    this.#unread = false
    return { missing }
  }

  /** Something has come that cannot be read: `ask` for it again, or `pass` over it, and the next event says so. */
  unreadable(at: number): 'ask' | 'pass' {
    if (this.#mayAsk(at)) return 'ask'
    this.#unread = true
    return 'pass'
  }

  /** Something has come after which nothing can be read: whether to ask for it again, or it was asked for at this place. */
  unpassable(): 'ask' | 'stuck' {
    return this.#wasAsked() ? 'stuck' : this.#ask()
  }

  #isLive(at: number): void {
    this.#live = { at, sequence: this.#last ?? 0 }
  }

  #follows(sequence: number, last: number): boolean {
    const skipped = sequence - last - 1
    if (skipped === 0) return true
    // What was asked for was no RESUMED: it was missing before there was one.
    if (skipped > this.#spare || this.#wasAsked()) return false
    this.#spare -= skipped
    return true
  }

  #mayAsk(at: number): boolean {
    if (this.#wasAsked()) return false
    const recent = this.#askedAt.filter((moment) => at - moment < ASKED_WITHIN_MS)
    if (recent.length >= ASKED_MAX) return false
    this.#askedAt.splice(0, Infinity, ...recent, at)
    this.#ask()
    return true
  }

  #ask(): 'ask' {
    this.#asked = { sessionId: this.#sessionId, after: this.#last }
    return 'ask'
  }

  #wasAsked(): boolean {
    return this.#asked?.sessionId === this.#sessionId && this.#asked.after === this.#last
  }
}
