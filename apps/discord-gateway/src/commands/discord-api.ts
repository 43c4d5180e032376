import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { DefaultRestOptions, DiscordAPIError, REST, type ResponseLike, type RESTOptions } from '@discordjs/rest'
import type { LinkError, Repeatable } from '@repo/discord-integration/types'
import type { Backend } from '../command-origin.ts'
import { Breaker, BreakerOpen } from './breaker.ts'
import { ANSWER_MARGIN_MS, ATTEMPT_MIN_MS, COMMAND_DEADLINE_MS } from './deadline.ts'
import { discordFailure, type FieldOf } from './discord-failure.ts'
import { GlobalTurns } from './global-turns.ts'
import { requireUnrevoked } from './revoked.ts'

/** How long Discord may take over one request: leaves room for a second within the deadline. */
const ATTEMPT_MAX_MS = 3_000

/** So many 429s end a call: it was not done, and more of them count against everybody. */
const LIMITED_MAX = 5
const LIMITED_WAIT_MS = 1_000

/** Before a second attempt: what made the first fail is often over by then. */
const SECOND_ATTEMPT_AFTER_MS = 250

export type DiscordApiOptions = {
  token: string
  apiUrl: string
  /** How long a command may take until all is given up. Default: what leaves its answer time to be in time. */
  deadlineMs?: number
  attemptMaxMs?: number
}

export type DiscordCall = {
  /** What is attempted, for people: `send message`. */
  action: string
  repeatable: Repeatable
  /** Until when it is answered, in ms since the epoch. Default: the deadline of a command, from now. */
  deadlineAt?: number
  /** Discord's refusal, by its name or its HTTP status, that a second attempt gets when the first did it. */
  done?: string | number | undefined
  /** Where in the payload a field of the request stands, which Discord may refuse by name. */
  fieldOf?: FieldOf
  /** Whether the first attempt of this call is a second one already. */
  repeated?: boolean
  /** Who asks for it. Default: the gateway itself. */
  backend?: Pick<Backend, 'id'>
  /** Whether it is not to be done any more, though it was taken: what waits for a limit is not sent then. */
  isRevoked?: () => boolean
  /** Files go with it, which take as long as they take: the first attempt has all the time that there is. */
  hasFiles?: boolean
  /** It goes past whatever waits for the global limit, which interactions are not bound by. */
  urgent?: boolean
}

/** What one call to Discord has come to so far, and whose it is. */
type Progress = Required<Pick<DiscordCall, 'deadlineAt' | 'isRevoked'>> & {
  sent: boolean
  /** Whether Discord may have acted on it: then it is finished, whoever asked. */
  begun: boolean
  limited: number
  attemptMaxMs: number
  backendId: string | null
}

/**
 * Discord's REST API with the clock running: a call is answered, refused or given up within its deadline, and when it
 * fails it is known whether Discord may have seen it.
 *
 * @discordjs/rest keeps the rate limits; its own retries are off, since they do not know what may be repeated.
 */
export class DiscordApi {
  readonly #rest: REST
  readonly #urgent: REST
  readonly #breaker = new Breaker()
  readonly #turns = new GlobalTurns()
  readonly #attemptMaxMs: number
  readonly #token: string
  /** How long a command may take until all is given up, in ms. */
  readonly deadlineMs: number
  readonly #progress = new AsyncLocalStorage<Progress>()

