/**
 * Why a server function did not do what it was asked. Only the message of an error reaches the browser, so the message
 * is the code and nothing else.
 */
export const functionErrors = {
  UNAUTHORIZED: 401,
  INVALID_INPUT: 400,
  NOT_FOUND: 404,
  MISSING_PERMISSIONS: 403,
  GATEWAY_AWAY: 503,
  /** Discord's limit, of the bot. */
  RATE_LIMITED: 503,
  /** Ours, of whoever asks. */
  TOO_MANY_REQUESTS: 429,
  INTERNAL_ERROR: 500,
} as const satisfies Record<string, number>

export type FunctionErrorCode = keyof typeof functionErrors

export class FunctionError extends Error {
  override readonly name = 'FunctionError'
  /** Of the answer, in HTTP. With one, the framework does not log the error as a failure of its own. */
  readonly status: number

  constructor(code: FunctionErrorCode) {
    super(code)
    this.status = functionErrors[code]
  }
}
