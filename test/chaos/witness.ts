import type { Account } from './account.ts'
import { numberOf } from './load.ts'
import { Voice } from './voice.ts'

/** What one consumer is told of one guild, as events and syncs, put down to its account. */
export class Witness {
  readonly account: Account
  readonly voice = new Voice()
  readonly #told: (n: number, receivedAt: number | null) => void

  /** @param told hears of every number, as it is told, and when the gateway says that it received it. */
  constructor(account: Account, told: (n: number, receivedAt: number | null) => void) {
    this.account = account
    this.#told = told
  }

  /** @param at where it is told, for whoever looks for what went wrong. */
  event(event: string, payload: Record<string, unknown>, at: string, receivedAt: number | null = null): void {
    this.voice.take(event, payload)
    if (event === 'GUILD_CREATE') this.account.take({ kind: 'guild' })
    const n = numberOf(event, payload)
    if (n === null) return
    this.account.take({ kind: 'event', n, messageId: event === 'MESSAGE_CREATE' ? String(payload['id']) : null, at })
    this.#told(n, receivedAt)
  }

  sync(notice: Readonly<Record<string, unknown>>, at: string): void {
    const [state, reason] = [String(notice['state']), String(notice['reason'])]
    const span = { from: Number(notice['from'] ?? 0), to: Number(notice['to'] ?? 0) }
    // What is said late of an old gap gives no leave to skip anything here.
    if (reason === 'upstream' && notice['guild_id'] !== undefined) {
      const channels = Array.isArray(notice['channels']) ? notice['channels'].map(String) : null
      this.account.take({ kind: 'late word', ...span, channels })
    } else this.account.take({ kind: 'sync', state, reason, ...span, at })
  }
}
