import { validateHeaderValue } from 'node:http'
import type {
  GatewayPresenceUpdateData,
  GatewayRequestGuildMembers,
  GatewayRequestSoundboardSounds,
  GatewayUpdatePresence,
  GatewayVoiceStateUpdate,
} from 'discord-api-types/v10'
import { Backoff } from './backoff.ts'
import { errorFields, silentLogger, type Logger } from './logger.ts'
import type { Compression } from './shard/connection.ts'
import type { GatewayEventHandler } from './shard/event.ts'
import { getGatewayBot, GatewayBotError, type GatewayBot } from './shard/gateway-bot.ts'
import { identifyLedger, type IdentifyLedger } from './shard/identify-ledger.ts'
import { IdentifyQueue, type IdentifyBudget } from './shard/identify-queue.ts'
import { memorySessionStore, type SessionStore } from './shard/session.ts'
import { Shard } from './shard/shard.ts'
import type { ShardStatus } from './shard/status.ts'
import { sleep, systemTimers, type Timers } from './timers.ts'

/** Without version: ours is 10. */
const DISCORD_API_URL = 'https://discord.com/api'

/** Asking for the gateway's address, while Discord's API does not answer. */
const BACKOFF = { baseMs: 1_000, capMs: 60_000, floorMs: 250 }

/** What a bot may say on the gateway; the rest is the session's own. */
export type GatewayCommandPayload =
  GatewayUpdatePresence | GatewayVoiceStateUpdate | GatewayRequestGuildMembers | GatewayRequestSoundboardSounds

export type DiscordGatewayClientOptions = {
  token: string
  /** https://docs.discord.com/developers/events/gateway#gateway-intents */
  intents: number
  /** Without version; default https://discord.com/api. */
  apiUrl?: string
  /** Default: what Discord recommends. */
  shardCount?: number
  /** Default: none. `zstd-stream` takes a tenth of the bytes and more time for each event. */
  compression?: Compression
  /** How the bot is shown from the beginning of a session on. Default, and null: as Discord has it. */
  presence?: () => GatewayPresenceUpdateData | null
  /** Default: sessions live as long as the process. */
  sessions?: SessionStore
  /** Default: counts IDENTIFYs for as long as the process lives, besides what Discord says. */
  identifies?: IdentifyLedger
  /** Default: says nothing. It is given neither tokens nor payloads. */
  logger?: Logger
  now?: () => number
  random?: () => number
  timers?: Timers
}

/**
 * Discord's end: a bot's shards, and every event of theirs. Within a shard events come in order, each with the sequence
 * that Discord gave it; an event comes again when a handler failed at it and the session store does not have it.
 */
export class DiscordGatewayClient {
  readonly #options: Required<Omit<DiscordGatewayClientOptions, 'shardCount'>>
  readonly #handlers = new Set<GatewayEventHandler>()
  readonly #statusHandlers = new Set<(shards: ShardStatus[]) => void>()
  readonly #abort = new AbortController()
  readonly #backoff: Backoff
  #shardCount: number
  #shards: Shard[] = []
  #queue: IdentifyQueue | null = null
  #connecting: Promise<void> | null = null

