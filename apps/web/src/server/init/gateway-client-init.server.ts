import { setTimeout as sleep } from 'node:timers/promises'
import { GatewayServiceClient } from '@repo/discord-integration/clients'
import { formatEventId } from '@repo/discord-integration/types'
import type { CommandName, CommandPayload, CommandResult } from '@repo/discord-integration/types'
import { EventFeed, MemoryLog } from '@repo/event-feed'
import type { WebConfig } from '../config.ts'
import type { Logger } from '../logger.server.ts'
import { LinkMembership } from '../membership/link-membership.ts'
import type { Membership } from '../membership/membership.ts'
import { processSingleton } from '../process-singleton.ts'
import { Admission } from '../sight/admission.ts'
import type { AdmissionOptions } from '../sight/admission.ts'
import { KnownGaps } from '../sight/known-gaps.ts'
import { privateThreadsOf } from '../sight/private-threads.ts'
import { Viewers } from '../sight/viewers.ts'
import { GatewayMirror } from './gateway-mirror.ts'

/** Browsers that were away for longer get a snapshot instead of what they missed. */
const RETENTION_MS = 60 * 60 * 1_000

/**
 * With its first snapshot web asks for the events of so many seconds before: longer than a restart of web takes, so that
 * browsers are resumed over it, and short enough to be sent in a moment.
 */
const BACKLOG_SECONDS = 5 * 60

/**
 * A browser may come from a web that is faster. This one may lag without knowing for as long as the link takes to find
 * that it has fallen silent, 35 s, and then to come back.
 */
const AHEAD_PATIENCE_MS = 45_000

/** How long commands that are under way may take when web is to end: with the drain before it, within web's five seconds. */
const LAST_COMMANDS_MAX_MS = 1_500

/** Web's end of the link, and what came over it. */
export type Gateway = {
  client: GatewayServiceClient
  feed: EventFeed
  membership: Membership
  /** The bot's user id; null while nobody has said. Its member in a guild's state is as current as the state. */
  readonly botId: string | null
  /** Who looks at which guild, and what of it they may see. */
  viewers: Viewers
  admission: Admission
  /** What people have asked for, and is not answered yet. */
  commands: Set<Promise<unknown>>
  /** False only for a guild that is surely not there: nobody knows while the link is not live. */
  mayHave(guildId: string): boolean
  /** Waits for what is under way, but not for long. */
  close(): Promise<void>
}

type Slot = { gateway: Gateway | null }
const slot = processSingleton<Slot>('gateway', () => ({ gateway: null }))

/**
 * Opens the link: once a process, at its start, however often this is called.
 *
 * @param takeAsking see `AdmissionOptions`. Default: whoever asks goes on.
 */
export function initGatewayClient(
  config: Pick<WebConfig, 'GATEWAY_WS_URL' | 'LINK_TOKEN' | 'WEB_RETENTION_MIB'>,
  logger: Logger,
  takeAsking: AdmissionOptions['takeAsking'] = () => null,
): Gateway {
  return (slot.gateway ??= openGateway(config, logger, takeAsking))
}

