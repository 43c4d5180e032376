import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSimulator } from '@repo/discord-simulator'
import type { SimulatorOptions } from '@repo/discord-simulator'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { demoSignIn } from '../../scripts/lib/demo.ts'
import { Child } from './child.ts'
import { freePort } from './free-port.ts'
import { signIn, signInContext } from './sign-in.ts'

const LINK_TOKEN = 'a-link-token-for-tests-only'

export type Stack = Awaited<ReturnType<typeof startStack>>

/** The whole service on free ports: a simulated Discord in this process, gateway and web as processes of their own. */
export async function startStack({
  life = false,
  redirectUris,
  privileged,
  heartbeatIntervalMs,
}: Pick<SimulatorOptions, 'life' | 'redirectUris' | 'privileged' | 'heartbeatIntervalMs'> = {}) {
  const settings = {
    life,
    ...(redirectUris && { redirectUris }),
    ...(privileged && { privileged }),
    ...(heartbeatIntervalMs !== undefined && { heartbeatIntervalMs }),
  }
  const simulator = await startSimulator({ port: 0, ...settings })
  const gatewayPort = await freePort()
  const webPort = await freePort()
  const dataDir = mkdtempSync(join(tmpdir(), 'stack-'))
  const webDataDir = mkdtempSync(join(tmpdir(), 'stack-web-'))
  const env = {
    GATEWAY_DATA_DIR: dataDir,
    WEB_DATA_DIR: webDataDir,
    DISCORD_TOKEN: simulator.botToken,
    ...demoSignIn(simulator.url),
    LINK_TOKEN,
    GATEWAY_PORT: String(gatewayPort),
    PORT: String(webPort),
    LOG_LEVEL: 'info',
  }
  const gatewayUrl = `http://127.0.0.1:${gatewayPort}`
  const webUrl = `http://127.0.0.1:${webPort}`

  const cookies = new Map<string, Promise<string>>()

  const startGateway = () => new Child(['apps/discord-gateway/src/main.ts', '--demo'], env)
  const startWeb = () => new Child(['apps/web/src/main.ts', '--demo'], env)

  const stack = {
    simulator,
    async loseDiscord() {
      await stack.simulator.close()
    },
    /** A Discord at the same place that knows nothing of the sessions before. */
    async regainDiscord() {
      stack.simulator = await startSimulator({ port: Number(new URL(simulator.url).port), ...settings })
    },
    /** What an operator does who empties the folder. The gateway must not be running. */
    loseLog() {
      rmSync(dataDir, { recursive: true })
    },
    linkToken: LINK_TOKEN,
    linkUrl: `ws://127.0.0.1:${gatewayPort}`,
    gatewayUrl,
    webUrl,
    gateway: startGateway(),
    web: startWeb(),
    /** As an operator's supervisor would: the old one is gone, a new one takes its place. */
    async restartGateway(signal: NodeJS.Signals = 'SIGKILL') {
      stack.gateway.kill(signal)
      await stack.gateway.exited
      stack.gateway = startGateway()
      await stack.gateway.ready(`${gatewayUrl}/readyz`)
    },
    /**
     * The cookie of one of the simulated people who has signed in; umberfox is in both servers. It opens every web of
     * this stack, which share a folder.
     */
    signIn(who = 'umberfox'): Promise<string> {
      const known = cookies.get(who) ?? signIn(webUrl, who)
      cookies.set(who, known)
      return known
    },
    /** They have signed out: who opens a page as them signs in anew. */
    forgetSignIn(who: string): void {
      cookies.delete(who)
    },
    /** A browser's page for one of them. */
    async openFor(browser: Browser, window: BrowserContextOptions = {}, who?: string): Promise<Page> {
      const context = await browser.newContext(window)
      await signInContext(context, webUrl, await stack.signIn(who))
      return context.newPage()
    },
    /** A second web on the same gateway. */
    async anotherWeb(more: Record<string, string> = {}) {
      const port = await freePort()
      const child = new Child(['apps/web/src/main.ts', '--demo'], { ...env, ...more, PORT: String(port) })
      const url = `http://127.0.0.1:${port}`
      await child.ready(`${url}/readyz`)
      return { url, [Symbol.asyncDispose]: () => child[Symbol.asyncDispose]() }
    },
    async restartWeb(signal: NodeJS.Signals = 'SIGKILL') {
      stack.web.kill(signal)
      await stack.web.exited
      stack.web = startWeb()
      await stack.web.ready(`${webUrl}/readyz`)
    },
    async [Symbol.asyncDispose]() {
      await stack.web[Symbol.asyncDispose]()
      await stack.gateway[Symbol.asyncDispose]()
      await stack.simulator.close()
      for (const folder of [dataDir, webDataDir]) rmSync(folder, { recursive: true, force: true })
    },
  }
  try {
    await stack.gateway.ready(`${gatewayUrl}/readyz`)
    await stack.web.ready(`${webUrl}/readyz`)
  } catch (error) {
    // Nobody else has it yet: what was started would outlive the test.
    await stack[Symbol.asyncDispose]()
    throw error
  }
  return stack
}
