import { ChannelType, type GatewayGuildCreateDispatchData } from 'discord-api-types/v10'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { hopSays, launchBrowser, noteComplaints } from './lib/browser.ts'
import { until } from './lib/child.ts'
import { startProxy } from './lib/proxy.ts'
import { openMessageMenu } from './lib/scene-steps.ts'
import { signIn, signInContext } from './lib/sign-in.ts'
import { pause } from './lib/pause.ts'
import { startStack, type Stack } from './lib/stack.ts'

// The tabs of one browser share one stream, over HTTP/1.1, which allows six connections to a host.

let browser: Browser
let stack: Stack
let proxy: Awaited<ReturnType<typeof startProxy>>
let context: BrowserContext
let complaints: string[]
let said = 0

beforeAll(async () => {
  browser = await launchBrowser()
  stack = await startStack()
  proxy = await startProxy(stack.webUrl)
})

afterAll(async () => {
  await browser.close()
  await proxy[Symbol.asyncDispose]()
  await stack[Symbol.asyncDispose]()
})

beforeEach(async () => {
  complaints = []
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  await signInContext(context, stack.webUrl, await stack.signIn())
  noteComplaints(context, complaints)
})

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') console.log(`${task.name}\n${proxy.streams.join('\n')}\n${stack.web.output}`)
  await context.close()
  expect(complaints).toEqual([])
})

const guildOf = (name: string): GatewayGuildCreateDispatchData => {
  const guild = stack.simulator.world.guilds().find((one) => one.name === name)
  if (!guild) throw new Error(`the world has no server ${name}`)
  return guild
}

/** A server that one is in, and a channel that one reads. */
const places = {
  tidewater: () => channelOf('Tidewater Makers', 'build-log'),
  ledger: () => channelOf('Night Ledger'),
}

function channelOf(server: string, name?: string) {
  const guild = guildOf(server)
  const channel = guild.channels.find((one) =>
    name === undefined ? one.type === ChannelType.GuildText : one.name === name,
  )
  if (!channel) throw new Error(`${server} has no such channel`)
  return { id: channel.id, path: `/guilds/${guild.id}/channels/${channel.id}`, guildId: guild.id, server }
}

type Place = ReturnType<typeof channelOf>

async function openTab({ path }: Place): Promise<Page> {
  const page = await context.newPage()
  await page.goto(proxy.url + path)
  await hopSays(page, 'This browser', 'connected', 20_000)
  await feed(page).getByRole('article').first().waitFor()
  return page
}

const feed = (page: Page) => page.getByRole('log')

