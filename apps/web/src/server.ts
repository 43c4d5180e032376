import { createStartHandler, defaultStreamHandler } from '@tanstack/react-start/server'
import { boot } from './server/boot.server.ts'
import { asOurAnswer } from './server/function-answer.server.ts'
import { errorPlace } from './server/http/error-place.ts'
import { notStored } from './server/http/not-stored.ts'

export { boot, handle, shutdown } from './server/boot.server.ts'

const respond = createStartHandler(defaultStreamHandler)

/**
 * The pages and the server functions. The handler is called directly, not through the framework's own entry, which logs
 * a stack for every visitor who leaves before the answer (https://github.com/TanStack/router/issues/7991).
 */
export default {
  async fetch(request: Request): Promise<Response> {
    try {
      return notStored(asOurAnswer(request, await respond(request)))
    } catch (error) {
      if (request.signal.aborted) return new Response(null, { status: 499 })
      boot().logger.error({ ...errorPlace(error), path: new URL(request.url).pathname }, 'a page failed')
      return notStored(new Response('Something went wrong here.', { status: 500 }))
    }
  },
}
