import { setTimeout as sleep } from 'node:timers/promises'
import { compareSnowflakes, LinkError } from '@repo/discord-integration/types'
import type { EventFeed, NewGap, Notes } from '@repo/event-feed'
import { Routes } from 'discord-api-types/v10'
import { z } from 'zod'
import type { DiscordApi } from '../commands/discord-api.ts'
import type { Logger } from '../logger.ts'
import { readNote } from '../notes.ts'
import { lastMessages, missedChannels, type Missed } from './plan.ts'
import { SeenMessages } from './seen-messages.ts'

/** Requests for one hole. At a hundred messages each it restores what a busy community writes in hours. */
const REQUESTS_MAX = 500

/** Between two of them: a tenth of what Discord allows a bot, so that commands find room. */
const REQUEST_EVERY_MS = 200

/** Discord's most. https://docs.discord.com/developers/resources/message#get-channel-messages */
const PAGE_MESSAGES = 100

/** How long guilds that READY listed are waited for; those that are down at Discord stay in the hole. */
const GUILDS_WAIT_MS = 15_000
const LOOK_EVERY_MS = 50

/** A page that Discord did not give is asked for again so often. */
const ATTEMPTS = 3

const MessageSchema = z.looseObject({ id: z.string() })
const PageSchema = z.array(MessageSchema)

const HoleSchema = z.object({
  shard: z.object({ id: z.number(), count: z.number() }),
  botId: z.string(),
  /** When it began, in ms since the epoch. */
  since: z.number(),
  /** Where the log stood when it ended. */
  position: z.number(),
  /** By channel, the last message before it. */
  last: z.record(z.string(), z.string()),
})
type Hole = z.infer<typeof HoleSchema>

export type BackfillOptions = {
  feed: Pick<EventFeed, 'publish' | 'state' | 'log'>
  discord: DiscordApi
  notes: Notes
  logger: Logger
  requestsMax?: number
  requestEveryMs?: number
}

/**
 * What REST still has of a hole that Discord left: its messages, appended as MESSAGE_CREATE that say `backfilled`, each once.
 * Reactions, edits, deletions and what else happened in that time stay unknown.
 *
 * What is to be done is written down before the READY that ends the hole is stored, so a process that ends in the middle
 * leaves it to the next.
 */
export class Backfill {
  readonly #options: BackfillOptions
  readonly #abort = new AbortController()
  readonly #running = new Map<number, Promise<void>>()

  constructor(options: BackfillOptions) {
    this.#options = options
  }

  /** To be called with a gap before it is stored, while the state knows what came before it. */
  begin(gap: NewGap, botId: string): void {
    const { feed, notes } = this.#options
    if (!gap.shard) return
    const { shard, fromTs } = gap
    // Where an earlier hole was not filled, it and this one are one.
    const earlier = readNote(notes, keyOf(shard.id), HoleSchema)
    const hole: Hole = {
      shard,
      botId,
      since: Math.min(fromTs, earlier?.since ?? fromTs),
      position: Math.min(feed.log.to, earlier?.position ?? feed.log.to),
      last: { ...lastMessages(feed.state, shard), ...earlier?.last },
    }
    notes.set(keyOf(shard.id), JSON.stringify(hole))
  }

