import { randomBytes } from 'node:crypto'
import { PermissionFlagsBits } from 'discord-api-types/v10'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { withPages, type OpenPage } from './lib/browser-and-stack.ts'
import { hopSays } from './lib/browser.ts'
import { until } from './lib/child.ts'
import {
  attached,
  channelOf,
  chooseFiles,
  fileOf,
  open,
  silenceBot,
  workshopOf,
  type ChosenFile,
} from './lib/scene-steps.ts'
import type { Stack } from './lib/stack.ts'

// Files that go with messages, from the page to Discord and back. In `general` everyone may attach them, in `build-log` only
// makers may, and not the bot.

let stack: Stack
let openPage: OpenPage

withPages((all) => ({ stack, openPage } = all))

/** A picture of one pixel. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

const box = (page: Page, channel = 'general') => page.getByRole('textbox', { name: `Message ${channel}` })
const list = (page: Page) => page.getByRole('list', { name: 'Files to send' })
const attach = (page: Page) => page.getByRole('button', { name: /^Attach a file/ })
const send = (page: Page) => page.getByRole('button', { name: /^Send/ })
const articles = (page: Page) => page.getByRole('log').locator('article[data-message]')
const messagesOf = (channel: string) =>
  stack.simulator.world.messages.list(channelOf(stack, channel), { limit: 100 }) ?? []
const newText = () => `Cone 6, shelf ${randomBytes(4).toString('hex')}`

async function look(who?: string, channel = 'general', window = {}): Promise<Page> {
  const page = await openPage(window, who)
  await open(page, stack, channel)
  return page
}

/** Has the page believe that files were dropped, or pasted: what holds them is the system's, and no test has it. */
async function give(page: Page, by: 'drop' | 'paste', files: readonly ChosenFile[], on = box(page)): Promise<void> {
  const data = await page.evaluateHandle(
    (given) => {
      const transfer = new DataTransfer()
      for (const { name, type, content } of given) transfer.items.add(new File([content], name, { type }))
      return transfer
    },
    files.map(({ name, mimeType, buffer }) => ({ name, type: mimeType, content: buffer.toString() })),
  )
  if (by === 'paste') {
    await on.evaluate((field, clipboardData) => {
      field.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData }))
    }, data)
    return
  }
  await on.dispatchEvent('dragover', { dataTransfer: data })
  await page.getByText('Drop to attach').waitFor()
  await on.dispatchEvent('drop', { dataTransfer: data })
}

test('two files that are chosen go with a message, and come back in the feed of all', async () => {
  const [mine, others] = [await look(), await look('pikelet')]
  const text = newText()
  await chooseFiles(mine, [fileOf('bracket.step', 'x'.repeat(20_000)), fileOf('shelf.png', PICTURE, 'image/png')])
  await attached(mine, 'bracket.step').getByText('20 kB').waitFor()
  await mine.getByText('2 files attached').waitFor({ state: 'attached' })
  expect(await box(mine).evaluate((field) => document.activeElement === field)).toBe(true)
  await mine.keyboard.type(text)
  await mine.keyboard.press('Enter')
  for (const page of [mine, others]) {
    const article = articles(page).filter({ hasText: text })
    await article.getByRole('link', { name: 'bracket.step 20 kB' }).waitFor()
    const picture = article.getByRole('img', { name: 'shelf.png' })
    await until('the picture to be there', () => picture.evaluate((img: HTMLImageElement) => img.naturalWidth === 1))
  }
  expect(await list(mine).count()).toBe(0)
  const message = messagesOf('general').find(({ content }) => content === text)
  expect(message?.attachments.map(({ filename, size }) => [filename, size])).toEqual([
    ['bracket.step', 20_000],
    ['shelf.png', PICTURE.length],
  ])
})

