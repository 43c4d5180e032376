import { Outbox, type OutboxEnvironment } from './outbox.ts'

/** What was written in one guild and is not in its feed. */
export class Unsent {
  /** What was typed and not sent, by channel: it stays whatever happens to the connection. */
  readonly drafts = new Map<string, string>()
  readonly outbox: Outbox

  constructor(guildId: string, env: OutboxEnvironment) {
    this.outbox = new Outbox(guildId, env)
  }

  clear(): void {
    this.drafts.clear()
    this.outbox.clear()
  }
}

/** Of each guild that one wrote in, for as long as the page lives: looking at another guild loses nothing. */
export class UnsentByGuild {
  readonly #env: OutboxEnvironment
  readonly #guilds = new Map<string, Unsent>()

  constructor(env: OutboxEnvironment) {
    this.#env = env
  }

  of(guildId: string): Unsent {
    const known = this.#guilds.get(guildId) ?? new Unsent(guildId, this.#env)
    this.#guilds.set(guildId, known)
    return known
  }

  /** Signed out: nothing that was written stays behind. */
  clear(): void {
    for (const unsent of this.#guilds.values()) unsent.clear()
  }
}
