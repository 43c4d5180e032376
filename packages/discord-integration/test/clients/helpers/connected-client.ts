import {
  DiscordGatewayClient,
  type DiscordGatewayClientOptions,
  type GatewayEventData,
  type ShardStatus,
} from '../../../src/clients/index.ts'
import { FakeDiscord, type DiscordPeer, type Sent } from './fake-discord.ts'
import { Inbox } from './inbox.ts'
import { ManualTimers, settle } from './manual-timers.ts'
import { recordingLogger } from './recording-logger.ts'

export const TOKEN = 'a-token-that-no-log-may-show'

/** The first wait of the backoff, at a random of 0.5. */
export const FIRST_WAIT_MS = 625
/** Between two IDENTIFYs of a key. */
export const IDENTIFY_SPACING_MS = 5_250

/** Something a bot may say. */
export const LEAVE_VOICE = {
  op: 4,
  d: { guild_id: '1', channel_id: null, self_mute: false, self_deaf: false },
} as const

/** A client at a fake Discord, with time and randomness in the test's hand. `await using` ends both. */
export async function startClient(options: Partial<DiscordGatewayClientOptions> = {}) {
  const discord = await FakeDiscord.start()
  const timers = new ManualTimers()
  const logger = recordingLogger()
  const events = new Inbox<GatewayEventData>()
  const statuses = new Inbox<ShardStatus[]>()
  const client = new DiscordGatewayClient({
    token: TOKEN,
    intents: 1,
    apiUrl: discord.apiUrl,
    logger,
    timers,
    now: timers.now,
    random: () => 0.5,
    ...options,
  })
  client.onAnyEvent((event) => events.push(event))
  client.onStatus((shards) => statuses.push(shards))
  return {
    discord,
    timers,
    logger,
    events,
    statuses,
    client,
    /** Waits until shard 0 is in a state. */
    state: (state: ShardStatus['state']) => statuses.until(([shard]) => shard?.state === state),
    /** The next connection, greeted, identified or resumed. */
    async next(intervalMs?: number): Promise<DiscordPeer> {
      const peer = await discord.connections.next()
      await peer.greet(intervalMs)
      return peer
    },
    /** Waits out the backoff and the turn to identify, and takes the next connection, up to HELLO and what answers it. */
    async comeBack(waitMs = FIRST_WAIT_MS): Promise<{ peer: DiscordPeer; answer: Sent }> {
      await this.state('reconnecting')
      timers.advance(waitMs)
      await settle()
      timers.advance(IDENTIFY_SPACING_MS)
      const peer = await discord.connections.next()
      return { peer, answer: await peer.greet() }
    },
    /** A connection with READY behind it, and its event taken. */
    async ready(sessionId?: string): Promise<DiscordPeer> {
      await client.connect()
      const peer = await this.next()
      peer.dispatch('READY', 1, discord.ready(sessionId))
      await this.state('ready')
      await events.next()
      return peer
    },
    async [Symbol.asyncDispose](): Promise<void> {
      const closed = client.close()
      timers.advance(10_000)
      await closed
      await discord[Symbol.asyncDispose]()
    },
  }
}
