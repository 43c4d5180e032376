import { pino } from 'pino'
import type { Logger } from 'pino'

export type { Logger }

/** JSON lines to stdout. What goes in: ids, counts, states. Never a token, never the text of a message. */
export function createLogger(level: string): Logger {
  return pino({ level, base: null })
}
