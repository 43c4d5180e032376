import type { FunctionErrorCode } from './function-error.ts'
import { functionErrors } from './function-error.ts'

/** The framework's own prefix for server functions. */
export const FUNCTION_PATH = '/_serverFn/'

/** How far each request for a server function came: nothing before it is ours, and what it throws is. */
const progress = new WeakMap<Request, 'reached' | 'failed'>()

export function functionReached(request: Request): void {
  progress.set(request, 'reached')
}

/** Its error is a code of ours, and may be seen. */
export function functionFailed(request: Request): void {
  progress.set(request, 'failed')
}

/**
 * The answer as the browser may have it. What goes wrong around a server function (a body that is not JSON, or too
 * large, or not the framework's format) the framework answers with the error's own text, which quotes the body: instead
 * it is `INVALID_INPUT` before the function was reached, `INTERNAL_ERROR` after.
 */
export function asOurAnswer(request: Request, answer: Response): Response {
  const isError = answer.status >= 500 || (answer.status >= 400 && answer.headers.has('x-tss-serialized'))
  if (!isError || !new URL(request.url).pathname.startsWith(FUNCTION_PATH)) return answer
  const came = progress.get(request)
  if (came === 'failed') return answer
  void answer.body?.cancel().catch(() => {})
  const code: FunctionErrorCode = came === 'reached' ? 'INTERNAL_ERROR' : 'INVALID_INPUT'
  const status = answer.status === TOO_LARGE ? TOO_LARGE : functionErrors[code]
  return Response.json({ error: { code, message: messages[code] } }, { status })
}

const TOO_LARGE = 413

const messages = {
  INVALID_INPUT: 'that is not what this function takes',
  INTERNAL_ERROR: 'something went wrong here',
} as const