test('one that is removed does not go; what goes needs no words', async () => {
  const page = await look()
  await chooseFiles(page, [fileOf('first.txt'), fileOf('second.txt')])
  await attached(page, 'first.txt').getByRole('button', { name: 'Remove first.txt' }).click()
  await attached(page, 'first.txt').waitFor({ state: 'detached' })
  await page.getByText('1 file attached').waitFor({ state: 'attached' })
  await send(page).click()
  await articles(page)
    .getByRole('link', { name: /^second\.txt/ })
    .waitFor()
  expect(messagesOf('general')[0]).toMatchObject({ content: '', attachments: [{ filename: 'second.txt' }] })
})

test('what cannot be sent says why, the others stay, and nothing goes before it is removed', async () => {
  const page = await look()
  const text = newText()
  const large = fileOf('recording.wav', Buffer.alloc(10 * 1024 ** 2 + 1))
  await chooseFiles(page, [large, fileOf('nothing.txt', ''), fileOf('good.txt')])
  await attached(page, 'recording.wav').getByText('10.5 MB', { exact: true }).waitFor()
  await attached(page, 'recording.wav')
    .getByRole('alert')
    .getByText('Too large: a file has at most 10.48 MB.')
    .waitFor()
  await attached(page, 'nothing.txt').getByRole('alert').getByText('Empty: there is nothing in it.').waitFor()
  await page.getByText('1 file attached').waitFor({ state: 'attached' })
  await box(page).fill(text)
  await box(page).press('Enter')
  await page.getByText('Not sent. Remove the files that cannot be sent').waitFor({ state: 'attached' })
  expect(await send(page).getAttribute('aria-label')).toBe('Send. Remove the files that cannot be sent')
  await page.getByRole('button', { name: 'Remove recording.wav' }).click()
  await page.getByRole('button', { name: 'Remove nothing.txt' }).click()
  await box(page).press('Enter')
  await articles(page).filter({ hasText: text }).getByRole('link', { name: /^good/ }).waitFor()

  const many = Array.from({ length: 12 }, (_, index) => fileOf(`part-${index + 1}.txt`))
  await chooseFiles(page, many)
  await page.getByRole('alert').getByText('2 files not attached: a message has at most 10.').waitFor()
  expect(await list(page).getByRole('listitem').count()).toBe(10)
})

test('what was not attached is said until one goes on', async () => {
  const page = await look()
  const notice = page.getByRole('alert').getByText(/not attached/)
  const chooseTooMany = async () => {
    await chooseFiles(
      page,
      Array.from({ length: 11 }, (_, index) => fileOf(`part-${index + 1}.txt`)),
    )
    await notice.waitFor()
  }
  await chooseTooMany()
  await page.getByRole('button', { name: 'Remove part-1.txt' }).click()
  await notice.waitFor({ state: 'detached' })
  await chooseTooMany()
  await page.getByRole('button', { name: 'Remove part-2.txt' }).click()
  await chooseTooMany()
  await box(page).press('x')
  await notice.waitFor({ state: 'detached' })
  await chooseTooMany()
  await send(page).and(page.locator(':not([aria-disabled])')).click()
  await notice.waitFor({ state: 'detached' })
  expect(await list(page).count()).toBe(0)
})

test('sending waits for what is under way, and says so', async () => {
  const page = await look()
  const text = newText()
  const held = Promise.withResolvers<void>()
  await page.route(/\/files\?filename=slow/, async (route) => {
    await held.promise
    await route.continue()
  })
  await chooseFiles(page, [fileOf('slow.txt')])
  await box(page).fill(text)
  await box(page).press('Enter')
  const waits = 'Waiting for 1 file to be uploaded'
  await page.getByText(waits, { exact: true }).waitFor()
  await page.getByText(`Not sent. ${waits}`).waitFor({ state: 'attached' })
  expect(await send(page).getAttribute('aria-label')).toBe(`Send. ${waits}`)
  await page.getByRole('progressbar', { name: 'Uploading slow.txt' }).waitFor()
  expect(messagesOf('general').some(({ content }) => content === text)).toBe(false)
  held.resolve()
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await articles(page).filter({ hasText: text }).getByRole('link', { name: /^slow/ }).waitFor()
})

