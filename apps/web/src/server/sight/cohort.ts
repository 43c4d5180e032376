import type { GuildText, Sight, TextParts } from '@repo/discord-permissions'
import type { FeedBatch } from '@repo/event-feed'
import { encodeItems } from '../realtime/stream-bytes.ts'
import type { StreamBytes } from '../realtime/stream-bytes.ts'
import type { GuildViewer } from './guild-viewer.ts'

/** What a viewer is sent of each event that has just happened, by its position: '' where that is nothing. */
export type Frames<Of = string> = Map<number, Of>

/** The people who see the same of a guild: what an event is for one of them it is for all, and is encoded once. */
export class Cohort {
  readonly key: string
  readonly members = new Set<GuildViewer>()
  readonly frames: Frames = new Map()
  readonly #now: () => number
  readonly #text: (sight: Sight, key: string) => GuildText | null
  /** Without its times, and with them, as far as somebody asked for that. */
  #last: { batch: FeedBatch | null; plain?: StreamBytes | null; timed?: StreamBytes | null } = { batch: null }

  /** @param text the guild as those with such a key see it now; null where it is not there. */
  constructor(key: string, now: () => number, text: (sight: Sight, key: string) => GuildText | null) {
    this.key = key
    this.#now = now
    this.#text = text
  }

  /** The guild as one of them may see it now. */
  partsFor(sight: Sight): TextParts | null {
    return this.#text(sight, this.key)?.of(sight) ?? null
  }

  /** That of one of them, as it is now. Null: nobody is left. */
  get sight(): Sight | null {
    for (const { sight } of this.members) if (sight) return sight
    return null
  }

  /** What has just happened, the same object for each of them. */
  encode(batch: FeedBatch, isTimed: boolean): StreamBytes | null {
    if (this.#last.batch !== batch) this.#forget(batch)
    const known = isTimed ? this.#last.timed : this.#last.plain
    if (known !== undefined) return known
    const bytes = encodeItems(batch, ({ position }) => this.frames.get(position) ?? '', isTimed ? this.#now : null)
    this.#last[isTimed ? 'timed' : 'plain'] = bytes
    return bytes
  }

  delivered(): void {
    this.frames.clear()
    this.#forget(null)
  }

  #forget(batch: FeedBatch | null): void {
    this.#last = { batch }
  }
}