  /** @throws {TypeError} for a token that no HTTP header can carry. */
  constructor(options: DiscordGatewayClientOptions) {
    validateHeaderValue('authorization', options.token)
    this.#options = {
      token: options.token,
      intents: options.intents,
      apiUrl: (options.apiUrl ?? DISCORD_API_URL).replace(/\/+$/, ''),
      compression: options.compression ?? 'none',
      presence: options.presence ?? (() => null),
      sessions: options.sessions ?? memorySessionStore(),
      identifies: options.identifies ?? identifyLedger({ load: () => [], save: () => {} }),
      logger: options.logger ?? silentLogger,
      now: options.now ?? Date.now,
      random: options.random ?? Math.random,
      timers: options.timers ?? systemTimers,
    }
    this.#shardCount = options.shardCount ?? 0
    this.#backoff = new Backoff({ ...BACKOFF, random: this.#options.random })
  }

  /** 0 until Discord has said how many, where none was given. */
  get shardCount(): number {
    return this.#shardCount
  }

  /** How each shard stands; empty until they are started. */
  get shards(): readonly ShardStatus[] {
    return this.#shards.map((shard) => shard.status)
  }

  /** How the day's IDENTIFYs stand; null until Discord has said. */
  get identifyBudget(): IdentifyBudget | null {
    return this.#queue?.budget ?? null
  }

  /**
   * Asks Discord where to connect, for as long as it takes, and starts the shards; resolves when they are started, not
   * when they are ready. Also resolves when the client is closed meanwhile.
   *
   * @throws {GatewayBotError} when Discord refuses the token.
   */
  connect(): Promise<void> {
    this.#connecting ??= this.#connect()
    return this.#connecting
  }

  /**
   * Calls the handler with every dispatch, READY and RESUMED among them; the returned function stops that. A handler that
   * throws or rejects hides nothing from the others.
   */
  onAnyEvent(handler: GatewayEventHandler): () => void {
    this.#handlers.add(handler)
    return () => void this.#handlers.delete(handler)
  }

  /** Calls the handler whenever something about a shard changes; the returned function stops that. */
  onStatus(handler: (shards: ShardStatus[]) => void): () => void {
    this.#statusHandlers.add(handler)
    return () => void this.#statusHandlers.delete(handler)
  }

  /**
   * Sends as soon as the shard is ready and Discord's limit of 120 a minute allows.
   *
   * @throws {RangeError} for a shard that does not exist, and for a payload over 4,096 bytes.
   * @throws {Error} when the shard has stopped, or too many payloads wait.
   */
  send(shardId: number, payload: GatewayCommandPayload): void {
    const shard = this.#shards[shardId]
    if (shard === undefined) throw new RangeError(`there is no shard ${shardId}`)
    shard.send(payload)
  }

  /** How long a payload sent now would wait for its turn, in ms; null while that shard is not there or not ready. */
  sendWaitMs(shardId: number): number | null {
    return this.#shards[shardId]?.sendWaitMs ?? null
  }

  /** Leaves the sessions resumable; resolves when the sockets are gone and what was received has been taken. */
  async close(): Promise<void> {
    this.#abort.abort()
    await Promise.all(this.#shards.map((shard) => shard.close()))
  }

  async #connect(): Promise<void> {
    const gateway = await this.#askUntilAnswered()
    if (gateway === null || this.#abort.signal.aborted) return
    const { logger, now, timers, apiUrl } = this.#options
    if (this.#shardCount === 0) this.#shardCount = gateway.shards
    const identifies = (this.#queue = new IdentifyQueue({
      ledger: this.#options.identifies,
      limit: gateway.limit,
      refresh: async () => (await this.#ask()).limit,
      now,
      timers,
      logger,
    }))
    this.#shards = Array.from(
      { length: this.#shardCount },
      (_, id) =>
        new Shard({
          ...this.#options,
          id,
          shardCount: this.#shardCount,
          gatewayUrl: gateway.url,
          apiOrigin: new URL(apiUrl).origin,
          identifies,
          handlers: this.#handlers,
          changed: () => this.#changed(),
        }),
    )
    for (const shard of this.#shards) shard.start()
    this.#changed()
  }

  #ask(): Promise<GatewayBot> {
    return getGatewayBot({ ...this.#options, signal: this.#abort.signal })
  }

  /** `null` when the client was closed. */
  async #askUntilAnswered(): Promise<GatewayBot | null> {
    const { signal } = this.#abort
    while (!signal.aborted) {
      try {
        return await this.#ask()
      } catch (error) {
        if (signal.aborted) break
        if (error instanceof GatewayBotError && !error.retryable) {
          this.#options.logger.error({}, error.message)
          throw error
        }
        const waitMs = Math.max(this.#backoff.next(), error instanceof GatewayBotError ? error.retryAfterMs : 0)
        this.#options.logger.warn(
          { ...errorFields(error), waitMs: Math.round(waitMs) },
          'Discord’s API does not answer: trying again',
        )
        await sleep(this.#options.timers, waitMs, signal)
      }
    }
    return null
  }

  #changed(): void {
    for (const handler of this.#statusHandlers) {
      try {
        handler([...this.shards])
      } catch (error) {
        this.#options.logger.error(errorFields(error), 'a status handler failed')
      }
    }
  }
}
