import type { IncomingMessage } from 'node:http'

/** The largest body that is read. Discord takes 10 MiB of files; without files nothing comes near. */
export const MAX_BODY_BYTES = 10 * 1024 * 1024

export class BodyTooLarge extends Error {}

/** How deep a body may be nested. Nothing of Discord's comes near; what is far deeper could not be written out again. */
export const MAX_DEPTH = 64

/** Thrown for what is no JSON, or nested deeper than {@link MAX_DEPTH}. */
export class NotJson extends Error {}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

function isTooDeep(value: unknown): boolean {
  let level: object[] = [value].filter(isObject)
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === MAX_DEPTH) return true
    level = level.flatMap((inner) => Object.values(inner).filter(isObject))
  }
  return false
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Reads JSON that may be anything. Throws {@link NotJson}, also for bytes that are no UTF-8. */
export function parseJson(text: Uint8Array | string): unknown {
  let value: unknown
  try {
    value = JSON.parse(typeof text === 'string' ? text : utf8.decode(text))
  } catch {
    throw new NotJson('The body is not JSON.')
  }
  if (isTooDeep(value)) throw new NotJson(`The body is nested more than ${MAX_DEPTH} deep.`)
  return value
}

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
