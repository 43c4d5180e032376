import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, realpathSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { startSimulator } from '@repo/discord-simulator'
import { expect, test } from 'vitest'
import { Child, startedPids as pids, statusOf, until } from './lib/child.ts'
import { freePorts } from './lib/free-port.ts'
import { signIn } from './lib/sign-in.ts'
import { workingCopy } from './lib/working-copy.ts'

const START = ['scripts/run.js', 'scripts/start.ts']

const npmCli = () => realpathSync(execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim())

test('npm start brings the demo up, restarts what dies, and ends it all on Ctrl-C', async () => {
  const ports = await freePorts()
  await using start = new Child(START, { ...ports, DISCORD_TOKEN: '' })
  const ready = await start.line(/^Ready: /)

  expect(start.lines[0]).toContain('simulated Discord')
  expect(ready).toContain(`http://localhost:${ports.PORT}`)
  for (const line of start.lines.slice(1, start.lines.indexOf(ready))) {
    expect(line).toMatch(/^(?:(?:simulator|gateway|web) *│|$)/)
  }
  const web = `http://127.0.0.1:${ports.PORT}`
  expect(await statusOf(web)).toBe(401)
  expect(await statusOf(web, { headers: { cookie: await signIn(web, 'tessellate') } })).toBe(200)

  const [before] = pids(start, 'gateway')
  if (before === undefined) throw new Error('no gateway process')
  process.kill(before, 'SIGKILL')
  const restarted = await until('a new gateway process', () => pids(start, 'gateway')[1])
  expect(restarted).not.toBe(before)
  await until('web linked again', async () => (await statusOf(`http://127.0.0.1:${ports.PORT}/readyz`)) === 200)

  start.kill('SIGINT')
  expect(await start.exited).toEqual({ code: 0, signal: null })
  expect(start.lines.at(-1)).toBe('All is down.')
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

test('the demo goes on however often its Discord dies', async () => {
  const ports = await freePorts()
  await using start = new Child(START, { ...ports, DISCORD_TOKEN: '', LINK_TOKEN: 'a-link-token-of-ones-own' })
  await start.line(/^Ready: /)
  const connections = `http://127.0.0.1:${ports.SIMULATOR_PORT}/_simulator/connections`
  for (const time of [1, 2]) {
    const pid = pids(start, 'simulator').at(-1)
    if (pid === undefined) throw new Error('no simulator process')
    process.kill(pid, 'SIGKILL')
    await until(`simulator ${time + 1}`, () => pids(start, 'simulator')[time])
    await until('a session with it', async () => {
      const answer = await fetch(connections).catch(() => null)
      return ((await answer?.json()) as unknown[] | undefined)?.length
    })
  }
  // A session id that was given twice would have the log take all that the third one says for told.
  const url = `ws://127.0.0.1:${ports.GATEWAY_PORT}`
  await using backend = new Child(['examples/backend.ts'], {
    GATEWAY_WS_URL: url,
    LINK_TOKEN: 'a-link-token-of-ones-own',
  })
  await backend.line(/the link says live/)
  await until('an event of the third', () => /^(?:VOICE|MESSAGE|TYPING|PRESENCE)/m.test(backend.output), 40_000)
}, 60_000)

test.each([
  ['GATEWAY_PORT', '99999', /^GATEWAY_PORT: /],
  ['PORT', 'abc', /^PORT: /],
  ['LOG_LEVEL', 'loud', /^LOG_LEVEL: /],
])('a bad value is named, and it ends: %s=%s', async (name, value, problem) => {
  await using start = new Child(START, { ...(await freePorts()), DISCORD_TOKEN: '', [name]: value })
  expect(await start.exited).toEqual({ code: 1, signal: null })
  expect(start.output).toMatch(problem)
})

test('a shell that is set up for development builds the same page', async () => {
  await using copy = await workingCopy()
  const ports = await freePorts()
  await using start = new Child(START, { ...ports, DISCORD_TOKEN: '', NODE_ENV: 'development' }, copy.path)
  await start.line(/^Ready: /)
  const web = `http://127.0.0.1:${ports.PORT}`
  expect(await statusOf(web, { headers: { cookie: await signIn(web, 'tessellate') } })).toBe(200)
})

test('an .env that cannot be read is named, and it ends', async () => {
  await using copy = await workingCopy()
  mkdirSync(join(copy.path, '.env'))
  await using start = new Child(START, { ...(await freePorts()), DISCORD_TOKEN: '' }, copy.path)
  expect(await start.exited).toEqual({ code: 1, signal: null })
  expect(start.output).toMatch(/^\.env cannot be read: EISDIR/)
})

test('what cannot go on says why once more when all is down', async () => {
  const env = { ...(await freePorts()), DISCORD_TOKEN: '', LINK_TOKENS_FILE: '/nowhere/tokens.json' }
  await using start = new Child(START, env)
  expect(await start.exited).toEqual({ code: 1, signal: null })
  expect(start.output).toContain('All is down.\n')
  expect(start.lines.at(-1)).toMatch(/^gateway cannot go on: .*LINK_TOKENS_FILE/)
})

test('a port that somebody has is named, and it ends', async () => {
  const ports = await freePorts()
  const server = createServer().listen(Number(ports.PORT), '127.0.0.1')
  await once(server, 'listening')
  await using start = new Child(START, { ...ports, DISCORD_TOKEN: '' })
  expect(await start.exited).toEqual({ code: 1, signal: null })
  expect(start.output).toContain(`PORT: port ${ports.PORT} of 127.0.0.1 is taken`)
  server.close()
})

test('two ports that are one are named, and it ends', async () => {
  const ports = await freePorts()
  await using start = new Child(START, { ...ports, SIMULATOR_PORT: ports.PORT, DISCORD_TOKEN: '' })
  expect(await start.exited).toEqual({ code: 1, signal: null })
  expect(start.output).toContain(`PORT and SIMULATOR_PORT are both ${ports.PORT}`)
})

test('a token that Discord refuses ends it', async () => {
  await using discord = await startSimulator({ port: 0 })
  const env = { ...(await freePorts()), DISCORD_TOKEN: 'not.the.token', DISCORD_API_URL: discord.apiUrl }
  await using start = new Child(START, { ...env, LINK_TOKEN: 'a-link-token-of-ones-own' })
  expect(await start.exited).toEqual({ code: 1, signal: null })
  expect(start.output).toContain('DISCORD_TOKEN: Discord refuses it')
})

test('a folder in which nothing can be kept ends it', async () => {
  const env = { ...(await freePorts()), DISCORD_TOKEN: '', GATEWAY_DATA_DIR: '/dev/null/below' }
  await using start = new Child(START, env)
  expect(await start.exited).toEqual({ code: 1, signal: null })
  expect(start.output).toContain('GATEWAY_DATA_DIR: /dev/null/below')
})

test('it ends with the npm that ran it', async () => {
  const ports = await freePorts()
  await using npm = new Child([process.env['npm_execpath'] ?? npmCli(), 'start'], { ...ports, DISCORD_TOKEN: '' })
  await npm.line(/^Ready: /)
  npm.kill('SIGTERM')
  for (const port of Object.values(ports)) {
    await until(`port ${port} to be given up`, async () => (await statusOf(`http://127.0.0.1:${port}/`)) === null)
  }
})

test.each([
  ['simulator', /^ready/],
  ['example', /waiting for the gateway/],
  ['example:bot', /^ready: /],
])('npm run %s ends with its npm too', async (script, started) => {
  await using discord = await startSimulator({ port: 0 })
  const { SIMULATOR_PORT, GATEWAY_PORT } = await freePorts()
  const env = { SIMULATOR_PORT, GATEWAY_PORT, DISCORD_TOKEN: discord.botToken, DISCORD_API_URL: discord.apiUrl }
  await using npm = new Child([process.env['npm_execpath'] ?? npmCli(), 'run', script], env)
  await npm.line(started)
  npm.kill('SIGTERM')
  // Not before what it ran has let go of their common output.
  await npm.exited
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
