import type { Clock } from '../clock.ts'

/** How long a nonce is remembered: Discord says "the past few minutes". */
export const NONCE_WINDOW_MS = 3 * 60_000

export interface Sent {
  channel_id: string
  id: string
}

/**
 * Which nonces were used lately, and for which message, so that a repeated request creates nothing.
 * https://docs.discord.com/developers/resources/message#create-message (`enforce_nonce`)
 */
export class Nonces {
  readonly #clock: Clock
  readonly #used = new Map<string, Sent & { at: number }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  find(authorId: string, nonce: string | number): Sent | undefined {
    this.#forget()
    return this.#used.get(`${authorId}/${nonce}`)
  }

  remember(authorId: string, nonce: string | number, { channel_id, id }: Sent): void {
    const key = `${authorId}/${nonce}`
    // Deleted first, so that the map stays in the order of time.
    this.#used.delete(key)
    this.#used.set(key, { channel_id, id, at: this.#clock.now() })
  }

  #forget(): void {
    const before = this.#clock.now() - NONCE_WINDOW_MS
    for (const [key, { at }] of this.#used) {
      if (at >= before) return
      this.#used.delete(key)
    }
  }
}
