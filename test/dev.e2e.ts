import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hopSays, launchBrowser } from './lib/browser.ts'
import { Child, freePorts } from './lib/child.ts'
import { workingCopy } from './lib/working-copy.ts'

let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser()
})

afterAll(() => browser.close())

test('the first page under npm run dev is loaded once: no dependency is found late', async () => {
  const ports = await freePorts()
  // A copy has no dependencies of the page prepared yet, as after npm ci.
  await using copy = await workingCopy()
  const env = { ...ports, DISCORD_TOKEN: '' }
  await using dev = new Child(['scripts/run.js', 'scripts/start.ts', '--watch'], env, copy.path)
  await dev.line(/^Ready: /)
  const page = await browser.newPage()
  let loads = 0
  page.on('domcontentloaded', () => (loads += 1))
  await page.goto(`http://localhost:${ports.PORT}`)
  await hopSays(page, 'This browser', 'connected', 30_000)
  await page.getByRole('log').getByRole('article').first().waitFor()
  expect(dev.lines.filter((line) => /optimized|reloading/.test(line))).toEqual([])
  expect(loads).toBe(1)
})
