import { parsed, type EntryFilter, type EventLog } from '@repo/event-feed'
import { z } from 'zod'

/** What says of a message that it is in the log, or need not come there any more. */
const ABOUT_MESSAGES: EntryFilter = {
  guilds: null,
  events: new Set(['MESSAGE_CREATE', 'MESSAGE_DELETE', 'MESSAGE_DELETE_BULK']),
  guildless: false,
}

const PAGE = { filter: ABOUT_MESSAGES, limit: 500, maxBytes: 1024 * 1024 }

const AboutSchema = z.object({ id: z.string().optional(), ids: z.array(z.string()).optional() })

/**
 * Which messages the log has or knows to be deleted, from a position on. Read from the log itself, so that a process that
 * was started in the middle of it knows as much as the one before.
 */
export class SeenMessages {
  readonly #log: Pick<EventLog, 'read' | 'from' | 'to'>
  readonly #ids = new Set<string>()
  #position: number

  constructor(log: Pick<EventLog, 'read' | 'from' | 'to'>, after: number) {
    this.#log = log
    this.#position = after
  }

  /** Those of the messages that are not in the log by now. */
  async unseen<Message extends { id: string }>(messages: readonly Message[]): Promise<Message[]> {
    await this.#readOn()
    return messages.filter(({ id }) => !this.#ids.has(id))
  }

  async #readOn(): Promise<void> {
    this.#position = Math.max(this.#position, this.#log.from)
    while (this.#position < this.#log.to) {
      const { entries, through } = await this.#log.read(this.#position, PAGE)
      for (const entry of entries) {
        if (entry.kind !== 'dispatch') continue
        const { id, ids = [] } = AboutSchema.safeParse(parsed(entry.payload)).data ?? {}
        for (const seen of id === undefined ? ids : [id, ...ids]) this.#ids.add(seen)
      }
      this.#position = through
    }
  }
}
