import type { EventLog } from '@repo/event-feed'
import { z } from 'zod'

/** Read in pieces, so that the loop goes on between them. */
const PIECE = { limit: 500, maxBytes: 512 * 1024 }
const FILTER = { guilds: null, events: new Set(['MESSAGE_CREATE']), guildless: true }
/** Clocks: an event may be stamped earlier than the command that caused it was begun. */
const SLACK_MS = 5_000
/** So many that were not found are remembered, with how far the log was read for them. */
const REMEMBERED_MAX = 10_000

const NONCE = /"nonce":\s*"([\w-]+)"/g
const MessageSchema = z.object({ id: z.string(), nonce: z.union([z.string(), z.number()]).optional() })

type Wanted = { from: number; found: (id: string | null) => void }

/**
 * The messages that were created with a nonce, as their MESSAGE_CREATEs in the log say. Discord repeats the nonce in that event
 * alone: https://docs.discord.com/developers/resources/message#message-object
 *
 * A log may have hundreds of megabytes: it is read once for all who ask at the same time, and never again from where it was read.
 */
export class CreatedMessages {
  readonly #log: EventLog
  readonly #wanted = new Map<string, Wanted>()
  readonly #readTo = new Map<string, number>()
  #reading = false

  constructor(log: EventLog) {
    this.#log = log
  }

  /** The message with that nonce since a moment; null where the log has none, or none was found in time. */
  async find(nonce: string, since: number, deadlineAt: number): Promise<string | null> {
    const { promise, resolve } = Promise.withResolvers<string | null>()
    const from = this.#readTo.get(nonce) ?? this.#log.positionBefore(Date.now() - since + SLACK_MS)
    const wanted: Wanted = { from, found: resolve }
    this.#wanted.set(nonce, wanted)
    const timer = setTimeout(() => resolve(null), Math.max(0, deadlineAt - Date.now()))
    try {
      this.#read().catch((error: unknown) => {
        for (const { found } of this.#wanted.values()) found(null)
        throw error
      })
      const id = await promise
      this.#remember(nonce, id === null ? wanted.from : null)
      return id
    } finally {
      clearTimeout(timer)
      this.#wanted.delete(nonce)
    }
  }

  async #read(): Promise<void> {
    if (this.#reading) return
    this.#reading = true
    try {
      while (this.#wanted.size > 0) {
        const from = Math.max(this.#log.from, Math.min(...[...this.#wanted.values()].map((wanted) => wanted.from)))
        const { entries, through } = await this.#log.read(from, { filter: FILTER, ...PIECE })
        for (const entry of entries) if (entry.kind === 'dispatch') this.#look(entry.payload)
        const isEnd = through <= from || through >= this.#log.to
        for (const wanted of this.#wanted.values()) {
          wanted.from = Math.max(wanted.from, through)
          if (isEnd) wanted.found(null)
        }
        await new Promise(setImmediate)
      }
    } finally {
      this.#reading = false
    }
  }

  #look(payload: string): void {
    for (const [, nonce = ''] of payload.matchAll(NONCE)) {
      const wanted = this.#wanted.get(nonce)
      if (!wanted) continue
      const message = MessageSchema.safeParse(JSON.parse(payload)).data
      if (message?.nonce === nonce) wanted.found(message.id)
    }
  }

  #remember(nonce: string, readTo: number | null): void {
    this.#readTo.delete(nonce)
    if (readTo === null) return
    this.#readTo.set(nonce, readTo)
    for (const oldest of this.#readTo.keys()) {
      if (this.#readTo.size <= REMEMBERED_MAX) break
      this.#readTo.delete(oldest)
    }
  }
}
