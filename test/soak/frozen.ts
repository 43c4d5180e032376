import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { GatewayServiceClient } from '@repo/discord-integration/clients'
import { GATEWAY_SERVICE_V2 } from '@repo/discord-integration/types'
import { ChannelType } from 'discord-api-types/v10'
import { WebSocket } from 'ws'
import type { Actor } from '../chaos/actor.ts'
import { startCast, type Cast } from '../chaos/cast.ts'
import { until } from '../lib/child.ts'
import { EventStream } from '../lib/event-stream.ts'

/** As small as they go: what the logs hold is then the same before and after. */
const RETENTION = { RETENTION_MIB: '16', WEB_RETENTION_MIB: '8' }

/** Fills both logs, and what else grows at first, before anything is measured. */
const WARM_UP_MIB = 24

/** Of one event. */
const FILLER_CHARS = 1_000
const EVENTS_PER_MIB = 1_000

/** What is sent at once; then those who read are waited for, so that nothing but the frozen ones is slow. */
const EVENTS_AT_ONCE = 500

const LOOKS = 5

export type FrozenOptions = {
  /** So many backends, and so many browsers. */
  consumers: number
  /** What is sent while they are frozen. It has to be through before the gateway ends them for unanswered pings. */
  mib: number
}

/** What one frozen consumer costs the process that it hangs on, in bytes, beside what the kernel holds for its socket. */
export type FrozenCost = { backend: number; browser: number }

/** Freezes backends and browsers, sends more than any buffer takes, and looks at what the processes hold for them. */
export async function measureFrozen({ consumers, mib }: FrozenOptions): Promise<FrozenCost> {
  await using cast = await startCast({
    seed: 'frozen',
    webs: 1,
    environment: RETENTION,
    nodeArguments: ['--expose-gc', '--import', join(import.meta.dirname, 'memory-probe.ts')],
  })
  await cast.ready()
  await using reading = await Reading.start(cast)
  const web = cast.webs[0]
  if (!web) throw new Error('there is no web')
  await reading.send(WARM_UP_MIB)
  const before = [await held(cast.gateway), await held(web.actor)] as const

  await using frozen = new AsyncDisposableStack()
  for (let n = 0; n < consumers; n++) {
    const [socket, stream] = [await frozenBackend(cast), await frozenBrowser(cast)]
    frozen.defer(() => socket.terminate())
    frozen.defer(() => void stream.destroy())
    // Those who stand at one place share what is written to them: here nobody does.
    await reading.send(1)
  }
  await reading.send(mib)
  const after = [await held(cast.gateway), await held(web.actor)] as const
  return { backend: (after[0] - before[0]) / consumers, browser: (after[1] - before[1]) / consumers }
}

/** One backend and one browser that read everything. */
class Reading implements AsyncDisposable {
  readonly #cast: Cast
  readonly #client: GatewayServiceClient
  readonly #stream: EventStream
  readonly #place: { guild_id: string; channel_id: string; user_id: string }
  #sent = 0
  #heard = 0

  private constructor(cast: Cast, client: GatewayServiceClient, stream: EventStream) {
    this.#cast = cast
    this.#client = client
    this.#stream = stream
    const [guild] = cast.simulator.world.guilds()
    const channel = guild?.channels.find(({ type, name }) => type === ChannelType.GuildText && name === 'general')
    if (!guild || !channel) throw new Error('the world has no channel for this')
    this.#place = { guild_id: guild.id, channel_id: channel.id, user_id: guild.owner_id }
    client.onMessage((message) => {
      if (message.type === 'event' && message.data.event === 'TYPING_START')
        this.#heard = (message.data.payload as { timestamp: number }).timestamp
    })
  }

  static async start(cast: Cast): Promise<Reading> {
    const client = new GatewayServiceClient({ url: cast.linkUrl, token: cast.linkToken })
    client.connect()
    await until('the backend to be live', () => client.status.state === 'live')
    const stream = await EventStream.open(streamUrl(cast), { cookie: await cookieOf(cast) })
    await stream.sync('live')
    return new Reading(cast, client, stream)
  }

  async send(mib: number): Promise<void> {
    for (let left = mib * EVENTS_PER_MIB; left > 0; left -= EVENTS_AT_ONCE) {
      for (let n = 0; n < EVENTS_AT_ONCE; n++) {
        const payload = { ...this.#place, timestamp: ++this.#sent, filler: 'x'.repeat(FILLER_CHARS) }
        this.#cast.simulator.dispatch('TYPING_START', payload)
      }
      await until('the backend to have read it', () => this.#heard === this.#sent)
      await until('the browser to have read it', () => this.#stream.events.at(-1)?.data.includes(`:${this.#sent},`))
      this.#stream.events.length = 0
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stream[Symbol.asyncDispose]()
    await this.#client.close()
  }
}

/** Of the guild in which everything happens. */
function streamUrl({ simulator, webs }: Cast): string {
  return `${webs[0]?.url}/api/guilds/${simulator.world.guilds()[0]?.id}/events`
}

const cookieOf = (cast: Cast) => cast.cookieFor(cast.simulator.world.guilds()[0]?.id ?? '')

/** Reads until it is live, and then nothing more. */
async function frozenBackend({ linkUrl, linkToken }: Cast): Promise<WebSocket> {
  const socket = new WebSocket(linkUrl, GATEWAY_SERVICE_V2, { headers: { authorization: `Bearer ${linkToken}` } })
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject)
    socket.on('message', (data: Buffer) => {
      if (data.includes('"state":"live"')) resolve()
    })
  })
  socket.pause()
  return socket
}

/** The same. */
async function frozenBrowser(cast: Cast): Promise<Socket> {
  const url = new URL(streamUrl(cast))
  const socket = connect(Number(url.port), url.hostname)
  await once(socket, 'connect')
  const headers = [`host: ${url.host}`, 'accept: text/event-stream', `cookie: ${await cookieOf(cast)}`]
  socket.write(`GET ${url.pathname} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`)
  let text = ''
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject)
    socket.setEncoding('utf8').on('data', (part: string) => {
      text += part
      if (text.includes('"state":"live"')) resolve()
    })
  })
  socket.pause()
  return socket
}

/** The least of some looks: what was just let go is not collected at once. */
async function held(actor: Actor): Promise<number> {
  let least = Infinity
  for (let look = 0; look < LOOKS; look++) {
    const { heapUsed, external } = await actor.heldBytes()
    least = Math.min(least, heapUsed + external)
  }
  return least
}
