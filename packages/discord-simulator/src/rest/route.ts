import type { SessionStarts } from '../gateway/session-starts.ts'
import type { Reply } from '../http/reply.ts'
import type { Grant } from '../oauth/grants.ts'
import type { Dispatch } from '../world/types.ts'
import type { World } from '../world/world.ts'
import type { Upload } from './body.ts'
import type { Files } from './files.ts'
import type { Deed } from './audit/audit-log.ts'
import type { Nonces } from './nonces.ts'
import type { Records } from './records.ts'

/** What routes work on. */
export interface RestContext {
  world: World
  nonces: Nonces
  /** Makes something happen: the world changes, and those whom it concerns hear of it. */
  emit: (dispatch: Dispatch & { payload: object }) => void
  /** Writes a deed of whoever asks into a guild's audit log, if what is emitted does not tell it by itself. */
  note: (guildId: string, deed: Deed) => void
  /** What was uploaded. */
  files: Files
  records: Records
  /** What an access token of somebody's is good for, while it is. */
  grantOf: (accessToken: string) => Grant | undefined
  /** Where the simulator itself is: `http://127.0.0.1:PORT`. */
  url: () => string
  /** Where the gateway is, for GET /gateway. */
  gatewayUrl: () => string
  /** How many shards GET /gateway/bot recommends. */
  shards: number
  /** The budget of IDENTIFYs, for GET /gateway/bot. */
  starts: SessionStarts
}

/** A request that has found its route. */
export interface RestRequest {
  /** What stood in the path's places. Those named `*_id` are snowflakes. */
  params: Readonly<Record<string, string>>
  query: URLSearchParams
  /** The JSON body, or undefined if there was none. */
  body: unknown
  /** What came with the body, if it was a form. */
  files: readonly Upload[]
  /** What the audit log is to say: https://docs.discord.com/developers/resources/audit-log */
  reason: string | null
  /** Who asks, if it is not the bot. */
  grant: Grant | undefined
}

export interface Route {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** Without `/api/v10`; places begin with a colon. */
  path: string
  /** True for what Discord tells anybody. */
  open?: boolean
  /** The scope with which somebody may ask for it with their own token, a Bearer. `any`: whatever it is good for. */
  scope?: string
  /** True for what only a Bearer may ask for. */
  personal?: boolean
  /** True for what the global rate limit does not count: https://docs.discord.com/developers/topics/rate-limits */
  exempt?: boolean
  handle: (context: RestContext, request: RestRequest) => Reply
}

/** One of the places of a route's path. */
export function param(request: RestRequest, name: string): string {
  const value = request.params[name]
  if (value === undefined) throw new Error(`the route has no place ${name}`)
  return value
}

export const ok = (body: unknown): Reply => ({ status: 200, body })

export const none = (): Reply => ({ status: 204 })
