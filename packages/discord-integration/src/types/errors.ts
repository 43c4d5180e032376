import type { ErrorIssue } from './gateway-service.ts'

/**
 * Every error code of ours, one table. `status` is the HTTP status where the upgrade or an upload is refused with it; `retryable`
 * says whether the same again can succeed. Discord's refusals carry the names of RESTJSONErrorCodes instead, of which none is
 * among these.
 */
export const errorCodes = {
  // A message or a command
  INVALID_JSON: { retryable: false, meaning: 'the message is not JSON' },
  INVALID_MESSAGE: { retryable: false, meaning: 'the message has not the shape of a command' },
  UNKNOWN_COMMAND: { retryable: false, meaning: 'there is no command of that name' },
  INVALID_PAYLOAD: { retryable: false, meaning: 'a field of the command’s payload is missing or wrong' },
  UNKNOWN_UPLOAD: {
    retryable: false,
    meaning: 'an upload that the command names is not there, or no more: nothing was done',
  },
  TOO_MANY_COMMANDS: { retryable: true, meaning: 'too many commands of this connection are in flight' },
  RATE_LIMITED: { retryable: true, meaning: 'Discord’s rate limit leaves no room within the deadline' },
  DISCORD_UNAVAILABLE: { retryable: true, meaning: 'Discord did not take the request: nothing was done' },
  DISCORD_ERROR: { retryable: false, meaning: 'Discord refused with a code that has no name' },
  DISCORD_UNAUTHORIZED: { retryable: true, meaning: 'Discord does not take the bot’s token: nothing was done' },
  OUTCOME_UNKNOWN: { retryable: false, meaning: 'the command may or may not have been done' },
  SHUTTING_DOWN: { retryable: true, meaning: 'the Gateway Service is ending: nothing was done' },
  INTERNAL_ERROR: { retryable: false, meaning: 'the Gateway Service failed' },
  // The upgrade
  BAD_REQUEST: {
    status: 400,
    retryable: false,
    meaning: 'a header or a query parameter is wrong, or the body of an upload',
  },
  UNAUTHORIZED: { status: 401, retryable: false, meaning: 'the bearer token is missing or wrong' },
  FORBIDDEN: {
    status: 403,
    retryable: false,
    meaning: 'the token’s scopes do not reach that far, or the demo is asked from elsewhere',
  },
  NOT_FOUND: { status: 404, retryable: false, meaning: 'there is nothing at that path' },
  TOO_MANY_CONNECTIONS: { status: 429, retryable: true, meaning: 'the token has too many connections' },
  UNAVAILABLE: { status: 503, retryable: true, meaning: 'the Gateway Service is ending' },
  // An upload, beside what the upgrade is refused with
  METHOD_NOT_ALLOWED: { status: 405, retryable: false, meaning: 'at that path there is another method' },
  UPLOAD_STALLED: { status: 408, retryable: true, meaning: 'the upload took too long' },
  UPLOAD_TOO_LARGE: { status: 413, retryable: false, meaning: 'the upload is too large' },
  TOO_MANY_UPLOADS: { status: 429, retryable: true, meaning: 'too much of this backend’s is kept or under way' },
  STORAGE_FULL: { status: 507, retryable: true, meaning: 'there is no room for the upload' },
  // Said by the client of the link itself
  NOT_CONNECTED: { retryable: true, meaning: 'the link was down: the command was not sent' },
  DEADLINE_EXCEEDED: { retryable: false, meaning: 'no answer came in time: the command may or may not have been done' },
  CLOSED: { retryable: false, meaning: 'the client was closed' },
} as const satisfies Record<string, { retryable: boolean; meaning: string; status?: number }>

export type ErrorCode = keyof typeof errorCodes

export type LinkErrorOptions = {
  retryable?: boolean
  cause?: unknown
  discordCode?: number | undefined
  status?: number | undefined
  retryAfter?: number | undefined
  issues?: ErrorIssue[] | undefined
}

/** What goes wrong on the link, at either end. `code` is ours (`errorCodes`) or Discord's name. */
export class LinkError extends Error {
  readonly code: string
  /** Whether the same again can succeed. */
  readonly retryable: boolean
  readonly discordCode: number | undefined
  readonly status: number | undefined
  /** In seconds from when the error was made. */
  readonly retryAfter: number | undefined
  readonly issues: ErrorIssue[] | undefined

  constructor(code: string, message: string, options: LinkErrorOptions = {}) {
    super(message, { cause: options.cause })
    this.name = 'LinkError'
    this.code = code
    this.retryable = options.retryable ?? (isErrorCode(code) && errorCodes[code].retryable)
    this.discordCode = options.discordCode
    this.status = options.status
    this.retryAfter = options.retryAfter
    this.issues = options.issues
  }
}

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCodes, code)
}
