import type { RawFrame } from '../frame-reader.ts'
import { GuildsStream, type Frame, type GuildsHandlers } from '../guilds-stream.ts'
import { distance } from '../place.ts'
import type { StreamEnvironment, StreamStatus } from '../stream-types.ts'
import type { TabLine } from './tab-line.ts'

/** Caught up, and at its own place, which is further than the one that was said. */
const liveAt = (id: string): RawFrame => ({ name: 'sync', data: JSON.stringify({ state: 'live', id }), id })

/** What a subscriber on a response of its own tells the hub. */
export type OwnHandlers = {
  /** It has come further, and may be let into the room. */
  onMoved: () => void
  onEnded: (how: 'signed-out' | 'no-access') => void
}

/** One tab's wish for one guild's events, and how they come to it: over the shared response or, to begin with, its own. */
export class Subscriber {
  readonly sub: number
  readonly guildId: string
  readonly #viewer: string | null
  readonly line: TabLine
  readonly #env: StreamEnvironment
  #own: GuildsStream | null = null
  /** How far it has come, where that is further than the shared response: what that says up to there it knows. */
  #ahead: string | null = null
  /** Frames without an id, of which the next one that has an id says whether they are known. */
  #held: Frame[] = []
  /** Why the shared response is of no use to it any more. */
  onAstray: (place: string) => void = () => {}

  constructor(line: TabLine, wish: { sub: number; guildId: string; viewer: string | null }, env: StreamEnvironment) {
    this.line = line
    this.sub = wish.sub
    this.guildId = wish.guildId
    this.#viewer = wish.viewer
    this.#env = env
  }

  /** Where its own response is; null without one, and before that is live. */
  get place(): string | null {
    return this.#own?.statusOf(this.guildId).phase === 'live' ? this.#own.placeOf(this.guildId) : null
  }

  /** Begins on a response of its own. */
  goAlone(place: string | null, { onMoved, onEnded }: OwnHandlers): void {
    const handlers: GuildsHandlers = {
      onFrame: (frame) => {
        if (this.#own !== own) return
        this.#post(frame)
        onMoved()
      },
      onHops: () => {},
      onTimes: (_guildId, data) => this.#own === own && this.times(data),
      onStatus: (_guildId, status) => {
        if (this.#own !== own) return
        if (status.phase === 'signed-out' || status.phase === 'no-access') onEnded(status.phase)
        else if (status.phase !== 'idle') this.status(status)
        // The first time it is live, it is so after the frame that said it.
        if (status.phase === 'live') onMoved()
      },
    }
    const own: GuildsStream = new GuildsStream(this.#env, handlers, this.#viewer)
    this.#closeOwn()
    this.#ahead = null
    this.#held = []
    this.#own = own
    own.add(this.guildId, place)
    own.start()
  }

  /** Goes on over the shared response, which is at `shared`, with what that said since they met. */
  enter(rest: readonly Frame[], shared: string | null): void {
    const place = this.place
    this.#closeOwn()
    if ((distance(place, shared) ?? 0) > 0) {
      this.#ahead = place
      this.#held = rest.filter(({ notice }) => notice === null || notice.state === 'gap')
      return
    }
    for (const frame of rest) this.#post(frame)
  }

  /** What the shared response says. */
  pass(frame: Frame): void {
    if (this.#ahead === null) return this.#post(frame)
    const { notice, id } = frame
    // It would lead back to before its place, and on from there a second time.
    if (notice?.state === 'snapshot') return this.onAstray(this.#ahead)
    if (notice?.state === 'resumed') return
    if (id === null) {
      this.#held.push(frame)
      return
    }
    const further = distance(id, this.#ahead)
    if (further === null) return this.onAstray(this.#ahead)
    if (further < 0 || (further === 0 && notice === null)) {
      this.#held = []
      if (notice?.state === 'live') this.#post(liveAt(this.#ahead))
      return
    }
    this.#ahead = null
    this.#passHeld()
    this.#post(frame)
  }

  /** Something else was said meanwhile: what was held belongs to nothing that follows. */
  passHeld(): void {
    if (this.#ahead !== null) this.#passHeld()
  }

  status(status: StreamStatus): void {
    this.line.post({ type: 'status', sub: this.sub, status })
  }

  times(data: string): void {
    this.line.offer({ type: 'times', sub: this.sub, data })
  }

  retryNow(): void {
    this.#own?.retryNow()
  }

  close(): void {
    this.#closeOwn()
  }

  #passHeld(): void {
    for (const frame of this.#held.splice(0)) this.#post(frame)
  }

  #post({ name, data, id }: RawFrame): void {
    this.line.post({ type: 'frame', sub: this.sub, name, data, id })
  }

  #closeOwn(): void {
    const own = this.#own
    this.#own = null
    own?.stop()
  }
}
