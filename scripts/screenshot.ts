/** `npm run screenshot`: makes the README's picture of the page, on the simulator, once something has happened. */
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { startStack } from '../test/lib/stack.ts'
import { buildWeb, webIsBuilt } from './lib/build-web.ts'
import { CHROMIUM_ARGS, ensureChromium } from './lib/chromium.ts'

const root = join(import.meta.dirname, '..')
const PICTURE = 'docs/page.png'
/** Enough rows in the inspector to show what it is. */
const EVENTS = 14

if (!webIsBuilt(root)) await buildWeb(root, (line) => process.stdout.write(`${line}\n`))
await using stack = await startStack({ life: true })
const browser = await chromium.launch({ executablePath: await ensureChromium(), args: CHROMIUM_ARGS })
const window = { viewport: { width: 1440, height: 900 }, colorScheme: 'light', timezoneId: 'UTC' } as const
const page = await stack.openFor(browser, window)
await page.goto(stack.webUrl)
await page.getByRole('link', { name: /^build-log/ }).click()
await page.getByRole('log').getByRole('article').first().waitFor()
const rows = page.getByRole('region', { name: /^Events/ }).getByRole('button')
await rows.nth(EVENTS).waitFor({ timeout: 180_000 })
await rows.filter({ hasText: 'VOICE_STATE_UPDATE' }).first().click()
await page.screenshot({ path: join(root, PICTURE) })
await browser.close()
process.stdout.write(`${PICTURE}\n`)
