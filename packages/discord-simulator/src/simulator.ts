import type { IncomingMessage } from 'node:http'
import { systemClock } from './clock.ts'
import { Control } from './control/control.ts'
import { answerPage } from './control/page.ts'
import { Faults } from './faults/faults.ts'
import { withFaults } from './faults/rest.ts'
import { isHidden } from './gateway/audience.ts'
import type { ConnectionInfo } from './gateway/connection.ts'
import { Gateway } from './gateway/gateway.ts'
import { HEARTBEAT_GRACE_MS } from './gateway/pulse.ts'
import { SESSION_STARTS_PER_DAY, SessionStarts } from './gateway/session-starts.ts'
import { threadsGained } from './gateway/thread-sync.ts'
import { Sessions } from './gateway/sessions.ts'
import { withCors } from './http/cors.ts'
import type { Reply } from './http/reply.ts'
import { HOST, createDoorkeeper, listen } from './http/server.ts'
import { Life } from './life/life.ts'
import { Load } from './load/load.ts'
import { DEFAULT_CLIENT_SECRET } from './oauth/client.ts'
import { Grants } from './oauth/grants.ts'
import { OAuth } from './oauth/oauth.ts'
import { oauthRouteOf } from './oauth/routes.ts'
import { checkedOptions } from './options.ts'
import type { SimulatorOptions } from './options.ts'
import { People } from './people/people.ts'
import { createRandom } from './random.ts'
import { Files } from './rest/files.ts'
import { RATE_LIMITS, RateLimits } from './rest/limits/rate-limits.ts'
import { Nonces } from './rest/nonces.ts'
import { Records } from './rest/records.ts'
import { Rest } from './rest/rest.ts'
import type { RestContext } from './rest/route.ts'
import type { InteractionInput } from './rest/interactions/body.ts'
import { commandsFor } from './rest/interactions/command.ts'
import { interact } from './rest/interactions/invoke.ts'
import { seenInteraction } from './rest/interactions/seen.ts'
import type { SeenInteraction } from './rest/interactions/seen.ts'
import { createTrace } from './trace.ts'
import { AutoArchive } from './world/auto-archive.ts'
import { BOT, DEFAULT_BOT_TOKEN } from './world/seed/people.ts'
import { crowdGuild } from './world/seed/crowd.ts'
import { seedWorld } from './world/seed/seed.ts'
import { json } from './world/json.ts'
import { PRIVILEGED_INTENTS } from './world/types.ts'
import type { Dispatch } from './world/types.ts'
import { World } from './world/world.ts'

export interface Simulator extends AsyncDisposable {
  /** Where everything is: `http://127.0.0.1:PORT`. */
  readonly url: string
  /** What to give a REST library as its API: `http://127.0.0.1:PORT/api`, without the version. */
  readonly apiUrl: string
  /** The gateway: `ws://127.0.0.1:PORT`. */
  readonly gatewayUrl: string
  /** The token that is accepted now. It changes only when the daily IDENTIFYs are exceeded. */
  readonly botToken: string
  readonly world: World
  readonly life: Life
  /** Messages at a chosen rate, for benchmarks. As `/_simulator/load`. */
  readonly load: Load
  /** What goes wrong, on request. As `/_simulator/faults`. */
  readonly faults: Faults
  /** Lets people speak, react, vote, move through voice, write to the bot. The most of it is also under `/_simulator`. */
  readonly people: People
  /** Makes the world what the dispatch says, and sends it to whom it concerns. As `POST /_simulator/dispatch`. */
  dispatch: (event: string, payload: object) => void
  /**
   * Lets somebody run a command, type an option of one, use a component or send a form. Throws if they cannot. As
   * `POST /_simulator/interactions`.
   */
  interact: (body: InteractionInput) => { id: string; token: string }
  /** What they see of the bot's answer: choices, a form, messages. As `GET /_simulator/interactions/:id`. */
  interaction: (id: string) => SeenInteraction | undefined
  /** All connections there are and were, oldest first. As `GET /_simulator/connections`. */
  connections: () => ConnectionInfo[]
  /** Closes a connection with a code (default 4000). Nothing happens if it is not open. */
  closeConnection: (id: number, code?: number) => void
  /** Cuts a connection without a close frame. */
  dropConnection: (id: number) => void
  /** Sends op 9: the session is over or, if `resumable`, may only be resumed. */
  invalidate: (id: number, resumable: boolean) => void
  /** Ends everything. Open connections are closed with 1001. Takes less than a second. */
  close: () => Promise<void>
}