  constructor(options: DiscordApiOptions) {
    const {
      token,
      apiUrl,
      deadlineMs = COMMAND_DEADLINE_MS - ANSWER_MARGIN_MS,
      attemptMaxMs = ATTEMPT_MAX_MS,
    } = options
    this.#token = token
    this.deadlineMs = deadlineMs
    this.#attemptMaxMs = attemptMaxMs
    const restOptions: Partial<RESTOptions> = {
      api: apiUrl,
      version: '10',
      retries: 0,
      timeout: this.deadlineMs,
      rejectOnRateLimit: ({ retryAfter, sublimitTimeout, timeToReset }) =>
        Math.max(retryAfter, sublimitTimeout, timeToReset) > this.#remainingMs(),
      makeRequest: async (url, init) => {
        const progress = this.#progress.getStore()
        if (this.#remainingMs() < ATTEMPT_MIN_MS) throw new DOMException('no time is left', 'TimeoutError')
        // @discordjs/rest tries again after each 429, and at once where it does not say when.
        if (progress && progress.limited >= LIMITED_MAX) throw new BreakerOpen(LIMITED_WAIT_MS)
        if (progress && !progress.begun) requireUnrevoked(progress.isRevoked)
        const bearsToken = Reflect.has(Object(init.headers), 'Authorization')
        const ended = this.#breaker.begin(progress?.backendId ?? null, bearsToken)
        if (progress) progress.sent = true
        const answer = await within(progress?.attemptMaxMs ?? attemptMaxMs, init.signal, (signal) =>
          makeRequest(url, { ...init, signal }),
        ).catch((error: unknown) => {
          ended(null)
          if (progress) progress.begun = true
          throw error
        })
        ended({ status: answer.status, scope: answer.headers.get('x-ratelimit-scope') })
        if (progress && answer.status === 429) {
          // What is refused so is surely not done.
          progress.sent = false
          progress.limited += 1
        } else if (progress) progress.begun = true
        return answer
      },
    }
    this.#rest = new REST(restOptions).setToken(token)
    // https://docs.discord.com/developers/topics/rate-limits#global-rate-limit: interactions are not bound by it.
    this.#urgent = new REST({ ...restOptions, globalRequestsPerSecond: Infinity }).setToken(token)
  }

  /**
   * Makes a call, a second time where that does no harm.
   *
   * @throws {LinkError} as `discordFailure` says.
   */
  async call<Result>(
    call: DiscordCall,
    request: (rest: REST, signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    const { deadlineAt = Date.now() + this.deadlineMs, isRevoked = () => false } = call
    const signal = AbortSignal.timeout(Math.max(0, deadlineAt - Date.now()))
    const attemptMaxMs = call.hasFiles ? this.deadlineMs : this.#attemptMaxMs
    const backendId = call.backend?.id ?? null
    return await this.#progress.run(
      { deadlineAt, isRevoked, sent: false, begun: false, limited: 0, attemptMaxMs, backendId },
      async () => {
        const first = await this.#attempt(call, request, signal)
        if (first.ok) return first.result
        const isDone = ({ code, status }: LinkError) =>
          call.done !== undefined && (code === call.done || status === call.done)
        if (call.repeated && isDone(first.error)) return undefined as Result
        if (
          call.repeatable === 'no' ||
          !mayPass(first.error) ||
          this.#remainingMs() < SECOND_ATTEMPT_AFTER_MS + ATTEMPT_MIN_MS
        ) {
          throw first.error
        }
        await sleep(SECOND_ATTEMPT_AFTER_MS)
        const second = await this.#attempt(call, request, signal)
        if (second.ok) return second.result
        if (isDone(second.error)) return undefined as Result
        // The second may know that it did nothing; of the first that is still not known.
        throw second.error.retryable ? first.error : second.error
      },
    )
  }

  async #attempt<Result>(
    { action, repeatable, fieldOf, urgent = false }: DiscordCall,
    request: (rest: REST, signal: AbortSignal) => Promise<Result>,
    signal: AbortSignal,
  ): Promise<{ ok: true; result: Result } | { ok: false; error: LinkError }> {
    const progress = this.#progress.getStore()
    if (progress) progress.sent = false
    try {
      // What is refused anyway takes nobody's turn.
      this.#breaker.check(progress?.backendId ?? null)
      if (!urgent && progress) await this.#turns.take(progress.backendId, progress.deadlineAt)
      return { ok: true, result: await request(urgent ? this.#urgent : this.#rest, signal) }
    } catch (error) {
      // After a 401 rest forgets the token, and every later request would fail without being sent.
      if (error instanceof DiscordAPIError && error.status === 401) {
        for (const rest of [this.#rest, this.#urgent]) rest.setToken(this.#token)
      }
      const sent = progress?.sent ?? true
      return { ok: false, error: discordFailure(error, { action, safe: repeatable === 'read', sent, fieldOf }) }
    }
  }

  #remainingMs(): number {
    return (this.#progress.getStore()?.deadlineAt ?? 0) - Date.now()
  }
}

/** A blob, as files are sent, @discordjs/rest would read into memory first. */
const makeRequest: RESTOptions['makeRequest'] = async (url, init) => {
  if (!(init.body instanceof Blob)) return await DefaultRestOptions.makeRequest(url, init)
  const { method = 'POST', headers, body, signal = null } = init
  const answer = await fetch(url, { method, headers: new Headers(headers as Record<string, string>), body, signal })
  // To the types of browsers, which some have that import this, their streams are of another kind.
  // oxlint-disable-next-line typescript/no-unnecessary-type-assertion
  return answer as ResponseLike
}

/** An answer, or an AbortError where it has not begun in time. */
async function within<Answer>(
  ms: number,
  signal: AbortSignal | null | undefined,
  request: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), ms)
  try {
    return await request(signal ? AbortSignal.any([signal, late.signal]) : late.signal)
  } finally {
    clearTimeout(timer)
  }
}

/** Whether a second attempt may go better than the first. */
function mayPass({ code }: LinkError): boolean {
  return code === 'DISCORD_UNAVAILABLE' || code === 'OUTCOME_UNKNOWN'
}
