import { GatewayCloseCodes, GatewayIntentBits } from 'discord-api-types/v10'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { isSnowflake, shardOf } from '../snowflake.ts'
import { refuseUpgrade } from '../http/refuse.ts'
import { applicationFlags } from '../world/application.ts'
import type { Dispatch } from '../world/types.ts'
import { guildsOf } from '../world/world.ts'
import { Connection } from './connection.ts'
import type { ConnectionHost, ConnectionInfo } from './connection.ts'
import { guildCreateFor } from './guild-create.ts'
import { hideContent, receives } from './intents.ts'
import { comeOnline, goOffline } from './requests/presence.ts'
import { createRequests } from './requests/requests.ts'
import { leaveVoice } from './requests/voice.ts'
import type { Session } from './session.ts'
import { isCompression } from './transport.ts'

/** How many connections are remembered after they closed. Tests ask about the last few. */
export const CONNECTIONS_REMEMBERED = 1_000

/** The largest message that is read at all; what is over Discord's own limit is refused with Discord's code. */
const MAX_MESSAGE_BYTES = 1 << 20

/** https://docs.discord.com/developers/reference#api-versioning: what 9 would do otherwise is done as in 10. */
const VERSIONS: ReadonlySet<string> = new Set(['9', '10'])

/** Events whose payload is a guild, and names it by `id`. */
const ARE_GUILDS: ReadonlySet<string> = new Set(['GUILD_CREATE', 'GUILD_UPDATE', 'GUILD_DELETE'])

export interface GatewayOptions extends Omit<
  ConnectionHost,
  'onStarting' | 'onIdentified' | 'onExhausted' | 'onRequest'
> {
  /** Makes something happen: the world changes, and those whom it concerns hear of it. */
  emit: (dispatch: Dispatch & { payload: object }) => void
  /** Takes the bot's token away: from now on another is accepted. */
  resetToken: () => void
  /** Where READY tells clients to resume. Known only once the server listens. */
  resumeUrl: () => string
}

/** Which guild a dispatch belongs to; without one it goes to shard 0. */
function guildIdOf(event: string, payload: object): string | undefined {
  const id: unknown = Reflect.get(payload, ARE_GUILDS.has(event) ? 'id' : 'guild_id')
  return typeof id === 'string' && isSnowflake(id) ? id : undefined
}

/** Discord's end of the gateway: takes connections, and sends each session what it is to see. */
export class Gateway {
  readonly #options: GatewayOptions
  readonly #server = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MAX_MESSAGE_BYTES })
  readonly #host: ConnectionHost
  readonly #requests = createRequests()
  #connections: Connection[] = []
  #lastId = 0

