import { expect, test } from 'vitest'
import { Child, freePort, statusOf, until } from './lib/child.ts'

const START = ['scripts/run.js', 'scripts/start.ts']

async function freePorts() {
  const [web, gateway, simulator] = [await freePort(), await freePort(), await freePort()]
  return { PORT: String(web), GATEWAY_PORT: String(gateway), SIMULATOR_PORT: String(simulator) }
}

const pids = (start: Child, name: string) =>
  start.lines.flatMap((line) => {
    const found = line.startsWith(name) && /started as process (\d+)/.exec(line)
    return found ? [Number(found[1])] : []
  })

test('npm start brings the demo up, restarts what dies, and ends it all on Ctrl-C', async () => {
  const ports = await freePorts()
  await using start = new Child(START, { ...ports, DISCORD_TOKEN: '' })
  const ready = await start.line(/^Ready: /)

  expect(start.lines[0]).toContain('simulated Discord')
  expect(ready).toContain(`http://localhost:${ports.PORT}`)
  for (const line of start.lines.slice(1, start.lines.indexOf(ready))) {
    expect(line).toMatch(/^(?:(?:simulator|gateway|web) *│|$)/)
  }
  expect(await statusOf(`http://127.0.0.1:${ports.PORT}/`)).toBe(200)

  const [before] = pids(start, 'gateway')
  if (before === undefined) throw new Error('no gateway process')
  process.kill(before, 'SIGKILL')
  const restarted = await until('a new gateway process', () => pids(start, 'gateway')[1])
  expect(restarted).not.toBe(before)
  await until('web linked again', async () => (await statusOf(`http://127.0.0.1:${ports.PORT}/readyz`)) === 200)

  start.kill('SIGINT')
  expect(await start.exited).toEqual({ code: 0, signal: null })
  for (const name of ['simulator', 'gateway', 'web']) {
    for (const pid of pids(start, name)) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  }
})

test('the children end when the one that started them is killed', async () => {
  const ports = await freePorts()
  await using start = new Child(START, { ...ports, DISCORD_TOKEN: '' })
  await start.line(/^Ready: /)
  const children = ['simulator', 'gateway', 'web'].flatMap((name) => pids(start, name))
  expect(children).toHaveLength(3)

  start.kill('SIGKILL')
  for (const port of Object.values(ports)) {
    await until(`port ${port} to be given up`, async () => (await statusOf(`http://127.0.0.1:${port}/`)) === null)
  }
})

test('in production it refuses to start without a bot token', async () => {
  await using start = new Child(START, { ...(await freePorts()), DISCORD_TOKEN: '', NODE_ENV: 'production' })
  expect(await start.exited).toEqual({ code: 1, signal: null })
  expect(start.output).toMatch(/^DISCORD_TOKEN is not set/)
})

test('with a bot token it asks for a link token', async () => {
  await using start = new Child(START, { ...(await freePorts()), DISCORD_TOKEN: 'x', LINK_TOKEN: '' })
  expect(await start.exited).toEqual({ code: 1, signal: null })
  expect(start.output).toMatch(/^LINK_TOKEN is not set/)
})
