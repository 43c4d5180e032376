import { createHash, randomUUID } from 'node:crypto'
import type { CommandOrigin } from '../command-origin.ts'

/** https://docs.discord.com/developers/resources/message#create-message: "up to 25 characters" */
const NONCE_MAX_CHARS = 25

/** By what a request is known again. */
export type RequestKeys = {
  /** Tells the command and its payload from any other, without being them. */
  fingerprint: string
  /** What its outcome is kept under. */
  own: string
  /** What it would be kept under in the other version of the link. */
  other: string
  /** The same for the same request, also after a restart, and for no other. */
  nonce: string
}

/** @param what the command and its payload, as it was sent: in whatever order its fields are, it is the same. */
export function requestKeys({ backend, requestId, version }: CommandOrigin, what: readonly unknown[]): RequestKeys {
  const fingerprint = hash(what)
  const request = [backend.id, requestId ?? randomUUID()]
  // The ids of version 1 merely track: the same id for something else is something else, not a mistake.
  const [ofId, ofIdAndWhat] = [hash(request), hash([...request, fingerprint])]
  const [own, other] = version === 1 ? [ofIdAndWhat, ofId] : [ofId, ofIdAndWhat]
  return { fingerprint, own, other, nonce: ofIdAndWhat.slice(0, NONCE_MAX_CHARS) }
}

/** A thing that commands change, by the route that leads to it: which may have a secret in it, and is kept. */
export function thingKey(route: string): string {
  return hash([route])
}

function hash(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts, inOrder)).digest('base64url')
}

/** An object's fields stand in the order in which somebody wrote them, which says nothing. */
function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
