import type { EventFeed, FeedBatch, FeedItem } from '@repo/event-feed'

/** A consumer of a feed that keeps what it was given, each item as one line: `sync snapshot fresh`, `MESSAGE_CREATE e-3`. */
export class FeedReader {
  readonly lines: string[] = []
  #waiting: (() => void)[] = []

  constructor(feed: EventFeed, guildId: string, lastEventId: string | null = null) {
    const filter = { guilds: new Set([guildId]), events: null, guildless: false }
    feed.subscribe({ lastEventId, filter, sink: this })
  }

  write(batch: FeedBatch): boolean {
    this.lines.push(...batch.items.map(describeItem))
    for (const wake of this.#waiting.splice(0)) wake()
    return true
  }

  /** Resolves once a line was read that begins so, to all lines up to now. */
  async until(beginning: string): Promise<string[]> {
    while (!this.lines.some((line) => line.startsWith(beginning))) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
    return this.lines
  }
}

function describeItem(item: FeedItem): string {
  if (item.kind === 'sync') return joined('sync', item.data.state, item.data.reason, item.data.id)
  if (item.kind === 'guild') return joined(item.event, item.id, item.payload)
  return joined(item.entry.event, item.id, item.entry.payload)
}

function joined(...words: (string | null | undefined)[]): string {
  return words.filter(Boolean).join(' ')
}
