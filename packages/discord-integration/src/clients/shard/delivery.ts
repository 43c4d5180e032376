import { errorFields, type Logger } from '../logger.ts'
import type { GatewayEventData, GatewayEventHandler } from './event.ts'

/**
 * How much may be handed over and not yet taken before the socket is paused: enough for a log that stores a few ticks'
 * worth at once, little enough for a process that holds sixteen shards. The socket's own last chunk comes on top.
 */
export const MAX_UNSETTLED_EVENTS = 4096
export const MAX_UNSETTLED_BYTES = 8 * 1024 * 1024

type Unsettled = { event: GatewayEventData; bytes: number; open: number; failed: boolean }

export type DeliveryOptions = {
  handlers: ReadonlySet<GatewayEventHandler>
  logger: Logger
  /** Every handler has taken this event and all before it. */
  taken(event: GatewayEventData): void
  /** A handler has failed at this event; true when it is stored all the same, and delivery goes on. */
  failed(event: GatewayEventData): boolean
  /** The bound is reached: stop reading. */
  full(): void
  /** Half of it is free again: read on. */
  drained(): void
}

/**
 * One connection's events on their way to the handlers: called in order and at once (a handler that batches sees a
 * whole tick), settled in order too. After the first event that was not taken nothing counts any more.
 */
export class Delivery {
  readonly #options: DeliveryOptions
  /** A queue with its head at `#first`: shifting an array of thousands would cost more than the events. */
  #unsettled: Unsettled[] = []
  #first = 0
  #bytes = 0
  #full = false
  /** The first event that was not taken. */
  #refused: GatewayEventData | null = null
  #idle: PromiseWithResolvers<void> | null = null

  constructor(options: DeliveryOptions) {
    this.#options = options
  }

  deliver(event: GatewayEventData, bytes: number): void {
    const entry: Unsettled = { event, bytes, open: 1, failed: false }
    this.#unsettled.push(entry)
    this.#bytes += bytes
    for (const handler of this.#options.handlers) this.#call(handler, entry)
    this.#answered(entry)
    if (!this.#full && this.#isOver(1)) {
      this.#full = true
      this.#options.full()
    }
  }

  /** The first event that is not taken, or not yet; null while all are. */
  get untaken(): GatewayEventData | null {
    return this.#refused ?? this.#unsettled[this.#first]?.event ?? null
  }

  /** Resolves when every handler has answered for every event. */
  idle(): Promise<void> {
    if (this.#unsettled.length === 0) return Promise.resolve()
    this.#idle ??= Promise.withResolvers<void>()
    return this.#idle.promise
  }

  #call(handler: GatewayEventHandler, entry: Unsettled): void {
    try {
      const answer = handler(entry.event)
      if (answer === undefined) return
      entry.open += 1
      Promise.resolve(answer).then(
        () => this.#answered(entry),
        (error: unknown) => {
          this.#failed(entry, error)
          this.#answered(entry)
        },
      )
    } catch (error) {
      this.#failed(entry, error)
    }
  }

  #failed(entry: Unsettled, error: unknown): void {
    entry.failed = true
    const { type, shardId, sequence } = entry.event
    // Behind one that was not taken all fail for its reason, on a full disk thousands: that was said.
    const level = this.#refused ? 'debug' : 'error'
    this.#options.logger[level](
      { shardId, event: type, sequence, ...errorFields(error) },
      'a handler failed at an event',
    )
  }

  #answered(entry: Unsettled): void {
    entry.open -= 1
    if (entry.open === 0) this.#settle()
  }

  #settle(): void {
    for (let entry = this.#unsettled[this.#first]; entry?.open === 0; entry = this.#unsettled[this.#first]) {
      this.#first += 1
      this.#bytes -= entry.bytes
      if (this.#refused) continue
      if (entry.failed && !this.#options.failed(entry.event)) this.#refused = entry.event
      else this.#options.taken(entry.event)
    }
    this.#forget()
    if (this.#full && !this.#isOver(0.5)) {
      this.#full = false
      this.#options.drained()
    }
  }

  #forget(): void {
    if (this.#first === this.#unsettled.length) {
      this.#unsettled.length = 0
      this.#first = 0
      this.#idle?.resolve()
      this.#idle = null
    } else if (this.#first >= MAX_UNSETTLED_EVENTS) {
      this.#unsettled = this.#unsettled.slice(this.#first)
      this.#first = 0
    }
  }

  #isOver(share: number): boolean {
    return (
      this.#unsettled.length - this.#first >= MAX_UNSETTLED_EVENTS * share || this.#bytes >= MAX_UNSETTLED_BYTES * share
    )
  }
}
