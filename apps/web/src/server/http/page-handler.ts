import type { IncomingMessage, ServerResponse } from 'node:http'
import { NodeRequest, sendNodeResponse } from 'srvx/node'
import type { Logger } from '../logger.server.ts'
import { answerFailure } from './answer.ts'
import { withAssets } from './assets.ts'

/** The largest body of a request: a message of 2,000 characters and room for its envelope. */
const MAX_BODY_BYTES = 64 * 1024

/** Answers the built client's files and, with `fetch`, the pages and server functions. */
export function createPageHandler(
  clientDir: string,
  fetch: (request: Request) => Promise<Response>,
  logger: Logger,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const respond = withAssets(clientDir, fetch)
  return async (req, res) => {
    try {
      await sendNodeResponse(res, await respond(new NodeRequest({ req, res, maxRequestBodySize: MAX_BODY_BYTES })))
    } catch (error) {
      answerFailure(res, error, logger)
    }
  }
}
