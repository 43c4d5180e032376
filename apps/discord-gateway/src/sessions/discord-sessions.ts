import { shardOf } from '@repo/discord-integration/types'
import {
  DiscordGatewayClient,
  type Compression,
  type GatewayCommandPayload,
  type GatewayEventData,
  type IdentifyBudget,
  type SessionStore,
  type ShardStatus,
} from '@repo/discord-integration/clients'
import type { EventFeed, NewGap, Notes } from '@repo/event-feed'
import type { Backfill } from '../backfill/backfill.ts'
import type { DiscordApi } from '../commands/discord-api.ts'
import type { Logger } from '../logger.ts'
import { GatewayIntentBits, type GatewayPresenceUpdateData } from 'discord-api-types/v10'
import { z } from 'zod'
import { askIntents } from './intents.ts'
import { Continuity } from './continuity.ts'
import { publishDispatch, publishReady } from './publish.ts'
import { createIdentifyLedger, createSessionStore, intentsOf } from './session-store.ts'

/** How often it is written down until when each shard was connected. */
const SEEN_EVERY_MS = 15_000

const ReadySchema = z.object({ user: z.object({ id: z.string() }) })

export type DiscordSessionsOptions = {
  token: string
  apiUrl: string
  /** Null: what the application may have. */
  intents: number | null
  compression: Compression
  /** How the bot is shown from the beginning of a session on. Default, and null: as Discord has it. */
  presence?: () => GatewayPresenceUpdateData | null
  discord: DiscordApi
  feed: Pick<EventFeed, 'publishAll' | 'log' | 'state'>
  /** What outlives the process. */
  notes: Notes
  /** What fills the holes that sessions leave. */
  holes: Pick<Backfill, 'begin' | 'fill'>
  /** Told of each gap before it is stored: between sessions or within one, and whether its messages are read back. */
  gapFound?: (gap: NewGap, is: { within: boolean; isFilled: boolean }) => void
  /** Told whenever something about a shard changes. */
  shardsChanged?: (shards: readonly ShardStatus[]) => void
  /** Told of every dispatch as it comes. */
  received: (event: GatewayEventData) => void
  /** Told of it again once it is stored, and the state has it. */
  taken: (event: GatewayEventData) => void
  logger: Logger
}

/** The bot's sessions with Discord, every dispatch of which goes into the feed. */
export class DiscordSessions {
  readonly #options: DiscordSessionsOptions
  readonly #abort = new AbortController()
  readonly #continuity: Continuity
  readonly #seeing: NodeJS.Timeout
  readonly #store: SessionStore
  #client: DiscordGatewayClient | null = null

  constructor(options: DiscordSessionsOptions) {
    this.#options = options
    this.#store = createSessionStore(options.feed.log, options.notes)
    this.#continuity = new Continuity(options.feed, options.notes)
    this.#seeing = setInterval(() => this.#see(), SEEN_EVERY_MS).unref()
  }

  /** Empty until the sessions have been opened. */
  get shards(): readonly ShardStatus[] {
    return this.#client?.shards ?? []
  }

  /** 0 until the sessions have been opened, or Discord has said. */
  get shardCount(): number {
    return this.#client?.shardCount ?? 0
  }

  /** By which what there is of the guilds came; null while a shard has no session. */
  get intents(): number | null {
    return intentsOf(this.#store)
  }

  /** Null until Discord has said. */
  get identifyBudget(): IdentifyBudget | null {
    return this.#client?.identifyBudget ?? null
  }

  /**
   * Resolves when the sessions are being opened, or when it is closed before; asks for as long as Discord does not answer.
   *
   * @throws {LinkError | GatewayBotError} when Discord refuses.
   */
  async start(): Promise<void> {
    try {
      await this.#open()
    } catch (error) {
      if (!this.#abort.signal.aborted) throw error
    }
  }

  /** How long a payload said now on a shard would wait for its turn, in ms; null while it has no session. */
  sendWaitMs(shardId: number): number | null {
    return this.#client?.sendWaitMs(shardId) ?? null
  }

  /** Says a payload on a shard. Throws where there is none. */
  send(shardId: number, payload: GatewayCommandPayload): void {
    if (!this.#client) throw new Error('there is no session')
    this.#client.send(shardId, payload)
  }

  /** Null until the sessions have been opened. */
  shardOf(guildId: string): number | null {
    return this.#client ? shardOf(guildId, this.#client.shardCount) : null
  }

  /** Leaves the sessions so that they can be resumed; resolves when what they brought is stored. */
  async close(): Promise<void> {
    this.#abort.abort()
    clearInterval(this.#seeing)
    await this.#client?.close()
    this.#see()
  }

  async #open(): Promise<void> {
    const { token, apiUrl, compression, discord, feed, notes, holes, received, taken, logger } = this.#options
    const { presence = () => null, gapFound = () => {}, shardsChanged = () => {} } = this.#options
    const { signal } = this.#abort
    const intents = this.#options.intents ?? (await askIntents(discord, logger, signal))
    if (signal.aborted) return
    const sessions = this.#store
    const identifies = createIdentifyLedger(notes)
    const client = new DiscordGatewayClient({
      token,
      apiUrl,
      intents,
      compression,
      presence,
      sessions,
      identifies,
      logger,
    })
    this.#client = client
    client.onAnyEvent(async (event) => {
      received(event)
      if (event.type === 'READY') {
        const botId = ReadySchema.safeParse(event.data).data?.user.id
        // Without this intent nobody is told of messages, missed or not.
        const wanted = (intents & GatewayIntentBits.GuildMessages) !== 0 && botId !== undefined
        await publishReady(feed, this.#continuity, event, (gap) => {
          gapFound(gap, { within: false, isFilled: wanted })
          if (wanted) holes.begin(gap, botId)
        })
      } else {
        const gap = this.#continuity.within(event, client.shardCount)
        if (gap) gapFound(gap, { within: true, isFilled: false })
        await publishDispatch(feed, event, gap)
      }
      taken(event)
      if (event.type === 'READY' || event.type === 'RESUMED') holes.fill(event.shardId)
    })
    client.onStatus((shards) => {
      shardsChanged(shards)
      if (shards.some(({ state }) => state === 'reconnecting')) this.#see()
    })
    await client.connect()
  }

  #see(): void {
    try {
      this.#continuity.seen(this.shards)
    } catch (error) {
      this.#options.logger.error({ err: error }, 'until when Discord was heard could not be written down')
    }
  }
}
