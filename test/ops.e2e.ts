import { FiguresSchema } from '@repo/discord-integration/types'
import type { Browser, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { Backend } from '../apps/discord-gateway/test/link.ts'
import { hopSays } from './lib/browser.ts'
import { until } from './lib/child.ts'
import { open, openOps, say, signOutElsewhere } from './lib/scene-steps.ts'
import { withBrowserAndStack } from './lib/browser-and-stack.ts'
import type { Stack } from './lib/stack.ts'

let browser: Browser
let stack: Stack

withBrowserAndStack((begun) => {
  ;({ browser, stack } = begun)
})

async function openPage(who?: string) {
  const page = await stack.openFor(browser, { viewport: { width: 1440, height: 1100 } }, who)
  return { page, [Symbol.asyncDispose]: () => page.context().close() }
}

const idOf = (username: string): string => {
  for (const { members } of stack.simulator.world.guilds()) {
    const member = members.find(({ user }) => user.username === username)
    if (member) return member.user.id
  }
  throw new Error(`the world has no ${username}`)
}

const rowsOf = (page: Page, table: string) => page.getByRole('region', { name: table, exact: true }).getByRole('row')

test('whom the operator named may look; for others it is as what does not exist', async () => {
  await using web = await stack.anotherWeb({ OPS_USERS: `1, ${idOf('umberfox')}` })
  await using named = await openPage()
  expect((await named.page.goto(`${web.url}/ops`))?.status()).toBe(200)
  await named.page.getByRole('heading', { name: 'Operations' }).waitFor()

  await using other = await openPage('saltmarsh')
  const asked: { status: number; text: string }[] = []
  for (const path of ['/ops', '/nowhere']) {
    const answer = await other.page.goto(web.url + path)
    await other.page.getByRole('heading', { name: 'There is no such page' }).waitFor()
    await other.page.getByRole('link', { name: /Tidewater Makers/ }).waitFor()
    asked.push({ status: answer?.status() ?? 0, text: await other.page.locator('body').innerText() })
  }
  expect(asked[0]).toEqual(asked[1])
  expect(asked[0]?.status).toBe(404)

  // Who has not said who they are is asked, and comes back here.
  await other.page.context().clearCookies()
  await other.page.goto(`${web.url}/ops`)
  await other.page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await expect(other.page.locator('body').innerText()).resolves.not.toContain('Identify budget')
})

test('who signs out elsewhere is told so in the place of all that was shown, and web is asked no more', async () => {
  await using opened = await openPage('saltmarsh')
  const { page } = opened
  await page.clock.install()
  await openOps(page, stack)
  await signOutElsewhere(page, stack)
  stack.forgetSignIn('saltmarsh')
  await page.getByRole('heading', { name: 'You were signed out' }).waitFor()
  const path = page.getByRole('list', { name: 'Path of events' })
  await expect(path.innerText()).resolves.not.toContain('connected')
  await hopSays(page, 'This browser', 'signed out')
  for (const gone of [page.locator('table'), page.locator('dl'), page.getByRole('button', { name: /^Account/ })]) {
    expect(await gone.count()).toBe(0)
  }
  // Nor when the window is looked at again, which would ask for whatever is asked for again at all.
  let asked = 0
  page.on('request', (request) => request.url().includes('/_serverFn/') && (asked += 1))
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })))
  await page.clock.runFor(10_000)
  expect(asked).toBe(0)
  await page.getByRole('link', { name: 'Sign in again' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await page.getByRole('link', { name: /umberfox/ }).click()
  await page.getByRole('heading', { name: 'Operations' }).waitFor()
})

