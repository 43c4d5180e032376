import type { IncomingMessage } from 'node:http'

/** The largest body that is read. Discord takes 10 MiB of files; without files nothing comes near. */
export const MAX_BODY_BYTES = 10 * 1024 * 1024

export class BodyTooLarge extends Error {}

/** Reads a body to its end. Throws {@link BodyTooLarge} over {@link MAX_BODY_BYTES}. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  let size = 0
  // Not destroyed when it is left early: there is still an answer to send over its socket.
  for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += part.length
    if (size > MAX_BODY_BYTES) throw new BodyTooLarge()
    parts.push(part)
  }
  return Buffer.concat(parts)
}