  constructor(options: GatewayOptions) {
    this.#options = options
    this.#host = {
      ...options,
      onStarting: (shard, presence) => comeOnline(options, shard, presence),
      onIdentified: (session, largeThreshold) => this.#welcome(session, largeThreshold),
      onExhausted: () => this.#banish(),
      onRequest: (session, op, d) => this.#request(session, op, d),
    }
    options.sessions.onEnd = (session) => {
      leaveVoice(options, session)
      goOffline(options, session, options.sessions)
    }
  }

  /** All connections there are and, up to a bound, were: oldest first. */
  connections(): ConnectionInfo[] {
    return this.#connections.map(({ info }) => ({ ...info }))
  }

  connection(id: number): Connection | undefined {
    return this.#connections.find(({ info }) => info.id === id)
  }

  open(): Connection[] {
    return this.#connections.filter((connection) => connection.isOpen)
  }

  /** Takes a WebSocket handshake at `/?v=10&encoding=json`, or refuses it in plain HTTP. */
  upgrade(request: IncomingMessage, url: URL, socket: Duplex, head: Buffer): void {
    if (url.pathname !== '/') return refuseUpgrade(socket, 404, '404: Not Found')
    const refusal = this.#options.faults.refusal()
    if (refusal !== undefined) {
      this.#options.trace?.({ refused: refusal })
      if (refusal === 'reset') return void socket.destroy()
      return refuseUpgrade(socket, refusal, 'refused, as asked for')
    }
    const encoding = url.searchParams.get('encoding') ?? 'json'
    if (encoding !== 'json') return refuseUpgrade(socket, 400, `encoding=${encoding} is not served here, only json`)
    const compress = url.searchParams.get('compress') || null
    if (compress !== null && !isCompression(compress)) {
      return refuseUpgrade(socket, 400, `compress=${compress} is not served here, only zlib-stream and zstd-stream`)
    }

    this.#server.handleUpgrade(request, socket, head, (ws) => {
      const connection = new Connection(++this.#lastId, { socket: ws, raw: socket, compression: compress }, this.#host)
      this.#remember(connection)
      this.#options.trace?.({ connection: connection.info.id, opened: url.search })
      const bytes = this.#options.faults.dropsNext()
      if (bytes !== undefined) connection.dropAfter(bytes)
      const closeAfterMs = this.#options.faults.reconnectsNext()
      if (closeAfterMs !== undefined) connection.reconnect(closeAfterMs)
      const version = url.searchParams.get('v') ?? ''
      if (VERSIONS.has(version)) connection.hello()
      else connection.close(GatewayCloseCodes.InvalidAPIVersion)
    })
  }

  /**
   * Sends a dispatch to the sessions whom it concerns: those of the guild's shard (shard 0 if it has none) that asked
   * for such events. Whether the bot may see it is for the caller to know.
   */
  dispatch({ event, payload }: Dispatch & { payload: object }): void {
    const { world, sessions } = this.#options
    const guildId = guildIdOf(event, payload)
    // Encoded once for all who see it, and once more for all from whom the content is kept.
    let whole: string | undefined
    let hidden: string | undefined
    // The same for all sessions of one count of shards, which are mostly all.
    let countOfHome = 0
    let home = 0
    for (const session of sessions.all()) {
      const [shard, count] = session.shard
      if (guildId !== undefined && count !== countOfHome) {
        home = shardOf(guildId, count)
        countOfHome = count
      }
      if (shard !== home) continue
      if (!receives(session.intents, event, payload, world.bot.id)) continue
      if (session.intents & GatewayIntentBits.MessageContent)
        session.dispatch(event, (whole ??= JSON.stringify(payload)))
      else session.dispatch(event, (hidden ??= JSON.stringify(hideContent(event, payload, world))))
    }
  }

  /** No session can be resumed any more. */
  endSessions(): void {
    for (const session of this.#options.sessions.all()) this.#options.sessions.end(session)
  }

  /** Closes every connection, and resolves when all are closed or `graceMs` are over. */
  async close(graceMs: number): Promise<void> {
    const open = [...this.#server.clients]
    const closed = open.map((client) => new Promise<void>((resolve) => client.once('close', () => resolve())))
    for (const connection of this.open()) connection.close(1001)
    const deadline = setTimeout(() => open.forEach((client) => client.terminate()), graceMs)
    await Promise.all(closed)
    clearTimeout(deadline)
    this.#server.close()
  }

  #remember(connection: Connection): void {
    this.#connections.push(connection)
    if (this.#connections.length <= CONNECTIONS_REMEMBERED) return
    const oldest = this.#connections.findIndex((candidate) => !candidate.isOpen)
    if (oldest !== -1) this.#connections.splice(oldest, 1)
  }

  #request(session: Session, op: number, d: unknown): void {
    const { world, emit } = this.#options
    const reply = (event: string, payload: object) => session.dispatch(event, JSON.stringify(payload))
    this.#requests(op, { world, session, emit, reply }, d)
  }

  /** One IDENTIFY more than the day allows ends every session and resets the token. */
  #banish(): void {
    this.#options.resetToken()
    this.endSessions()
    for (const connection of this.open()) connection.close(GatewayCloseCodes.AuthenticationFailed)
  }

  /** READY, with guilds that are unavailable, and then each of them: https://docs.discord.com/developers/events/gateway-events#ready */
  #welcome(session: Session, largeThreshold: number): void {
    const { world, resumeUrl } = this.#options
    const guilds = guildsOf(world, session.shard)
    const ready = {
      v: 10,
      user_settings: {},
      user: { ...world.bot, verified: true, mfa_enabled: true, email: null },
      session_type: 'normal',
      session_id: session.id,
      resume_gateway_url: resumeUrl(),
      relationships: [],
      private_channels: [],
      presences: [],
      guilds: guilds.map(({ id }) => ({ id, unavailable: true })),
      guild_join_requests: [],
      geo_ordered_rtc_regions: [],
      game_relationships: [],
      shard: session.shard,
      application: { id: world.bot.id, flags: applicationFlags(world), flags_new: String(applicationFlags(world)) },
      _trace: ['simulator'],
    }
    session.dispatch('READY', JSON.stringify(ready))
    if (!(session.intents & GatewayIntentBits.Guilds)) return
    for (const guild of guilds) {
      // One in an outage stays as READY has shown it.
      if (guild.unavailable) continue
      session.dispatch('GUILD_CREATE', JSON.stringify(guildCreateFor(world, guild, session.intents, largeThreshold)))
    }
  }
}