/** https://docs.discord.com/developers/events/gateway#sharding */
const GUILDS_PER_SHARD = 2_500

/** How long closing waits for clients to answer a close frame before it cuts them off. */
const CLOSE_GRACE_MS = 250

/**
 * Starts a Discord of its own, in this process. Rejects with the system's error if the port is taken, and with a
 * {@link BadOption} for an option that cannot be.
 */
export async function startSimulator(given: SimulatorOptions = {}): Promise<Simulator> {
  const options = checkedOptions(given)
  const clock = options.clock ?? systemClock
  let botToken = options.botToken ?? DEFAULT_BOT_TOKEN
  const random = createRandom(options.seed ?? 'tidewater')
  const world = new World({
    clock,
    random: random.fork('world'),
    bot: BOT,
    privileged: options.privileged ?? PRIVILEGED_INTENTS,
  })
  seedWorld(world)
  for (let index = world.guilds().length; index < (options.guilds ?? 0); index++) world.putGuild(crowdGuild(index))

  let url = ''
  let gatewayUrl = ''
  const resumeWindowMs = options.resumeWindowMs ?? 180_000
  const heartbeatIntervalMs = options.heartbeatIntervalMs ?? 41_250
  const starts = new SessionStarts({
    clock,
    total: options.sessionStarts ?? SESSION_STARTS_PER_DAY,
    maxConcurrency: options.maxConcurrency ?? 1,
    windowMs: options.identifyWindowMs ?? 0,
  })
  const sessions = new Sessions({
    clock,
    // Discord never gives a session id twice, so neither may a simulator that was started anew with the same seed.
    random: random.fork(`sessions of ${clock.now()}`),
    replayLimit: options.replayLimit ?? 10_000,
    replayWindowMs: options.replayWindowMs ?? resumeWindowMs,
    resumeWindowMs,
  })
  const trace = createTrace(clock, options.onTrace, () => new URL(url).host)
  const faults: Faults = new Faults({
    clock,
    random: random.fork('faults'),
    targets: () => gateway.open(),
    endSessions: () => gateway.endSessions(),
    onChange: (what, { id, fault }) => trace?.({ [what]: id, ...fault }),
  })
  const gateway: Gateway = new Gateway({
    faults,
    trace,
    world,
    sessions,
    emit: (dispatch) => emit(dispatch),
    botToken: () => botToken,
    resetToken: () => (botToken += '-reset'),
    starts,
    compressedMessageBytes: options.compressedMessageBytes ?? Infinity,
    guildsPerShard: options.guildsPerShard ?? GUILDS_PER_SHARD,
    heartbeatIntervalMs,
    heartbeatTimeoutMs:
      options.heartbeatTimeoutMs ?? (options.clock ? Infinity : heartbeatIntervalMs + HEARTBEAT_GRACE_MS),
    resumeUrl: () => options.resumeGatewayUrl ?? options.gatewayUrl ?? gatewayUrl,
  })

  const records = new Records()
  /** What happens in the world is told as Discord would; what a test sends is sent, whatever the bot may view. */
  const happen = (dispatch: Dispatch & { payload: object }, seenByBot: boolean) => {
    const isTold = !seenByBot || !isHidden(world, dispatch.event, dispatch.payload)
    const { before, after } = threadsGained(world, dispatch, () => world.apply(dispatch))
    autoArchive.note(dispatch)
    records.note(dispatch)
    if (before) gateway.dispatch(before)
    if (isTold) gateway.dispatch(dispatch)
    if (after) gateway.dispatch(after)
  }
  const emit = (dispatch: Dispatch & { payload: object }) => happen(dispatch, true)
  const autoArchive = new AutoArchive(world, emit)
  const inject = (dispatch: Dispatch & { payload: object }) => happen(dispatch, false)

  const load = new Load({
    world,
    send: (dispatch) => {
      if (!isHidden(world, dispatch.event, dispatch.payload)) gateway.dispatch(dispatch)
    },
    backlogBytes: () => gateway.open().reduce((most, { backlogBytes }) => Math.max(most, backlogBytes), 0),
  })
  const life = new Life({ world, emit, pace: options.pace ?? 1 })
  const files = new Files(() => url, world.nextId)
  const grants = new Grants(world)
  const restContext: RestContext = {
    grantOf: (accessToken) => grants.of(accessToken),
    world,
    nonces: new Nonces(clock),
    files,
    records,
    emit,
    note: () => {},
    url: () => url,
    gatewayUrl: () => options.gatewayUrl ?? gatewayUrl,
    shards: options.shards ?? 1,
    starts,
  }
  const people = new People(restContext)
  const clientSecret = options.clientSecret ?? DEFAULT_CLIENT_SECRET
  const { redirectUris, publicClient: isPublic = false } = options
  const oauth = new OAuth({ world, grants, clientSecret, redirectUris, isPublic })
  const rest = new Rest(
    restContext,
    () => botToken,
    grants,
    options.rateLimits === false ? undefined : new RateLimits(clock, { ...RATE_LIMITS, ...options.rateLimits }),
  )
  const control = new Control({
    world,
    gateway,
    life,
    load,
    faults,
    people,
    botToken: () => botToken,
    commands: (place, userId) => commandsFor(restContext, place, userId),
    dispatch: inject,
    interact: (body) => interact(restContext, body),
    interaction: (id) => seenInteraction(restContext, id),
  })

  const answer = async (request: IncomingMessage, requested: URL): Promise<Reply> => {
    const granting = oauthRouteOf(request.method, requested.pathname)
    const grant = granting && (() => oauth.answer(granting, request, requested))
    // People's browsers are not where the bot is, whom the limits hold back.
    const answerApi = () => {
      if (!grant) return rest.answer(request, requested)
      return granting.isPage ? grant() : rest.within(granting, request, grant)
    }
    const isApi = /^\/api(\/|$)/.test(requested.pathname)
    if (isApi || granting) {
      const answerOrFail = () =>
        withFaults({ faults, rest, now: () => clock.now() }, request, requested.pathname, answerApi)
      const reply = await (isApi ? withCors(request, answerOrFail) : answerOrFail())
      trace?.({ request: `${request.method} ${requested.pathname}`, status: reply.status })
      return reply
    }
    if (requested.pathname.startsWith('/attachments/')) return files.answer(requested.pathname)
    if (requested.pathname.startsWith('/_simulator/')) return control.answer(request, requested)
    const page = await answerPage(request.method, requested.pathname)
    return page ?? { status: 404, body: { message: '404: Not Found', code: 0 } }
  }
  const server = createDoorkeeper({
    answer,
    upgrade: (request, requested, socket, head) => gateway.upgrade(request, requested, socket, head),
  })
  const port = await listen(server, options.port ?? 0)
  url = `http://${HOST}:${port}`
  gatewayUrl = `ws://${HOST}:${port}`
  if (options.life) life.start()

  const close = async () => {
    life.stop()
    autoArchive.stop()
    load.stop()
    faults.lift()
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    await gateway.close(CLOSE_GRACE_MS)
    server.closeAllConnections()
    await closed
  }

  return {
    url,
    apiUrl: `${url}/api`,
    gatewayUrl,
    get botToken() {
      return botToken
    },
    world,
    life,
    load,
    faults,
    people,
    dispatch: (event, payload) => inject({ event, payload: json.parse(payload) }),
    interact: (body) => interact(restContext, body),
    interaction: (id) => seenInteraction(restContext, id),
    connections: () => gateway.connections(),
    closeConnection: (id, code = 4000) => gateway.connection(id)?.close(code),
    dropConnection: (id) => gateway.connection(id)?.drop(),
    invalidate: (id, resumable) => gateway.connection(id)?.invalidate(resumable),
    close,
    [Symbol.asyncDispose]: close,
  }
}
