import { LinkError } from '@repo/discord-integration/types'
import { z } from 'zod'
import type { CommandOrigin } from '../command-origin.ts'
import type { DiscordApi } from '../commands/discord-api.ts'

const ChannelSchema = z.object({ guild_id: z.string().optional() })

/** A channel is in one guild for good. */
const KNOWN_MS = 5 * 60_000
/** What is refused today may be seen after a change of permissions. */
const UNKNOWN_MS = 10_000
const KEPT_MAX = 1_000

type Kept = { guildId: Promise<string | null>; until: number }

/** The guilds of channels that the gateway does not know of, archived threads above all, as Discord says when it is asked. */
export class AskedGuilds {
  readonly #discord: DiscordApi
  readonly #kept = new Map<string, Kept>()

  constructor(discord: DiscordApi) {
    this.#discord = discord
  }

  /**
   * Null where it is in none, or Discord does not show it to the bot.
   *
   * @throws {LinkError} Discord could not be asked.
   */
  async of(channelId: string, origin: CommandOrigin): Promise<string | null> {
    const known = this.#kept.get(channelId)
    if (known && known.until > Date.now()) return await known.guildId
    this.#kept.delete(channelId)
    const kept: Kept = { guildId: this.#ask(channelId, origin), until: Infinity }
    this.#kept.set(channelId, kept)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > KEPT_MAX && oldest !== undefined) this.#kept.delete(oldest)
    try {
      const guildId = await kept.guildId
      kept.until = Date.now() + (guildId === null ? UNKNOWN_MS : KNOWN_MS)
      return guildId
    } catch (error) {
      kept.until = 0
      throw error
    }
  }

  /** https://docs.discord.com/developers/resources/channel#get-channel */
  async #ask(channelId: string, { backend, begunAt = Date.now() }: CommandOrigin): Promise<string | null> {
    const deadlineAt = begunAt + this.#discord.deadlineMs
    try {
      return await this.#discord.call(
        { action: 'read the channel', repeatable: 'read', backend, deadlineAt },
        async (rest, signal) =>
          ChannelSchema.parse(await rest.get(`/channels/${channelId}`, { signal })).guild_id ?? null,
      )
    } catch (error) {
      if (error instanceof LinkError && (error.status === 403 || error.status === 404)) return null
      throw error
    }
  }
}
