import { DiscordGatewayClient, type ShardStatus } from '@repo/discord-integration/clients'
import type { EventFeed } from '@repo/event-feed'
import type { DiscordApi } from '../commands/discord-api.ts'
import type { Logger } from '../logger.ts'
import { askIntents } from './intents.ts'
import { publishDispatch } from './publish.ts'
import { createSessionStore } from './session-store.ts'

export type DiscordSessionsOptions = {
  token: string
  apiUrl: string
  /** Null: what the application may have. */
  intents: number | null
  discord: DiscordApi
  feed: Pick<EventFeed, 'publish' | 'log'>
  /** Told of every dispatch, by its name. */
  received: (event: string) => void
  logger: Logger
}

/** The bot's sessions with Discord, every dispatch of which goes into the feed. */
export class DiscordSessions {
  readonly #options: DiscordSessionsOptions
  readonly #abort = new AbortController()
  #client: DiscordGatewayClient | null = null

  constructor(options: DiscordSessionsOptions) {
    this.#options = options
  }

  /** Empty until the sessions have been opened. */
  get shards(): readonly ShardStatus[] {
    return this.#client?.shards ?? []
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

  /** Leaves the sessions so that they can be resumed; resolves when what they brought is stored. */
  async close(): Promise<void> {
    this.#abort.abort()
    await this.#client?.close()
  }

  async #open(): Promise<void> {
    const { token, apiUrl, discord, feed, received, logger } = this.#options
    const { signal } = this.#abort
    const intents = this.#options.intents ?? (await askIntents(discord, logger, signal))
    if (signal.aborted) return
    const sessions = createSessionStore(feed.log)
    this.#client = new DiscordGatewayClient({ token, apiUrl, intents, sessions, logger })
    this.#client.onAnyEvent(async (event) => {
      received(event.type)
      await publishDispatch(feed, event)
    })
    await this.#client.connect()
  }
}
