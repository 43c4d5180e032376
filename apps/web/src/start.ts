import { createCsrfMiddleware, createMiddleware, createServerOnlyFn, createStart } from '@tanstack/react-start'
import { getRequest } from '@tanstack/react-start/server'
import { VIEWER_HEADER, viewerOfPage } from './page-viewer.ts'
import { isOwnOrigin } from './server/own-origin.server.ts'
import { functionReached } from './server/function-answer.server.ts'
import { newNonce, setPolicy } from './server/page-policy.server.ts'
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

/** What a page asks, it asks for whom it was made: not for whoever has signed in in this browser since. */
const viewer = createMiddleware({ type: 'function' }).client(({ next }) => {
  const viewerId = viewerOfPage()
  return next(viewerId === null ? {} : { headers: { [VIEWER_HEADER]: viewerId } })
})

/** Every page has a nonce, which its scripts and styles bear, and a policy that lets nothing else run. */
const policy = createMiddleware().server(async ({ next, handlerType }) => {
  if (handlerType !== 'router') return next()
  const nonce = newNonce()
  const result = await next({ context: { nonce } })
  setPolicy(result.response.headers, nonce)
  return result
})

export const startInstance = createStart(() => ({
  requestMiddleware: [csrf, policy],
  functionMiddleware: [viewer, errors],
}))
