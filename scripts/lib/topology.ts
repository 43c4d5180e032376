import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { DEFAULT_BOT_TOKEN } from '@repo/discord-simulator'
import type { ProcessSpec } from './supervised-process.ts'

const VITE = 'node_modules/vite/bin/vite.js'

export type Topology = {
  demo: boolean
  /** The first line that `npm start` prints. */
  headline: string
  url: string
  processes: ProcessSpec[]
}

/** Why it cannot be started, in words for who typed the command. */
export class StartRefused extends Error {}

/**
 * Which processes make up the service, and what each is told. Ports come from `PORT`, `GATEWAY_PORT` and
 * `SIMULATOR_PORT`; what depends on one follows it.
 *
 * @throws {StartRefused} where the environment does not allow it.
 */
export function topology(environment: NodeJS.ProcessEnv, options: { root: string; watch: boolean }): Topology {
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
    simulator: environment['SIMULATOR_PORT'] || '8790',
    gateway: environment['GATEWAY_PORT'] || '8787',
    web: environment['PORT'] || '3000',
  }
  const env: NodeJS.ProcessEnv = {
    ...environment,
    SIMULATOR_PORT: ports.simulator,
    GATEWAY_PORT: ports.gateway,
    PORT: ports.web,
  }
  if (demo) {
    env['DISCORD_TOKEN'] = env['SIMULATOR_BOT_TOKEN'] = environment['SIMULATOR_BOT_TOKEN'] || DEFAULT_BOT_TOKEN
    env['DISCORD_API_URL'] = `http://127.0.0.1:${ports.simulator}/api`
    env['LINK_TOKEN'] = randomBytes(24).toString('base64url')
  }

  const flags = demo ? ['--demo'] : []
  const reload = options.watch ? ['--watch', '--watch-preserve-output'] : []
  const process = (name: string, args: string[], port: string, readyPath: string): ProcessSpec => ({
    name,
    args,
    cwd: options.root,
    env,
    readyUrl: `http://127.0.0.1:${port}${readyPath}`,
  })
  const simulator = process(
    'simulator',
    [...reload, 'packages/discord-simulator/src/main.ts', '--life'],
    ports.simulator,
    '/_simulator/world',
  )
  const gateway = process(
    'gateway',
    [...reload, 'apps/discord-gateway/src/main.ts', ...flags],
    ports.gateway,
    '/readyz',
  )
  const web = options.watch
    ? {
        ...process('web', [join(options.root, VITE), 'dev', '--', ...flags], ports.web, '/readyz'),
        cwd: join(options.root, 'apps/web'),
      }
    : process('web', ['apps/web/src/main.ts', ...flags], ports.web, '/readyz')
  return {
    demo,
    headline: demo
      ? 'No DISCORD_TOKEN: this is the demo, on a simulated Discord. README.md says how to use a bot of your own.'
      : 'Discord, with the bot of DISCORD_TOKEN.',
    url: environment['PUBLIC_URL'] || `http://localhost:${ports.web}`,
    processes: [...(demo ? [simulator] : []), gateway, web],
  }
}
