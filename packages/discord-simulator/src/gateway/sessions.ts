import type { Clock } from '../clock.ts'
import type { Random } from '../random.ts'
import { Session } from './session.ts'

export interface SessionsOptions {
  clock: Clock
  random: Random
  /** How many dispatches a session keeps for a resume, */
  replayLimit: number
  /** and for how long, in ms. */
  replayWindowMs: number
  /** How long a session that nobody is connected to can still be resumed. */
  resumeWindowMs: number
}

/** The sessions that live: those connected, and those that may still be resumed. */
export class Sessions {
  readonly #options: SessionsOptions
  /** Called when a session has ended. */
  onEnd: (session: Session) => void = () => {}
  readonly #live = new Map<string, Session>()

  constructor(options: SessionsOptions) {
    this.#options = options
  }

  open(shard: readonly [number, number], intents: number): Session {
    const { clock, random, replayLimit, replayWindowMs } = this.#options
    const replay = { clock, count: replayLimit, ageMs: replayWindowMs }
    const session = new Session({ id: random.hex(32), shard, intents, replay })
    this.#live.set(session.id, session)
    return session
  }

  get(id: string): Session | undefined {
    return this.#live.get(id)
  }

  all(): IterableIterator<Session> {
    return this.#live.values()
  }

  end(session: Session): void {
    session.expiry?.cancel()
    session.outlet = null
    if (this.#live.delete(session.id)) this.onEnd(session)
  }

  /** Nobody is connected any more: it waits to be resumed, for a while. */
  release(session: Session): void {
    const { clock, resumeWindowMs } = this.#options
    session.outlet = null
    session.expiry?.cancel()
    session.expiry = clock.after(resumeWindowMs, () => this.end(session))
  }
}
