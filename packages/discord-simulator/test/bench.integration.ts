import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

async function bench(...more: readonly string[]): Promise<string> {
  const script = fileURLToPath(new URL('../bench/dispatch.ts', import.meta.url))
  const args = ['--guilds', '20', '--shards', '2', '--seconds', '0.3', ...more]
  return (await promisify(execFile)(process.execPath, [script, ...args])).stdout
}

test('the benchmark measures, and prints what', async () => {
  const stdout = await bench('--rate', '2000')
  expect(stdout).toMatch(/^20 guilds, 2 shards, 1024 bytes, rate 2000: [1-9][\d,]* dispatches\nper core +[1-9][\d,]* /)
})

// How fast it is depends on the machine, and on who else uses it: what is looked at is that it says so.
test('the benchmark holds what it measures against what is promised', async () => {
  expect(await bench()).toMatch(/\npromised +50,000 dispatches\/s per core: (kept|BROKEN), \d+\.\d\d times that\n$/)
  expect(await bench('--bytes', '2048')).not.toContain('promised')
})
