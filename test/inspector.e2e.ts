import type { BrowserContextOptions, Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { withPages, type OpenPage } from './lib/browser-and-stack.ts'
import { chooseView, makeGap, open, say } from './lib/scene-steps.ts'
import type { Stack } from './lib/stack.ts'

let stack: Stack
let openPage: OpenPage

withPages((begun) => {
  ;({ stack, openPage } = begun)
})

const listOf = (page: Page) => page.getByRole('region', { name: 'Events, newest first' })
const rowsOf = (page: Page) => listOf(page).locator('[data-index] > button')

/** As many messages elsewhere, and the page has heard of the last. */
async function chatter(page: Page, many: number): Promise<void> {
  // On a phone, in a view that is not shown.
  const general = page.getByRole('link', { name: /^general\b/, includeHidden: true })
  const unread = async () => Number(/(\d+) unread/.exec((await general.textContent()) ?? '')?.[1] ?? 0)
  const before = await unread()
  for (let index = 0; index < many; index += 1) say(stack, 'general', `Kettle ${before + index} is on.`)
  await expect.poll(unread).toBe(before + many)
}

/** Presses a message's event id in the feed, where the pointer and the focus stay. */
async function pressEventId(page: Page, text: string): Promise<void> {
  const message = page.getByRole('log').getByRole('article').filter({ hasText: text })
  await message.hover()
  await message.getByRole('button', { name: /-\d+$/ }).press('Enter')
}

/** Somebody writes a message, and its event is opened from the feed. */
async function openFromFeed(page: Page, text: string): Promise<void> {
  say(stack, 'build-log', text)
  await pressEventId(page, text)
  await page.getByRole('region', { name: 'Payload' }).waitFor()
}

/** Where what the open event carries is, frame by frame, until it is asked; null: it went. */
async function watchPlace(page: Page): Promise<() => Promise<(number | null)[]>> {
  await page.evaluate(() => {
    const places = new Set<number | null>()
    Object.assign(window, { places })
    const payload = document.querySelector('[aria-label=Payload]')
    const look = () => {
      places.add(payload?.isConnected === true ? payload.getBoundingClientRect().y : null)
      // After all that is done before the frame is drawn.
      requestAnimationFrame(() => setTimeout(look))
    }
    look()
  })
  return () => page.evaluate(() => [...(window as unknown as { places: Set<number | null> }).places])
}

test.each([
  ['a list that is longer than its room', 40],
  ['a short one', 0],
])('an open event stays where it is while rows come in above it: %s', async (_list, before) => {
  const page = await openPage()
  await open(page, stack, 'build-log')
  await chatter(page, before)
  await openFromFeed(page, `The lid is on (${Date.now()})`)
  const first = await rowsOf(page).first().textContent()
  const places = await watchPlace(page)
  for (const many of [1, 3, 30]) {
    await chatter(page, many)
    expect(await places()).toEqual([expect.any(Number)])
  }

  // They are there, above it, and more come for who has not gone away from the list's top.
  expect(await page.getByText(/\d waiting/).count()).toBe(0)
  await listOf(page)
    .locator('> div')
    .evaluate((list) => list.scrollTo(0, 0))
  await expect.poll(async () => (await rowsOf(page).first().textContent()) !== first).toBe(true)
  await expect.poll(() => rowsOf(page).first().textContent()).toContain('MESSAGE_CREATE')
})

test('once it is closed the list is at its top again with the next event', async () => {
  const page = await openPage()
  await open(page, stack, 'build-log')
  await chatter(page, 40)
  const text = `The lid is off (${Date.now()})`
  await openFromFeed(page, text)
  await chatter(page, 12)
  const list = listOf(page).locator('> div')
  const pushed = () => list.evaluate((element) => element.scrollTop)
  expect(await pushed()).toBeGreaterThan(0)
  await pressEventId(page, text)
  await page.getByRole('region', { name: 'Payload' }).waitFor({ state: 'detached' })
  await chatter(page, 1)
  expect(await pushed()).toBe(0)
})

test.each([1_440, 1_100, 390])('an event of another channel leads there, %i px wide', async (width) => {
  const page = await openPage({ viewport: { width, height: 844 } })
  await open(page, stack, 'build-log')
  const narrow = width < 960
  const toEvents = page.getByRole('button', { name: 'Events', exact: true })
  if (width < 1_280) await toEvents.click()
  say(stack, 'build-log', 'The lid is on.')
  await rowsOf(page).filter({ hasText: 'build-log' }).first().press('Enter')
  await page.getByRole('region', { name: 'Payload' }).waitFor()
  const way = page.getByRole('link', { name: /^Go to/ })
  expect(await way.count()).toBe(0)

  const text = `The kettle is on (${Date.now()})`
  say(stack, 'general', text)
  await page.getByRole('heading', { name: 'Events' }).click()
  await rowsOf(page).filter({ hasText: 'general' }).first().press('Enter')
  await page.getByRole('link', { name: 'Go to general' }).click()
  await page.getByRole('heading', { name: 'general' }).waitFor()
  const message = page.getByRole('log').getByRole('article').filter({ hasText: text })
  await message.waitFor()
  // Nothing lies over it, and it is chosen still.
  await message.click({ trial: true })
  await way.waitFor({ state: 'detached' })
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('messages')
  if (narrow) await toEvents.click()
  await expect.poll(() => page.locator('[aria-expanded=true]').filter({ hasText: 'general' }).count()).toBe(1)
})

test.each([
  ['umberfox', 'Bans go only to people who may ban.'],
  ['tessellate', ''],
])('%s, who looks for bans of which there are none, is told why: %s', async (who, why) => {
  const page = await openPage({}, who)
  await open(page, stack, 'build-log')
  const answer = page.waitForResponse((response) => /^(?=.*guildId)(?!.*channelId|.*userId)/.test(response.url()))
  await page.getByRole('textbox', { name: 'Filter events' }).fill('event:GUILD_BAN_*')
  await (await answer).finished()
  const said = page.getByText('Nothing matches.').locator('..')
  await expect
    .poll(() => said.innerText())
    .toMatch(new RegExp(`^Nothing matches\\. \\d+ events are kept\\.\\s*${why}$`))
})

/** What the inspector says of itself. */
const saidIn = async (page: Page): Promise<string> => {
  const head = page.getByRole('complementary', { name: 'Event inspector' }).locator('header')
  return (await head.innerText()).replaceAll(/\s+/g, ' ')
}

test.each<[string, BrowserContextOptions]>([
  ['a mouse', {}],
  ['a finger', { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }],
])('what %s opened and closed again does not hold the list', async (_pointer, window) => {
  const page = await openPage(window)
  await open(page, stack, 'build-log')
  await chooseView(page, 'Events')
  await chatter(page, 1)
  const row = rowsOf(page).filter({ hasText: 'general' }).first()
  const press = () => (window.hasTouch === true ? row.tap() : row.click())
  const payload = page.getByRole('region', { name: 'Payload' })
  await press()
  await payload.waitFor()
  await press()
  await payload.waitFor({ state: 'detached' })
  if (window.hasTouch !== true) await page.getByRole('log').hover()
  const before = await rowsOf(page).filter({ hasText: 'general' }).count()
  await chatter(page, 3)
  expect(await rowsOf(page).filter({ hasText: 'general' }).count()).toBe(before + 3)
  expect(await saidIn(page)).toMatch(/^Events live [\d.]+\/s Pause$/)
})

test.each([
  ['the button', (page: Page) => page.getByRole('button', { name: 'Resume' }).click()],
  ['its key', (page: Page) => page.keyboard.press('p')],
])('a list that is scrolled away from its top says that it is paused, and %s lets it go on', async (_by, letGo) => {
  const page = await openPage()
  await open(page, stack, 'build-log')
  await chatter(page, 60)
  const list = listOf(page).locator('> div')
  await list.evaluate((element) => element.scrollTo(0, 300))
  await expect.poll(() => saidIn(page)).toMatch(/^Events paused .* Resume$/)
  await chatter(page, 4)
  await expect.poll(() => saidIn(page)).toMatch(/^Events paused \d+ waiting Resume$/)
  await letGo(page)
  await expect.poll(() => saidIn(page)).toMatch(/^Events live [\d.]+\/s Pause$/)
  expect(await list.evaluate((element) => element.scrollTop)).toBe(0)
  await chatter(page, 1)
  await expect.poll(() => saidIn(page)).toMatch(/^Events live/)
})

test('a list under the pointer says that it is paused, and goes on when that has left', async () => {
  const page = await openPage()
  await open(page, stack, 'build-log')
  await chatter(page, 3)
  await rowsOf(page).first().hover()
  await expect.poll(() => saidIn(page)).toMatch(/^Events paused/)
  await chatter(page, 3)
  await expect.poll(() => saidIn(page)).toMatch(/^Events paused \d+ waiting Pause$/)
  await page.getByRole('log').hover()
  await expect.poll(() => saidIn(page)).toMatch(/^Events live/)
})

test('names are found as the page writes them, and what is no name is said to be none', async () => {
  const page = await openPage()
  await open(page, stack, 'build-log')
  await chatter(page, 1)
  const field = page.getByRole('textbox', { name: 'Filter events' })
  await field.fill('channel:#general event:MESSAGE_CREATE event:TYPING_START')
  await rowsOf(page).filter({ hasText: 'general' }).first().waitFor()
  expect(await page.getByText('Nothing matches.').count()).toBe(0)
  await field.fill('channel:#genral')
  await page.getByText('Nothing here is called channel:#genral. Filter by event:, channel:, from: and id:').waitFor()
})

test('the columns of the list are where the reference has them', async () => {
  const page = await openPage()
  await open(page, stack, 'build-log')
  await chatter(page, 1)
  const head = listOf(page).locator('xpath=preceding-sibling::*[1]')
  const startsOf = (row: Locator) =>
    row.locator('> span').evaluateAll((cells) => cells.map((cell) => Math.round(cell.getBoundingClientRect().x)))
  expect((await startsOf(head)).slice(1, 3)).toEqual([1027, 1192])
  expect((await startsOf(rowsOf(page).filter({ hasText: 'general' }).first())).slice(1, 3)).toEqual([1027, 1192])
})

test('on a phone the lines of a gap begin where those of the other rows do', async () => {
  await makeGap(await openInBuildLog(), stack)
  const page = await openInBuildLog({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true })
  await chooseView(page, 'Events')
  // Where each line has its first letter.
  const lettersOf = (row: Locator) =>
    row.evaluate((element) =>
      [...element.children].slice(0, 2).map((cell) => {
        const range = document.createRange()
        range.selectNodeContents(cell)
        return Math.round(range.getBoundingClientRect().x)
      }),
    )
  await rowsOf(page).filter({ hasText: 'Gap:' }).first().waitFor()
  const [time, name] = await lettersOf(rowsOf(page).filter({ hasText: 'GUILD_CREATE' }).first())
  expect(time).toBe(name)
  expect(await lettersOf(rowsOf(page).filter({ hasText: 'Gap:' }).first())).toEqual([time, time])
})

async function openInBuildLog(window?: BrowserContextOptions): Promise<Page> {
  const page = await openPage(window)
  await open(page, stack, 'build-log')
  return page
}
