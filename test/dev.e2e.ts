import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hopSays, launchBrowser } from './lib/browser.ts'
import { Child } from './lib/child.ts'
import { freePorts } from './lib/free-port.ts'
import { workingCopy } from './lib/working-copy.ts'

let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser()
})

afterAll(() => browser.close())

/**
 * Vite's own look through the sources, which mostly finds every dependency and hides what our list of them lacks, finds
 * nothing. Then a dependency that is not in the list is found while the page loads, which loads again.
 */
async function withoutScan(folder: string): Promise<void> {
  const file = join(folder, 'apps/web/vite.config.ts')
  const config = await readFile(file, 'utf8')
  const plugins = 'plugins: ['
  expect(config).toContain(plugins)
  const blind = '(config) => void (config.environments.client.optimizeDeps.entries = [])'
  await writeFile(file, config.replace(plugins, `${plugins}{ name: 'without-scan', configResolved: ${blind} }, `))
}

test('the first page under npm run dev is loaded once: no dependency is found late', async () => {
  const ports = await freePorts()
  // A copy has no dependencies of the page prepared yet, as after npm ci.
  await using copy = await workingCopy()
  await withoutScan(copy.path)
  const env = { ...ports, DISCORD_TOKEN: '' }
  await using dev = new Child(['scripts/run.js', 'scripts/start.ts', '--watch'], env, copy.path)
  await dev.line(/^Ready: /)
  const page = await browser.newPage()
  let loads = 0
  page.on('domcontentloaded', () => (loads += 1))
  await page.goto(`http://localhost:${ports.PORT}`)
  await page.getByRole('link', { name: /umberfox/ }).click()
  await hopSays(page, 'This browser', 'connected', 30_000)
  await page.getByRole('log').getByRole('article').first().waitFor()
  expect(dev.lines.filter((line) => /optimized|reloading/.test(line))).toEqual([])
  // The sign-in, and the page.
  expect(loads).toBe(2)
})
