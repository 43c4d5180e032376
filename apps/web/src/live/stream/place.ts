import { parseEventId } from '@repo/discord-integration/types'
import type { SyncNotice } from './sync-notice.ts'

/**
 * How far one has come in a guild. An id of a snapshot counts only once the snapshot is whole: one that was cut off is
 * not gone on from, but taken anew.
 */
export class Place {
  #id: string | null
  #pending: string | null = null
  #inSnapshot = false

  constructor(id: string | null) {
    this.#id = id
  }

  /** The last id that may be gone on from. */
  get id(): string | null {
    return this.#id
  }

  hearEvent(id: string | null): void {
    if (id === null) return
    if (this.#inSnapshot) this.#pending = id
    else this.#id = id
  }

  hearSync({ state, id }: SyncNotice): void {
    if (state === 'snapshot') {
      this.#inSnapshot = true
      this.#pending = null
    } else if (state === 'live') {
      this.#id = id ?? this.#pending ?? this.#id
      this.#inSnapshot = false
      this.#pending = null
    }
  }

  /** The response broke off: what was not whole is nothing. */
  cutOff(): void {
    this.#inSnapshot = false
    this.#pending = null
  }
}

/** How far `a` is beyond `b`, in events of all guilds; null where that cannot be told: they are of two logs. */
export function distance(a: string | null, b: string | null): number | null {
  const [one, other] = [a === null ? null : parseEventId(a), b === null ? null : parseEventId(b)]
  return one === null || other === null || one.epoch !== other.epoch ? null : one.position - other.position
}