test('a phone has the way on from it, and out', async () => {
  await using opened = await openPage()
  const { page } = opened
  await page.setViewportSize({ width: 320, height: 700 })
  await openOps(page, stack)
  await page.getByRole('button', { name: 'Account: umberfox' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).waitFor()
  await page.keyboard.press('Escape')
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
  await page.getByRole('link', { name: 'Live view' }).click()
  await hopSays(page, 'This browser', 'connected')
})

test('what draws the plots is loaded for this page alone', async () => {
  await using opened = await openPage()
  const { page } = opened
  const loaded: string[] = []
  page.on('response', (response) => loaded.push(new URL(response.url()).pathname))
  await open(page, stack, 'build-log')
  expect(loaded.filter((path) => /plot/.test(path))).toEqual([])
  await openOps(page, stack)
  expect(loaded.filter((path) => /plot-canvas.*\.js$/.test(path))).toHaveLength(1)
})

/** Discord's clock is known with its first heartbeat, which takes as long as 41 s, and a page tells every 15. */
const MEASURED_WITHIN_MS = 80_000

test(
  'what a page measures of its events is shown, of each hop in the strip, and is in the plot',
  { timeout: 2 * MEASURED_WITHIN_MS },
  async () => {
    await using reader = await openPage('saltmarsh')
    await open(reader.page, stack, 'build-log')
    await using opened = await openPage()
    const { page } = opened
    await openOps(page, stack)
    await until(
      'a measured time',
      async () => {
        for (let n = 0; n < 5; n++) say(stack, 'build-log', `Cone ${n}`)
        await page.waitForTimeout(500)
        const shown = await page.locator('dl').innerText()
        return /Discord to browser\s+[\d.,]+ m?s\s+p50, p99/.test(shown)
      },
      MEASURED_WITHIN_MS,
    )
    // Gateway, web and this browser, each with a figure; a web that serves no live page has none.
    await expect
      .poll(() => page.getByRole('list', { name: 'Path of events' }).innerText())
      .toMatch(/(.*\+[\d.,]+ m?s){3}/s)
    await using web = await stack.anotherWeb()
    await reader.page.goto(`${web.url}/ops`)
    for (const station of ['Gateway', 'Web', 'This browser']) await hopSays(reader.page, station, 'connected · –')
    const label = async () => (await page.locator('[data-plot=latency]').getAttribute('aria-label')) ?? ''
    await until(
      'it to be in the plot',
      async () => /now [\d.,]+ m?s/.test(await label()) || /always/.test(await label()),
    )
  },
)

test('a gap appears by itself: its row, its IDENTIFY, and hatched in the plots', async () => {
  await using opened = await openPage()
  const { page } = opened
  await openOps(page, stack)
  await page.getByText('None: everything that Discord sent has been passed on').waitFor()
  const identifies = async () => Number(await rowsOf(page, 'Shards').nth(1).getByRole('cell').nth(4).innerText())
  const before = await identifies()
  expect(await hatched(page, 'log')).toBe(0)
  stack.simulator.faults.inject({ kind: 'outage', for_ms: 1, sessions: 'die' })
  // Meanwhile nobody knows.
  await page.getByText('None is known of yet').waitFor()
  const row = rowsOf(page, 'Gaps').nth(1)
  await row.getByText(/Discord could not resume/).waitFor({ timeout: 40_000 })
  await row.getByText('reactions, edits', { exact: true }).waitFor({ timeout: 40_000 })
  await until('the IDENTIFY to be counted', async () => (await identifies()) === before + 1)
  await until('it to be drawn', async () => (await hatched(page, 'log')) > 0)
  // In the other theme too, whose colours are others.
  await page.getByRole('button', { name: 'Switch between light and dark' }).click()
  await until('it to be drawn anew', async () => (await hatched(page, 'log')) > 0)
})

/** How many points of a plot are of the ground of what is not known. */
const hatched = (page: Page, plot: string): Promise<number> =>
  page.locator(`[data-plot=${plot}]`).evaluate((element) => {
    const probe = document.createElement('span')
    probe.style.color = 'var(--unknown-soft)'
    element.append(probe)
    const ground = getComputedStyle(probe).color.match(/\d+/g)?.slice(0, 3).join()
    probe.remove()
    const canvas = element.querySelector('canvas')
    const { data } = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] }
    let points = 0
    for (let at = 0; at < data.length; at += 4) {
      if (data[at + 3] === 255 && `${data[at]},${data[at + 1]},${data[at + 2]}` === ground) points += 1
    }
    return points
  })

