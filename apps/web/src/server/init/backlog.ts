import { parseEventId } from '@repo/discord-integration/types'
import type { EventPosition } from '@repo/discord-integration/types'
import type { NewLogEntry } from '@repo/event-feed'

type Placed = NewLogEntry & { position: number }

/**
 * What came with a snapshot and is an entry of the gateway's log: with those, web's log begins before web did.
 *
 * The gateway sends every entry from some moment on, in order, so nothing is missing after the first. Of the snapshot's
 * own GUILD_CREATEs the last alone has an id, that of now: it is not an entry, and where the newest entry has been sent
 * it has that one's place.
 */
export class Backlog {
  readonly #maxBytes: number
  #entries: Placed[] = []
  #bytes = 0
  #epoch: string | null = null
  /** The last that was added is an entry for all that is known. */
  #lastIsNew = false

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  add(entry: NewLogEntry, id: string | undefined): void {
    this.#lastIsNew = false
    const place = id === undefined ? null : parseEventId(id)
    if (!place) return
    this.#epoch ??= place.epoch
    if (place.epoch !== this.#epoch || place.position <= (this.#entries.at(-1)?.position ?? -1)) return
    this.#entries.push({ ...entry, position: place.position })
    this.#lastIsNew = true
    this.#bytes += bytesOf(entry)
    if (this.#bytes > this.#maxBytes) this.#dropOlder()
  }

  /** The entries, if they lead to that place. */
  upTo({ epoch, position }: EventPosition): readonly NewLogEntry[] {
    if (epoch !== this.#epoch) return []
    const [only, ...more] = this.#entries
    // Nothing but an id of now on a GUILD_CREATE: no entry was recent enough to be sent, and this is the snapshot's last.
    const isSnapshots = only?.kind === 'dispatch' && only.event === 'GUILD_CREATE' && only.position === position
    return more.length === 0 && isSnapshots && this.#lastIsNew ? [] : this.#entries
  }

  /** Half at once, so that each entry is moved about once. */
  #dropOlder(): void {
    const dropped = this.#entries.splice(0, Math.ceil(this.#entries.length / 2))
    for (const entry of dropped) this.#bytes -= bytesOf(entry)
  }
}

function bytesOf(entry: NewLogEntry): number {
  return entry.kind === 'gap' ? 0 : Buffer.byteLength(entry.payload)
}
