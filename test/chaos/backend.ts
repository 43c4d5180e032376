import { GatewayServiceClient } from '@repo/discord-integration/clients'
import type { EventId } from '@repo/discord-integration/types'
import type { Random } from '@repo/discord-simulator'
import { pause } from '../lib/pause.ts'
import type { Witness } from './witness.ts'

/** How long one lives until it is deployed anew, and how long it is away then. */
const LIVES_MS = [4_000, 30_000] as const
const AWAY_MS = [50, 3_000] as const

export type BackendOptions = {
  name: string
  url: string
  token: string
  random: Random
  /** By guild. */
  witnesses: ReadonlyMap<string, Witness>
}

/**
 * A backend of the link's own client that is told of every guild. It ends now and then, and the next begins where the link says
 * that this one stood.
 */
export class Backend implements AsyncDisposable {
  readonly #options: BackendOptions
  readonly #end = new AbortController()
  readonly #running: Promise<void>
  /** How many there were, one after the other. */
  opened = 0

  constructor(options: BackendOptions) {
    this.#options = options
    this.#running = this.#run()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const { random } = this.#options
    let lastEventId: EventId | null = null
    while (!this.#end.signal.aborted) {
      const client = this.#begin(lastEventId)
      await pause(random.int(...LIVES_MS), this.#end.signal)
      await client.close()
      ;({ lastEventId } = client)
      await pause(random.int(...AWAY_MS), this.#end.signal)
    }
  }

  #begin(lastEventId: EventId | null): GatewayServiceClient {
    const { url, token, name, witnesses } = this.#options
    this.opened++
    const client = new GatewayServiceClient({ url, token, lastEventId })
    const at = `${name}, life ${this.opened}`
    client.onMessage((message) => {
      if (message.type === 'event') {
        const { event, payload } = message.data
        const fields = payload as Record<string, unknown>
        const guildId = String(fields[event === 'GUILD_CREATE' || event === 'GUILD_DELETE' ? 'id' : 'guild_id'])
        witnesses.get(guildId)?.event(event, fields, `${at}, ${message.id}`, message.ts)
      } else {
        const { guild_id: guildId } = message.data
        for (const [id, witness] of witnesses) {
          if (guildId === undefined || guildId === id) witness.sync(message.data, at)
        }
      }
    })
    client.connect()
    return client
  }
}
