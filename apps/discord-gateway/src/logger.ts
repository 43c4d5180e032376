import { pino, stdSerializers, type DestinationStream, type Logger } from 'pino'

export type { Logger }

/** What no line may carry, should it ever be handed in by mistake. */
const REDACTED = ['token', 'authorization', 'content', 'payload', 'headers.authorization', 'body'].flatMap((path) => [
  path,
  `*.${path}`,
])

/** JSON lines on stdout. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    redact: { paths: REDACTED, censor: '[redacted]' },
    // Of an error only what it says of itself: @discordjs/rest hangs the request's body, and so message text, on its own.
    serializers: {
      err: (error: unknown) => {
        if (!(error instanceof Error)) return { message: String(error) }
        const { type, message, stack } = stdSerializers.err(error)
        return { type, message, stack }
      },
    },
  }
  return destination ? pino(options, destination) : pino(options)
}
