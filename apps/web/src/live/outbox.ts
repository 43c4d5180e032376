import type { Failure, SendOutcome, UploadedFile } from '../server/function-results.ts'
import { afterFailure } from './after-failure.ts'
import { failureOf, nothingDone } from './thrown.ts'
import type { ViewMessage } from './view/message-list.ts'
import { compareSnowflakes, NONCE_HOLDS_MS } from '@repo/discord-integration/types'

export type { SendOutcome } from '../server/function-results.ts'

export type SendRequest = {
  guildId: string
  channelId: string
  content: string
  requestId: string
  replyTo?: string
  /** What they were uploaded as. */
  files?: string[]
}

/** `sent` means that Discord has it, and the stream has not brought it yet. */
export type Outgoing = {
  requestId: string
  channelId: string
  content: string
  /** The message that it answers; null for none. */
  replyTo: string | null
  files: readonly UploadedFile[]
  at: number
  /** The newest message that the channel had then; null for none. */
  after: string | null
  state: 'pending' | 'sent' | 'failed' | 'unknown'
  messageId: string | null
  /** Why it was not sent, in the page's words; null unless it failed. */
  failure: { text: string; code: string } | null
  /** A try had an outcome that nobody knows: what turns back a later one on its way says nothing of that. */
  inDoubt: boolean
  /** The gateway keeps an answer for this id, and would only say it again. */
  answered: boolean
}

export type OutboxEnvironment = {
  send: (request: SendRequest) => Promise<SendOutcome>
  /** The same files once more, or why not. */
  uploadAgain: (channelId: string, files: readonly UploadedFile[]) => Promise<readonly UploadedFile[] | Failure>
  newId: () => string
  now: () => number
}

/** The view that an outbox is shown in, while there is one. */
export type OutboxView = {
  /** The id of a channel's newest message. */
  newestIn: (channelId: string) => string | null
  changed: () => void
}

/**
 * The message by which the stream was quicker than the answer: the feed shows already what still counts as on its way. Told by
 * its text and the sizes of its files, since the message's id is what the answer will bring, and Discord may rename files.
 */
export function echoOf(item: Outgoing, messages: readonly ViewMessage[]): ViewMessage | undefined {
  return item.state === 'pending' ? messages.findLast((message) => looksLike(item, message)) : undefined
}

function looksLike(item: Outgoing, { id, payload }: ViewMessage): boolean {
  return (
    payload.author.bot === true &&
    payload.content === item.content &&
    sizesOf(payload.attachments) === sizesOf(item.files) &&
    (item.after === null || compareSnowflakes(id, item.after) > 0)
  )
}

const sizesOf = (files: readonly { size: number }[] = []): string => files.map(({ size }) => size).join()

/** What it is refused with whose files are kept no more. */
const UNKNOWN_UPLOAD = 'UNKNOWN_UPLOAD'

/** What was written here and is not in the feed yet. Nothing in it is repeated without being told to. */
export class Outbox {
  readonly #guildId: string
  readonly #env: OutboxEnvironment
  #view: OutboxView | null = null
  #items: readonly Outgoing[] = []
  /** The messages that answers named: none of them is what became of another item with the same text. */
  #named: ReadonlySet<string> = new Set()
  /** The requests that were asked about without being told to: each once, whatever comes of it. */
  readonly #askedAbout = new Set<string>()

  constructor(guildId: string, env: OutboxEnvironment) {
    this.#guildId = guildId
    this.#env = env
  }

  /** It outlives the views of its guild: what is under way while one looks at another guild gets its answer all the same. */
  attach(view: OutboxView): void {
    this.#view = view
    view.changed()
  }

