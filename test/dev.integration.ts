import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Child, startedPids, statusOf, until } from './lib/child.ts'
import { freePorts } from './lib/free-port.ts'
import { workingCopy } from './lib/working-copy.ts'

const DEV = ['scripts/run.js', 'scripts/start.ts', '--watch']

/** By a connection of its own: one that is kept may be closed by the other side in the moment in which it is used again. */
const text = async (url: string) => (await fetch(url, { headers: { connection: 'close' } })).text()

async function linksAt(gatewayPort: string): Promise<string | undefined> {
  const figures = await text(`http://127.0.0.1:${gatewayPort}/metrics`)
  return /backends\{version="2"\} (\d+)/.exec(figures)?.[1]
}

/** A change that a reader of the answer sees. */
async function edit(file: string, from: string, to: string): Promise<void> {
  const before = await readFile(file, 'utf8')
  expect(before).toContain(from)
  await writeFile(file, before.replace(from, to))
}

test('npm run dev takes up what is edited, by one link and without a second start', async () => {
  const ports = await freePorts()
  await using copy = await workingCopy()
  await using dev = new Child(DEV, { ...ports, DISCORD_TOKEN: '' }, copy.path)
  await dev.line(/^Ready: /)
  const web = `http://127.0.0.1:${ports.PORT}`
  const gateway = `http://127.0.0.1:${ports.GATEWAY_PORT}`
  // Nobody has asked web for anything but its health: the link is opened at start.
  expect(await linksAt(ports.GATEWAY_PORT)).toBe('1')

  await edit(join(copy.path, 'apps/discord-gateway/src/pages.ts'), "status: 'ok'", "status: 'edited'")
  await until('the edited gateway', async () => (await text(`${gateway}/healthz`).catch(() => '')).includes('edited'))
  await until('web linked to it', async () => (await statusOf(`${web}/readyz`)) === 200)
  expect(startedPids(dev, 'gateway')).toHaveLength(2)
  expect(startedPids(dev, 'simulator')).toHaveLength(1)

  await edit(join(copy.path, 'apps/web/src/server/boot.server.ts'), "status: 'ok'", "status: 'edited'")
  await until('the edited server of web', async () => (await text(`${web}/healthz`).catch(() => '')).includes('edited'))
  expect(await linksAt(ports.GATEWAY_PORT)).toBe('1')
  expect(startedPids(dev, 'web')).toHaveLength(1)

  const broken = join(copy.path, 'apps/discord-gateway/src/pages.ts')
  const whole = await readFile(broken, 'utf8')
  await appendFile(broken, '\nconst = \n')
  await dev.line(/^gateway.*ended with exit code 1 before it was ready/)
  await writeFile(broken, whole)
  await until('the mended gateway', async () => (await statusOf(`${gateway}/readyz`)) === 200)

  dev.kill('SIGINT')
  expect(await dev.exited).toEqual({ code: 0, signal: null })
  for (const port of Object.values(ports)) expect(await statusOf(`http://127.0.0.1:${port}/`)).toBeNull()
})

test('npm run dev leaves nothing behind when it is killed', async () => {
  const ports = await freePorts()
  await using dev = new Child(DEV, { ...ports, DISCORD_TOKEN: '' })
  await dev.line(/^Ready: /)
  const children = ['simulator', 'gateway', 'web'].flatMap((name) => startedPids(dev, name))
  expect(children).toHaveLength(3)
  dev.kill('SIGKILL')
  for (const pid of children) await until(`process ${pid} to be gone`, () => !isAlive(pid))
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