test('a backend that takes nothing is shown as slow, and no more once it takes', async () => {
  await using opened = await openPage()
  const { page } = opened
  await openOps(page, stack)
  await using slow = await Backend.open(stack.linkUrl, { token: stack.linkToken })
  await slow.live()
  const row = rowsOf(page, 'Consumers').filter({ hasText: 'token 1 · 2' })
  await row.getByText('connected').waitFor()
  slow.socket.pause()
  const guild_id = stack.simulator.world.guilds()[0]?.id ?? ''
  const text = 'x'.repeat(64 * 1024)
  await until('it to be slow', async () => {
    stack.simulator.dispatch('TYPING_START', { guild_id, timestamp: 1, text })
    return (await row.getByText('slow').count()) > 0
  })
  await page.getByText('1 consumer slow').waitFor()
  slow.socket.resume()
  await row.getByText('connected').waitFor({ timeout: 20_000 })
  await page.getByText('1 consumer slow').waitFor({ state: 'detached' })
})

test('streams and how late events are come from backends, and a range is what was in that time', async () => {
  await using opened = await openPage()
  const { page } = opened
  await openOps(page, stack)
  await using backend = await Backend.open(stack.linkUrl, { token: stack.linkToken, query: '?snapshot=0' })
  await backend.live()
  let told = 0
  await until('it to be shown', async () => {
    const report = { process: 'test', streams: 812, latency: [[20, (told += 500)]] }
    backend.command('report_figures', report, `r-${told}`)
    await page.waitForTimeout(1_100)
    const shown = await page.locator('dl').innerText()
    return /p50, p99/.test(shown) && /on 2 backends/.test(shown)
  })
  await rowsOf(page, 'Consumers').filter({ hasText: '812' }).waitFor()
  const since = async () =>
    /Since [\d:]+/.exec((await page.locator('[data-plot=events]').getAttribute('aria-label')) ?? '')?.[0]
  const halfAnHour = await since()
  await page.getByRole('button', { name: '24 h' }).click()
  await until('a day', async () => (await since()) !== halfAnHour)
  backend.command('get_figures', { history: '24h' }, 'same')
  const [ack] = (await backend.until((message) => message.type === 'ack' && message.requestId === 'same')).slice(-1)
  const figures = FiguresSchema.parse(ack?.type === 'ack' ? ack.data : null)
  expect(figures.history?.step_ms).toBe(480_000)
})

test('while the gateway is away the last figures stay, and say of when they are; then it goes on', async () => {
  await using opened = await openPage()
  const { page } = opened
  await openOps(page, stack)
  stack.gateway.kill('SIGKILL')
  await page.getByText(/The gateway is away\. You see the figures of \d\d:\d\d:\d\d/).waitFor()
  await rowsOf(page, 'Shards').filter({ hasText: 'last known' }).waitFor()
  await hopSays(page, 'Gateway', 'reconnecting')
  await stack.restartGateway()
  await page.getByText(/The gateway is away/).waitFor({ state: 'detached', timeout: 30_000 })
  await rowsOf(page, 'Shards').filter({ hasText: 'connected' }).waitFor({ timeout: 30_000 })
})

test('while web does not answer, the page says so, and goes on by itself', async () => {
  await using opened = await openPage()
  const { page } = opened
  await openOps(page, stack)
  stack.web.kill('SIGSTOP')
  await page.getByText(/Web does not answer\. You see the figures of/).waitFor({ timeout: 20_000 })
  stack.web.kill('SIGCONT')
  await page.getByText(/Web does not answer/).waitFor({ state: 'detached', timeout: 20_000 })
})
