import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SupervisedProcess } from '../scripts/lib/supervised-process.ts'
import { until } from './lib/child.ts'
import { freePort } from './lib/free-port.ts'

let folder: string
let notes: string[]
let supervised: SupervisedProcess | null = null

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gateway-service-supervised-'))
  notes = []
})

afterEach(async () => {
  await supervised?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** @param source what the process does; `PORT` is where it is asked whether it is ready. */
async function supervise(source: string, hopeless = () => {}): Promise<SupervisedProcess> {
  const port = await freePort()
  const script = join(folder, 'process.mjs')
  writeFileSync(script, source)
  supervised = new SupervisedProcess(
    {
      name: 'it',
      args: [script],
      cwd: folder,
      env: { ...process.env, PORT: String(port) },
      readyUrl: `http://127.0.0.1:${port}/`,
      restartOn: [],
    },
    { hopeless, line: () => {}, note: (_name, text) => void notes.push(text) },
  )
  supervised.start()
  return supervised
}

const ends = () => notes.filter((note) => note.startsWith('ended'))

test('one that keeps dying before it is ready is started after a growing wait', async () => {
  await supervise('process.exit(3)')
  await until('three ends', () => ends().length >= 3)
  expect(ends().slice(0, 3)).toEqual([
    'ended with exit code 3 before it was ready; next start in 0.5 s',
    'ended with exit code 3 before it was ready; next start in 1 s',
    'ended with exit code 3 before it was ready; next start in 2 s',
  ])
})

test('one that was ready is started at once, and the wait begins anew', async () => {
  const process = await supervise(`
    import { existsSync, writeFileSync } from 'node:fs'
    import { createServer } from 'node:http'
    const starts = ['first', 'second'].filter((name) => existsSync(name)).length
    if (starts < 2) writeFileSync(starts === 0 ? 'first' : 'second', '')
    if (starts === 0) process.exit(1)
    createServer((_, response) => response.end()).listen(process.env.PORT, '127.0.0.1')
  `)
  await process.whenReady
  const pid = Number(/\d+/.exec(notes.findLast((note) => note.startsWith('started')) ?? '')?.[0])
  globalThis.process.kill(pid, 'SIGKILL')
  await until('its second end', () => ends().length === 2)
  expect(ends()).toEqual([
    'ended with exit code 1 before it was ready; next start in 0.5 s',
    'ended by SIGKILL; starting it again',
  ])
})

test('one that says that starting it again cannot help is not', async () => {
  const said = Promise.withResolvers<void>()
  await supervise('process.exit(78)', said.resolve)
  await said.promise
  expect(ends()).toEqual([])
})

test.each([
  ['before it is ready', false],
  ['once it is ready', true],
])('one that SIGTERM itself ends %s: did it end in order? %s', async (_when, ready) => {
  const process = await supervise(`
    import { createServer } from 'node:http'
    if (${ready}) createServer((request, response) => response.end()).listen(Number(process.env.PORT), '127.0.0.1')
    else setInterval(() => {}, 1_000)
  `)
  if (ready) await process.whenReady
  expect(await process.stop()).toBe(!ready)
})
