import { DiscordAPIError, HTTPError, RateLimitError } from '@discordjs/rest'
import { LinkError, type ErrorIssue } from '@repo/discord-integration/types'
import { RESTJSONErrorCodes } from 'discord-api-types/v10'
import { fieldPath, ISSUES_MAX, namingFields } from '../issues.ts'
import { BreakerOpen } from './breaker.ts'
import { discordCodeName } from './discord-code.ts'
import { NoTurnInTime } from './global-turns.ts'

export type FailedCall = {
  /** What was attempted, for people: `send message`. */
  action: string
  /** Whether doing it changes nothing: then it does not matter whether it was done. */
  safe: boolean
  /** Whether a request was on its way to Discord when it failed. */
  sent: boolean
  /** Where in the payload a field of the request stands. Default: where it stands in the request. */
  fieldOf?: FieldOf | undefined
}

/** A field of a request's body or query, by the keys that lead to it, as one of the payload. */
export type FieldOf = (keys: readonly string[]) => readonly string[]

/** A connection that never came to be: whatever was to be sent over it, Discord has not seen. */
const NOT_CONNECTED =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_.*|CERT_.*|UNABLE_TO_.*|SELF_SIGNED_.*|DEPTH_ZERO_.*)$/

/**
 * What a backend is told of a call that failed.
 *
 * The causes are not kept: @discordjs/rest hangs the request, and so message text, on its errors.
 */
export function discordFailure(
  error: unknown,
  { action, safe, sent, fieldOf = (keys) => keys }: FailedCall,
): LinkError {
  // It was said before anything was sent.
  if (error instanceof LinkError) return error
  const failed = `Failed to ${action}`
  if (error instanceof BreakerOpen) {
    const message = `${failed}: Discord has refused so much of late that nothing is sent for a while`
    return new LinkError('RATE_LIMITED', message, { retryAfter: Math.ceil(error.waitMs) / 1000 })
  }
  if (error instanceof RateLimitError || error instanceof NoTurnInTime) {
    const waitMs =
      error instanceof NoTurnInTime
        ? error.waitMs
        : Math.max(error.retryAfter, error.sublimitTimeout, error.timeToReset)
    return new LinkError('RATE_LIMITED', `${failed}: Discord’s rate limit leaves no room in time`, {
      retryAfter: Math.ceil(waitMs) / 1000,
    })
  }
  if (error instanceof DiscordAPIError) {
    const discordCode = typeof error.code === 'number' ? error.code : undefined
    const { status } = error
    const name = discordCode === undefined ? null : discordCodeName(discordCode)
    // It is not the command that is refused, but the bot: with another token the same is done.
    const isBotRefused = status === 401 && (name === null || discordCode === RESTJSONErrorCodes.GeneralError)
    const code = isBotRefused ? 'DISCORD_UNAUTHORIZED' : (name ?? 'DISCORD_ERROR')
    const issues = formIssues(error.rawError, fieldOf)
    if (issues.length === 0) {
      return new LinkError(code, `${failed}: ${oneSentence(error.message)}`, { discordCode, status })
    }
    // Of what has no code there is no sentence of Discord's.
    const said = 'code' in error.rawError ? `: ${oneSentence(error.message.split('\n', 1).join())}` : ''
    const message = namingFields(`${failed}${said}`, issues)
    return new LinkError(code, message, { discordCode, status, issues })
  }
  const status = error instanceof HTTPError ? error.status : undefined
  if (!sent && isAbort(error)) {
    // How long they will yet take nobody says; who waits a second finds at least these done.
    return new LinkError('RATE_LIMITED', `${failed}: the requests before it took all the time there was`, {
      retryAfter: 1,
    })
  }
  const code = codeOf(error)
  const unreachable = NOT_CONNECTED.test(code)
  if (!sent && !unreachable) return new LinkError('INTERNAL_ERROR', `${failed}: the Gateway Service failed`)
  if (safe || unreachable) {
    // The system's word for it, and nothing of the request.
    const why = status === undefined ? code : `HTTP ${status}`
    return new LinkError('DISCORD_UNAVAILABLE', `${failed}: Discord is unavailable${why && ` (${why})`}`, { status })
  }
  return new LinkError('OUTCOME_UNKNOWN', `${failed}, or not: Discord gave no answer`, { status })
}

/**
 * What Discord finds wrong with a form, field by field: https://docs.discord.com/developers/reference#error-messages
 *
 * Of a file that it has read it says so without a code, in a list of texts by the name of the part:
 * https://docs.discord.com/developers/resources/invite#update-target-users
 *
 * Of a value that it quotes nothing is told.
 */
function formIssues(refusal: object, fieldOf: FieldOf): ErrorIssue[] {
  const issue = (keys: readonly string[], message: unknown): ErrorIssue[] => {
    if (typeof message !== 'string') return []
    const path = fieldPath(['data', 'payload', ...fieldOf(keys)])
    return [{ path, message: message.replace(/"[^]*"/, '"…"') }]
  }
  const within = (value: unknown, keys: readonly string[]): ErrorIssue[] => {
    if (typeof value !== 'object' || value === null) return []
    return Object.entries(value).flatMap(([key, one]: [string, unknown]) => {
      if (key !== '_errors' || !Array.isArray(one)) return within(one, [...keys, key])
      return one.flatMap((fault: unknown) => issue(keys, Reflect.get(Object(fault), 'message')))
    })
  }
  const listed = () =>
    Object.entries(refusal).flatMap(([key, texts]: [string, unknown]) =>
      Array.isArray(texts) ? texts.flatMap((text: unknown) => issue([key], text)) : [],
    )
  const isBare = !('errors' in refusal || 'code' in refusal)
  return (isBare ? listed() : within(Reflect.get(refusal, 'errors'), [])).slice(0, ISSUES_MAX)
}

/** `Missing Permissions` as one writes it in a sentence; what stands in capitals altogether (DM, SKU) stays. */
function oneSentence(message: string): string {
  const [first = '', ...rest] = message.split('\n')
  const heading = first.replaceAll(/(?<= )[A-Z][a-z]+\b/g, (word) => word.toLowerCase())
  return [heading, ...rest].join('; ')
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError')
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
