import { Refused } from './deputy/refused.ts'
import type { Failure } from './function-results.ts'
import { isLinkError } from './is-link-error.ts'
import { isMembershipUnknown } from './membership/membership.ts'

/** What a person is told, and the code that the page is: the same where it makes no difference to the page. */
type Said = { code: string; message: string }

/**
 * What became of what somebody asked for. Never throws what the link says: a refusal and an unknown outcome are answers that
 * the page shows.
 *
 * @param words for what was asked; where they say nothing, those that fit everything.
 */
export async function outcomeOf<Done extends object>(
  asking: Promise<Done>,
  words: Words = deedWords,
): Promise<({ ok: true } & Done) | Failure> {
  try {
    return { ok: true, ...(await asking) }
  } catch (error) {
    if (error instanceof Refused) {
      const { code, missing, retryAfter } = error
      return failure(code, { words, missing, retryAfter })
    }
    if (isMembershipUnknown(error)) return failure(unknownMember(error.code), { words, retryAfter: error.retryAfter })
    if (!isLinkError(error)) throw error
    const { code, retryable, retryAfter } = error
    return failure(Object.hasOwn(linkCodes, code) ? (linkCodes[code] ?? code) : code, {
      words,
      kept: !retryable && !unheard.has(code),
      retryAfter,
    })
  }
}

/** They ask for more than one person may in a minute. */
export const tooMany = (retryAfter: number, words: Words = deedWords): Failure =>
  failure('TOO_MANY_REQUESTS', { words, retryAfter })

/** Nobody can tell who they are to a server: it is Discord's limit, or all the same to them why. */
export const unknownMember = (code: string): 'RATE_LIMITED' | 'GATEWAY_AWAY' =>
  code === 'RATE_LIMITED' ? 'RATE_LIMITED' : 'GATEWAY_AWAY'

/** What our own end of the link says when it has heard nothing. */
const unheard: ReadonlySet<string> = new Set(['DEADLINE_EXCEEDED', 'CLOSED'])

/** The link's codes in the page's words. */
const linkCodes: Partial<Record<string, string>> = {
  MISSING_ACCESS: 'BOT_MISSING_PERMISSIONS',
  MISSING_PERMISSIONS: 'BOT_MISSING_PERMISSIONS',
  UNKNOWN_CHANNEL: 'NOT_FOUND',
  NOT_CONNECTED: 'GATEWAY_AWAY',
  SHUTTING_DOWN: 'GATEWAY_AWAY',
  DEADLINE_EXCEEDED: 'OUTCOME_UNKNOWN',
  CLOSED: 'OUTCOME_UNKNOWN',
  INTERNAL_ERROR: 'OUTCOME_UNKNOWN',
}

export type Words = { readonly [code: string]: Said | undefined; readonly else: Said }

/** Of what is done to messages and members. */
export const deedWords: Words = {
  MISSING_PERMISSIONS: { code: 'MISSING_PERMISSIONS', message: 'You may not do that here.' },
  TIMED_OUT: { code: 'TIMED_OUT', message: 'You are timed out in this server.' },
  HELD_BACK: { code: 'HELD_BACK', message: 'This server does not let you do that yet.' },
  SLOWMODE: { code: 'RATE_LIMITED', message: 'This channel is in slow mode.' },
  LOCKED: { code: 'LOCKED', message: 'This thread is locked.' },
  NOT_YOURS: { code: 'NOT_YOURS', message: 'The bot did not write that for you.' },
  OUTRANKED: { code: 'OUTRANKED', message: 'Their highest role is not below yours.' },
  ADMINISTRATOR: { code: 'ADMINISTRATOR', message: 'Administrators cannot be timed out.' },
  NOT_IN_VOICE: { code: 'NOT_IN_VOICE', message: 'They are in no voice channel that you see.' },
  TARGET_USER_IS_NOT_CONNECTED_TO_VOICE: { code: 'NOT_IN_VOICE', message: 'They are in no voice channel.' },
  TOO_LONG: { code: 'TOO_LONG', message: 'A timeout lasts 28 days at most.' },
  TOO_MANY_REQUESTS: { code: 'RATE_LIMITED', message: 'You ask for more than may be done here in a minute.' },
  BOT_MISSING_PERMISSIONS: { code: 'BOT_MISSING_PERMISSIONS', message: 'The bot may not do that here.' },
  NOT_FOUND: { code: 'NOT_FOUND', message: 'It is not there, or you do not see it.' },
  UNKNOWN_MESSAGE: { code: 'UNKNOWN_MESSAGE', message: 'The message is there no more.' },
  UNKNOWN_MEMBER: { code: 'UNKNOWN_MEMBER', message: 'They are in this server no more.' },
  UNKNOWN_USER: { code: 'UNKNOWN_MEMBER', message: 'They are in this server no more.' },
  UNKNOWN_EMOJI: { code: 'UNKNOWN_EMOJI', message: 'Discord knows no such emoji here.' },
  GATEWAY_AWAY: { code: 'GATEWAY_AWAY', message: 'The gateway is away: nothing was done.' },
  OUTCOME_UNKNOWN: { code: 'OUTCOME_UNKNOWN', message: 'It may or may not have been done.' },
  RATE_LIMITED: { code: 'RATE_LIMITED', message: 'Discord limits how often this may be done. Nothing was changed.' },
  DISCORD_UNAVAILABLE: { code: 'DISCORD_UNAVAILABLE', message: 'Discord did not take it: nothing was done.' },
  else: { code: '', message: 'Discord refused it.' },
}

