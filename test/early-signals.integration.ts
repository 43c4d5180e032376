import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSimulator } from '@repo/discord-simulator'
import { describe, expect, it } from 'vitest'
import { Child, statusOf, until } from './lib/child.ts'
import { freePort } from './lib/free-port.ts'

const folder = mkdtempSync(join(tmpdir(), 'early-signals-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))

const LINK_TOKEN = 'a-link-token-for-tests-only'
const GATEWAY = 'apps/discord-gateway/src/main.ts'
const NOWHERE = { DISCORD_TOKEN: 'MQ.x.y', DISCORD_API_URL: 'http://127.0.0.1:1/api', LINK_TOKEN, GATEWAY_PORT: '0' }

/** Options of Node that have a process send itself a signal as it loads the first module whose URL has `at` in it. */
function signalAt(signal: NodeJS.Signals, at: string): string[] {
  const script = `
    import { registerHooks } from 'node:module'
    let sent = false
    registerHooks({
      load(url, context, next) {
        if (!sent && url.includes(${JSON.stringify(at)})) {
          sent = true
          process.kill(process.pid, ${JSON.stringify(signal)})
        }
        return next(url, context)
      },
    })`
  return ['--import', `data:text/javascript,${encodeURIComponent(script)}`]
}

describe('a process that is told to end while it is loading', () => {
  it.each([
    ['the gateway', GATEWAY, '/node_modules/zod/', NOWHERE],
    ['web', 'apps/web/src/main.ts', '/src/server/config.ts', { LINK_TOKEN }],
    ['web, its page', 'apps/web/src/main.ts', '/dist/server/server.js', { LINK_TOKEN }],
    ['the simulator', 'packages/discord-simulator/src/main.ts', '/node_modules/ws/', { SIMULATOR_PORT: '0' }],
    ['what starts them all', 'scripts/start.ts', '/node_modules/zod/', {}],
  ])('%s, ends with 0', async (_, main, at, env) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      await using child = new Child([...signalAt(signal, at), main], { PORT: String(await freePort()), ...env })
      expect({ ...(await child.exited), output: child.output }).toMatchObject({ code: 0, signal: null })
    }
  })
})

describe('a gateway', () => {
  it('that waits for another one’s log ends with 0', async () => {
    const env = { ...NOWHERE, GATEWAY_DATA_DIR: join(folder, 'shared') }
    await using first = new Child([GATEWAY], env)
    await first.line(/listening on/)
    await using second = new Child([GATEWAY], env)
    await until('the second to wait', () => openFiles(second.pid).some((file) => file.endsWith('events.db.lock')))
    second.kill('SIGTERM')
    expect({ ...(await second.exited), output: second.output }).toMatchObject({ code: 0, signal: null })
    expect(second.output).not.toContain('listening')
  })

  it('that is told to read its tokens again while it is loading does so once it can', async () => {
    await using simulator = await startSimulator({ seed: 'early-signals' })
    const tokens = join(folder, 'tokens.json')
    writeFileSync(tokens, '[]')
    const port = await freePort()
    const env = {
      DISCORD_TOKEN: simulator.botToken,
      DISCORD_API_URL: simulator.apiUrl,
      GATEWAY_PORT: String(port),
      GATEWAY_DATA_DIR: join(folder, 'tokens'),
      LINK_TOKEN,
      LINK_TOKENS_FILE: tokens,
    }
    await using child = new Child([...signalAt('SIGHUP', '/node_modules/zod/'), GATEWAY], env)
    await child.line(/the link tokens were read again/)
    await until('it to be alive', async () => (await statusOf(`http://127.0.0.1:${port}/healthz`)) === 200)
    child.kill('SIGTERM')
    expect(await child.exited).toEqual({ code: 0, signal: null })
  })

  it('without such a file ends when the terminal is closed while it is loading', async () => {
    await using child = new Child([...signalAt('SIGHUP', '/node_modules/zod/'), GATEWAY], NOWHERE)
    expect({ ...(await child.exited), output: child.output }).toMatchObject({ code: 0, signal: null })
  })
})

function openFiles(pid: number): string[] {
  const fds = `/proc/${pid}/fd`
  return readdirSync(fds).flatMap((fd) => {
    try {
      return [readlinkSync(join(fds, fd))]
    } catch {
      // Closed meanwhile.
      return []
    }
  })
}
