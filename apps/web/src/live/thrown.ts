import type { FunctionErrorCode } from '../server/function-error.ts'
import type { Failure } from '../server/function-results.ts'

/** The server functions' codes that mean: nothing was done. In words, for where the server gives no sentence of its own. */
export const nothingDone: Readonly<Record<string, string>> = {
  UNAUTHORIZED: 'You are signed out.',
  INVALID_INPUT: 'It is not something that can be asked for.',
  NOT_FOUND: 'It is not there, or you do not see it.',
  GATEWAY_AWAY: 'The gateway is away.',
  RATE_LIMITED: 'Too much for now.',
  TOO_MANY_REQUESTS: 'Too much for now.',
  MISSING_PERMISSIONS: 'You may not do that here.',
} satisfies Partial<Record<FunctionErrorCode, string>>

/** What a page that only listens is answered, whatever it asks to be done. */
export const onlyListens = (): Promise<Failure> =>
  Promise.resolve({ ok: false, code: 'FORBIDDEN', message: 'This page only listens.', kept: false })

/**
 * What became of something where asking for it threw. Only codes that say that nothing was done are certain. Else the answer did
 * not come, or says nothing: the question may have arrived all the same.
 */
export function failureOf(error: unknown): Failure {
  const isCertain = error instanceof Error && Object.hasOwn(nothingDone, error.message)
  return { ok: false, code: isCertain ? error.message : 'OUTCOME_UNKNOWN', message: '', kept: false }
}