/** Of what is written. */
export const sendWords: Words = {
  MISSING_PERMISSIONS: { code: 'MISSING_PERMISSIONS', message: 'You may not write in this channel.' },
  TIMED_OUT: { code: 'MISSING_PERMISSIONS', message: 'You are timed out in this server.' },
  HELD_BACK: { code: 'MISSING_PERMISSIONS', message: 'This server does not let you write yet.' },
  SLOWMODE: { code: 'RATE_LIMITED', message: 'This channel is in slow mode.' },
  LOCKED: { code: 'MISSING_PERMISSIONS', message: 'This thread is locked.' },
  TOO_MANY_REQUESTS: { code: 'RATE_LIMITED', message: 'You write faster than may be written here.' },
  BOT_MISSING_PERMISSIONS: { code: 'MISSING_PERMISSIONS', message: 'The bot may not write in this channel.' },
  NOT_FOUND: { code: 'UNKNOWN_CHANNEL', message: 'There is no such channel in this server.' },
  GATEWAY_AWAY: { code: 'GATEWAY_AWAY', message: 'The gateway is away: nothing was sent.' },
  OUTCOME_UNKNOWN: { code: 'OUTCOME_UNKNOWN', message: 'The message may or may not have been sent.' },
  RATE_LIMITED: { code: 'RATE_LIMITED', message: 'Discord takes no more messages here for now.' },
  INVALID_PAYLOAD: { code: 'INVALID_PAYLOAD', message: 'Discord does not take a message like this one.' },
  UNKNOWN_UPLOAD: { code: 'UNKNOWN_UPLOAD', message: 'Its files are kept for 15 minutes, and are there no more.' },
  DISCORD_UNAVAILABLE: {
    code: 'DISCORD_UNAVAILABLE',
    message: 'Discord did not take the message: nothing was sent.',
  },
  else: { code: '', message: 'Discord refused the message.' },
}

/** Of what is written with files. */
export const sendFilesWords: Words = {
  ...sendWords,
  MISSING_PERMISSIONS: { code: 'MISSING_PERMISSIONS', message: 'You may not write with files in this channel.' },
  BOT_MISSING_PERMISSIONS: {
    code: 'MISSING_PERMISSIONS',
    message: 'The bot may not write with files in this channel.',
  },
}

function failure(
  why: string,
  {
    words,
    kept = false,
    retryAfter,
    missing = [],
  }: { words: Words; kept?: boolean; retryAfter?: number | undefined; missing?: readonly string[] },
): Failure {
  const said = Object.hasOwn(words, why) && why !== 'else' ? words[why] : undefined
  const { code, message } = said ?? { ...words.else, code: why }
  return {
    ok: false,
    code,
    message,
    kept,
    ...(retryAfter !== undefined && { retryAfter }),
    ...(missing.length > 0 && { missing: [...missing] }),
  }
}
