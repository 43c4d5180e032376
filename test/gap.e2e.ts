import { expect, test } from 'vitest'
import { withPages, type OpenPage } from './lib/browser-and-stack.ts'
import { makeGap, open } from './lib/scene-steps.ts'
import type { Stack } from './lib/stack.ts'

let stack: Stack
let openPage: OpenPage

withPages((begun) => {
  ;({ stack, openPage } = begun)
})

test('a gap says what came back and what nobody knows, and chooses its row among the events', async () => {
  const page = await openPage()
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

test('a gap is there for who loads the page later, and for one whom another web serves', async () => {
  const page = await openPage()
  await open(page, stack, 'build-log')
  await makeGap(page, stack)
  const notice = page.getByRole('note', { name: 'Gap in the record' }).last()
  const restored = page.getByRole('log').getByText('restored', { exact: true })
  await notice.getByText('1 message restored').waitFor()
  const said = await notice.getByText(/^Discord could not replay/).innerText()
  const record = await notice.getByText(/^gap record /).innerText()

  await page.reload()
  await notice.getByText(said).waitFor()
  await restored.last().waitFor()
  await notice.getByText(record).waitFor()
  await notice.getByRole('button', { name: 'What is missing' }).click()
  await page.getByRole('button', { name: 'Show in Events' }).click()
  const row = page.getByRole('region', { name: 'Events, newest first' }).getByRole('button', { expanded: true })
  expect(await row.innerText()).toContain('Gap: Discord could not replay')

  await stack.restartWeb()
  const later = await openPage()
  await open(later, stack, 'build-log')
  const same = later.getByRole('note', { name: 'Gap in the record' }).last()
  await same.getByText(said).waitFor()
  await same.getByText('1 message restored').waitFor()
  await same.getByText(record).waitFor()
})
