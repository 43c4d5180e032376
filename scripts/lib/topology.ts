import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { DEFAULT_BOT_TOKEN } from '@repo/discord-simulator'
import { readConfig as readGatewayConfig } from '../../apps/discord-gateway/src/config.ts'
import { ConfigError, readConfig as readWebConfig } from '../../apps/web/src/server/config.ts'
import { demoSignIn } from './demo.ts'
import { sourcesOf } from './edits.ts'
import type { ProcessSpec } from './supervised-process.ts'

const LOOPBACK = '127.0.0.1'
const PORT_VARIABLES = { simulator: 'SIMULATOR_PORT', gateway: 'GATEWAY_PORT', web: 'PORT' } as const
const VITE = 'node_modules/vite/bin/vite.js'
const PAGES_CONFIG = 'vite.config.ts'

export type Topology = {
  demo: boolean
  /** The first line that `npm start` prints. */
  headline: string
  url: string
  /** What to know beside the URL; empty where there is nothing. */
  hint: string
  /** What has to be free, by the variable that says otherwise. */
  ports: readonly { variable: string; host: string; port: number }[]
  processes: ProcessSpec[]
}

/** Why it cannot be started, in words for who typed the command. */
export class StartRefused extends Error {}

export type TopologyOptions = {
  root: string
  watch: boolean
  /** The folder of pages of one's own, with a Vite configuration, in place of web's; `watch` alone serves them. Seen from `root`. */
  pages?: string | undefined
}

/**
 * Which processes make up the service, and what each is told. Ports come from `PORT`, `GATEWAY_PORT` and
 * `SIMULATOR_PORT`; what depends on one follows it.
 *
 * @throws {StartRefused} where the environment does not allow it.
 */
export function topology(environment: NodeJS.ProcessEnv, options: TopologyOptions): Topology {
  refuseNoPages(options)
  const demo = !environment['DISCORD_TOKEN']
  if (demo && environment['NODE_ENV'] === 'production') {
    throw new StartRefused('DISCORD_TOKEN is not set, and the simulator is not for production (NODE_ENV=production).')
  }
  if (!demo && !environment['LINK_TOKEN']) {
    const suggestion = randomBytes(24).toString('base64url')
    throw new StartRefused(
      `LINK_TOKEN is not set: it is what web shows the gateway. Put one into .env, for example:\nLINK_TOKEN=${suggestion}`,
    )
  }

  const ports = {
    simulator: port(environment, 'SIMULATOR_PORT', '8790'),
    gateway: port(environment, 'GATEWAY_PORT', '8787'),
    web: port(environment, 'PORT', '3000'),
  }
  const hosts = {
    simulator: LOOPBACK,
    gateway: environment['GATEWAY_HOST'] || LOOPBACK,
    web: environment['WEB_HOST'] || LOOPBACK,
  }
  const env: NodeJS.ProcessEnv = {
    ...environment,
    SIMULATOR_PORT: ports.simulator,
    GATEWAY_PORT: ports.gateway,
    PORT: ports.web,
    // Vite runs in a folder of its own, and whoever is signed in should be so there too.
    WEB_DATA_DIR: resolve(options.root, environment['WEB_DATA_DIR'] || '.data/web'),
    GATEWAY_WS_URL: environment['GATEWAY_WS_URL'] || `ws://${reachable(hosts.gateway)}:${ports.gateway}`,
  }
  if (demo) {
    env['DISCORD_TOKEN'] = env['SIMULATOR_BOT_TOKEN'] = environment['SIMULATOR_BOT_TOKEN'] || DEFAULT_BOT_TOKEN
    Object.assign(env, demoSignIn(`http://127.0.0.1:${ports.simulator}`))
    env['LINK_TOKEN'] = environment['LINK_TOKEN'] || randomBytes(24).toString('base64url')
  }

  const flags = demo ? ['--demo'] : []
  refuseBadValues(env, flags)
  const process = (name: keyof typeof ports, workspace: string, args: string[], readyPath: string): ProcessSpec => ({
    name,
    args: [`${workspace}/src/main.ts`, ...args],
    cwd: options.root,
    env,
    readyUrl: `http://${reachable(hosts[name])}:${ports[name]}${readyPath}`,
    restartOn: options.watch ? sourcesOf(options.root, workspace) : [],
  })
  const simulator = process('simulator', 'packages/discord-simulator', ['--life'], '/_simulator/world')
  const gateway = process('gateway', 'apps/discord-gateway', flags, '/readyz')
  const built = process('web', 'apps/web', flags, '/readyz')
  // Vite takes up edits by itself.
  const web: ProcessSpec = options.watch
    ? {
        ...built,
        args: [join(options.root, VITE), 'dev', ...ofPages(options), '--', ...flags],
        cwd: join(options.root, 'apps/web'),
        restartOn: [],
      }
    : built
  return {
    demo,
    headline: demo
      ? 'No DISCORD_TOKEN: this is the demo, on a simulated Discord. README.md says how to use a bot of your own.'
      : 'Discord, with the bot of DISCORD_TOKEN.',
    hint:
      demo || environment['DISCORD_CLIENT_ID']
        ? ''
        : 'Nobody can sign in to the page: DISCORD_CLIENT_ID is not set. README.md says how to set it.\n',
    url: environment['PUBLIC_URL'] || `http://localhost:${ports.web}`,
    ports: (['gateway', 'web', ...(demo ? (['simulator'] as const) : [])] as const).map((name) => ({
      variable: PORT_VARIABLES[name],
      host: hosts[name],
      port: Number(ports[name]),
    })),
    processes: [...(demo ? [simulator] : []), gateway, web],
  }
}

