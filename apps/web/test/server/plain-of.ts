import type { StreamBytes } from '../../src/server/realtime/stream-bytes.ts'

/** All that a stream is sent at once. */
export function plainOf(bytes: StreamBytes | null | undefined): Buffer | undefined {
  if (!bytes?.rest) return bytes?.plain
  return Buffer.concat([bytes.plain, ...bytes.rest.map(({ plain }) => plain)])
}
