import { isNotFound, isRedirect } from '@tanstack/react-router'
import { getRequestUrl, setResponseStatus } from '@tanstack/react-start/server'
import { boot } from './boot.server.ts'
import { FunctionError } from './function-error.ts'

/** The framework's own prefix for server functions. */
const FUNCTION_PATH = '/_serverFn/'

/** The error that a browser may see instead; what it may not see goes to the log. */
export function reportError(error: unknown): unknown {
  if (error instanceof Response || isRedirect(error) || isNotFound(error)) return error
  const shown = error instanceof FunctionError ? error : new FunctionError('INTERNAL_ERROR')
  if (shown !== error) boot().logger.error({ err: error }, 'a server function failed')
  // A page that is being rendered has a status of its own.
  if (getRequestUrl().pathname.startsWith(FUNCTION_PATH)) setResponseStatus(shown.status)
  return shown
}
