import type { IncomingMessage } from 'node:http'
import {
  EVENT_ID_MAX_CHARS,
  GATEWAY_SERVICE_V2,
  LinkError,
  SnowflakeSchema,
  type EventId,
} from '@repo/discord-integration/types'
import type { EntryFilter } from '@repo/event-feed'
import { z } from 'zod'
import type { LinkVersion } from '../command-origin.ts'
import { issuesOf, namingFields } from '../issues.ts'
import type { LinkToken } from '../tokens/link-token.ts'
import { filterWithin } from '../tokens/scopes.ts'

/** The path of the link. */
export const LINK_PATH = '/'

/** A log keeps no more than days; a larger number is a mistake in the unit. */
const BACKLOG_MAX_SECONDS = 7 * 24 * 60 * 60

/** All that a subscription needs: a reconnect is a repeat of it. */
export type Upgrade = {
  token: LinkToken
  version: LinkVersion
  lastEventId: EventId | null
  filter: EntryFilter
  snapshot: boolean
  backlogMs?: number
}

const list = <Item extends z.ZodType<string, string>>(item: Item) =>
  z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(item))
    .transform((items): ReadonlySet<string> => new Set(items))

/** The parameters of the upgrade. */
export const QuerySchema = z.strictObject({
  guilds: list(SnowflakeSchema).optional(),
  events: list(z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'expected dispatch names, commas between them')).optional(),
  snapshot: z.enum(['0', '1']).optional(),
  backlog: z
    .string()
    .regex(/^\d{1,6}$/, 'expected seconds')
    .transform(Number)
    .refine((seconds) => seconds <= BACKLOG_MAX_SECONDS, `at most ${BACKLOG_MAX_SECONDS} seconds`)
    .optional(),
})

/** Whose token an `Authorization` header carries; null when it is nobody's. */
export type TokenCheck = (authorization: string | undefined) => LinkToken | null

/**
 * Reads what an upgrade asks for. A stranger learns no more than that a token is needed.
 *
 * @throws {LinkError} NOT_FOUND, UNAUTHORIZED, BAD_REQUEST or FORBIDDEN.
 */
export function readUpgrade(request: Pick<IncomingMessage, 'url' | 'headers'>, checkToken: TokenCheck): Upgrade {
  const url = URL.parse(request.url ?? '', 'http://gateway')
  if (url?.pathname !== LINK_PATH)
    throw new LinkError('NOT_FOUND', `there is nothing here; the link is at ${LINK_PATH}`)

  const token = requireToken(request, checkToken)
  const version = readVersion(request.headers['sec-websocket-protocol'])
  const query = readQuery(url.searchParams)
  if (query.backlog !== undefined && version === 1) throw new LinkError('BAD_REQUEST', 'backlog: needs version 2')

  const { guilds = null, events = null } = query
  return {
    token,
    version,
    lastEventId: readLastEventId(request.headers['last-event-id']),
    filter: filterWithin(token.backend.scopes, { guilds, events }),
    snapshot: query.snapshot !== '0',
    ...(query.backlog === undefined ? {} : { backlogMs: query.backlog * 1000 }),
  }
}

/** @throws {LinkError} UNAUTHORIZED. */
export function requireToken({ headers }: Pick<IncomingMessage, 'headers'>, checkToken: TokenCheck): LinkToken {
  const token = checkToken(headers.authorization)
  if (!token) throw new LinkError('UNAUTHORIZED', 'expected Authorization: Bearer with a valid link token')
  return token
}

function readVersion(offered: string | undefined): LinkVersion {
  if (offered === undefined) return 1
  const names = offered.split(',').map((name) => name.trim())
  if (names.includes(GATEWAY_SERVICE_V2)) return 2
  throw new LinkError('BAD_REQUEST', `Sec-WebSocket-Protocol: expected ${GATEWAY_SERVICE_V2}, or none for version 1`)
}

function readQuery(parameters: URLSearchParams): z.output<typeof QuerySchema> {
  const query = Object.fromEntries(parameters)
  const repeated = Object.keys(query).find((name) => parameters.getAll(name).length > 1)
  if (repeated !== undefined) throw new LinkError('BAD_REQUEST', `${repeated}: given twice`)
  // Not one is passed over in silence: `guild=` for `guilds=` would otherwise subscribe to everything.
  const parsed = QuerySchema.safeParse(query)
  if (parsed.success) return parsed.data
  throw new LinkError('BAD_REQUEST', namingFields('The query is wrong', issuesOf(parsed.error, [])))
}

/** Any id of a bearable length goes to the log, which calls those that it did not write `foreign`. */
function readLastEventId(header: string | string[] | undefined): EventId | null {
  const id = Array.isArray(header) ? header.join() : header
  if (!id) return null
  if (id.length > EVENT_ID_MAX_CHARS)
    throw new LinkError('BAD_REQUEST', `Last-Event-ID: longer than ${EVENT_ID_MAX_CHARS} characters`)
  return id
}
