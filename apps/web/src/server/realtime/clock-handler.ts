import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Viewer } from '../auth/viewer.server.ts'
import { answerJson, refuse } from '../http/answer.ts'

export type ClockHandlerOptions = {
  /** The id of this process: what another one's clock says is not to be compared. */
  by: string
  /** Who sent that request; null: nobody who is signed in. */
  viewerOf: (request: IncomingMessage) => Promise<Viewer | null>
  onFailure: (response: ServerResponse, error: unknown) => void
  now?: () => number
}

/**
 * Answers `GET /api/clock` with `{"ts":<ms since the epoch>,"by":"<id of this process>"}`, so that a page can tell how far its
 * clock and this one are apart; false for another path.
 */
export function createClockHandler({ by, viewerOf, onFailure, now = Date.now }: ClockHandlerOptions) {
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    if (request.url?.split('?')[0] !== '/api/clock') return false
    if (request.method === 'GET') void answer(request, response)
    else refuse(response, 'METHOD_NOT_ALLOWED', { Allow: 'GET' })
    return true
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const viewer = await viewerOf(request)
      if (viewer) answerJson(response, 200, { ts: now(), by })
      else refuse(response, 'UNAUTHORIZED')
    } catch (error) {
      onFailure(response, error)
    }
  }
}