const ofPages = ({ root, pages }: TopologyOptions): string[] =>
  pages === undefined ? [] : ['--config', resolve(root, pages, PAGES_CONFIG)]

/** Vite would say of a folder that is none that it cannot be resolved, again and again. */
function refuseNoPages({ root, pages, watch }: TopologyOptions): void {
  if (pages === undefined) return
  if (!watch) throw new StartRefused('--pages needs --watch: pages of your own are served as they are edited.')
  const like = 'examples/lobby is one to copy.'
  if (pages === '') throw new StartRefused(`--pages needs the folder of your pages; ${like}`)
  const missing = [PAGES_CONFIG, 'router.tsx'].filter((file) => !existsSync(resolve(root, pages, file)))
  if (missing.length === 0) return
  throw new StartRefused(
    `--pages ${pages}: there is no ${missing.join(' and no ')} in ${resolve(root, pages)}; ${like}`,
  )
}

/** @throws {StartRefused} for a port that somebody listens on, or that two of ours are to have. */
export async function refuseTakenPorts(ports: Topology['ports']): Promise<void> {
  for (const [index, { variable, port: wanted }] of ports.entries()) {
    const other = ports.slice(0, index).find(({ port: taken }) => taken === wanted)
    if (other) throw new StartRefused(`${other.variable} and ${variable} are both ${wanted}. Set one to another.`)
  }
  for (const { variable, host, port: wanted } of ports) {
    const server = createServer()
    try {
      server.listen(wanted, host)
      await once(server, 'listening')
      server.close()
      await once(server, 'close')
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : ''
      const why = code === 'EADDRINUSE' ? 'is taken' : `cannot be listened on (${String(code)})`
      throw new StartRefused(`${variable}: port ${wanted} of ${host} ${why}. Set ${variable} to another.`)
    }
  }
}

/** The processes would say so too, each by itself and again and again. */
function refuseBadValues(env: NodeJS.ProcessEnv, flags: string[]): void {
  const gateway = readGatewayConfig(env, flags)
  if (!gateway.ok) throw new StartRefused(gateway.problems.join('\n'))
  try {
    readWebConfig(env, flags)
  } catch (error) {
    throw error instanceof ConfigError ? new StartRefused(error.message) : error
  }
}

function port(environment: NodeJS.ProcessEnv, variable: string, otherwise: string): string {
  const text = environment[variable] || otherwise
  if (/^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535) return text
  throw new StartRefused(`${variable}: expected a port: a whole number from 1 to 65535`)
}

/** Where this machine finds what listens on that address. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return LOOPBACK
  return host.includes(':') ? `[${host}]` : host
}
