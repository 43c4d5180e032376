import type { EventLog } from '@repo/event-feed'
import { z } from 'zod'

/** Read in pieces, so that the loop goes on between them. */
const PIECE = { limit: 500, maxBytes: 4 * 1024 * 1024 }
/** Clocks: an event may be stamped earlier than the command that caused it was begun. */
const SLACK_MS = 5_000

const MessageSchema = z.object({ id: z.string(), nonce: z.union([z.string(), z.number()]).optional() })

/**
 * The message that was created with a nonce since a moment, as its MESSAGE_CREATE in the log says; null where the log
 * does not. Discord repeats the nonce in that event alone:
 * https://docs.discord.com/developers/resources/message#message-object
 */
export async function findMessage(log: EventLog, nonce: string, since: number): Promise<string | null> {
  const filter = { guilds: null, events: new Set(['MESSAGE_CREATE']), guildless: true }
  let after = log.positionBefore(Date.now() - since + SLACK_MS)
  while (after < log.to) {
    const { entries, through } = await log.read(Math.max(after, log.from), { filter, ...PIECE })
    for (const entry of entries) {
      if (entry.kind !== 'dispatch' || !entry.payload.includes(nonce)) continue
      const message = MessageSchema.safeParse(JSON.parse(entry.payload)).data
      if (message?.nonce === nonce) return message.id
    }
    if (through <= after) return null
    after = through
  }
  return null
}
