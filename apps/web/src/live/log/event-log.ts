import type { EventTimes } from '../hops/event-times.ts'
import type { StreamEvent } from '../stream/stream-types.ts'
import type { SyncNotice } from '../stream/sync-notice.ts'

export type LogRow = {
  /** Counts up from 1 for as long as the page lives; also the row's key. */
  seq: number
  /** When it came, by this browser's clock. */
  at: number
  kind: 'event' | 'sync' | 'gap'
  name: string
  id: string | null
  channelId: string | null
  authorId: string | null
  size: number
  restored: boolean
  /** Null of what did not happen while it came: a replay, a snapshot, what the stream says of itself. */
  times: EventTimes | null
  payload: unknown
}

/** How many events the inspector keeps. At a kilobyte each, ten megabytes. */
const KEPT = 10_000
/** How far back the rate looks, in ms. */
const RATE_MS = 5_000

/** Every event as it came, oldest first: a window that moves, not a record. */
export class EventLog {
  #rows: LogRow[] = []
  #seq = 0

  /** Oldest first. Changes in place: read it again when `seq` has moved. Another array once more has changed than its end. */
  get rows(): readonly LogRow[] {
    return this.#rows
  }

  get seq(): number {
    return this.#seq
  }

  addEvent(
    event: StreamEvent,
    at: number,
    { restored = false, times = null }: Partial<Pick<LogRow, 'restored' | 'times'>>,
  ): void {
    const ids = idsOf(event)
    this.#add({
      at,
      kind: 'event',
      name: event.name,
      id: event.id,
      ...ids,
      size: event.size,
      restored,
      times,
      payload: event.payload,
    })
  }

  /** @returns the `seq` of its row. */
  addNote(kind: 'sync' | 'gap', name: string, notice: SyncNotice | null, at: number): number {
    return this.#add({
      at,
      kind,
      name,
      id: notice?.id ?? notice?.gap_id ?? null,
      channelId: null,
      authorId: null,
      size: 0,
      restored: false,
      times: null,
      payload: notice,
    })
  }

  /** Of a note, once more is known of it. @returns false: it is kept no more. */
  rename(seq: number, name: string): boolean {
    const index = this.#rows.findIndex((row) => row.seq === seq)
    const row = this.#rows[index]
    if (row === undefined) return false
    this.#rows = this.#rows.with(index, { ...row, name })
    return true
  }

  /** Whether it is kept still. */
  has(id: string): boolean {
    return this.#rows.some((row) => row.id === id)
  }

  /** Events per second, lately. */
  rate(now: number): number {
    let recent = 0
    for (let index = this.#rows.length - 1; index >= 0 && this.#rows[index]!.at > now - RATE_MS; index -= 1) recent += 1
    return recent / (RATE_MS / 1000)
  }

  /** What came of Discord; what the stream said about itself stays. */
  forgetEvents(): void {
    this.#rows = this.#rows.filter(({ kind }) => kind !== 'event')
    this.#seq += 1
  }

  clear(): void {
    this.#rows = []
    this.#seq += 1
  }

  #add(row: Omit<LogRow, 'seq'>): number {
    this.#seq += 1
    this.#rows.push({ seq: this.#seq, ...row })
    // In lumps: moving ten thousand entries for each event would cost more than the event.
    if (this.#rows.length > KEPT * 1.1) this.#rows.splice(0, this.#rows.length - KEPT)
    return this.#seq
  }
}

type Named = {
  id?: unknown
  channel_id?: unknown
  user_id?: unknown
  author?: { id?: unknown }
  user?: { id?: unknown }
}

function idsOf({ name, payload }: StreamEvent): { channelId: string | null; authorId: string | null } {
  if (typeof payload !== 'object' || payload === null) return { channelId: null, authorId: null }
  const { id, channel_id, user_id, author, user } = payload as Named
  const ownChannel = name.startsWith('CHANNEL_') || name.startsWith('THREAD_') ? id : undefined
  return {
    channelId: textOrNull(channel_id ?? ownChannel),
    authorId: textOrNull(author?.id ?? user?.id ?? user_id),
  }
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)
