import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Crowd, CrowdSetup } from '../bench/connect/crowd.ts'
import { streamRequest } from '../bench/lib/listener.ts'
import { readOptions, USAGE } from '../bench/lib/options.ts'
import { checkOpenFiles } from '../bench/lib/open-files.ts'
import { Party } from '../bench/lib/party.ts'
import { interleave } from '../bench/lib/rounds.ts'
import { Pair } from '../bench/lib/sending.ts'
import { listen } from '../bench/lib/sockets.ts'
import { until } from '../bench/lib/until.ts'
import type { ForgetfulSetup } from './lib/forgetful-sender.ts'

const script = new URL('../bench/main.ts', import.meta.url).pathname
const bench = (...args: string[]) => promisify(execFile)(process.execPath, [script, ...args])

let out: string
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'bench-test-'))
})
afterAll(() => rm(out, { recursive: true }))

test(
  'the benchmark measures every hop, prints tables and writes what they were made of',
  { timeout: 240_000 },
  async () => {
    const tiny = ['--rounds', '1', '--round-ms', '20', '--backends', '2', '--browsers', '3', '--e2e-browsers', '5']
    const { stdout } = await bench(
      ...tiny,
      '--paced-seconds',
      '0.3',
      '--log-mib',
      '1',
      '--replay-entries',
      '2000',
      '--sight-most',
      '10',
      '--guilds-most',
      '10',
      '--connect-browsers',
      '21',
      '--out',
      out,
    )
    const number = '[\\d,.]+'
    const ratio = `${number} \\(${number}–${number}\\)`
    const rows = [
      `one shard +\\| @discordjs/ws, keeping nothing +\\| ${number} +\\| ${number} +\\| 1 +\\| 1`,
      `one shard +\\| the example, keeping nothing +\\| ${number} +\\| ${number} +\\| ${ratio} +\\| ${ratio}`,
      `one shard +\\| the same, compressed \\(zstd-stream\\) +\\| ${number} +\\| ${number} +\\| ${ratio} +\\| ${ratio}`,
      `one shard +\\| the service, log in a file +\\| ${number} +\\| ${number} +\\| ${ratio} +\\| ${ratio}`,
      `64 a batch +\\| SqliteLog +\\| ${number} +\\| ${number} +\\| ${ratio} +\\| ${ratio}`,
      `64 a batch +\\| the example, keeping nothing +\\| ${number} +\\| ${number} +\\| ${ratio} +\\| ${ratio}`,
      `SqliteLog( +\\| ${number}){7}`,
      `was killed +\\| ${number} +\\| ${ratio}`,
      `2 backends +\\| the service, log in a file +\\| ${number} +\\| ${number}( +\\| ${ratio}){4}`,
      `the example, a route of Start( +\\| ${number}){3}( +\\| 1){3}`,
      `the example, by response.write( +\\| ${number}){3}( +\\| ${ratio}){3}`,
      `the service, log in a file( +\\| ${number}){3}( +\\| ${ratio}){3}`,
      `3 browsers +\\| the example, a route of Start +\\| ${number} +\\| 1.00( +\\| ${number}){6}`,
      `3 browsers +\\| the service, log in a file( +\\| ${number}){8}`,
      `script +\\| \\d+ +\\| ${number} +\\| ${number}`,
      `the first time +\\| ${ratio} +\\| ${ratio}`,
      `3 browsers, 16 a tick +\\| the example, a route of Start +\\| ${number} +\\| ${number}( +\\| 1){2}( +\\| ${ratio}){2}`,
      `3 browsers, 16 a tick +\\| web +\\| ${number} +\\| ${number}( +\\| ${ratio}){4}`,
      `3( +\\| ${number}){4}( +\\| ${ratio}){2}`,
      `3 browsers, 16 a tick +\\| better-sse +\\| ${number} +\\| ${number}( +\\| ${ratio}){4}`,
      `2 backends +\\| socket.io, keeping nothing +\\| ${number} +\\| ${number}( +\\| ${ratio}){4}`,
      `2 backends +\\| the floor, in C +\\| ${number} +\\| ${number}( +\\| ${ratio}){2}( +\\| 1){2}`,
      `one shard +\\| discord.js, keeping what it keeps +\\| ${number} +\\| ${number}( +\\| ${ratio}){2}`,
      `SqliteLog( +\\| ${ratio}){3}`,
      `10 guilds +\\| ${number} +\\| 1`,
      `10 guilds +\\| ${ratio} +\\| 1 +\\| ${ratio} +\\| 1`,
      `10 guilds( +\\| ${ratio}){3}`,
      `10 guilds +\\| ${number}( +\\| ${number} +\\| – +\\| –){2}`,
      `10 people( +\\| ${number}){4} +\\| ${ratio} +\\| ${number}`,
      `10 people( +\\| ${ratio}){3}`,
      `the example, by response.write( +\\| ${ratio}){4}`,
      `web, from where each was( +\\| ${ratio}){4}`,
      `web, with nothing heard +\\| ${number}( +\\| ${ratio}){4}`,
      `web, with nothing heard of a guild of 100 channels and 200 members +\\| ${number}( +\\| ${ratio}){4}`,
    ]
    for (const row of rows) expect(stdout).toMatch(new RegExp(`^\\| ${row} +\\|$`, 'm'))

    expect(stdout).toContain(out)
    const hops = ['ingest', 'log', 'replay', 'link', 'sight', 'guilds', 'sse', 'connect', 'e2e', 'limits', 'page']
    const files = await readdir(out)
    for (const hop of hops) {
      const { tables } = JSON.parse(await readFile(join(out, `${hop}.json`), 'utf8')) as { tables: { raw: unknown }[] }
      expect(tables.map(({ raw }) => raw)).not.toContain(undefined)
    }
    for (const hop of hops) {
      expect(files).toContain(`${hop}.svg`)
      expect(await readFile(join(out, `${hop}.svg`), 'utf8')).not.toMatch(/NaN|undefined/)
    }
  },
)

