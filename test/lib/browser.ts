import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
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

/** What pages do that nobody should see: errors in scripts and on the console, what their policy forbids among them. */
export function noteComplaints(context: BrowserContext, complaints: string[]): void {
  context.on('weberror', (error) => complaints.push(error.error().message))
  context.on('console', (message) => {
    // A request that is refused, or does not get through, is what many tests are about.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
      complaints.push(message.text())
    }
  })
}
