import { z } from 'zod'
import { OAUTH_ROUTES } from '../oauth/routes.ts'
import { isServed } from '../rest/rest.ts'

/** Which connections: all, unless one is named, or one shard's, or `any`: one of those open, drawn by the seed. */
const where = {
  connection: z.int().positive().optional(),
  shard: z.int().nonnegative().optional(),
  any: z.literal(true).optional(),
}

/** How long: until lifted, unless for some time, or so many times. */
const until = { for_ms: z.number().positive().optional(), times: z.int().positive().optional() }

/** A day: longer is a slip. */
const ms = z.number().positive().max(86_400_000)

/** What may stand in a close frame: https://www.rfc-editor.org/rfc/rfc6455#section-7.4 and IANA's list, to 1014. */
const NEVER_SENT: ReadonlySet<number> = new Set([1004, 1005, 1006])
export const closeCode = z.union([
  z
    .int()
    .min(1000)
    .max(1014)
    .refine((code) => !NEVER_SENT.has(code)),
  z.int().min(3000).max(4999),
])

/** How long after op 7 Discord itself closes. It says only that it may; clients have seen seconds. */
export const RECONNECT_GRACE_MS = 5_000

/** A fault on a route that is not there would never happen, and nobody would know. */
const isRoute = ({ method, route }: { method?: string | undefined; route?: string | undefined }): boolean =>
  route === undefined ||
  isServed(method, route) ||
  OAUTH_ROUTES.some((one) => one.path === route && (!method || one.method === method))

const restFault = z
  .strictObject({
    kind: z.literal('rest'),
    ...until,
    method: z.enum(['GET', 'POST', 'PATCH', 'PUT', 'DELETE']).optional(),
    /** As Discord writes it, without `/api/v10`: `/channels/:channel_id/messages`. All if not given. */
    route: z.string().startsWith('/').optional(),
    answer: z.union([z.literal('hang'), z.literal(429), z.int().min(500).max(599)]),
    /** Of 429, in seconds. */
    retry_after: z.number().nonnegative().default(1),
    scope: z.enum(['user', 'global', 'shared']).default('user'),
    acts: z.boolean().default(false),
  })
  .refine(isRoute, { path: ['route'], error: 'is no route that is served, or not with that method' })

/** Of a connection that is yet to come nobody knows which it will be. */
const isOfNext = (fault: { next: boolean; connection?: unknown; shard?: unknown; any?: unknown }): boolean =>
  !fault.next || [fault.connection, fault.shard, fault.any].every((place) => place === undefined)
const ofNext = { path: ['next'], error: 'goes with no connection, shard or any' }

/** Everything that can be made to go wrong. Those with `for_ms` and `times` last; the others happen once, now. */
export const fault = z.discriminatedUnion('kind', [
  /** Cuts TCP: now, or once `after_bytes` more bytes have gone out. `next`: the next connection, from its handshake on. */
  z
    .strictObject({
      kind: z.literal('drop'),
      ...where,
      after_bytes: z.int().nonnegative().default(0),
      next: z.boolean().default(false),
    })
    .refine(isOfNext, ofNext),
  z.strictObject({ kind: z.literal('close'), ...where, code: closeCode.default(4000) }),
  /** Op 7; who does not go is closed after a while. `next`: to the next connection, before its HELLO. */
  z
    .strictObject({
      kind: z.literal('reconnect'),
      ...where,
      next: z.boolean().default(false),
      close_after_ms: ms.default(RECONNECT_GRACE_MS),
    })
    .refine(isOfNext, ofNext),
  /** Op 9. */
  z.strictObject({ kind: z.literal('invalidate'), ...where, resumable: z.boolean().default(false) }),
  /** Heartbeats are taken and not acknowledged. */
  z.strictObject({ kind: z.literal('no_ack'), ...where, ...until }),
  /** What is sent arrives later, in order. */
  z.strictObject({ kind: z.literal('delay'), ...where, ...until, ms, jitter_ms: ms.default(0.001) }),
  /** What is sent arrives no faster. */
  z.strictObject({ kind: z.literal('throttle'), ...where, ...until, bytes_per_s: z.number().positive() }),
  /** Dispatches arrive twice, with the same number. */
  z.strictObject({ kind: z.literal('duplicate'), ...where, ...until }),
  /** Dispatches do not arrive, though they have a number, and are replayed. */
  z.strictObject({ kind: z.literal('lose'), ...where, ...until }),
  /** Dispatches arrive without their last character, so that they are no JSON. */
  z.strictObject({ kind: z.literal('garble'), ...where, ...until }),
  /** New connections are refused: with a status, or reset. */
  z.strictObject({
    kind: z.literal('refuse'),
    ...until,
    status: z.union([z.literal('reset'), z.int().min(400).max(599)]).default('reset'),
  }),
  /** All connections break and none is taken for a while. `sessions: 'die'`: it is longer than sessions last. */
  z.strictObject({ kind: z.literal('outage'), for_ms: ms, sessions: z.enum(['live', 'die']).default('live') }),
  /** REST answers wrongly, before it has acted or (`acts`) after. */
  restFault,
])

export type Fault = z.infer<typeof fault>
/** A fault as it is written: what has a default may be left out. */
export type FaultInput = z.input<typeof fault>
export type FaultOf<K extends Fault['kind']> = Extract<Fault, { kind: K }>