test('the benchmark says what it does not understand', async () => {
  await expect(bench('links')).rejects.toMatchObject({
    stderr: expect.stringMatching(/^bench: there is no hop links\n/),
  })
  const refused = [
    ['--rounds', 'many'],
    ['--rounds', '1.5'],
    ['--round-ms', '0'],
    ['--backends', '1,1.5'],
    ['--browsers', '100,'],
    ['--paced-seconds', 'Infinity'],
    ['--replay-entries', '1500'],
    ['--sight-most', '5'],
    ['--guilds-most', '9'],
    ['--connect-browsers', '-2'],
  ] as const
  for (const [option, value] of refused) {
    expect(() => readOptions([`${option}=${value}`])).toThrow(new RegExp(`^${option}: expected .+, not .*$`))
  }
  await expect(bench('--rounds', '1.5')).rejects.toMatchObject({ stderr: expect.stringMatching(/^bench: --rounds: /) })
})

test('the benchmark says before it begins that a process may not hold so many browsers or backends', async () => {
  const of = (...args: string[]) => readOptions(args)
  const many = of('sse', '--browsers', '100,10000')
  expect(() => checkOpenFiles(many, 4_096)).toThrow('10000 browsers are more than a process may have open files, 4096')
  expect(() => checkOpenFiles(many, 20_000)).not.toThrow()
  expect(() => checkOpenFiles(of('connect', 'link'), 4_096)).toThrow('10000 browsers')
  expect(() => checkOpenFiles(of('e2e', '--e2e-browsers', '5000'), 4_096)).toThrow('5000 browsers')
  expect(() => checkOpenFiles(of('link', '--backends', '1,5000'), 4_096)).toThrow('5000 backends')
  expect(() => checkOpenFiles(of('link'), 4_096)).not.toThrow()

  const limited = ['-c', 'ulimit -n 300 && exec "$@"', 'sh', process.execPath, script, 'sse', '--browsers', '200']
  await expect(promisify(execFile)('sh', limited)).rejects.toMatchObject({
    stderr: expect.stringMatching(/^bench: 200 browsers .+ open files, 300 /),
  })
})