function openGateway(
  config: Pick<WebConfig, 'GATEWAY_WS_URL' | 'LINK_TOKEN' | 'WEB_RETENTION_MIB'>,
  logger: Logger,
  takeAsking: AdmissionOptions['takeAsking'],
): Gateway {
  const maxBytes = config.WEB_RETENTION_MIB * 1024 * 1024
  const log = new MemoryLog({ maxAgeMs: RETENTION_MS, maxBytes })
  const client = new GatewayServiceClient({
    url: config.GATEWAY_WS_URL,
    token: config.LINK_TOKEN,
    backlogSeconds: BACKLOG_SECONDS,
    logger,
  })
  let botId: string | null = null
  const membership = new LinkMembership({
    state: () => feed.state,
    isReady: () => feed.ready,
    ask: {
      intents: async () => {
        const { bot_id, intents } = await client.sendCommand('get_status', {})
        botId = bot_id ?? null
        return intents ?? null
      },
      member: async (guild_id, user_id) => (await client.sendCommand('get_member', { guild_id, user_id })).member,
      threadMember: async (channel_id, user_id) =>
        (await client.sendCommand('get_thread_member', { channel_id, user_id })).member,
    },
  })
  const gaps = new KnownGaps()
  const viewers = new Viewers({ state: () => feed.state, log, membership, gaps, retentionMs: RETENTION_MS })
  const feed: EventFeed = new EventFeed({
    log,
    ready: false,
    aheadPatienceMs: AHEAD_PATIENCE_MS,
    behind: () => client.status.state !== 'live',
    witness: viewers,
    applied: (entry) => {
      if (entry.kind !== 'gap') return
      gaps.hear(entry, formatEventId({ epoch: log.epoch, position: entry.position }))
    },
  })
  const mirror = new GatewayMirror(feed, logger, { backlogMaxBytes: maxBytes })
  client.onMessage((message, { payloadText }) => {
    // First: what is read from now on is newer than what was said.
    membership.receive(message)
    mirror.receive(message, payloadText)
  })
  let wasUp = false
  client.onStatus(({ state }) => {
    const isUp = state === 'connected' || state === 'live'
    if (isUp && !wasUp) {
      membership.linked()
      void client.sendCommand('get_figures', {}).then(
        (figures) => gaps.learn(figures),
        // A token may not ask: then those are known that come.
        (error: unknown) => logger.debug({ err: error }, 'the gaps of before are not known'),
      )
    }
    wasUp = isUp
  })
  client.connect()
  const mayHave = (guildId: string) => client.status.state !== 'live' || !feed.ready || feed.state.lists(guildId)
  const admission = new Admission({
    membership,
    takeAsking,
    threadsOf: async (guildId, member) => {
      const guild = feed.state.get(guildId)
      return guild ? await privateThreadsOf(guild, member, { membership, now: Date.now() }) : new Set()
    },
    mayHave,
    stateOf: (guildId) => ({
      isKnown: feed.ready && feed.state.has(guildId),
      isCurrent: client.status.state === 'live',
    }),
    onChange(guildId, listener) {
      const ends = [
        viewers.onGuilds((changed) => (changed === null || changed === guildId ? listener() : undefined)),
        client.onStatus(({ state }) => (state === 'live' ? listener() : undefined)),
      ]
      return () => ends.forEach((end) => end())
    },
  })
  const commands = new Set<Promise<unknown>>()
  return {
    client,
    feed,
    membership,
    get botId() {
      return botId
    },
    viewers,
    admission,
    commands,
    mayHave,
    async close() {
      await Promise.race([Promise.allSettled(commands), sleep(LAST_COMMANDS_MAX_MS, undefined, { ref: false })])
      slot.gateway = null
      membership.close()
      await client.close()
      await feed.close()
      await log.close()
    },
  }
}

/**
 * Sends a command to the Gateway Service. The promise may be left alone, as a plain send's would be.
 *
 * @param requestId the same again is answered as before and not executed again; without one, a new one is made.
 * @param actor the id of the user whom it is done for. That they may is for the caller to know: see `Deputy`.
 * @throws {LinkError} with Discord's or our code, when it was not done or nobody can tell.
 */
export function sendGatewayCommand<Name extends CommandName>(
  command: Name,
  payload: CommandPayload<Name>,
  requestId?: string,
  actor?: string,
): Promise<CommandResult<Name>> {
  if (!slot.gateway) throw new Error('the link is not open yet: boot() opens it')
  const { client, commands } = slot.gateway
  const answer = client.sendCommand(command, payload, { ...(requestId !== undefined && { requestId }), actor })
  commands.add(answer)
  // A caller that does not wait for the answer must not bring the process down with it.
  answer.catch(() => {}).finally(() => commands.delete(answer))
  return answer
}
