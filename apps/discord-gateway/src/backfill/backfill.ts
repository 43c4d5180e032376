import { setTimeout as sleep } from 'node:timers/promises'
import { compareSnowflakes, LinkError } from '@repo/discord-integration/types'
import type { EventFeed, NewGap, Notes } from '@repo/event-feed'
import { Routes } from 'discord-api-types/v10'
import { z } from 'zod'
import type { DiscordApi } from '../commands/discord-api.ts'
import type { Logger } from '../logger.ts'
import { Holes, newHole, type Hole, type Plan, type Progress } from './holes.ts'
import { lastMessages, planOf, type Missed } from './plan.ts'
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

export type BackfillOptions = {
  feed: Pick<EventFeed, 'publish' | 'state' | 'log'>
  discord: DiscordApi
  notes: Notes
  logger: Logger
  /** Told of the messages of a page that the log did not have. */
  onRestored?: (hole: Hole, messageIds: readonly string[]) => void
  /** Told that all of a hole was read that can be; of so many channels it was not all. */
  onFilled?: (hole: Hole, channelsLeft: number) => void
  requestsMax?: number
  requestEveryMs?: number
}

/**
 * What REST still has of a hole that Discord left: its messages, appended as MESSAGE_CREATE that say `backfilled`, each once.
 * Then a gap for each guild of which some could not be had. Reactions, edits, deletions and what else happened in that
 * time stay unknown.
 *
 * What is to be done is written down before the READY that ends the hole is stored, and how far it has come after each page,
 * so a process that ends in the middle leaves the rest to the next.
 */
export class Backfill {
  readonly #options: BackfillOptions
  readonly #holes: Holes
  readonly #abort = new AbortController()
  readonly #running = new Map<number, Promise<void>>()

  constructor(options: BackfillOptions) {
    this.#options = options
    this.#holes = new Holes(options.notes)
  }

  /** To be called with a gap before it is stored, while the state knows what came before it. */
  begin(gap: NewGap, botId: string): void {
    const { shard } = gap
    if (!shard) return
    const { state, log } = this.#options.feed
    const hole = newHole(gap, { shard, botId, position: log.to, last: lastMessages(state, shard) })
    this.#holes.add(hole, { isFilling: this.#running.has(shard.id) })
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
    for (let hole = this.#holes.first(shardId); hole; hole = this.#holes.first(shardId)) {
      await this.#fillHole(hole)
      this.#holes.done(hole)
    }
  }

  async #fillHole(hole: Hole): Promise<void> {
    const { feed, logger } = this.#options
    const plan = hole.plan ?? (await this.#makePlan(hole))
    const progress = this.#holes.progress(hole)
    const restored = await this.#readAll(hole, plan.missed, progress)
    const left = [...plan.missed.filter((channel) => !isDone(channel, progress)), ...plan.closed]
    const fields = { shardId: hole.shard.id, channels: plan.missed.length, messages: restored }
    const { requests } = progress
    if (left.length === 0) logger.info({ ...fields, requests }, 'messages of the gap were restored')
    else
      logger.warn(
        { ...fields, requests, left: left.length },
        'messages of the gap were restored, not those of all channels',
      )
    await Promise.all(unrestoredGaps(hole, left).map((gap) => feed.publish(gap)))
    this.#options.onFilled?.(hole, left.length)
  }

  async #makePlan(hole: Hole): Promise<Plan> {
    await this.#whenGuildsAreThere()
    const plan = planOf(this.#options.feed.state, hole.shard, hole.last, hole)
    this.#holes.setPlan(hole, plan)
    return plan
  }

  /**
   * A page of each channel in turn, so that a busy one does not take the requests of all others. Answers how many messages
   * the log did not have.
   */
  async #readAll(hole: Hole, missed: readonly Missed[], progress: Progress): Promise<number> {
    const { feed, requestsMax = REQUESTS_MAX, requestEveryMs = REQUEST_EVERY_MS } = this.#options
    const { signal } = this.#abort
    const seen = new SeenMessages(feed.log, hole.position)
    let restored = 0
    let asked = 0
    const isLeft = (channel: Missed) => !isDone(channel, progress) && !progress.refused.includes(channel.channelId)
    for (let left = missed.filter(isLeft); left.length > 0; left = left.filter(isLeft)) {
      for (const channel of left) {
        if (progress.requests >= requestsMax) return restored
        if (asked++ > 0) await sleep(requestEveryMs, undefined, { signal })
        progress.requests++
        const page = await this.#page({ ...channel, after: progress.after[channel.channelId] ?? channel.after })
        if (page === null) progress.refused.push(channel.channelId)
        else {
          const messageIds = await this.#publish(channel, page, seen)
          this.#options.onRestored?.(hole, messageIds)
          restored += messageIds.length
          const last = page.length === PAGE_MESSAGES ? page.at(-1)?.id : undefined
          progress.after[channel.channelId] = last ?? channel.newest
        }
        // Only now that they are stored; where the process ends in between, the log still has them.
        this.#holes.setProgress(hole, progress)
      }
    }
    return restored
  }

  /** The messages next after a place, the oldest first; null when Discord does not give them. */
  async #page({ channelId, after }: Missed): Promise<z.infer<typeof PageSchema> | null> {
    const { discord, logger } = this.#options
    const { signal } = this.#abort
    for (let attempt = 1; ; attempt++) {
      signal.throwIfAborted()
      try {
        const page = await discord.call({ action: 'read messages', repeatable: 'read' }, async (rest, aborted) => {
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

  /** Answers which of them the log did not have. */
  async #publish({ guildId, newest }: Missed, page: z.infer<typeof PageSchema>, seen: SeenMessages): Promise<string[]> {
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
    return missing.map(({ id }) => id)
  }

  async #whenGuildsAreThere(): Promise<void> {
    const { signal } = this.#abort
    const deadline = performance.now() + GUILDS_WAIT_MS
    while (this.#options.feed.state.pendingGuilds.size > 0 && performance.now() < deadline) {
      await sleep(LOOK_EVERY_MS, undefined, { signal })
    }
  }
}

/** Whether the channel has been read to its end. */
function isDone({ channelId, after, newest }: Missed, progress: Progress): boolean {
  return compareSnowflakes(progress.after[channelId] ?? after, newest) >= 0
}

/** What is still missing, a gap for each guild: at the times of the hole, in these channels, or in none that is named. */
function unrestoredGaps({ shard, gaps }: Hole, left: Plan['closed']): NewGap[] {
  const channels = new Map<string, string[] | null>()
  for (const { guildId, channelId } of left) {
    const others = channels.get(guildId) ?? []
    channels.set(guildId, channelId === null || channels.get(guildId) === null ? null : [...others, channelId])
  }
  return [...channels].flatMap(([guildId, of]) => {
    const whose = { shard, guildId, ...(of && { channels: of }) }
    return gaps.map((gap): NewGap => ({ kind: 'gap', reason: 'upstream', ...whose, ...gap, ts: Date.now() }))
  })
}