test('the benchmark leaves the published figures alone unless it is told to', () => {
  expect(readOptions([]).out).toMatch(/\/bench\/out$/)
  expect(readOptions(['--out', 'bench/results']).out).toBe('bench/results')
})

test('the benchmark says how it is used', async () => {
  for (const option of ['--help', '-h']) {
    expect(await bench('sse', option)).toEqual({ stdout: `${USAGE}\n`, stderr: '' })
  }
})

test('the benchmark ends with an error where what was sent does not come', async () => {
  await expect(until(() => false, 5)).rejects.toThrow('something was lost')
})

test('the benchmark ends with an error where a sender tells the first of its receivers alone', async () => {
  const measure = async (tells: number, allCount = false) => {
    const setup: ForgetfulSetup = { tells }
    const receivers = { head: streamRequest('/'), count: 4, allCount }
    await using pair = await Pair.open(new URL('lib/forgetful-sender.ts', import.meta.url), setup, receivers)
    const round = (forMs: number) => pair.round({ forMs, perTick: 2 })
    return await interleave([{ name: 'one that forgets', round }], { rounds: 1, roundMs: 5 })
  }
  await expect(measure(1)).rejects.toThrow('one that forgets: 3 of 4 receivers')
  await expect(measure(3)).rejects.toThrow('one that forgets: 1 of 4 receivers')
  await expect(measure(3, true)).rejects.toThrow('one that forgets: 1 of 4 receivers')
  expect((await measure(4)).get('one that forgets')).toHaveLength(1)
  expect((await measure(4, true)).get('one that forgets')).toHaveLength(1)
})

test('the benchmark ends with an error where one of many that come back has not heard everything once', async () => {
  /** One of them is told another number of messages than the rest. */
  const comesBack = async (told: number, orFewer = false) => {
    let came = 0
    await using server = createServer((_request, response) => {
      const isOdd = ++came % 3 === 0
      response.write('data: {"state":"resumed"}\n\n' + 'event: MESSAGE_CREATE\ndata: 1\n\n'.repeat(isOdd ? told : 1))
    })
    const setup: CrowdSetup = { path: '/', count: 3, cookies: [], isBack: 'resumed', areNew: false, withinMs: 1_000 }
    await using crowd = new Party<Crowd>(new URL('../bench/connect/crowd.ts', import.meta.url), setup)
    try {
      await crowd.ask('comeBack', await listen(server))
      await crowd.ask('heardAll', { messages: 1, orFewer })
    } finally {
      server.closeAllConnections()
    }
  }
  await comesBack(1)
  await comesBack(0, true)
  await expect(comesBack(0)).rejects.toThrow('of 1 messages 1 of 3 browsers heard fewer, and 0 more')
  await expect(comesBack(2)).rejects.toThrow('of 1 messages 0 of 3 browsers heard fewer, and 1 more')
  await expect(comesBack(2, true)).rejects.toThrow('of 1 messages 0 of 3 browsers heard fewer, and 1 more')
})

test('the benchmark ends with an error where one that comes back is never let in', async () => {
  await using server = createServer((_request, response) => void response.writeHead(403).end('no'))
  const setup: CrowdSetup = { path: '/', count: 3, cookies: [], isBack: 'resumed', areNew: false, withinMs: 300 }
  await using crowd = new Party<Crowd>(new URL('../bench/connect/crowd.ts', import.meta.url), setup)
  await expect(crowd.ask('comeBack', await listen(server))).rejects.toThrow(
    '3 of 3 browsers were not there within 0.3 s; the last refusal: HTTP/1.1 403 Forbidden',
  )
})
