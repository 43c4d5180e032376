import { PermissionFlagsBits } from 'discord-api-types/v10'

const { ManageMessages, ManageChannels, BypassSlowmode } = PermissionFlagsBits

/** https://docs.discord.com/developers/resources/channel#channel-object: "bots, as well as users with…, are unaffected" */
const UNAFFECTED = ManageMessages | ManageChannels | BypassSlowmode

/** People and channels that are remembered at once; beyond, those who wrote first are forgotten. */
const WRITERS_MAX = 10_000

type Written = { readonly requestId: string; readonly at: number }

/**
 * Slowmode for those who write through the bot, which itself knows none: each waits in each channel as in Discord. What they
 * write in Discord itself is not counted.
 */
export class Slowmode {
  readonly #now: () => number
  readonly #written = new Map<string, Written>()

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  /** In how many seconds they may write; null: now. The same request again is no second message. */
  waitOf(writer: Writer): number | null {
    const { rate_limit_per_user: seconds } = writer.channel
    if (typeof seconds !== 'number' || seconds <= 0 || (writer.permissions & UNAFFECTED) !== 0n) return null
    const last = this.#written.get(nameOf(writer))
    if (!last || last.requestId === writer.requestId) return null
    const leftMs = last.at + seconds * 1_000 - this.#now()
    return leftMs > 0 ? Math.ceil(leftMs / 1_000) : null
  }

  /** They have written, or are about to. Returns what takes that back. */
  wrote(writer: Writer): () => void {
    const name = nameOf(writer)
    const before = this.#written.get(name)
    const isAgain = before?.requestId === writer.requestId
    const written = { requestId: writer.requestId, at: isAgain ? before.at : this.#now() }
    this.#written.delete(name)
    this.#written.set(name, written)
    for (const oldest of this.#written.keys()) {
      if (this.#written.size <= WRITERS_MAX) break
      this.#written.delete(oldest)
    }
    return () => {
      if (this.#written.get(name) !== written) return
      if (before) this.#written.set(name, before)
      else this.#written.delete(name)
    }
  }
}

export type Writer = {
  readonly userId: string
  readonly channel: { readonly id?: unknown; readonly rate_limit_per_user?: unknown }
  /** Theirs, in that channel. */
  readonly permissions: bigint
  readonly requestId: string
}

const nameOf = ({ userId, channel }: Writer): string => `${String(channel.id)} ${userId}`
