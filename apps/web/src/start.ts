import { createCsrfMiddleware, createMiddleware, createServerOnlyFn, createStart } from '@tanstack/react-start'
import { getRequest } from '@tanstack/react-start/server'
import { isOwnOrigin } from './server/own-origin.server.ts'
import { functionReached } from './server/function-answer.server.ts'
import { reportError } from './server/report-error.server.ts'

/** Server functions answer this site's own pages only. */
const csrf = createCsrfMiddleware({
  filter: ({ handlerType }) => handlerType === 'serverFn',
  origin: createServerOnlyFn((origin: string, { request }: { request: Request }) => isOwnOrigin(origin, request.url)),
})

/** What goes wrong in a server function would reach the browser as it is: its own codes pass, all else is one code. */
const errors = createMiddleware({ type: 'function' }).server(async ({ next }) => {
  functionReached(getRequest())
  try {
    return await next()
  } catch (error) {
    throw reportError(error)
  }
})

export const startInstance = createStart(() => ({ requestMiddleware: [csrf], functionMiddleware: [errors] }))