test('what did not get through is tried again, and what was not sent keeps its files', async () => {
  const page = await look()
  const text = newText()
  let tries = 0
  await page.route(/\/files\?filename=log/, async (route) => {
    tries += 1
    if (tries === 1) await route.abort()
    else await route.continue()
  })
  await chooseFiles(page, [fileOf('log.txt')])
  await attached(page, 'log.txt').getByRole('alert').getByText('It did not get through.').waitFor()
  await attached(page, 'log.txt').getByRole('button', { name: 'Try again: log.txt' }).click()
  await page.getByText('1 file attached').waitFor({ state: 'attached' })

  silenceBot(stack, 'general', true)
  await box(page).fill(text)
  await box(page).press('Enter')
  const outgoing = page.getByRole('log').getByRole('article').filter({ hasText: text })
  await outgoing.getByRole('listitem').getByText('log.txt').waitFor()
  await outgoing
    .getByRole('alert')
    .getByText(/^Not sent/)
    .waitFor()
  silenceBot(stack, 'general', false)
  await outgoing.getByRole('button', { name: 'Try again' }).click()
  await articles(page).filter({ hasText: text }).getByRole('link', { name: /^log/ }).waitFor()
  expect(messagesOf('general').filter(({ content }) => content === text)).toHaveLength(1)
})

test('files are dropped on the composer and pasted into it; beside it they are not', async () => {
  const page = await look()
  await give(page, 'drop', [fileOf('dropped.txt')])
  await attached(page, 'dropped.txt').waitFor()
  await give(page, 'paste', [fileOf('pasted.png', 'x', 'image/png')])
  await attached(page, 'pasted.png').waitFor()
  // Whoever misses it stays on the page.
  const wasHeld = await page.getByRole('log').evaluate((feed) => {
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File(['x'], 'missed.txt'))
    return !feed.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }))
  })
  expect(wasHeld).toBe(true)
  expect(await list(page).getByRole('listitem').count()).toBe(2)
  // A table comes with a picture of it.
  await box(page).evaluate((field) => {
    const clipboardData = new DataTransfer()
    clipboardData.items.add(new File(['x'], 'table.png', { type: 'image/png' }))
    clipboardData.setData('text/plain', '1\t2')
    clipboardData.setData('text/html', '<table></table>')
    field.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData }))
  })
  expect(await list(page).getByRole('listitem').count()).toBe(2)
})

test('who may not attach is told why, however they try, and writes all the same', async () => {
  const page = await look('oddment', 'build-log')
  const why = 'You need Attach Files in build-log'
  await page.getByRole('button', { name: `Attach a file. ${why}` }).waitFor()
  expect(await attach(page).getAttribute('aria-disabled')).toBe('true')
  expect(await attach(page).locator('svg').count()).toBe(2)
  await give(page, 'paste', [fileOf('pasted.txt')], box(page, 'build-log'))
  await page.getByRole('alert').getByText(`Not attached. ${why}.`).waitFor()
  expect(await list(page).count()).toBe(0)

  await page.goto(page.url().replace(channelOf(stack, 'build-log'), channelOf(stack, 'general')))
  await page.getByRole('button', { name: 'Attach a file', exact: true }).waitFor()
  await expect.poll(() => attach(page).locator('svg').count()).toBe(1)

  // It is the bot that may not.
  const makers = await look('pikelet', 'build-log')
  await makers.getByRole('button', { name: 'Attach a file. The bot needs Attach Files in build-log' }).waitFor()
})

