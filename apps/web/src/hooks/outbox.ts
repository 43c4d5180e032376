import type { ViewMessage } from './message-list.ts'
import { compareSnowflakes } from './snowflake.ts'

export type SendOutcome =
  { ok: true; messageId: string } | { ok: false; code: string; message: string; retryAfter?: number | undefined }

export type SendRequest = { guildId: string; channelId: string; content: string; requestId: string }

/** `sent` means that Discord has it, and the stream has not brought it yet. */
export type Outgoing = {
  requestId: string
  channelId: string
  content: string
  at: number
  /** The newest message that the channel had then; null for none. */
  after: string | null
  state: 'pending' | 'sent' | 'failed' | 'unknown'
  messageId: string | null
  /** Why it was not sent, in the page's words; null unless it failed. */
  failure: { text: string; code: string } | null
  /** It was asked for again under the same id, and the answer was again that nobody knows. */
  askedAgain: boolean
}

export type OutboxEnvironment = {
  guildId: string
  send: (request: SendRequest) => Promise<SendOutcome>
  newId: () => string
  now: () => number
  /** The id of a channel's newest message. */
  newestIn: (channelId: string) => string | null
  changed: () => void
}

/**
 * Whether the stream was quicker than the answer: the feed shows already what still counts as on its way. Told by its
 * text, since the message's id is what the answer will bring.
 */
export function isEchoed(item: Outgoing, messages: readonly ViewMessage[]): boolean {
  if (item.state !== 'pending') return false
  return messages.some(
    ({ id, payload }) =>
      payload.author.bot === true &&
      payload.content === item.content &&
      (item.after === null || compareSnowflakes(id, item.after) > 0),
  )
}

/** What was written here and is not in the feed yet. Nothing in it is repeated without being told to. */
export class Outbox {
  readonly #env: OutboxEnvironment
  #items: readonly Outgoing[] = []

  constructor(env: OutboxEnvironment) {
    this.#env = env
  }

  get items(): readonly Outgoing[] {
    return this.#items
  }

  async send(channelId: string, content: string): Promise<void> {
    const item: Outgoing = {
      requestId: this.#env.newId(),
      channelId,
      content,
      at: this.#env.now(),
      after: this.#env.newestIn(channelId),
      state: 'pending',
      messageId: null,
      failure: null,
      askedAgain: false,
    }
    this.#set([...this.#items, item])
    await this.#try(item)
  }

  /**
   * Again. After an unknown outcome under the same id, so that a message that was sent after all is not sent twice; after a
   * refusal, or a second unknown outcome, under a new one, because an id keeps its answer.
   */
  async retry(requestId: string): Promise<void> {
    const item = this.#items.find((other) => other.requestId === requestId)
    if (item === undefined || item.state === 'pending' || item.state === 'sent') return
    const same = item.state === 'unknown' && !item.askedAgain
    const next: Outgoing = {
      ...item,
      requestId: same ? item.requestId : this.#env.newId(),
      state: 'pending',
      failure: null,
      askedAgain: same,
    }
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

  clear(): void {
    this.#set([])
  }

  async #try(item: Outgoing): Promise<void> {
    const { requestId, channelId, content } = item
    let outcome: SendOutcome
    try {
      outcome = await this.#env.send({ guildId: this.#env.guildId, channelId, content, requestId })
    } catch {
      // The answer did not come: that says nothing about whether the question arrived.
      outcome = { ok: false, code: 'OUTCOME_UNKNOWN', message: '' }
    }
    this.#set(this.#items.map((other) => (other.requestId === requestId ? settled(other, outcome) : other)))
  }

  #set(items: readonly Outgoing[]): void {
    this.#items = items
    this.#env.changed()
  }
}

function settled(item: Outgoing, outcome: SendOutcome): Outgoing {
  if (outcome.ok) return { ...item, state: 'sent', messageId: outcome.messageId }
  if (outcome.code === 'OUTCOME_UNKNOWN') return { ...item, state: 'unknown' }
  return { ...item, state: 'failed', failure: { text: reason(outcome), code: outcome.code } }
}

/** Why a message was not sent, to follow `Not sent: `. */
function reason({ code, message, retryAfter }: Extract<SendOutcome, { ok: false }>): string {
  switch (code) {
    case 'GATEWAY_AWAY':
      return 'the gateway is away.'
    case 'MISSING_PERMISSIONS':
      return 'you need Send Messages in this channel. An owner or moderator can give it.'
    case 'MISSING_ACCESS':
    case 'UNKNOWN_CHANNEL':
      return 'you cannot view this channel.'
    case 'RATE_LIMITED':
      return retryAfter === undefined ? 'too fast.' : `too fast, ${Math.ceil(retryAfter)} s left.`
    default:
      return message === '' ? 'it was refused.' : message
  }
}