  /** Fills the hole of a shard, if there is one; to be called once its session is up. */
  fill(shardId: number): void {
    if (this.#running.has(shardId)) return
    const running = this.#fill(shardId)
      .catch((error: unknown) => {
        if (!this.#abort.signal.aborted) this.#options.logger.error({ shardId, err: error }, 'the backfill failed')
      })
      .finally(() => this.#running.delete(shardId))
    this.#running.set(shardId, running)
  }

  /** Leaves what is not done to the next start. */
  async close(): Promise<void> {
    this.#abort.abort()
    await Promise.all(this.#running.values())
  }

  /** Until there is none: another session may begin meanwhile, with a hole of its own. */
  async #fill(shardId: number): Promise<void> {
    const { notes } = this.#options
    const key = keyOf(shardId)
    for (let noted = notes.get(key); noted !== null; noted = notes.get(key)) {
      const hole = readNote(notes, key, HoleSchema)
      if (hole) await this.#fillHole(hole)
      if (notes.get(key) === noted) notes.delete(key)
    }
  }

  async #fillHole({ shard, last, position, since, botId }: Hole): Promise<void> {
    const { feed, logger } = this.#options
    await this.#whenGuildsAreThere()
    const missed = missedChannels(feed.state, shard, last, { since, botId })
    const { restored, requests, left } = await this.#readAll(missed, new SeenMessages(feed.log, position))
    const fields = { shardId: shard.id, channels: missed.length, messages: restored, requests }
    if (left === 0) logger.info(fields, 'messages of the gap were restored')
    else logger.warn({ ...fields, left }, 'messages of the gap were restored, not those of all channels')
  }

  /** A page of each channel in turn, so that a busy one does not take the requests of all others. */
  async #readAll(missed: readonly Missed[], seen: SeenMessages) {
    const { requestsMax = REQUESTS_MAX, requestEveryMs = REQUEST_EVERY_MS } = this.#options
    const { signal } = this.#abort
    let queue = [...missed]
    let restored = 0
    let requests = 0
    let failed = 0
    while (queue.length > 0 && requests < requestsMax) {
      const next: Missed[] = []
      for (const [index, channel] of queue.entries()) {
        if (requests === requestsMax) {
          next.push(...queue.slice(index))
          break
        }
        if (requests++ > 0) await sleep(requestEveryMs, undefined, { signal })
        const page = await this.#page(channel)
        if (page === null) failed++
        else {
          restored += await this.#publish(channel, page, seen)
          const last = page.at(-1)?.id
          if (page.length === PAGE_MESSAGES && last !== undefined && compareSnowflakes(last, channel.newest) < 0) {
            next.push({ ...channel, after: last })
          }
        }
      }
      queue = next
    }
    return { restored, requests, left: queue.length + failed }
  }

  /** The messages next after a place, the oldest first; null when Discord does not give them. */
  async #page({ channelId, after }: Missed): Promise<z.infer<typeof PageSchema> | null> {
    const { discord, logger } = this.#options
    const { signal } = this.#abort
    for (let attempt = 1; ; attempt++) {
      signal.throwIfAborted()
      try {
        const page = await discord.call({ action: 'read messages', repeatable: 'safe' }, async (rest, aborted) => {
          const query = new URLSearchParams({ after, limit: String(PAGE_MESSAGES) })
          return PageSchema.parse(await rest.get(Routes.channelMessages(channelId), { query, signal: aborted }))
        })
        return page.sort((a, b) => compareSnowflakes(a.id, b.id))
      } catch (error) {
        if (!(error instanceof LinkError && error.retryable) || attempt === ATTEMPTS) {
          logger.warn(
            { channelId, code: error instanceof LinkError ? error.code : 'INTERNAL_ERROR' },
            'messages of a gap were not given',
          )
          return null
        }
        await sleep((error.retryAfter ?? 1) * 1_000, undefined, { signal })
      }
    }
  }

  /** Answers how many of them the log did not have. */
  async #publish({ guildId, newest }: Missed, page: z.infer<typeof PageSchema>, seen: SeenMessages): Promise<number> {
    const { feed } = this.#options
    // What is newer than the guild was comes by itself.
    const missing = await seen.unseen(page.filter(({ id }) => compareSnowflakes(id, newest) <= 0))
    await Promise.all(
      missing.map((message) => {
        const payload = { ...message, guild_id: guildId }
        const entry = { event: 'MESSAGE_CREATE', guildId, payload: JSON.stringify(payload), ts: Date.now() }
        return feed.publish({ kind: 'dispatch', ...entry, backfilled: true }, payload)
      }),
    )
    return missing.length
  }

  async #whenGuildsAreThere(): Promise<void> {
    const { signal } = this.#abort
    const deadline = performance.now() + GUILDS_WAIT_MS
    while (this.#options.feed.state.pendingGuilds.size > 0 && performance.now() < deadline) {
      await sleep(LOOK_EVERY_MS, undefined, { signal })
    }
  }
}

const keyOf = (shardId: number) => `hole ${shardId}`
