import { bounds } from '@repo/discord-integration/types'
import { CommandAudit } from './audit.ts'
import { Backfill } from './backfill/backfill.ts'
import { BotSocket } from './commands/bot-socket.ts'
import { DiscordApi } from './commands/discord-api.ts'
import { CreatedMessages } from './commands/created-messages.ts'
import { createHandlers } from './commands/handlers.ts'
import { OwnApplication } from './commands/own-application.ts'
import { StoredOutcomes } from './commands/stored-outcomes.ts'
import { createCommandRunner } from './commands/runner.ts'
import { LINK_TOKEN_MIN_CHARS, readConfig } from './config.ts'
import { listenProblem, refusalProblem } from './start-problem.ts'
import { botIdOf, uploadsPath } from './log-path.ts'
import { Figures } from './figures/figures.ts'
import { Tally } from './figures/tally.ts'
import { createLogger } from './logger.ts'
import { createMetrics } from './metrics.ts'
import { createPages } from './pages.ts'
import { unreadyReasons, whenReady } from './readiness.ts'
import { BotPresence } from './sessions/bot-presence.ts'
import { DiscordClock } from './sessions/discord-clock.ts'
import { DiscordSessions } from './sessions/discord-sessions.ts'
import { signals } from './signals.ts'
import { openStorage, StorageProblem } from './storage.ts'
import { readTokens, rereadTokens } from './tokens/configured.ts'
import { LinkTokens } from './tokens/link-tokens.ts'
import { ScopeHistory } from './tokens/scope-history.ts'
import { AskedGuilds } from './tokens/asked-guilds.ts'
import { withinScopes } from './tokens/within-scopes.ts'
import { UploadEndpoint } from './uploads/upload-endpoint.ts'
import { UploadStore } from './uploads/upload-store.ts'
import { WsServer } from './ws-server.ts'

/** Tells a supervisor not to start it again: somebody has to set it up otherwise. `EX_CONFIG` of sysexits(3). */
const SET_UP_WRONG = 78

const read = readConfig(process.env, process.argv.slice(2))
if (!read.ok) fail(SET_UP_WRONG, ...read.problems)
const { config } = read
const readLinkTokens = readTokens(config)
if (!readLinkTokens.ok) fail(SET_UP_WRONG, ...readLinkTokens.problems)
const tokens = new LinkTokens(readLinkTokens.tokens)
// Without such a file a terminal that is closed ends the process, in order.
if (config.linkTokensFile === null) signals.onHangUp(null)

const logger = createLogger(config.logLevel)
const crash = (error: unknown) => {
  logger.fatal({ err: error }, 'crashed')
  process.exit(1)
}
process.on('uncaughtException', crash)
process.on('unhandledRejection', crash)

const { discordToken: token, discordApiUrl: apiUrl, intents, compression } = config
const opening = openStorage({
  ...config,
  logger,
  onStored: (entry) => figures.stored(entry),
  onDamage: (error) => {
    logger.fatal({ err: error }, 'the log is damaged: ending, and beginning a new one at the next start')
    process.exit(1)
  },
  onBroken: (error) => {
    logger.fatal(
      { err: error },
      'what is stored cannot be told any more: ending, and going on from it at the next start',
    )
    process.exit(1)
  },
}).catch((error: unknown) => {
  if (!(error instanceof StorageProblem)) fail(1, String(error))
  fail(error.lasting ? SET_UP_WRONG : 1, `GATEWAY_DATA_DIR: ${error.message}`)
})
signals.endBy(async () => (await opening).close(), logger)
const storage = await opening
await signals.goOn()
const { log, feed } = storage
const uploads = await UploadStore.open(uploadsPath(config.dataDir, apiUrl, token), { logger })
const botId = botIdOf(token)
const discord = new DiscordApi({ token, apiUrl })

