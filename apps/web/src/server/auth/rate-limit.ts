import { isIPv6 } from 'node:net'

export type RateLimitOptions = {
  /** How many may come at once, from one of those who are told apart. */
  burst: number
  perSecond: number
  now?: () => number
}

/** Those who are remembered at once: about 2 MB. Beyond, those that have been quiet longest are forgotten. */
const REMEMBERED_MAX = 10_000

/** A bucket of tokens for each of those who ask: a network, by `networkOf`, or a user. */
export class RateLimit {
  readonly #options: Required<RateLimitOptions>
  /** In the order in which they were last used. */
  readonly #buckets = new Map<string, { tokens: number; at: number }>()

  constructor({ now = Date.now, ...options }: RateLimitOptions) {
    this.#options = { ...options, now }
  }

  /** Null: go on. Else how many seconds to wait. @param cost how many tokens it takes, at most the burst. */
  take(who: string, cost = 1): number | null {
    const { burst, perSecond } = this.#options
    const now = this.#options.now()
    const before = this.#buckets.get(who) ?? { tokens: burst, at: now }
    const tokens = Math.min(burst, before.tokens + ((now - before.at) / 1_000) * perSecond)
    this.#buckets.delete(who)
    const isFree = tokens >= cost
    this.#buckets.set(who, { tokens: isFree ? tokens - cost : tokens, at: now })
    if (this.#buckets.size > REMEMBERED_MAX) this.#buckets.delete(this.#buckets.keys().next().value ?? '')
    return isFree ? null : Math.ceil((cost - tokens) / perSecond)
  }
}

/** Who sends from that address, as far as that tells. One person has a whole IPv6 network of 64 bits. https://www.rfc-editor.org/rfc/rfc6177 */
export function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address
  const [front = '', back] = address.split('%')[0]!.split('::')
  const groups = front === '' ? [] : front.split(':')
  const behind = back === undefined || back === '' ? [] : back.split(':')
  const missing = back === undefined ? 0 : 8 - groups.length - behind.length
  return [...groups, ...Array.from({ length: missing }, () => '0'), ...behind].slice(0, 4).join(':')
}
