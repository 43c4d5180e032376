/** `npm run pictures`: every page and state of one, wide in light and narrow in dark, into docs/pictures. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright-core'
import { hopSays } from '../test/lib/browser.ts'
import { goTo } from '../test/lib/scene-steps.ts'
import { scenes } from '../test/lib/scenes.ts'
import { startStack, type Stack } from '../test/lib/stack.ts'
import { buildWeb, webIsBuilt } from './lib/build-web.ts'
import { CHROMIUM_ARGS, ensureChromium } from './lib/chromium.ts'

const root = join(import.meta.dirname, '..')
const FOLDER = 'docs/pictures'
const WIDE = { viewport: { width: 1440, height: 900 }, colorScheme: 'light' } as const
const NARROW = { viewport: { width: 390, height: 844 }, colorScheme: 'dark' } as const
/** The page that people look at most, also where its layout changes. */
const ALL_WIDTHS = 'a channel, live'
const widths = [1440, 1100, 820, 390].flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({
    viewport: { width, height: width > 820 ? 900 : 844 },
    colorScheme,
  })),
)

const { positionals: wanted } = parseArgs({ allowPositionals: true })
const unknown = wanted.filter((name) => scenes[name] === undefined)
if (unknown.length > 0) {
  process.stderr.write(`pictures: no such scene: ${unknown.join(', ')}. There are: ${Object.keys(scenes).join(', ')}\n`)
  process.exit(1)
}

if (!webIsBuilt(root)) await buildWeb(root, (line) => process.stdout.write(`${line}\n`))
if (wanted.length === 0) rmSync(join(root, FOLDER), { recursive: true, force: true })
mkdirSync(join(root, FOLDER), { recursive: true })
const browser = await chromium.launch({ executablePath: await ensureChromium(), args: CHROMIUM_ARGS })
for (const [name, { who, show }] of Object.entries(scenes)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  for (const window of name === ALL_WIDTHS ? widths : [WIDE, NARROW]) {
    // Each its own: what was said for one picture is not to be seen in another.
    await using stack = await startStack({ heartbeatIntervalMs: 1_000 })
    const page = await stack.openFor(browser, { ...window, timezoneId: 'UTC', reducedMotion: 'reduce' }, who)
    const file = `${name.replaceAll(/\W+/gu, '-')}-${window.viewport.width}-${window.colorScheme}.png`
    await showPing(stack)
    await show(page, stack)
    await page.screenshot({ path: join(root, FOLDER, file) })
    process.stdout.write(`${join(FOLDER, file)}\n`)
    await page.context().close()
  }
}
await browser.close()

/** Discord's ping and clock are known after some heartbeats. */
async function showPing(stack: Stack): Promise<void> {
  const page = await stack.openFor(browser)
  await goTo(page, stack, 'build-log')
  await hopSays(page, 'Discord', 'ping', 30_000)
  await page.context().close()
}
