import type { GatewayPresenceUpdateData } from 'discord-api-types/v10'
import type { Compression } from './connection.ts'
import type { StoredSession } from './session.ts'

/** The most members Discord puts into a GUILD_CREATE. https://docs.discord.com/developers/events/gateway-events#identify */
const LARGE_THRESHOLD = 250

const OP = { identify: 2, resume: 6 } as const

/** https://docs.discord.com/developers/events/gateway-events#identify */
export function identifyPayload(options: {
  token: string
  intents: number
  shard: [id: number, count: number]
  /** Null: as Discord has it. */
  presence: GatewayPresenceUpdateData | null
}): unknown {
  const { token, intents, shard, presence } = options
  return {
    op: OP.identify,
    d: {
      token,
      intents,
      shard,
      ...(presence && { presence }),
      large_threshold: LARGE_THRESHOLD,
      properties: { os: process.platform, browser: 'discord-gateway-service', device: 'discord-gateway-service' },
    },
  }
}

/** A session that can be resumed, and the sequence to resume it from. */
export type Resume = { session: StoredSession; sequence: number }

/** https://docs.discord.com/developers/events/gateway-events#resume */
export function resumePayload(token: string, { session, sequence }: Resume): unknown {
  return { op: OP.resume, d: { token, session_id: session.sessionId, seq: sequence } }
}

/** https://docs.discord.com/developers/events/gateway#connecting: version and encoding also when resuming. */
export function connectionUrl(base: string, compression: Compression): string {
  const url = new URL(base)
  url.hash = ''
  url.searchParams.set('v', '10')
  url.searchParams.set('encoding', 'json')
  if (compression !== 'none') url.searchParams.set('compress', compression)
  return url.href
}
