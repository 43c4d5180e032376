import { z } from 'zod'
import { errorCodes, LinkError } from '../../types/index.ts'

/** A refusal of ours is a line; more is somebody else's page. */
const MAX_BODY_BYTES = 4096

/** Longer than a restart of anything takes; a header must not park us for a day. */
const MAX_RETRY_AFTER_MS = 60_000

const BodySchema = z.object({ error: z.object({ code: z.string().max(64), message: z.string().max(500) }) })

/** By HTTP status, what the table of errors knows of a refusal: of several the upgrade's, which stand first. */
const byStatus = new Map<number, { code: string; retryable: boolean; meaning: string }>(
  Object.entries(errorCodes)
    .flatMap(([code, entry]) => ('status' in entry ? [[entry.status, { code, ...entry }] as const] : []))
    .toReversed(),
)

export type Refusal = {
  /** Not retryable: the same again cannot succeed until a person has acted, so it is tried seldom. */
  error: LinkError
  /** The least wait that was asked for, in ms. */
  retryAfterMs: number
}

/** An answer by HTTP, however it came. */
export type RefusedResponse = {
  status: number
  /** The header. */
  retryAfter: string | undefined
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

/**
 * Reads why something was refused. What is not ours (a proxy's 502) is transient. Never rejects.
 *
 * @param what is refused, for people: `the link`.
 */
export async function readRefusal(response: RefusedResponse, now: () => number, what: string): Promise<Refusal> {
  const { status } = response
  const known = byStatus.get(status)
  const retryAfterMs = retryAfter(response.retryAfter, now())
  const said = BodySchema.safeParse(await readJson(response.body)).data?.error
  return {
    error: new LinkError(
      said?.code ?? known?.code ?? 'UNAVAILABLE',
      `the gateway refused ${what} with HTTP ${status}: ${said?.message ?? known?.meaning ?? 'not an answer of the Gateway Service'}`,
      { status, retryable: known?.retryable ?? true, retryAfter: retryAfterMs / 1000 },
    ),
    retryAfterMs,
  }
}

/** Seconds or a date, by RFC 9110, section 10.2.3. */
function retryAfter(header: string | undefined, now: number): number {
  if (header === undefined) return 0
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS)
}

async function readJson(body: RefusedResponse['body']): Promise<unknown> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of body) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > MAX_BODY_BYTES) return null
    }
    return JSON.parse(Buffer.concat(chunks).toString())
  } catch {
    return null
  }
}
