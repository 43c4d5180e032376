import type { SseManager } from '../realtime/sse-manager.ts'
import type { Sessions } from './sessions.ts'

/** One query, of some 25 ms where 20,000 people look. */
const LOOK_EVERY_MS = 2_000

/**
 * Ends the streams of sessions that have ended elsewhere: at another web that has the same store. Those that end here are
 * ended at once, by who ends them.
 *
 * @returns what ends the watch.
 */
export function watchSignOuts(
  sessions: Pick<Sessions, 'ended'>,
  streams: Pick<SseManager, 'sessionIds' | 'endOf'>,
  onFailure: (error: unknown) => void,
): () => void {
  let isLooking = false
  const look = async () => {
    const ids = streams.sessionIds()
    if (isLooking || ids.length === 0) return
    isLooking = true
    try {
      for (const id of await sessions.ended(ids)) streams.endOf(id)
    } catch (error) {
      onFailure(error)
    } finally {
      isLooking = false
    }
  }
  const timer = setInterval(() => void look(), LOOK_EVERY_MS).unref()
  return () => clearInterval(timer)
}
