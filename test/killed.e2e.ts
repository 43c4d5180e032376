import type { Page } from 'playwright-core'
import { beforeEach, expect, test } from 'vitest'
import { withPages, type OpenPage } from './lib/browser-and-stack.ts'
import { hopSays } from './lib/browser.ts'
import { open, say } from './lib/scene-steps.ts'
import type { Stack } from './lib/stack.ts'

// Two people look at one channel while a part of the way there is killed: one writes, the other reads further up.

const CHANNEL = 'kiln-watch'
const STATIONS = ['Discord', 'Gateway', 'Web', 'This browser']

let stack: Stack
let openPage: OpenPage
let writer: Page
let reader: Page

withPages((begun) => {
  ;({ stack, openPage } = begun)
  for (let shelf = 1; shelf <= 80; shelf += 1) say(stack, CHANNEL, `Shelf ${shelf} is dry.`)
})

beforeEach(async () => {
  writer = await openPage({}, 'umberfox')
  reader = await openPage({}, 'brackish')
})

const feed = (page: Page) => page.getByRole('log')
const composer = (page: Page) => page.getByRole('textbox', { name: `Message ${CHANNEL}` })

/** What stands in the composer, where the caret is, and whether keys go there. */
const draftOf = (page: Page) =>
  composer(page).evaluate((field: HTMLTextAreaElement) => ({
    text: field.value,
    caret: field.selectionStart,
    hasFocus: document.activeElement === field,
  }))

/** Turns the wheel, until it has moved the messages and they rest. */
async function scroll(page: Page, by: number): Promise<void> {
  const offset = () => feed(page).evaluate((log) => log.scrollTop)
  const before = await offset()
  await feed(page).hover()
  await page.mouse.wheel(0, by)
  await expect.poll(offset).not.toBe(before)
  let last = before
  await expect.poll(async () => last === (last = await offset())).toBe(true)
}

/** The message in the middle of what is in sight, and how far down the window it stands. */
const readBy = (page: Page) =>
  feed(page).evaluate((log) => {
    const { top, height } = log.getBoundingClientRect()
    const articles = [...log.querySelectorAll<HTMLElement>('article[data-message]')]
    const read = articles.find((one) => one.getBoundingClientRect().top > top + height / 2)
    return { id: read?.dataset['message'] ?? '', top: read?.getBoundingClientRect().top ?? Number.NaN }
  })

async function stillReads(page: Page, { id, top }: { id: string; top: number }): Promise<void> {
  const now = await feed(page)
    .locator(`article[data-message="${id}"]`)
    .evaluate((article) => article.getBoundingClientRect().top)
  expect(Math.abs(now - top)).toBeLessThanOrEqual(1)
}

/** Of what the page shows, what has that in it, from the first to the last. */
const shown = async (page: Page, mark: string) =>
  (await feed(page).getByText(mark).allInnerTexts()).map((text) => text.trim())

type Way = {
  station: string
  /** What the page says over the feed, which must not push down what is read. */
  says?: string
  goes: () => void
  returns: () => Promise<void> | boolean
}

const ways: Record<string, Way> = {
  'the gateway': {
    station: 'Gateway',
    says: 'The gateway is away.',
    goes: () => stack.gateway.kill('SIGKILL'),
    returns: () => stack.restartGateway(),
  },
  web: { station: 'This browser', goes: () => stack.web.kill('SIGKILL'), returns: () => stack.restartWeb() },
  Discord: {
    station: 'Discord',
    goes: () => void stack.simulator.faults.inject({ kind: 'outage', for_ms: 60_000, sessions: 'live' }),
    returns: () => stack.simulator.faults.lift(),
  },
}

test.each(Object.entries(ways))(
  '%s goes while one types and another reads: neither is disturbed, and each has everything once',
  async (name, { station, says, goes, returns }) => {
    const mark = `while ${name} was away`
    const [first, second, third] = [`Said first ${mark}`, `Said second ${mark}`, `Said third ${mark}`]
    await Promise.all([writer, reader].map((page) => open(page, stack, CHANNEL)))
    await composer(writer).click()
    await writer.keyboard.type(`Typed ${mark}`)
    for (let left = 0; left < mark.length; left += 1) await writer.keyboard.press('ArrowLeft')
    // So far up that an earlier page has been read for it.
    await scroll(reader, -400)
    await feed(reader).getByText('Shelf 1 is dry.', { exact: true }).waitFor()
    await scroll(reader, -600)
    const read = await readBy(reader)

    goes()
    say(stack, CHANNEL, first)
    await Promise.all([writer, reader].map((page) => hopSays(page, station, 'reconnecting')))
    await writer.keyboard.type('in part ')
    if (says !== undefined) await reader.getByText(says).waitFor()
    await stillReads(reader, read)
    await scroll(reader, -200)
    const readOn = await readBy(reader)
    expect(readOn.id).not.toBe(read.id)
    say(stack, CHANNEL, second)
    await returns()
    for (const page of [writer, reader]) for (const each of STATIONS) await hopSays(page, each, 'connected', 20_000)
    say(stack, CHANNEL, third)

    const said = [first, second, third]
    await expect.poll(() => shown(writer, mark)).toEqual(said)
    await reader.getByRole('button', { name: '3 new messages' }).waitFor()
    await stillReads(reader, readOn)
    expect(await shown(reader, mark)).toEqual(said)

    const draft = `Typed in part ${mark}`
    expect(await draftOf(writer)).toEqual({ text: draft, caret: draft.length - mark.length, hasFocus: true })
    await writer.keyboard.press('Enter')
    for (const page of [writer, reader]) await expect.poll(() => shown(page, mark)).toEqual([...said, draft])
    expect(await draftOf(writer)).toMatchObject({ text: '', hasFocus: true })
    await stillReads(reader, readOn)
  },
)
