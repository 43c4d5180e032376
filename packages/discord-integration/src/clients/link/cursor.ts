import type { EventId, GatewayServiceEventMessage, GatewayServiceSyncMessage } from '../../types/index.ts'

/**
 * Where a consumer stands in the gateway's log: the id to come back with.
 *
 * A snapshot is one step: its ids count once `live` has been said, so that one cut off midway is taken anew and never
 * resumed from its middle. After `resumed` each event is a step of its own.
 */
export class Cursor {
  #lastEventId: EventId | null
  #inSnapshot = true

  constructor(lastEventId: EventId | null) {
    this.#lastEventId = lastEventId
  }

  get lastEventId(): EventId | null {
    return this.#lastEventId
  }

  /** A connection begins: until it says otherwise, what comes is part of a snapshot. */
  connected(): void {
    this.#inSnapshot = true
  }

  /** There is no way on from here: the next connection begins anew. */
  forget(): void {
    this.#lastEventId = null
  }

  take(message: GatewayServiceEventMessage | GatewayServiceSyncMessage): void {
    if (message.type === 'sync') {
      if (message.data.state === 'snapshot') this.#inSnapshot = true
      else if (message.data.state !== 'gap') this.#inSnapshot = false
      this.#commit(message.data.id)
    } else {
      this.#commit(message.id)
    }
  }

  #commit(id: EventId | undefined): void {
    if (id !== undefined && !this.#inSnapshot) this.#lastEventId = id
  }
}
