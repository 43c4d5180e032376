import type { HopReport } from '../../src/hop-report.ts'
import { FrameReader } from '../../src/live/stream/frame-reader.ts'
import { GuildsStream, type GuildsHandlers } from '../../src/live/stream/guilds-stream.ts'
import type { OpenGuildSource, StreamEnvironment } from '../../src/live/stream/stream-types.ts'

/** A guild's events from a response of its own, with nobody in between: everything is heard in the breath it is said in. */
export const directSource =
  (env: StreamEnvironment): OpenGuildSource =>
  (guildId, handlers) => {
    const reader = new FrameReader(handlers)
    const passOn: GuildsHandlers = {
      onFrame: (frame) => reader.hear(frame),
      onHops: (data) => handlers.onHops(JSON.parse(data) as HopReport),
      onTimes: (_guildId, data) => handlers.onTimes(JSON.parse(data)),
      onStatus: (_guildId, status) => handlers.onStatus(status),
    }
    const stream = new GuildsStream(env, passOn, null)
    stream.add(guildId, null)
    return { start: () => stream.start(), stop: () => stream.stop(), retryNow: () => stream.retryNow() }
  }
