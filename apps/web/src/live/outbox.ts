import type { SendOutcome } from '../server/function-results.ts'
import { afterFailure } from './after-failure.ts'
import { failureOf, nothingDone } from './thrown.ts'
import type { ViewMessage } from './view/message-list.ts'
import { compareSnowflakes, NONCE_HOLDS_MS } from '@repo/discord-integration/types'

export type { SendOutcome } from '../server/function-results.ts'

export type SendRequest = { guildId: string; channelId: string; content: string; requestId: string; replyTo?: string }

/** `sent` means that Discord has it, and the stream has not brought it yet. */
export type Outgoing = {
  requestId: string
  channelId: string
  content: string
  /** The message that it answers; null for none. */
  replyTo: string | null
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
 * its text, since the message's id is what the answer will bring.
 */
export function echoOf(item: Outgoing, messages: readonly ViewMessage[]): ViewMessage | undefined {
  return item.state === 'pending' ? messages.findLast((message) => looksLike(item, message)) : undefined
}

function looksLike(item: Outgoing, { id, payload }: ViewMessage): boolean {
  return (
    payload.author.bot === true &&
    payload.content === item.content &&
    (item.after === null || compareSnowflakes(id, item.after) > 0)
  )
}

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
  async send(channelId: string, content: string, replyTo: string | null = null): Promise<SendOutcome> {
    const item: Outgoing = {
      requestId: this.#env.newId(),
      channelId,
      content,
      replyTo,
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
   * sent twice. Only a kept answer needs a new id: a refusal, or that nobody will know any more, with the writer told so.
   */
  async retry(requestId: string): Promise<void> {
    const item = this.#items.find((other) => other.requestId === requestId)
    if (item === undefined || item.state === 'pending' || item.state === 'sent') return
    const again = item.answered ? { requestId: this.#env.newId(), answered: false } : {}
    const next: Outgoing = { ...item, ...again, state: 'pending', failure: null }
    this.#set(this.#items.map((other) => (other === item ? next : other)))
    await this.#try(next)
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
      if (this.#items.some((other) => other.state === 'pending' && isSameText(other, item))) continue
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
    const { requestId, channelId, content, replyTo } = item
    const reply = replyTo === null ? {} : { replyTo }
    const outcome: SendOutcome = await this.#env
      .send({ guildId: this.#guildId, channelId, content, requestId, ...reply })
      .catch(failureOf)
    if (outcome.ok) this.#named = new Set(this.#named).add(outcome.messageId)
    const guarded = this.#isGuarded(item)
    this.#set(this.#items.map((other) => (other.requestId === requestId ? settled(other, outcome, guarded) : other)))
    return outcome
  }

  #set(items: readonly Outgoing[]): void {
    this.#items = items
    this.#view?.changed()
  }
}

const isSameText = (one: Outgoing, other: Outgoing): boolean =>
  one.channelId === other.channelId && one.content === other.content

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