test('who presses what they may not is told why, by finger, mouse and keyboard', async () => {
  const touched = await look('oddment', 'build-log', {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  })
  const notice = (page: Page) => page.getByRole('alert').getByText('Not attached. You need Attach Files in build-log.')
  // What is refused is not enabled, which Playwright would wait for.
  await attach(touched).tap({ force: true })
  await notice(touched).waitFor()
  const page = await look('oddment', 'build-log')
  await attach(page).click({ force: true })
  await notice(page).waitFor()
  await page.reload()
  // Until then the button is words of the server's.
  await hopSays(page, 'This browser', 'connected')
  await attach(page).press('Enter')
  await notice(page).waitFor()

  // What has no place of its own for it shows it where it is.
  await box(touched, 'build-log').fill('x'.repeat(2_001))
  await send(touched).tap({ force: true })
  const reason = touched.locator('[aria-hidden]').getByText('1 character too long')
  await reason.waitFor()
  await box(touched, 'build-log').tap()
  await reason.waitFor({ state: 'detached' })
})

test('who may no more is told before they send, and their files stay', async () => {
  const page = await look()
  const { id: guild_id, channels } = workshopOf(stack)
  const general = channels.find(({ name }) => name === 'general')
  const deny = { id: guild_id, type: 0, allow: '0', deny: String(PermissionFlagsBits.AttachFiles) }
  const change = (permission_overwrites: object[]) =>
    stack.simulator.dispatch('CHANNEL_UPDATE', { ...general, guild_id, permission_overwrites })
  await chooseFiles(page, [fileOf('kept.txt')])
  await page.getByText('1 file attached').waitFor({ state: 'attached' })
  change([deny])
  await page.getByText('Not with files: You need Attach Files in general').waitFor()
  await attached(page, 'kept.txt').waitFor()
  change([])
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await articles(page).getByRole('link', { name: /^kept/ }).waitFor()
})

test('files stay while one looks at another channel, also those that are under way, and are of their channel alone', async () => {
  const page = await look()
  const held = Promise.withResolvers<void>()
  await page.route(/\/files\?filename=slow/, async (route) => {
    await held.promise
    await route.continue()
  })
  await chooseFiles(page, [fileOf('here.txt'), fileOf('slow.txt')])
  const goTo = async (name: string) => {
    await page
      .getByRole('navigation', { name: 'Channels' })
      .getByRole('link', { name: new RegExp(`^${name}`) })
      .click()
    await box(page, name).waitFor()
  }
  await goTo('kiln-watch')
  expect(await list(page).count()).toBe(0)
  held.resolve()
  await goTo('general')
  await attached(page, 'here.txt').waitFor()
  await page.getByText('2 files attached').waitFor({ state: 'attached' })
})

test('the keyboard alone attaches, removes and sends, on a phone’s width too', async () => {
  const page = await look('umberfox', 'general', { viewport: { width: 320, height: 640 } })
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '')
  // Before anything is pressed: asked for together, the browser's own window may be quicker than what is to catch it.
  const chosen = page.waitForEvent('filechooser')
  await box(page).focus()
  await page.keyboard.press('Tab')
  expect(await focused()).toBe('Attach a file')
  await page.keyboard.press('Enter')
  await (await chosen).setFiles(['a.txt', 'b.txt', 'c.txt'].map((name) => fileOf(name)))
  await page.getByText('3 files attached').waitFor({ state: 'attached' })
  for (const name of ['c', 'b', 'a']) {
    await page.keyboard.press('Shift+Tab')
    expect(await focused()).toBe(`Remove ${name}.txt`)
  }
  // The place of what is removed is taken by what follows it, and by what is before it at the end.
  await page.keyboard.press('Enter')
  await expect.poll(focused).toBe('Remove b.txt')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect.poll(focused).toBe('Remove b.txt')
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
  await page.keyboard.press('Tab')
  const text = newText()
  await page.keyboard.type(text)
  await page.keyboard.press('Enter')
  await articles(page)
    .filter({ hasText: text })
    .getByRole('link', { name: /^b\.txt/ })
    .waitFor()
})
