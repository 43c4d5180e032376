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

type Pending = PendingCommand & { answer: PromiseWithResolvers<unknown>; cancelDeadline: () => void }

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
    this.#pending.set(requestId, { ...sent, answer, cancelDeadline })
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

  /** The connection broke: what must not be done twice has an unknown outcome; the rest is said again later. */
  disconnected(): void {
    for (const [requestId, { command, repeatable }] of this.#pending) {
      if (repeatable !== 'no') continue
      const message = `the link broke before ${command} was answered`
      this.#reject(requestId, new LinkError('OUTCOME_UNKNOWN', message))
    }
  }

  /** The messages to send again on a new connection, in the order they were sent first. */
  unanswered(): string[] {
    return Array.from(this.#pending.values(), ({ text }) => text)
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
