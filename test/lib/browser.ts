import { type Browser, chromium, type Page } from 'playwright-core'
import { CHROMIUM_ARGS, ensureChromium } from '../../scripts/lib/chromium.ts'

export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: await ensureChromium(), args: CHROMIUM_ARGS })
}

/** A station of the hop strip says a word: `connected`, `reconnecting`, `down`, `last known`. */
export async function hopSays(page: Page, station: string, word: string, withinMs = 10_000): Promise<void> {
  await page
    .getByRole('list', { name: 'Path of events' })
    .getByRole('listitem')
    .filter({ hasText: station })
    .filter({ hasText: word })
    .waitFor({ timeout: withinMs })
}
