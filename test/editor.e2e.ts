import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { withPages, type OpenPage } from './lib/browser-and-stack.ts'
import { changeOwn, open, say, writeOwn } from './lib/scene-steps.ts'
import type { Stack } from './lib/stack.ts'

// A message that is being changed in its place, in the feed. Each test is another person's, who has written nothing before.

let stack: Stack
let openPage: OpenPage

withPages((begun) => {
  ;({ stack, openPage } = begun)
})

const CHANNEL = 'build-log'
const feed = (page: Page) => page.getByRole('log')
const editor = (page: Page) => page.getByRole('textbox', { name: 'Message text' })
const article = (page: Page, text: string) => feed(page).locator('article[data-message]').filter({ hasText: text })
const belowSight = (page: Page) =>
  feed(page).evaluate(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight)

async function beginToChange(page: Page, text: string): Promise<void> {
  await open(page, stack, CHANNEL)
  await writeOwn(page, CHANNEL, text)
  await changeOwn(page, CHANNEL, text)
}

test('what is being changed stays where it is while messages come, which are counted', async () => {
  const page = await openPage()
  const text = 'The lid goes on at noon'
  await beginToChange(page, text)
  const topOf = async () => Math.round((await editor(page).boundingBox())?.y ?? -1)
  const top = await topOf()
  for (let shelf = 1; shelf <= 40; shelf++) say(stack, CHANNEL, `Shelf ${shelf} is free`)
  const more = page.getByRole('button', { name: '40 new messages' })
  await more.waitFor()
  expect(await topOf()).toBe(top)
  await editor(page).press('Shift+Enter')
  expect(await topOf()).toBe(top)

  await editor(page).press('Escape')
  await editor(page).waitFor({ state: 'detached' })
  expect(await more.count()).toBe(1)
  expect(await article(page, text).evaluate((one) => one.getBoundingClientRect().top > 0)).toBe(true)
  await more.click()
  await more.waitFor({ state: 'detached' })
  const last = say(stack, CHANNEL, 'And that was the last shelf')
  await feed(page).locator(`[data-message="${last}"]`).waitFor()
  await expect.poll(() => belowSight(page)).toBeLessThan(1)
})

test('what one begins to change at the bottom is in sight to its end, also as it grows, and then what comes is followed', async () => {
  const page = await openPage({}, 'pikelet')
  await beginToChange(page, 'The lid is on')
  const cancel = feed(page).getByRole('button', { name: 'Cancel' })
  const isInSight = () =>
    cancel.evaluate((one) => {
      const log = one.closest('[role=log]')
      return log !== null && one.getBoundingClientRect().bottom <= log.getBoundingClientRect().bottom
    })
  expect(await isInSight()).toBe(true)
  for (let line = 0; line < 4; line++) await editor(page).press('Shift+Enter')
  await expect.poll(isInSight).toBe(true)
  await editor(page).press('Escape')
  await editor(page).waitFor({ state: 'detached' })
  const next = say(stack, CHANNEL, 'What comes after is followed')
  await feed(page).locator(`[data-message="${next}"]`).waitFor()
  await expect.poll(() => belowSight(page)).toBeLessThan(1)
})

test('what was left open further up does not keep one at the bottom from what comes', async () => {
  const page = await openPage({}, 'saltmarsh')
  await beginToChange(page, 'The lid is off')
  for (let shelf = 1; shelf <= 40; shelf++) say(stack, CHANNEL, `Shelf ${shelf} is full`)
  await page.getByRole('button', { name: '40 new messages' }).click()
  await expect.poll(() => belowSight(page)).toBeLessThan(1)
  await page.getByRole('textbox', { name: `Message ${CHANNEL}` }).focus()
  const next = say(stack, CHANNEL, 'All of them are')
  await feed(page).locator(`[data-message="${next}"]`).waitFor()
  await expect.poll(() => belowSight(page)).toBeLessThan(1)
  expect(await editor(page).count()).toBe(1)
})

test('a message of which nothing is left can be deleted, and is not without a question', async () => {
  const page = await openPage({}, 'brackish')
  const text = 'The lid is cracked'
  await beginToChange(page, text)
  const question = page.getByRole('alertdialog', { name: 'Delete this message?' })
  await editor(page).fill(' ')
  await feed(page).getByText('Nothing is left: Enter asks whether to delete it').waitFor()
  await editor(page).press('Enter')
  await question.getByText(text).waitFor()
  await page.keyboard.press('Escape')
  await question.waitFor({ state: 'detached' })
  expect(await editor(page).evaluate((one) => document.activeElement === one)).toBe(true)
  await feed(page).getByRole('button', { name: 'Save' }).click()
  await question.getByRole('button', { name: 'Delete' }).click()
  await article(page, text).waitFor({ state: 'detached' })
  await editor(page).waitFor({ state: 'detached' })
  expect(await page.getByRole('textbox', { name: 'Text that was not saved' }).count()).toBe(0)
  await page.waitForFunction(() => document.activeElement?.id === 'composer')
})