  detach(view: OutboxView): void {
    if (this.#view === view) this.#view = null
  }

  get items(): readonly Outgoing[] {
    return this.#items
  }

  /** The ids of the messages that were sent from here: another set once there is one more. */
  get sent(): ReadonlySet<string> {
    return this.#named
  }

  /** What became of the first try; of those that follow the items say it. */
  async send(
    channelId: string,
    content: string,
    replyTo: string | null = null,
    files: readonly UploadedFile[] = [],
  ): Promise<SendOutcome> {
    const item: Outgoing = {
      requestId: this.#env.newId(),
      channelId,
      content,
      replyTo,
      files,
      at: this.#env.now(),
      after: this.#view?.newestIn(channelId) ?? null,
      state: 'pending',
      messageId: null,
      failure: null,
      inDoubt: false,
      answered: false,
    }
    this.#set([...this.#items, item])
    return this.#try(item)
  }

  /**
   * Again, and under the same id for as long as no answer is kept for it, so that a message that was sent after all is not
   * sent twice. Only a kept answer needs a new id: a refusal, or that nobody will know any more, with the writer told so. Files
   * that are kept no more are uploaded anew, which makes another message of it.
   */
  async retry(requestId: string): Promise<void> {
    const item = this.#items.find((other) => other.requestId === requestId)
    if (item === undefined || item.state === 'pending' || item.state === 'sent') return
    const again = item.answered ? { requestId: this.#env.newId(), answered: false } : {}
    const next: Outgoing = { ...item, ...again, state: 'pending', failure: null }
    this.#replace(item.requestId, () => next)
    if (item.failure?.code !== UNKNOWN_UPLOAD) return void (await this.#try(next))
    const files = await this.#env.uploadAgain(item.channelId, item.files)
    if ('ok' in files) {
      // They are still gone: the next time they are uploaded first, too.
      const lost = { ok: false as const, code: UNKNOWN_UPLOAD, message: files.message, kept: true }
      return this.#replace(next.requestId, (other) => settled(other, lost, false))
    }
    const renewed = { ...next, files, requestId: this.#env.newId(), answered: false }
    this.#replace(next.requestId, () => renewed)
    // It may have been discarded meanwhile.
    if (this.#items.includes(renewed)) await this.#try(renewed)
  }

  discard(requestId: string): void {
    this.#set(this.#items.filter((item) => item.requestId !== requestId))
  }

  /** Drops what the feed shows by now. */
  settle(isShown: (channelId: string, messageId: string) => boolean): void {
    const left = this.#items.filter(
      (item) => item.state !== 'sent' || item.messageId === null || !isShown(item.channelId, item.messageId),
    )
    if (left.length !== this.#items.length) this.#set(left)
  }

  /**
   * Asks what became of an unknown item once the feed shows a message like it. The text alone proves nothing: others write
   * through the same bot, and to take their message for this one would call a lost message sent. So its own id is asked, and
   * the answer names the message. If it was lost, and the message is somebody else's, asking sends it, late and once, which
   * is what the writer asked for. Later than Discord guards against a second, only the writer asks.
   */
  askAbout(messagesIn: (channelId: string) => readonly ViewMessage[]): void {
    for (const item of this.#items) {
      if (item.state !== 'unknown' || item.answered || this.#askedAbout.has(item.requestId)) continue
      if (!this.#isGuarded(item)) continue
      // Written a second time: the message may be that one's, and its answer will say so.
      if (this.#items.some((other) => other.state === 'pending' && isAlike(other, item))) continue
      const likely = messagesIn(item.channelId).some((one) => looksLike(item, one) && !this.#named.has(one.id))
      if (!likely) continue
      this.#askedAbout.add(item.requestId)
      void this.retry(item.requestId)
    }
  }

  /**
   * Whether one may ask what became of a message by asking for it again under its id. For so long nothing is sent twice,
   * whatever became of the gateway: one that knows the id says what it said, and for one that was restarted Discord's nonce
   * guards (docs/PROTOCOL.md, "Once").
   */
  #isGuarded(item: Outgoing): boolean {
    return this.#env.now() - item.at < NONCE_HOLDS_MS
  }

  clear(): void {
    this.#named = new Set()
    this.#set([])
  }

  async #try(item: Outgoing): Promise<SendOutcome> {
    const { requestId, channelId, content, replyTo, files } = item
    const outcome: SendOutcome = await this.#env
      .send({
        guildId: this.#guildId,
        channelId,
        content,
        requestId,
        ...(replyTo !== null && { replyTo }),
        ...(files.length > 0 && { files: files.map(({ upload }) => upload) }),
      })
      .catch(failureOf)
    if (outcome.ok) this.#named = new Set(this.#named).add(outcome.messageId)
    const guarded = this.#isGuarded(item)
    this.#replace(requestId, (other) => settled(other, outcome, guarded))
    return outcome
  }

  #replace(requestId: string, by: (item: Outgoing) => Outgoing): void {
    this.#set(this.#items.map((item) => (item.requestId === requestId ? by(item) : item)))
  }

  #set(items: readonly Outgoing[]): void {
    this.#items = items
    this.#view?.changed()
  }
}

const isAlike = (one: Outgoing, other: Outgoing): boolean =>
  one.channelId === other.channelId && one.content === other.content && sizesOf(one.files) === sizesOf(other.files)

function settled(item: Outgoing, outcome: SendOutcome, guarded: boolean): Outgoing {
  if (outcome.ok) return { ...item, state: 'sent', messageId: outcome.messageId }
  const undone = afterFailure(outcome, item, guarded)
  if (undone.state === 'unknown') return { ...item, ...undone }
  return { ...item, ...undone, failure: { text: reason(outcome), code: outcome.code } }
}

/** Where the server gives no sentence of its own. */
const refusals: Readonly<Record<string, string>> = {
  ...nothingDone,
  INVALID_INPUT: 'The message is not one that can be sent.',
  NOT_FOUND: 'You cannot view this channel.',
  RATE_LIMITED: 'Too many messages for now.',
  TOO_MANY_REQUESTS: 'Too many messages for now.',
  MISSING_PERMISSIONS: 'It needs Send Messages in this channel. An owner or moderator can give it.',
}

/** Why a message was not sent, to follow `Not sent: `. The server knows best: whether it is the bot that may not, for one. */
function reason({ code, message, retryAfter }: Extract<SendOutcome, { ok: false }>): string {
  const why = message === '' ? (refusals[code] ?? 'It was refused.') : message
  return retryAfter === undefined ? why : `${why} ${Math.ceil(retryAfter)} s left.`
}