/** The bot writes there, as soon as Discord lets it; what it wrote. */
async function say({ id }: Place): Promise<string> {
  const content = `word ${++said} of ${Date.now()}`
  const post = () =>
    fetch(`${stack.simulator.apiUrl}/v10/channels/${id}/messages`, {
      method: 'POST',
      headers: { authorization: `Bot ${stack.simulator.botToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ content }),
    })
  let response = await post()
  for (; response.status === 429; response = await post()) {
    const { retry_after: seconds } = (await response.json()) as { retry_after: number }
    await pause(seconds * 1_000, AbortSignal.timeout(LIMIT_MS))
  }
  expect(response.status).toBe(200)
  return content
}

/** Longer than any limit on messages of one channel. */
const LIMIT_MS = 10_000

/** Each of them is there, once, and came as an event, once. */
async function reads(page: Page, texts: readonly string[]): Promise<void> {
  for (const text of texts) await feed(page).getByText(text, { exact: true }).first().waitFor({ timeout: 20_000 })
  for (const text of texts) expect(await feed(page).getByText(text, { exact: true }).count()).toBe(1)
  for (const text of texts) await expect.poll(() => eventsOf(page, text)).toBe(1)
}

async function eventsOf(page: Page, text: string): Promise<number> {
  await page.getByRole('textbox', { name: 'Filter events' }).fill(`event:MESSAGE_CREATE ${text}`)
  const rows = page.getByRole('region', { name: /^Events/ }).getByText('MESSAGE_CREATE', { exact: true })
  const count = await rows.count()
  await page.getByRole('textbox', { name: 'Filter events' }).fill('')
  return count
}

const oneStream = () => until('one stream', () => proxy.streams.length === 1)

test('seven tabs are live over one stream, and what is said is in each of them once', async () => {
  const here = places.tidewater()
  const tabs: Page[] = []
  for (let index = 0; index < 7; index += 1) tabs.push(await openTab(here))
  await oneStream()
  const texts = [await say(here), await say(here)]
  await Promise.all(tabs.map((page) => reads(page, texts)))
  expect(proxy.streams).toHaveLength(1)
})

test('without a worker to share, seven tabs behind one another all load, and each comes back to where it was', async () => {
  await context.addInitScript(() => {
    Reflect.deleteProperty(globalThis, 'SharedWorker')
    // A browser without a window shows all its tabs at once.
    Object.defineProperty(document, 'visibilityState', {
      get: () => (Reflect.get(globalThis, 'isBehind') === true ? 'hidden' : 'visible'),
    })
  })
  const here = places.tidewater()
  const turn = (page: Page, isBehind: boolean) =>
    page.evaluate((is) => {
      Reflect.set(globalThis, 'isBehind', is)
      document.dispatchEvent(new Event('visibilitychange'))
    }, isBehind)
  const tabs: Page[] = []
  for (let index = 0; index < 7; index += 1) {
    const [before] = tabs.slice(-1)
    if (before !== undefined) await turn(before, true)
    tabs.push(await openTab(here))
  }
  await oneStream()
  const texts = [await say(here), await say(here)]
  await reads(tabs.at(-1)!, texts)
  await turn(tabs.at(-1)!, true)
  await until('no stream', () => proxy.streams.length === 0)
  texts.push(await say(here))
  for (const page of tabs) {
    await turn(page, false)
    await hopSays(page, 'This browser', 'connected')
    await reads(page, texts)
    await oneStream()
    await turn(page, true)
  }
})

test('the tab that was first is closed: the others lose nothing, and hear nothing twice', async () => {
  const here = places.tidewater()
  const first = await openTab(here)
  const others = [await openTab(here), await openTab(here)]
  const texts = [await say(here)]
  const closed = first.close()
  for (let index = 0; index < 2; index += 1) texts.push(await say(here))
  await closed
  texts.push(await say(here))
  for (const page of others) await reads(page, texts)
  await oneStream()
})

test('a tab that was frozen has all of it once when it wakes, and the others never waited for it', async () => {
  const here = places.tidewater()
  const [frozen, other] = [await openTab(here), await openTab(here)]
  const lifecycle = await context.newCDPSession(frozen)
  await lifecycle.send('Page.setWebLifecycleState', { state: 'frozen' })
  const texts = [await say(here), await say(here)]
  await reads(other, texts)
  await lifecycle.send('Page.setWebLifecycleState', { state: 'active' })
  await reads(frozen, texts)
  await hopSays(frozen, 'This browser', 'connected')
  await oneStream()
})

test('web is killed: all tabs come back to what was said meanwhile', async () => {
  const here = places.tidewater()
  const tabs = [await openTab(here), await openTab(here), await openTab(places.ledger())]
  stack.web.kill('SIGKILL')
  await Promise.all(tabs.map((page) => hopSays(page, 'This browser', 'reconnecting', 3_000)))
  const texts = [await say(here)]
  await stack.restartWeb()
  await Promise.all(tabs.map((page) => hopSays(page, 'This browser', 'connected', 20_000)))
  texts.push(await say(here))
  for (const page of tabs.slice(0, 2)) await reads(page, texts)
  await oneStream()
})

test('the worker that holds the stream dies: the tabs say so within two seconds, and share another', async () => {
  const here = places.tidewater()
  const tabs = [await openTab(here), await openTab(here), await openTab(here)]
  await oneStream()
  const devtools = await browser.newBrowserCDPSession()
  const { targetInfos } = await devtools.send('Target.getTargets')
  const workers = targetInfos.filter(({ type }) => type === 'shared_worker')
  expect(workers).toHaveLength(1)
  for (const { targetId } of workers) await devtools.send('Target.closeTarget', { targetId })
  const texts = [await say(here)]
  await Promise.all(tabs.map((page) => hopSays(page, 'This browser', 'reconnecting', 2_500)))
  await Promise.all(tabs.map((page) => hopSays(page, 'This browser', 'connected', 20_000)))
  texts.push(await say(here))
  for (const page of tabs) await reads(page, texts)
  await oneStream()
})

test('two tabs on two servers share one stream, and each hears its own', async () => {
  const [here, there] = [places.tidewater(), places.ledger()]
  const [one, other] = [await openTab(here), await openTab(there)]
  await oneStream()
  const [stream = ''] = proxy.streams
  expect(stream).toContain(here.guildId)
  expect(stream).toContain(there.guildId)
  const texts = [await say(here), await say(there)]
  await reads(one, texts.slice(0, 1))
  await reads(other, texts.slice(1))
  expect(await feed(one).getByText(texts[1]!, { exact: true }).count()).toBe(0)
})

test('a server that was shown before is there at once, with what came, which the list of servers counts', async () => {
  const [here, there] = [places.tidewater(), places.ledger()]
  const page = await openTab(here)
  const choose = async (from: Place, to: Place) => {
    await page.getByRole('combobox', { name: `Server: ${from.server}` }).click()
    await page.getByRole('option', { name: to.server }).click()
    await page.getByRole('combobox', { name: `Server: ${to.server}` }).waitFor()
  }
  await choose(here, there)
  await feed(page).getByRole('article').first().waitFor()
  const texts = [await say(here), await say(here)]
  await page.getByRole('combobox', { name: `Server: ${there.server}` }).click()
  await page.getByRole('option', { name: here.server }).getByText('(2 unread)').waitFor()
  await page.keyboard.press('Escape')
  await choose(there, here)
  expect(await page.getByText('Loading channels').count()).toBe(0)
  await page.getByRole('link', { name: /^build-log/ }).click()
  await reads(page, texts)
  await oneStream()
})

const unreadIn = async (page: Page, channel: string) => {
  const link = page.getByRole('link', { name: new RegExp(`^${channel}\\b`) })
  return /\(([^)]*)\)/.exec((await link.textContent()) ?? '')?.[1] ?? null
}

test('what is read in one tab is read in the others, and how much is not is known after a reload', async () => {
  const here = places.tidewater()
  const general = channelOf('Tidewater Makers', 'general')
  const [one, other] = [await openTab(here), await openTab(here)]
  await say(general)
  await say(general)
  for (const page of [one, other]) await expect.poll(() => unreadIn(page, 'general')).toBe('2 unread')
  await one.reload()
  await expect.poll(() => unreadIn(one, 'general')).toBe('2 unread')
  await other.getByRole('link', { name: /^general/ }).click()
  await other.getByRole('heading', { name: 'general' }).waitFor()
  await expect.poll(() => unreadIn(one, 'general')).toBeNull()
  await one.reload()
  await hopSays(one, 'This browser', 'connected', 20_000)
  await expect.poll(() => unreadIn(one, 'general')).toBeNull()

  // Nobody is there to count.
  for (const page of [one, other]) await page.goto('about:blank')
  await say(general)
  const later = await openTab(here)
  await expect.poll(() => unreadIn(later, 'general')).toBe('unread')
  await later.getByRole('link', { name: /^general/ }).click()
  await expect.poll(() => unreadIn(later, 'general')).toBeNull()
})

test('a half-typed answer outlives the page, and nothing outlives signing out', async () => {
  await context.clearCookies()
  await signInContext(context, stack.webUrl, await signIn(stack.webUrl, 'umberfox'))
  const here = places.tidewater()
  const open = async () => {
    const page = await context.newPage()
    await page.goto(stack.webUrl + here.path)
    await hopSays(page, 'This browser', 'connected', 20_000)
    return page
  }
  const page = await open()
  const box = page.getByRole('textbox', { name: /^Message build-log/ })
  await openMessageMenu(page)
  await page.getByRole('menuitem', { name: 'Reply' }).click()
  await box.fill('Half a thought')
  await page.reload()
  await expect.poll(() => box.inputValue()).toBe('Half a thought')
  await page.getByRole('button', { name: 'Answer nobody' }).waitFor()
  // Another tab has its own.
  const another = await open()
  expect(await another.getByRole('textbox', { name: /^Message build-log/ }).inputValue()).toBe('')
  await another.close()

  const kept = () =>
    page.evaluate(() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)].filter((key) => /\d/.test(key)))
  await expect.poll(kept).toHaveLength(3)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await expect.poll(kept).toEqual([])
  await signInContext(context, stack.webUrl, await signIn(stack.webUrl, 'pikelet'))
  await page.goto(stack.webUrl + here.path)
  await expect.poll(() => box.inputValue()).toBe('')
})

test('signing out in one ends what all the others show', async () => {
  // A session of its own: that of the other tests is needed still.
  await context.clearCookies()
  await signInContext(context, stack.webUrl, await signIn(stack.webUrl, 'umberfox'))
  const tabs: Page[] = []
  for (const place of [places.tidewater(), places.tidewater(), places.ledger()]) {
    const page = await context.newPage()
    await page.goto(stack.webUrl + place.path)
    await hopSays(page, 'This browser', 'connected', 20_000)
    tabs.push(page)
  }
  const [first, ...others] = tabs
  await first?.getByRole('button', { name: 'Sign out' }).click()
  await first?.getByRole('heading', { name: 'Sign in' }).waitFor()
  for (const page of others) {
    await page.getByRole('heading', { name: 'You were signed out' }).waitFor()
    expect(await feed(page).count()).toBe(0)
  }
})
