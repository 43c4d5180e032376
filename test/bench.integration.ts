import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

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
    const tiny = ['--rounds', '1', '--round-ms', '20', '--backends', '2', '--browsers', '3', '--way-browsers', '5']
    const { stdout } = await bench(...tiny, '--paced-seconds', '0.3', '--log-mib', '1', '--out', out)
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
      `2 backends +\\| the service, log in a file +\\| ${number} +\\| ${number} +\\| ${ratio} +\\| ${ratio}`,
      `the example( +\\| ${number}){3}( +\\| 1){3}`,
      `the service, log in a file( +\\| ${number}){3}( +\\| ${ratio}){3}`,
      `script +\\| \\d+ +\\| ${number} +\\| ${number}`,
      `the first time +\\| ${ratio} +\\| ${ratio}`,
      `3 browsers, 16 a tick +\\| web +\\| ${number} +\\| ${number} +\\| ${ratio} +\\| ${ratio}`,
    ]
    for (const row of rows) expect(stdout).toMatch(new RegExp(`^\\| ${row} +\\|$`, 'm'))

    const [file = ''] = await readdir(out)
    expect(stdout).toContain(join(out, file))
    const { tables } = JSON.parse(await readFile(join(out, file), 'utf8')) as { tables: object }
    expect(Object.keys(tables)).toEqual(['ingest', 'log', 'link', 'sse', 'way', 'page'])
  },
)

test('the benchmark says what it does not understand', async () => {
  await expect(bench('links')).rejects.toMatchObject({
    stderr: expect.stringMatching(/^bench: there is no hop links\n/),
  })
  await expect(bench('--rounds', 'many')).rejects.toMatchObject({ stderr: expect.stringContaining('--rounds') })
})
