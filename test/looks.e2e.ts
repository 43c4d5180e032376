import type { Locator, Page, Response } from 'playwright-core'
import { expect, test } from 'vitest'
import { withPages, type OpenPage } from './lib/browser-and-stack.ts'
import { until } from './lib/child.ts'
import { makeGap, open, say } from './lib/scene-steps.ts'
import type { Stack } from './lib/stack.ts'

let stack: Stack
let openPage: OpenPage

withPages((begun) => {
  ;({ stack, openPage } = begun)
})

/** What the letters of an element are taken from, and whether that came with the page. */
async function drawnIn(page: Page, selector: string): Promise<{ familyName: string; isCustomFont: boolean }[]> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('DOM.enable')
  await devtools.send('CSS.enable')
  const { root } = await devtools.send('DOM.getDocument')
  const { nodeId } = await devtools.send('DOM.querySelector', { nodeId: root.nodeId, selector })
  const { fonts } = await devtools.send('CSS.getPlatformFontsForNode', { nodeId })
  await devtools.detach()
  return fonts
}

test('the page is drawn in Inter, of which one file comes, from where the page does, to be kept', async () => {
  const page = await openPage()
  const files: Response[] = []
  page.on('response', (response) => {
    if (response.request().resourceType() === 'font') files.push(response)
  })
  await open(page, stack, 'build-log')
  await until('what the page says to be in Inter', async () => {
    const fonts = await drawnIn(page, 'article time')
    return fonts.length === 1 && fonts[0]?.isCustomFont === true && fonts[0].familyName.startsWith('Inter')
  })

  // That the head asks for it is no second request.
  expect(files.map((file) => new URL(file.url()).pathname)).toEqual([
    expect.stringMatching(/^\/assets\/inter-latin-wght-normal-[\w-]+\.woff2$/),
  ])
  expect(new URL(files[0]?.url() ?? '').origin).toBe(new URL(stack.webUrl).origin)
  expect(files[0]?.headers()).toMatchObject({
    'content-type': 'font/woff2',
    'cache-control': expect.stringContaining('immutable') as string,
  })
})

test('a name that is cut is whole under the pointer that rests on it, and where the focus is', async () => {
  const page = await openPage()
  await open(page, stack, 'build-log')
  const long = 'announcements-of-the-harbour-office-and-of-the-friends-of-the-old-slipway'
  const guild = stack.simulator.world.guilds().find(({ name }) => name === 'Tidewater Makers')
  const channel = guild?.channels.find(({ name }) => name === 'announcements')
  stack.simulator.dispatch('CHANNEL_UPDATE', { ...channel, guild_id: guild?.id, name: long })
  const link = page.getByRole('link', { name: long })
  const whole = page.locator('[data-whole-text]')
  await link.focus()
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowDown')
  await whole.getByText(long, { exact: true }).waitFor()
  await page.keyboard.press('Escape')
  await whole.waitFor({ state: 'detached' })

  // What is answered is quoted in one line.
  const quote = page.getByRole('log').locator('article .truncate').filter({ hasText: 'Kiln 2 is booked' }).last()
  await quote.hover()
  await whole.getByText('put you on the sheet').waitFor()
  await page.getByRole('heading', { level: 1 }).hover()
  await whole.waitFor({ state: 'detached' })
  stack.simulator.dispatch('CHANNEL_UPDATE', { ...channel, guild_id: guild?.id, name: 'announcements' })
})

test('what can be done with a message does not lie over the id of its event', async () => {
  const page = await openPage()
  await open(page, stack, 'kiln-watch')
  // The second is below the first, without a head.
  for (const text of ['Kiln one is cold.', 'Kiln two is cold.']) {
    say(stack, 'kiln-watch', text)
    const message = page.getByRole('log').getByRole('article').filter({ hasText: text })
    await message.getByText(text).hover()
    await message.getByTitle('React as the bot').waitFor()
    expect(await shareHit(message.getByTitle('Show this event in the inspector'))).toBe(1)
  }
})

/** How much of what is seen of an element is hit where one presses it, from 0 to 1. */
const shareHit = (locator: Locator) =>
  locator.evaluate((element) => {
    const { x, y, width, height } = element.getBoundingClientRect()
    const steps = [0.02, 0.25, 0.5, 0.75, 0.98]
    const points = steps.flatMap((right) => steps.map((down) => [x + width * right, y + height * down] as const))
    return points.filter((point) => element.contains(document.elementFromPoint(...point))).length / points.length
  })

test('on a phone what can be done with a message is found by touch, also where it has no head, and by a long press', async () => {
  const page = await openPage({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
  await open(page, stack, 'kiln-watch')
  for (const text of ['Shelf one is dry.', 'Shelf two is dry.', 'Shelf three is dry.']) say(stack, 'kiln-watch', text)
  const message = (text: string) => page.getByRole('log').getByRole('article').filter({ hasText: text })
  const menu = page.getByRole('menu', { name: 'Message actions' })
  const answers = page.getByRole('button', { name: 'Answer nobody' }).locator('..')

  await message('Shelf two is dry.').getByText('Shelf two is dry.').tap()
  await message('Shelf two is dry.').getByRole('button', { name: 'Message actions' }).tap()
  await menu.getByRole('menuitem', { name: 'Reply' }).tap()
  await answers.getByText('Shelf two is dry.').waitFor()

  const at = await message('Shelf three is dry.').getByText('Shelf three is dry.').boundingBox()
  const devtools = await page.context().newCDPSession(page)
  const touchPoints = [{ x: (at?.x ?? 0) + 8, y: (at?.y ?? 0) + 8 }]
  await devtools.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints })
  await menu.getByRole('menuitem', { name: 'Reply' }).waitFor()
  await devtools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  await menu.getByRole('menuitem', { name: 'Reply' }).tap()
  await answers.getByText('Shelf three is dry.').waitFor()
})

test('the ring around the focused messages is whole beside a gap as well', async () => {
  const page = await openPage()
  await open(page, stack, 'build-log')
  await makeGap(page, stack)
  const log = page.getByRole('log')
  const gap = log.getByRole('note', { name: 'Gap in the record' })
  await gap.scrollIntoViewIfNeeded()
  const { x } = (await log.boundingBox())!
  /** What is drawn at the list's edge, beside the middle of something in it. */
  const edgeBeside = async (one: Locator) => {
    const { y, height } = (await one.boundingBox())!
    const picture = await page.screenshot({ clip: { x, y: Math.round(y + height / 2), width: 2, height: 4 } })
    return picture.toString('base64')
  }
  const newest = log.locator('article[data-message]').last()
  const without = await edgeBeside(newest)
  await page.getByRole('textbox', { name: 'Message build-log' }).focus()
  await log.focus()
  await expect.poll(() => edgeBeside(newest)).not.toBe(without)
  expect(await edgeBeside(gap)).toBe(await edgeBeside(newest))
})
