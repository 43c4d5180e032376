import type { Timer } from '../clock.ts'
import { ReplayBuffer } from './replay-buffer.ts'
import type { Numbered, ReplayLimits } from './replay-buffer.ts'

/** Where a session's frames go while somebody is connected to it. */
export interface Outlet {
  send: (frame: string) => void
}

export interface SessionOptions {
  id: string
  shard: readonly [id: number, count: number]
  intents: number
  /** Which dispatches a resume can ask for. */
  replay: ReplayLimits
}

/**
 * What outlives a connection: the numbering of dispatches, and the last of them.
 * https://docs.discord.com/developers/events/gateway#resuming
 */
export class Session {
  readonly id: string
  readonly shard: readonly [id: number, count: number]
  readonly intents: number
  /** What is connected to it now, if anything is. */
  outlet: Outlet | null = null
  /** Ends it, when nobody has come back in time. */
  expiry: Timer | null = null
  #seq = 0
  readonly #buffer: ReplayBuffer

  constructor({ id, shard, intents, replay }: SessionOptions) {
    this.id = id
    this.shard = shard
    this.intents = intents
    this.#buffer = new ReplayBuffer(replay)
  }

  /** The number of its last dispatch. */
  get seq(): number {
    return this.#seq
  }

  /** Numbers a dispatch, keeps it, and sends it if somebody is connected. `json` is the payload, encoded. */
  dispatch(event: string, json: string): void {
    const frame = this.#number(event, json)
    this.#buffer.push(this.#seq, frame)
    this.outlet?.send(frame)
  }

  /** Ends a replay. It is numbered, but not kept: a later replay must not hold the end of an earlier one. */
  resumed(): void {
    this.outlet?.send(this.#number('RESUMED', '{"_trace":["simulator"]}'))
  }

  /** What came after `s`, or undefined if it is no longer kept. */
  after(s: number): Numbered[] | undefined {
    return s === this.#seq ? [] : this.#buffer.after(s)
  }

  /** The order of the keys is Discord's own, on which some readers lean. */
  #number(event: string, json: string): string {
    this.#seq += 1
    return `{"t":${JSON.stringify(event)},"s":${this.#seq},"op":0,"d":${json}}`
  }
}
