import type { DispatchEventName } from '../../types/index.ts'
import type { Missing } from './numbering.ts'

/** One dispatch, as handlers get it. */
export type GatewayEventData = {
  type: DispatchEventName
  /** `d`, parsed. */
  data: unknown
  /** `d` as JSON text on one line, byte for byte as Discord wrote it where that is possible. */
  raw: string
  shardId: number
  sessionId: string
  /** Discord's `s`: grows by one within a session, or `missing` says so. */
  sequence: number
  /** In ms since the epoch, by our clock. */
  receivedAt: number
  /** Discord sends it again after a RESUME: it happened earlier, nobody knows when. Else not set. */
  replayed?: true
  /** Events of the session are missing right before this one, for good; else not set. */
  missing?: Missing
}

/** A promise says when the event is taken; until then the shard counts it as unsettled, and pauses when there are many. */
export type GatewayEventHandler = (event: GatewayEventData) => void | Promise<void>

/** Any name passes at run time: Discord adds events before discord-api-types knows them. */
export function isDispatchEventName(name: string | null): name is DispatchEventName {
  return name !== null && name !== ''
}
