import { MEMBERS_CHUNK, parsed, type DispatchEntry, type FeedBatch } from '@repo/event-feed'
import { z } from 'zod'

const ChunkSchema = z.object({ nonce: z.string(), chunk_index: z.int(), chunk_count: z.int() })

/**
 * Which member chunks a connection has asked for, by the nonce that Discord repeats in them:
 * https://docs.discord.com/developers/events/gateway-events#guild-members-chunk
 */
export class ChunkNonces {
  readonly #max: number
  readonly #nonces = new Set<string>()

  /** @param max the oldest beyond these are given up. */
  constructor(max: number) {
    this.#max = max
  }

  expect(nonce: string): void {
    this.#nonces.delete(nonce)
    this.#nonces.add(nonce)
    for (const oldest of this.#nonces) {
      if (this.#nonces.size <= this.#max) break
      this.#nonces.delete(oldest)
    }
  }

  /** Whether something in the batch may have been asked for, so that it has to be looked at. */
  concerns(batch: FeedBatch): boolean {
    return (
      this.#nonces.size > 0 && batch.items.some((item) => item.kind === 'entry' && item.entry.event === MEMBERS_CHUNK)
    )
  }

  /** Whether it was asked for. With the last of its kind the nonce is done. */
  take(chunk: DispatchEntry): boolean {
    const { data } = ChunkSchema.safeParse(parsed(chunk.payload))
    if (!data || !this.#nonces.has(data.nonce)) return false
    if (data.chunk_index >= data.chunk_count - 1) this.#nonces.delete(data.nonce)
    return true
  }
}
