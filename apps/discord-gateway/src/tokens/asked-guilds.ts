import { LinkError } from '@repo/discord-integration/types'
import { z } from 'zod'
import type { CommandOrigin } from '../command-origin.ts'
import type { DiscordApi } from '../commands/discord-api.ts'

const InGuildSchema = z.object({ guild_id: z.string().nullish() }).transform(({ guild_id }) => guild_id ?? null)
const InviteSchema = z
  .object({ guild: z.object({ id: z.string() }).nullish() })
  .transform(({ guild }) => guild?.id ?? null)

/**
 * Where Discord says which guild a thing is of, and how.
 *
 * @see https://docs.discord.com/developers/resources/channel#get-channel
 * @see https://docs.discord.com/developers/resources/webhook#get-webhook
 * @see https://docs.discord.com/developers/resources/invite#get-invite
 */
const THINGS = {
  channel: { path: 'channels', guildId: InGuildSchema },
  webhook: { path: 'webhooks', guildId: InGuildSchema },
  invite: { path: 'invites', guildId: InviteSchema },
} as const

/** What is in one guild: a channel or a webhook by its id, an invite by its code. */
export type Thing = { readonly kind: keyof typeof THINGS; readonly id: string }

/** A thing is in one guild for good, but that somebody else's vanity code may be one's own the next day. */
const KNOWN_MS = 5 * 60_000
/** What is refused today may be seen after a change of permissions. */
const UNKNOWN_MS = 10_000
const KEPT_MAX = 1_000

type Kept = { guildId: Promise<string | null>; until: number }

/**
 * The guilds of what the gateway does not know of, as Discord says when it is asked: of archived threads above all, of webhooks
 * and of invites.
 */
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
  async of(thing: Thing, origin: CommandOrigin): Promise<string | null> {
    const key = `${thing.kind} ${thing.id}`
    const known = this.#kept.get(key)
    if (known && known.until > Date.now()) return await known.guildId
    this.#kept.delete(key)
    const kept: Kept = { guildId: this.#ask(thing, origin), until: Infinity }
    this.#kept.set(key, kept)
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

  async #ask({ kind, id }: Thing, { backend, begunAt = Date.now() }: CommandOrigin): Promise<string | null> {
    const { path, guildId } = THINGS[kind]
    const deadlineAt = begunAt + this.#discord.deadlineMs
    try {
      return await this.#discord.call(
        { action: `read the ${kind}`, repeatable: 'read', backend, deadlineAt },
        async (rest, signal) => guildId.parse(await rest.get(`/${path}/${encodeURIComponent(id)}`, { signal })),
      )
    } catch (error) {
      if (error instanceof LinkError && (error.status === 403 || error.status === 404)) return null
      throw error
    }
  }
}
