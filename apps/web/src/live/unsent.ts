import { Attachments } from './attachments.ts'
import { Deeds, type DeedsEnvironment } from './deeds.ts'
import type { Begun, Drafts } from './drafts.ts'
import { Outbox, type OutboxEnvironment } from './outbox.ts'
import { onlyListens } from './thrown.ts'
import { Uploads, type SendFile } from './uploads.ts'

/** Without `act` a page does nothing to messages and members. */
export type UnsentEnvironment = Omit<OutboxEnvironment, 'uploadAgain'> &
  Partial<Pick<DeedsEnvironment, 'act'>> & {
    /** Without it, a page sends no files. */
    upload?: SendFile
    /** Without it, what is begun in a guild is there for as long as the page lives. */
    drafts?: (guildId: string, what: Begun) => Drafts
  }

/** What was written in one guild and is not in its feed, and what was asked for there and is not done. */
export class Unsent {
  /** What was typed and not sent, by channel: it stays whatever happens to the connection. */
  readonly drafts: Drafts
  /** The message that is being answered, by channel: without it what was typed would say something else. */
  readonly answered: Drafts
  /** What messages are being changed to, by message: it stays where the message goes. */
  readonly edits: Drafts
  /** The files of what is not sent yet. They are there for as long as the page lives. */
  readonly attachments: Attachments
  readonly uploads: Uploads
  readonly outbox: Outbox
  readonly deeds: Deeds

  constructor(guildId: string, env: UnsentEnvironment) {
    const begun = (what: Begun) => env.drafts?.(guildId, what) ?? new Map<string, string>()
    this.drafts = begun('texts')
    this.answered = begun('answered')
    this.edits = begun('edits')
    this.uploads = new Uploads(guildId, env.upload)
    this.attachments = new Attachments(this.uploads)
    this.outbox = new Outbox(guildId, {
      ...env,
      uploadAgain: (channelId, files) => this.uploads.again(channelId, files),
    })
    this.deeds = new Deeds(guildId, { ...env, act: env.act ?? onlyListens })
  }

  clear(): void {
    this.drafts.clear()
    this.answered.clear()
    this.edits.clear()
    this.attachments.clear()
    this.outbox.clear()
    this.deeds.clear()
  }
}

/** Of each guild that one wrote in, for as long as the page lives: looking at another guild loses nothing. */
export class UnsentByGuild {
  readonly #env: UnsentEnvironment
  readonly #guilds = new Map<string, Unsent>()

  constructor(env: UnsentEnvironment) {
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
