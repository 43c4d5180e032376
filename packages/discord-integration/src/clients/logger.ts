/**
 * What the clients need of a logger: pino's shape, object first. The objects never hold a token or the text of a
 * message, so they may be logged whole.
 */
export interface Logger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

const nothing = (): void => {}

export const silentLogger: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing }

/** An error for a log line: its name and message; the message of anything thrown by us or a library names no secret. */
export function errorFields(error: unknown): { error: string } {
  return { error: error instanceof Error ? `${error.name}: ${error.message}` : typeof error }
}
