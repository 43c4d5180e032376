import { ATTEMPT_MIN_MS } from './deadline.ts'
import { FairQueue, turnIn } from './fair-queue.ts'

/** https://docs.discord.com/developers/topics/rate-limits#global-rate-limit */
const REQUESTS = 50
const WINDOW_MS = 1_000

/** Whose a request is; null for one of the gateway itself. */
type Holder = string | null

/**
 * Discord's global limit, divided: backends, and the gateway itself, send in turn, so that one with hundreds of requests holds up
 * nobody's single one. @discordjs/rest keeps the limit too, but knows only who came first, and lets all wait for it.
 */
export class GlobalTurns {
  readonly #now: () => number
  readonly #waiting = new FairQueue<Holder, () => void>()
  /** When those of the last second were let go, the oldest first. */
  #gone: number[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  /**
   * Resolves when it is one's turn.
   *
   * @throws {NoTurnInTime} at once where that would be too late, or when it has become so.
   */
  async take(holder: Holder, deadlineAt: number): Promise<void> {
    const ahead = this.#waiting.ahead(holder)
    if (ahead === 0 && this.#room() > 0) {
      this.#gone.push(this.#now())
      return
    }
    const waitMs = this.#waitMs(ahead)
    const leftMs = deadlineAt - ATTEMPT_MIN_MS - this.#now()
    if (waitMs > leftMs) throw new NoTurnInTime(waitMs)
    const turn = turnIn(this.#waiting, holder, leftMs, () => new NoTurnInTime(WINDOW_MS))
    this.#wake()
    await turn
  }

  #room(): number {
    const now = this.#now()
    this.#gone = this.#gone.filter((at) => at > now - WINDOW_MS)
    return REQUESTS - this.#gone.length
  }

  /** How long until so many and one more have been let go: of every second as many as the limit says. */
  #waitMs(ahead: number): number {
    const room = this.#room()
    if (ahead < room) return 0
    const place = ahead - room
    const at = this.#gone[place % REQUESTS] ?? this.#now()
    return at + WINDOW_MS * (1 + Math.floor(place / REQUESTS)) - this.#now()
  }

  #wake(): void {
    if (this.#timer !== undefined || this.#waiting.isEmpty) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      for (let room = this.#room(); room > 0; room -= 1) {
        const next = this.#waiting.shift()
        if (!next) return
        this.#gone.push(this.#now())
        next()
      }
      this.#wake()
    }, this.#waitMs(0))
  }
}

/** Nothing was sent: the global limit leaves no room in time. */
export class NoTurnInTime extends Error {
  readonly waitMs: number

  constructor(waitMs: number) {
    super('Discord’s global limit leaves no room in time')
    this.waitMs = waitMs
  }
}
