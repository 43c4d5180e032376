import { STRANGER } from '@repo/discord-simulator'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { hopSays, noteComplaints } from './lib/browser.ts'
import { withBrowserAndStack } from './lib/browser-and-stack.ts'
import { open, openOps } from './lib/scene-steps.ts'
import { signIn as signInAs, signInContext } from './lib/sign-in.ts'
import type { Stack } from './lib/stack.ts'

// A person signs in and out, in a real browser, on the simulated Discord.

let browser: Browser
let stack: Stack
let context: BrowserContext
let page: Page
/** What the page did that nobody should see: what its policy forbids is among it. */
let complaints: string[]

withBrowserAndStack((begun) => {
  ;({ browser, stack } = begun)
})

beforeEach(async () => {
  complaints = []
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  noteComplaints(context, complaints)
  page = await context.newPage()
})

afterEach(async () => {
  await context.close()
  expect(complaints).toEqual([])
})

const guildId = () => stack.simulator.world.guilds().find(({ name }) => name === 'Tidewater Makers')?.id ?? ''
const signIn = () => page.getByRole('heading', { name: 'Sign in' })
const who = (name: string) => page.getByRole('navigation', { name: 'Channels' }).getByText(name, { exact: true }).last()

test('every address asks who one is, shows nothing else, and is where one comes back to', async () => {
  const channel = stack.simulator.world
    .guilds()
    .find(({ id }) => id === guildId())
    ?.channels.find(({ name }) => name === 'build-log')
  const path = `/guilds/${guildId()}/channels/${channel?.id}`
  await page.goto(stack.webUrl + path)
  await signIn().waitFor()
  await expect.poll(() => page.title()).toContain('Sign in')
  expect(await page.getByText('build-log').count()).toBe(0)
  await page.getByRole('link', { name: /umberfox/ }).click()
  await page.getByRole('heading', { level: 1, name: 'build-log' }).waitFor()
  expect(new URL(page.url()).pathname).toBe(path)
  await hopSays(page, 'This browser', 'connected')
  await who('umberfox').waitFor()
  await page.goto(`${stack.webUrl}/sign-in`)
  await who('umberfox').waitFor()
})

test('Discord’s own page asks who one is; who cancels is told so and may try again', async () => {
  await page.goto(stack.webUrl)
  await page.getByRole('link', { name: 'Continue with Discord' }).click()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('alert').filter({ hasText: 'You were not signed in. You cancelled at Discord.' }).waitFor()
  await page.getByRole('link', { name: 'Continue with Discord' }).click()
  await page.getByRole('button', { name: 'tessellate' }).click()
  await who('tessellate').waitFor()
})

test('signing out in one window ends what is shown in the other', async () => {
  await page.goto(stack.webUrl)
  await page.getByRole('link', { name: /brackish/ }).click()
  await hopSays(page, 'This browser', 'connected')
  const other = await context.newPage()
  await other.goto(page.url())
  await hopSays(other, 'This browser', 'connected')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await signIn().waitFor()
  await other.getByRole('heading', { name: 'You were signed out' }).waitFor()
  expect(await other.getByRole('log').count()).toBe(0)
  await other.getByRole('link', { name: 'Sign in again' }).click()
  await other.getByRole('heading', { name: 'Sign in' }).waitFor()
  await other.getByRole('link', { name: /umberfox/ }).click()
  await hopSays(other, 'This browser', 'connected')
})

test('a stranger is signed in, sees no server, and may go again', async () => {
  await page.goto(stack.webUrl)
  await page.getByRole('link', { name: new RegExp(STRANGER.username) }).click()
  await page.getByRole('heading', { name: 'No servers in common' }).waitFor()
  await page.getByText(`You are signed in as ${STRANGER.username}`).waitFor()
  await page.goto(`${stack.webUrl}/guilds/${guildId()}`)
  await page.getByRole('heading', { name: 'You cannot view this server' }).waitFor()
  await page.goto(stack.webUrl)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await signIn().waitFor()
})

test('another person signs in: an older tab sends nothing as them, is told nothing, and says that one was signed out', async () => {
  const [before, after] = [await signInAs(stack.webUrl, 'umberfox'), await signInAs(stack.webUrl, 'tessellate')]
  await signInContext(context, stack.webUrl, before)
  await open(page, stack, 'build-log')
  const operations = await context.newPage()
  await openOps(operations, stack)
  const asked: (string | undefined)[] = []
  for (const tab of [page, operations]) {
    tab.on('request', (request) => {
      if (request.url().includes('/_serverFn/')) asked.push(request.headers()['x-viewer'])
    })
  }
  // Both at once, which a person needs two clicks for: the browser never shows a request that nobody is signed in.
  await signInContext(context, stack.webUrl, after)
  const box = page.getByRole('textbox', { name: 'Message build-log' })
  await box.fill('Who am I?')
  await box.press('Enter')
  await page.getByText('Not sent').waitFor()
  await operations.getByText(/You were signed out/).waitFor()
  expect(await operations.getByRole('figure').count()).toBe(0)
  await fetch(`${stack.webUrl}/auth/sign-out`, {
    method: 'POST',
    headers: { cookie: before, origin: stack.webUrl, 'sec-fetch-site': 'same-origin' },
    redirect: 'manual',
  })
  await page.getByRole('heading', { name: 'You were signed out' }).waitFor()
  expect(await page.getByRole('log').count()).toBe(0)
  expect(await page.getByText('umberfox').count()).toBe(0)

  const other = await context.newPage()
  await open(other, stack, 'build-log')
  expect(await other.getByText('Who am I?').count()).toBe(0)
  await other.getByRole('textbox', { name: 'Message build-log' }).fill('It is me.')
  await other.getByRole('textbox', { name: 'Message build-log' }).press('Enter')
  await other.getByRole('log').getByText('It is me.').waitFor()
  expect(await page.getByText('It is me.').count()).toBe(0)
  expect(asked.length).toBeGreaterThan(0)
  expect(new Set(asked).size).toBe(1)
  const audited = stack.gateway.lines.filter((line) => line.includes('"audit":true') && line.includes('send_message'))
  expect(audited).toHaveLength(1)
})
