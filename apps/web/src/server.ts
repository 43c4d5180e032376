import { createStartHandler, defaultStreamHandler } from '@tanstack/react-start/server'
import { renewedCookie } from './server/auth/viewer.server.ts'
import { boot } from './server/boot.server.ts'
import { asOurAnswer, FUNCTION_PATH } from './server/function-answer.server.ts'
import { errorPlace } from './server/http/error-place.ts'
import { notStored } from './server/http/not-stored.ts'
import { statusOfPage } from './server/page-status.server.ts'

export { boot, handle, shutdown } from './server/boot.server.ts'

const respond = createStartHandler(defaultStreamHandler)

/**
 * The pages and the server functions. The handler is called directly, not through the framework's own entry, which logs
 * a stack for every visitor who leaves before the answer (https://github.com/TanStack/router/issues/7991).
 */
export default {
  async fetch(request: Request): Promise<Response> {
    try {
      const answer = asOurAnswer(request, await respond(request))
      const status = await statusOfPage(request, answer.status, boot())
      const page = new Response(answer.body, { status, statusText: answer.statusText, headers: answer.headers })
      const cookie = isFunction(request) ? null : await renewedCookie(request.headers, boot())
      if (cookie !== null) page.headers.append('Set-Cookie', cookie)
      return notStored(page)
    } catch (error) {
      if (request.signal.aborted) return new Response(null, { status: 499 })
      const { pathname } = new URL(request.url)
      const failed = new Response('Something went wrong here.', { status: 500 })
      // The framework throws where a function's name is not one. That is the sender's matter, and not for our log.
      const ours = isFunction(request) ? asOurAnswer(request, failed) : failed
      if (ours.status >= 500) boot().logger.error({ ...errorPlace(error), path: pathname }, 'a page failed')
      return notStored(ours)
    }
  },
}

const isFunction = (request: Request): boolean => new URL(request.url).pathname.startsWith(FUNCTION_PATH)
