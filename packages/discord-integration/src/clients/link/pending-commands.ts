import {
  LinkError,
  type GatewayServiceAckMessage,
  type GatewayServiceErrorMessage,
  type Repeatable,
} from '../../types/index.ts'
import type { Timers } from '../timers.ts'

/** The gateway takes as many per connection. */
export const MAX_PENDING_COMMANDS = 64

export type PendingCommand = {
  command: string
  /** As the table of commands says: whether doing it twice does harm. */
  repeatable: Repeatable
  /** The message, as it was sent. */
  text: string
}

type Pending = PendingCommand & {
  answer: PromiseWithResolvers<unknown>
  cancelDeadline: () => void
  /** Whether the gateway at the other end has been asked, or only one before it. */
  isAsked: boolean
}

/** The commands that were sent and not answered yet, by their request id. Each is settled exactly once. */
export class PendingCommands {
  readonly #timers: Timers
  readonly #pending = new Map<string, Pending>()
  /** The last reads whose deadline passed, so that a late answer is known for what it is. */
  readonly #expiredReads = new Set<string>()

  constructor(options: { timers: Timers }) {
    this.#timers = options.timers
  }

  get size(): number {
    return this.#pending.size
  }

  /**
   * Waits for the answer to a command: the ack's data.
   *
   * @throws {LinkError} TOO_MANY_COMMANDS; INVALID_MESSAGE for a request id that is waited for already.
   */
  add(requestId: string, sent: PendingCommand, deadlineMs: number): Promise<unknown> {
    if (this.#pending.size >= MAX_PENDING_COMMANDS) {
      throw new LinkError('TOO_MANY_COMMANDS', `${MAX_PENDING_COMMANDS} commands are waiting for their answers already`)
    }
    if (this.#pending.has(requestId)) {
      throw new LinkError('INVALID_MESSAGE', 'a command with this requestId is waiting for its answer already')
    }
    const answer = Promise.withResolvers<unknown>()
    const cancelDeadline = this.#timers.after(deadlineMs, () => {
      if (sent.repeatable === 'read') this.#expired(requestId)
      this.#reject(
        requestId,
        new LinkError('DEADLINE_EXCEEDED', `${sent.command} was not answered within ${deadlineMs} ms`),
      )
    })
    this.#pending.set(requestId, { ...sent, answer, cancelDeadline, isAsked: true })
    return answer.promise
  }

  /** False when nobody waits for this answer. */
  settle(message: GatewayServiceAckMessage | GatewayServiceErrorMessage): boolean {
    if (message.requestId === undefined) return false
    if (message.type === 'error') return this.#reject(message.requestId, linkError(message))
    const pending = this.#take(message.requestId)
    pending?.answer.resolve(message.data)
    return pending !== undefined
  }

  /** Whether that command only read, and was given up lately. */
  isExpiredRead(requestId: string | undefined): boolean {
    return requestId !== undefined && this.#expiredReads.has(requestId)
  }

  /** The connection broke: what waits for its answer has to be asked for again. */
  disconnected(): void {
    for (const pending of this.#pending.values()) pending.isAsked = false
  }

  /**
   * The messages to send on a new connection, in the order they were sent first. What must not be done twice is among them
   * only where the gateway is known to have its log still, and in it what became of its commands.
   */
  toAskAgain({ logIsKept }: { logIsKept: boolean }): string[] {
    const again = [...this.#pending.values()].filter(
      ({ isAsked, repeatable }) => !isAsked && (logIsKept || repeatable !== 'no'),
    )
    for (const pending of again) pending.isAsked = true
    return again.map(({ text }) => text)
  }

  /** The gateway has begun a new log: of what must not be done twice, and was not asked for again, nobody knows any more. */
  logIsLost(): void {
    for (const [requestId, { command, isAsked }] of this.#pending) {
      if (isAsked) continue
      const message = `the link broke before ${command} was answered, and the gateway no longer knows what became of it`
      this.#reject(requestId, new LinkError('OUTCOME_UNKNOWN', message))
    }
  }

  rejectAll(error: LinkError): void {
    for (const requestId of this.#pending.keys()) this.#reject(requestId, error)
  }

  #expired(requestId: string): void {
    this.#expiredReads.add(requestId)
    for (const oldest of this.#expiredReads) {
      if (this.#expiredReads.size > MAX_PENDING_COMMANDS) this.#expiredReads.delete(oldest)
    }
  }

  #reject(requestId: string, error: LinkError): boolean {
    const pending = this.#take(requestId)
    pending?.answer.reject(error)
    return pending !== undefined
  }

  #take(requestId: string): Pending | undefined {
    const pending = this.#pending.get(requestId)
    this.#pending.delete(requestId)
    pending?.cancelDeadline()
    return pending
  }
}

function linkError({ data }: GatewayServiceErrorMessage): LinkError {
  const { code = 'INTERNAL_ERROR', message, discordCode, status, retryAfter, issues } = data
  return new LinkError(code, message, { discordCode, status, retryAfter, issues })
}
