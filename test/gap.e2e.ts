import type { Browser } from 'playwright-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { noteComplaints } from './lib/browser.ts'
import { withBrowserAndStack } from './lib/browser-and-stack.ts'
import { makeGap, open } from './lib/scenes.ts'
import type { Stack } from './lib/stack.ts'

let browser: Browser
let stack: Stack
let complaints: string[]

withBrowserAndStack((begun) => {
  ;({ browser, stack } = begun)
})

beforeEach(() => {
  complaints = []
})

afterEach(async () => {
  for (const context of browser.contexts()) await context.close()
  expect(complaints).toEqual([])
})

test('a gap says what came back and what nobody knows, and chooses its row among the events', async () => {
  const page = await stack.openFor(browser, { viewport: { width: 1440, height: 900 } })
  noteComplaints(page.context(), complaints)
  await open(page, stack, 'build-log')
  await makeGap(page, stack)
  const notice = page.getByRole('note', { name: 'Gap in the record' })
  await notice.getByText('1 message restored').waitFor()

  const button = notice.getByRole('button', { name: 'What is missing' })
  await button.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'What is missing' })
  await dialog.getByText(/^\d\d:\d\d:\d\d–\d\d:\d\d:\d\d$/).waitFor()
  await dialog.getByText(/1 message that this page holds:\s*build-log 1/).waitFor()
  await dialog.getByText('No channel that is known of.').waitFor()
  await dialog.getByText(/^Reactions, edits, deletions/).waitFor()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  expect(await button.evaluate((one) => document.activeElement === one)).toBe(true)

  await button.click()
  await dialog.getByRole('button', { name: 'Show in Events' }).click()
  const row = page.getByRole('region', { name: 'Events, newest first' }).getByRole('button', { expanded: true })
  expect(await row.innerText()).toContain('Gap: Discord could not replay')
  await dialog.waitFor({ state: 'detached' })

  // It could be brought into sight in a drawer or another view as well.
  await row.press('Enter')
  await row.waitFor({ state: 'detached' })
  await page.setViewportSize({ width: 390, height: 844 })
  await button.click()
  await dialog.getByRole('button', { name: 'Show in Events' }).click()
  await row.waitFor()
})
