import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

test('the benchmark measures, and prints what', async () => {
  const script = fileURLToPath(new URL('../bench/dispatch.ts', import.meta.url))
  const args = ['--guilds', '20', '--shards', '2', '--seconds', '0.3', '--rate', '2000']
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...args])
  expect(stdout).toMatch(/^20 guilds, 2 shards, 1024 bytes, rate 2000: [1-9][\d,]* dispatches\nper core +[1-9][\d,]* /)
})
