import { z } from 'zod'
import type { DiscordApi } from './discord-api.ts'

const ApplicationSchema = z.object({ id: z.string() })
const ReadySchema = z.object({ application: ApplicationSchema })

/**
 * The bot's application, by the id that READY says: https://docs.discord.com/developers/events/gateway-events#ready. A session
 * that is resumed has no READY; who asks then has Discord say it, once.
 */
export class OwnApplication {
  #id: string | null = null
  #asking: Promise<string> | null = null

  /** To be told of every dispatch. */
  hear({ type, data }: { type: string; data: unknown }): void {
    if (type === 'READY') this.#id = ReadySchema.safeParse(data).data?.application.id ?? this.#id
  }

  /** @throws {LinkError} what `discord` throws: it is not known, and could not be asked. */
  async id(discord: DiscordApi): Promise<string> {
    if (this.#id !== null) return this.#id
    this.#asking ??= this.#ask(discord).finally(() => (this.#asking = null))
    return await this.#asking
  }

  /** https://docs.discord.com/developers/resources/application#get-current-application */
  async #ask(discord: DiscordApi): Promise<string> {
    // Whoever answers an interaction with it waits for this.
    const call = { action: 'read the application', repeatable: 'read', urgent: true } as const
    this.#id = await discord.call(
      call,
      async (rest, signal) => ApplicationSchema.parse(await rest.get('/applications/@me', { signal })).id,
    )
    return this.#id
  }
}
