import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSimulator } from '@repo/discord-simulator'
import { demoSignIn } from '../../scripts/lib/demo.ts'
import { Child } from '../lib/child.ts'
import { freePort } from '../lib/free-port.ts'
import { signIn } from '../lib/sign-in.ts'
import { TcpProxy } from '../lib/tcp-proxy.ts'
import { Actor } from './actor.ts'
import { WEBS } from './schedule.ts'
import type { Hop } from './schedule.ts'

const LINK_TOKEN = 'a-link-token-for-tests-only'
const GUILDS = 4

/** A connection that is not acknowledged is found dead within two of these. Discord's 41 s would hide it from short runs. */
const HEARTBEAT_INTERVAL_MS = 5_000

/** Nobody is frozen or held back for so long: Discord does not end a session by itself here, so that who did is known. */
const HEARTBEAT_TIMEOUT_MS = 120_000

/** More than a session is without a connection in any run, at any rate. */
const REPLAY_EVENTS = 1_000_000

export type Cast = Awaited<ReturnType<typeof startCast>>

export type CastOptions = {
  seed: string
  webs?: number
  /** For gateway and webs. */
  environment?: Record<string, string>
  nodeArguments?: readonly string[]
}

/** The whole service: a simulated Discord in this process, one gateway, some webs, and a proxy on every way between. */
export async function startCast(options: CastOptions) {
  const { seed, webs: count = WEBS, environment = {}, nodeArguments = [] } = options
  const toDiscord = await TcpProxy.start()
  const simulator = await startSimulator({
    seed,
    guilds: GUILDS,
    heartbeatIntervalMs: HEARTBEAT_INTERVAL_MS,
    heartbeatTimeoutMs: HEARTBEAT_TIMEOUT_MS,
    replayLimit: REPLAY_EVENTS,
    gatewayUrl: `ws://127.0.0.1:${toDiscord.port}`,
  })
  toDiscord.target = Number(new URL(simulator.url).port)
  const dataDir = mkdtempSync(join(tmpdir(), 'chaos-'))
  const webDataDir = mkdtempSync(join(tmpdir(), 'chaos-web-'))
  const gatewayPort = await freePort()
  // A few people are all the browsers.
  const env = { STREAMS_PER_USER: '10000', ...environment, GATEWAY_DATA_DIR: dataDir, LINK_TOKEN, LOG_LEVEL: 'info' }
  const gateway = new Actor(
    'gateway',
    () =>
      new Child([...nodeArguments, 'apps/discord-gateway/src/main.ts', '--demo'], {
        ...env,
        DISCORD_TOKEN: simulator.botToken,
        DISCORD_API_URL: `http://127.0.0.1:${toDiscord.port}/api`,
        GATEWAY_PORT: String(gatewayPort),
      }),
  )
  const gatewayUrl = `http://127.0.0.1:${gatewayPort}`
  const webs: { actor: Actor; url: string; near: TcpProxy; toGateway: TcpProxy }[] = []
  for (let at = 0; at < count; at++) {
    const port = await freePort()
    const toGateway = await TcpProxy.start(gatewayPort)
    const near = await TcpProxy.start(port)
    const webEnv = {
      ...env,
      ...demoSignIn(simulator.url),
      // One for all, as behind a balancer: a browser is signed in wherever it comes back.
      WEB_DATA_DIR: webDataDir,
      PORT: String(port),
      GATEWAY_WS_URL: `ws://127.0.0.1:${toGateway.port}`,
    }
    const actor = new Actor(`web ${at}`, () => new Child([...nodeArguments, 'apps/web/src/main.ts', '--demo'], webEnv))
    webs.push({ actor, url: `http://127.0.0.1:${port}`, near, toGateway })
  }
  const cookies = new Map<string, Promise<string>>()
  const cast = {
    simulator,
    gateway,
    gatewayUrl,
    linkUrl: `ws://127.0.0.1:${gatewayPort}`,
    linkToken: LINK_TOKEN,
    webs,
    actors: [gateway, ...webs.map(({ actor }) => actor)],
    /** Where browsers find the webs: through their proxies. */
    doors: webs.map(({ near }) => `http://127.0.0.1:${near.port}`),
    actor(whom: 'gateway' | 'web', at: number): Actor {
      return whom === 'gateway' ? gateway : nth(webs, at).actor
    },
    proxy(hop: Hop, at: number): TcpProxy {
      if (hop === 'gateway-discord') return toDiscord
      return hop === 'browser-web' ? nth(webs, at).near : nth(webs, at).toGateway
    },
    /** The cookie of somebody who has signed in and may see that guild: its owner. The webs must be ready. */
    cookieFor(guildId: string): Promise<string> {
      const owner = simulator.world.guilds().find(({ id }) => id === guildId)?.owner_id ?? ''
      const cookie = cookies.get(owner) ?? signIn(nth(webs, 0).url, owner)
      cookies.set(owner, cookie)
      return cookie
    },
    async ready() {
      await gateway.ready(`${gatewayUrl}/readyz`)
      for (const { actor, url } of webs) await actor.ready(`${url}/readyz`)
    },
    async [Symbol.asyncDispose]() {
      for (const { actor, near } of webs) {
        await near[Symbol.asyncDispose]()
        await actor[Symbol.asyncDispose]()
      }
      await gateway[Symbol.asyncDispose]()
      for (const { toGateway } of webs) await toGateway[Symbol.asyncDispose]()
      await toDiscord[Symbol.asyncDispose]()
      await simulator.close()
      for (const folder of [dataDir, webDataDir]) rmSync(folder, { recursive: true, force: true })
    },
  }
  return cast
}

function nth<T>(list: readonly T[], at: number): T {
  const found = list[at]
  if (found === undefined) throw new RangeError(`there is no number ${at}`)
  return found
}
