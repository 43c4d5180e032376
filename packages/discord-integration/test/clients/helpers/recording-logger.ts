import type { Logger } from '../../../src/clients/logger.ts'

export type Line = { level: keyof Logger; fields: object; message: string }

/** Keeps every line, so that a test can look for what must be said, and for what must not. */
export function recordingLogger(): Logger & { lines: Line[]; text(): string } {
  const lines: Line[] = []
  const at =
    (level: keyof Logger) =>
    (fields: object, message: string): void =>
      void lines.push({ level, fields, message })
  return {
    lines,
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    text: () => lines.map((line) => JSON.stringify(line)).join('\n'),
  }
}
