import type { Sight } from '@repo/discord-permissions'
import type { FeedBatch } from '@repo/event-feed'
import { encodeItems } from '../realtime/stream-bytes.ts'
import type { StreamBytes } from '../realtime/stream-bytes.ts'
import type { GuildViewer } from './guild-viewer.ts'

/** What a viewer is sent of each event that has just happened, by its position: '' where that is nothing. */
export type Frames = Map<number, string>

/** The people who see the same of a guild: what an event is for one of them it is for all, and is encoded once. */
export class Cohort {
  readonly key: string
  readonly members = new Set<GuildViewer>()
  readonly frames: Frames = new Map()
  #last: { batch: FeedBatch; bytes: StreamBytes | null } | null = null

  constructor(key: string) {
    this.key = key
  }

  /** That of one of them, as it is now. Null: nobody is left. */
  get sight(): Sight | null {
    for (const { sight } of this.members) if (sight) return sight
    return null
  }

  /** What has just happened, the same object for each of them. */
  encode(batch: FeedBatch): StreamBytes | null {
    if (this.#last?.batch !== batch) {
      this.#last = { batch, bytes: encodeItems(batch, ({ position }) => this.frames.get(position) ?? '') }
    }
    return this.#last.bytes
  }

  delivered(): void {
    this.frames.clear()
    this.#last = null
  }
}