const tally = new Tally()
const metrics = createMetrics({
  tally,
  log,
  shards: () => sessions.shards,
  link: () => wsServer,
  identifies: () => sessions.identifyBudget,
})
const discordClock = new DiscordClock({ pingMsOf: (shardId) => sessions.shards[shardId]?.pingMs ?? null })
const figures = new Figures({
  tally,
  log,
  notes: log.notes,
  limits: { bytes: config.retentionBytes, ageMs: config.retentionMs },
  consumers: () => wsServer.connections,
  shards: () => sessions.shards,
  shardCount: () => sessions.shardCount,
  guildIds: () => feed.state.guildIds(),
  identifies: () => sessions.identifyBudget,
  logger,
})
const backfill = new Backfill({
  feed,
  discord,
  notes: log.notes,
  logger,
  onRestored: (hole, messageIds) => figures.restored(hole, messageIds),
  onFilled: (hole, channelsLeft) => figures.filled(hole, channelsLeft),
})
const application = new OwnApplication()
const presence = new BotPresence(log.notes, (shardId, payload) => sessions.send(shardId, payload))
const sessions = new DiscordSessions({
  token,
  apiUrl,
  intents,
  compression,
  presence: () => presence.current,
  discord,
  feed,
  notes: log.notes,
  holes: backfill,
  gapFound: (gap, is) => figures.gapFound(gap, is),
  shardsChanged: (shards) => figures.shardsChanged(shards),
  received: (event) => {
    tally.countEvent(event.type)
    discordClock.hear(event)
  },
  // Not before: whoever is answered by it may ask at once for what follows from it.
  taken: (event) => {
    application.hear(event)
    presence.hear(event)
    socket.hear(event)
  },
  logger,
})
const backends = () => [...wsServer.connections].map(({ token: { backend } }) => backend.id)
const socket = new BotSocket({
  send: (shardId, payload) => sessions.send(shardId, payload),
  waitMs: (shardId) => sessions.sendWaitMs(shardId),
  shardOf: (guildId) => sessions.shardOf(guildId),
  shardCount: () => sessions.shards.length,
  backends,
})
/** What is said of something that is not known: null, once all guilds are. */
const notYet = () => (feed.ready && feed.state.pendingGuilds.size === 0 ? null : undefined)
const handlers = createHandlers({
  shards: () => sessions.shards,
  intents: () => sessions.intents,
  discordClockMs: () => discordClock.offsetMs,
  socket,
  presence,
  application,
  figures: {
    read: (history) => figures.read(history),
    report: (consumerId, report) => figures.report(consumerId, report),
  },
  guildOf: (guildId) => feed.state.get(guildId) ?? (feed.state.lists(guildId) ? undefined : notYet()),
  guildText: (guildId) => feed.state.get(guildId)?.textWithin(bounds.payload) ?? null,
  botId,
})
const guildOfChannel = (channelId: string) => feed.state.guildOfChannel(channelId)
const audit = new CommandAudit({ logger, guildOfChannel })
const onUnkept = (error: unknown) => logger.error({ err: error }, 'what became of a command could not be written down')
const outcomes = new StoredOutcomes(log.expiring, onUnkept)
const created = new CreatedMessages(log)
const runner = createCommandRunner({
  handlers,
  discord,
  outcomes,
  findCreated: (...wanted) => created.find(...wanted),
  uploads,
  audit,
  onUnkept,
  backends,
})
const reasons = () => {
  const { pendingGuilds } = feed.state
  return unreadyReasons({
    shards: sessions.shards,
    sequence: (shardId, sessionId) => log.sequence(shardId, sessionId),
    pendingGuilds,
    draining: wsServer.draining,
    now: Date.now(),
  })
}
/** Until consumers have been let in, who is told that the service is ready would not be told what it then does. */
const reasonsToWait = () => {
  const unready = reasons()
  return unready.length > 0 || feed.ready ? unready : ['backends have not been let in yet']
}
const scopeHistory = new ScopeHistory(log, log.notes)
scopeHistory.record(readLinkTokens.tokens)
const askedGuilds = new AskedGuilds(discord)
const wsServer = new WsServer({
  tokens,
  scopeHistory,
  feed,
  runCommand: metrics.observe(
    withinScopes(
      runner.run,
      (channelId) => guildOfChannel(channelId) ?? notYet(),
      runner.again,
      async (thing, origin) => await askedGuilds.of(thing, origin),
    ),
  ),
  audit: audit.take,
  uploads: new UploadEndpoint({ store: uploads, logger }),
  loopbackOnly: config.demo,
  pages: createPages({ metrics: metrics.registry, reasons: reasonsToWait }),
  logger,
})

const end = async () => {
  // The sessions last: they carry commands too, and bring what shows that those are done.
  await wsServer.drain()
  await Promise.all([sessions.close(), backfill.close()])
  await feed.announcePositions()
  await wsServer.close()
  await uploads.close()
  figures.close()
  audit.end()
  outcomes.allTold()
  await storage.close()
}
signals.endBy(end, logger)
if (config.linkTokensFile !== null) {
  signals.onHangUp(() => rereadTokens({ ...config, tokens, history: scopeHistory, logger }))
}

if (config.linkTokens.some((linkToken) => linkToken.length < LINK_TOKEN_MIN_CHARS)) {
  logger.warn(`LINK_TOKEN is short: in production ${LINK_TOKEN_MIN_CHARS} characters are the least`)
}
outcomes.tellUntold((asked, begunAt) => audit.lost(asked, begunAt))
if (storage.restored) await feed.open()
await signals.goOn()
const port = await wsServer
  .listen(config.port, config.host)
  .catch((error: unknown) => fail(1, listenProblem(config, error)))
logger.info(`listening on http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`)
if (config.demo) logger.info('this is the demo: Discord is the simulator')
await sessions.start().catch((error: unknown) => fail(SET_UP_WRONG, refusalProblem(error)))
// A backend that comes before the guilds do waits: it would take those that are missing for gone.
await whenReady(reasons)
await feed.open()

function fail(exitCode: number, ...problems: string[]): never {
  for (const problem of problems) process.stderr.write(`discord-gateway: ${problem}\n`)
  process.exit(exitCode)
}
