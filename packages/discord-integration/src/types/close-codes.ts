/**
 * How the Gateway Service ends a connection of the link: one table, and nobody switches on the numbers.
 *
 * `reconnect` says whether to come back; `afterMs` is the least wait before that, to which the client adds its own
 * jitter. A close with a code that is not here (1006, a proxy's) is transient: come back.
 */
export const closeCodes = {
  MESSAGE_TOO_BIG: { code: 1009, reconnect: true, afterMs: 1_000, meaning: 'a message was over the limit of 256 KiB' },
  INTERNAL_ERROR: { code: 4000, reconnect: true, afterMs: 1_000, meaning: 'the Gateway Service failed' },
  DRAINING: { code: 4001, reconnect: true, afterMs: 500, meaning: 'the Gateway Service is being restarted' },
  PING_TIMEOUT: { code: 4002, reconnect: true, afterMs: 0, meaning: 'two pings were not answered' },
  BAD_MESSAGES: { code: 4003, reconnect: true, afterMs: 60_000, meaning: 'message after message was not understood' },
  TOKEN_REVOKED: { code: 4004, reconnect: false, afterMs: 0, meaning: 'the token is no longer valid' },
  SCOPES_CHANGED: { code: 4005, reconnect: true, afterMs: 0, meaning: 'what the token may do has changed' },
} as const satisfies Record<string, { code: number; reconnect: boolean; afterMs: number; meaning: string }>

export type CloseCodeName = keyof typeof closeCodes
export type CloseCode = (typeof closeCodes)[CloseCodeName]

const byCode = new Map<number, CloseCode>(Object.values(closeCodes).map((entry) => [entry.code, entry]))

/** What a close code asks of the client; anything unknown is transient. */
export function closeCodePolicy(code: number): { reconnect: boolean; afterMs: number } {
  return byCode.get(code) ?? { reconnect: true, afterMs: 0 }
}
