import { isNotFound, isRedirect } from '@tanstack/react-router'
import { getRequest, getRequestUrl, setResponseStatus } from '@tanstack/react-start/server'
import { boot } from './boot.server.ts'
import { FUNCTION_PATH, functionFailed } from './function-answer.server.ts'
import { FunctionError } from './function-error.ts'
import { errorPlace } from './http/error-place.ts'

/** The error that a browser may see instead; where it came from goes to the log. */
export function reportError(error: unknown): unknown {
  if (error instanceof Response || isRedirect(error) || isNotFound(error)) return error
  const shown = error instanceof FunctionError ? error : new FunctionError('INTERNAL_ERROR')
  if (shown !== error) boot().logger.error(errorPlace(error), 'a server function failed')
  functionFailed(getRequest())
  // A page that is being rendered has a status of its own.
  if (getRequestUrl().pathname.startsWith(FUNCTION_PATH)) setResponseStatus(shown.status)
  return shown
}
