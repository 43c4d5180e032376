import { Refused } from '../deputy/refused.ts'
import { refusals as ofRequests } from '../http/answer.ts'
import { isLinkError } from '../is-link-error.ts'
import { isMembershipUnknown } from '../membership/membership.ts'
import { unknownMember } from '../outcomes.ts'

const { UNAUTHORIZED, FOREIGN_REQUEST, METHOD_NOT_ALLOWED } = ofRequests

/** Why a file is not taken: the status, and what a person is told. */
export const refusals = {
  UNAUTHORIZED,
  FOREIGN_REQUEST,
  METHOD_NOT_ALLOWED,
  BAD_REQUEST: { status: 400, message: 'That is not a file with a name.' },
  MISSING_PERMISSIONS: { status: 403, message: 'You may not attach files in this channel.' },
  BOT_MISSING_PERMISSIONS: { status: 403, message: 'The bot may not attach files in this channel.' },
  TIMED_OUT: { status: 403, message: 'You are timed out in this server.' },
  HELD_BACK: { status: 403, message: 'This server does not let you write yet.' },
  LOCKED: { status: 403, message: 'This thread is locked.' },
  NOT_FOUND: { status: 404, message: 'There is no such channel in this server.' },
  UPLOAD_STALLED: { status: 408, message: 'It came too slowly.' },
  // 10 MiB, in the unit that the page says sizes in.
  UPLOAD_TOO_LARGE: { status: 413, message: 'Too large: a file has at most 10.48 MB.' },
  TOO_MANY_REQUESTS: { status: 429, message: 'You upload more than may be uploaded here.' },
  TOO_MANY_UPLOADS: { status: 429, message: 'Too many files are on their way for now.' },
  RATE_LIMITED: { status: 503, message: 'Discord does not say for now who you are there.' },
  GATEWAY_AWAY: { status: 503, message: 'The gateway is away.' },
  STORAGE_FULL: { status: 507, message: 'There is no room for more files for now.' },
} as const satisfies { readonly [code: string]: { status: number; message: string } }

export type UploadRefusal = keyof typeof refusals

/** A file is not taken. `retryAfter` is in seconds. */
export class NotTaken extends Error {
  override readonly name = 'NotTaken'
  readonly code: UploadRefusal
  readonly retryAfter: number | undefined

  constructor(code: UploadRefusal, retryAfter?: number) {
    super(code)
    this.code = code
    this.retryAfter = retryAfter
  }
}

/** What of the gateway's refusals is the sender's matter. All others are web's, and all the same to them. */
const THEIRS: ReadonlySet<string> = new Set<UploadRefusal>([
  'BAD_REQUEST',
  'UPLOAD_STALLED',
  'UPLOAD_TOO_LARGE',
  'TOO_MANY_UPLOADS',
  'STORAGE_FULL',
])

/** When to come back where the gateway is away, in seconds. */
export const AWAY_SECONDS = 2

/**
 * @param onRefusal hears of the codes of the gateway's that are web's matter.
 * @returns null for what is not known to go wrong.
 */
export function notTaken(error: unknown, onRefusal: (code: string) => void): NotTaken | null {
  if (error instanceof NotTaken) return error
  if (error instanceof Refused) {
    return new NotTaken(isRefusal(error.code) ? error.code : 'MISSING_PERMISSIONS', error.retryAfter)
  }
  if (isMembershipUnknown(error)) return new NotTaken(unknownMember(error.code), error.retryAfter)
  if (!isLinkError(error)) return null
  const { code, retryAfter } = error
  if (THEIRS.has(code) && isRefusal(code)) return new NotTaken(code, retryAfter)
  if (code !== 'NOT_CONNECTED' && code !== 'CLOSED' && code !== 'UNAVAILABLE') onRefusal(code)
  return new NotTaken('GATEWAY_AWAY', AWAY_SECONDS)
}

const isRefusal = (code: string): code is UploadRefusal => Object.hasOwn(refusals, code)
