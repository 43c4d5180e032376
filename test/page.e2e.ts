import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type APIMessage, type APIVoiceState, type GatewayGuildCreateDispatchData } from 'discord-api-types/v10'
import type { Browser, Page } from 'playwright-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { hopSays, noteComplaints } from './lib/browser.ts'
import { until } from './lib/child.ts'
import { startProxy } from './lib/proxy.ts'
import { say as speak } from './lib/scene-steps.ts'
import { withBrowserAndStack } from './lib/browser-and-stack.ts'
import type { Stack } from './lib/stack.ts'

let browser: Browser
let stack: Stack
let page: Page
let guild: GatewayGuildCreateDispatchData
/** What the page did that nobody should see: errors in scripts and on the console. */
let complaints: string[]

withBrowserAndStack((begun) => {
  ;({ browser, stack } = begun)
  const found = stack.simulator.world.guilds().find(({ name }) => name === 'Tidewater Makers')
  if (!found) throw new Error('the world has no Tidewater Makers')
  guild = found
})

beforeEach(async () => {
  complaints = []
  page = await stack.openFor(browser, { viewport: { width: 1440, height: 900 } })
  noteComplaints(page.context(), complaints)
})

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') {
    const picture = join(tmpdir(), `${task.id}.png`)
    await page.screenshot({ path: picture })
    console.log(`${task.name}\n${page.url()}\n${picture}\n${stack.gateway.output}\n${stack.web.output}`)
  }
  await page.context().close()
  expect(complaints).toEqual([])
})

const idOf = (name: string): string => {
  const channel = guild.channels.find((one) => one.name === name)
  if (!channel) throw new Error(`the world has no channel ${name}`)
  return channel.id
}

const memberOf = (username: string) => {
  const member = guild.members.find(({ user }) => user.username === username)
  if (!member) throw new Error(`the world has no ${username}`)
  return member
}

async function open(channel: string, origin = stack.webUrl): Promise<void> {
  await page.goto(`${origin}/guilds/${guild.id}/channels/${idOf(channel)}`)
  await hopSays(page, 'This browser', 'connected')
}

function moveToVoice(username: string, channelId: string | null, doing: Partial<APIVoiceState> = {}): void {
  const member = memberOf(username)
  stack.simulator.dispatch('VOICE_STATE_UPDATE', {
    guild_id: guild.id,
    channel_id: channelId,
    user_id: member.user.id,
    member,
    session_id: 'e2e',
    deaf: false,
    mute: false,
    self_deaf: false,
    self_mute: false,
    self_video: false,
    suppress: false,
    request_to_speak_timestamp: null,
    ...doing,
  })
}

const channels = () => page.getByRole('navigation', { name: 'Channels' })
const feed = () => page.getByRole('log')
const inVoice = (username: string) => channels().getByRole('listitem').filter({ hasText: username })

async function say(text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Message build-log' }).fill(text)
  await page.keyboard.press('Enter')
}

/** A channel's messages at Discord, and who asks for them. */
const messagesOf = (channel: string) => ({
  url: `${stack.simulator.apiUrl}/v10/channels/${idOf(channel)}/messages`,
  headers: { authorization: `Bot ${stack.simulator.botToken}` },
})

test('a voice join dispatched at Discord is on the page within a second, and a leave too', async () => {
  await open('build-log')
  moveToVoice('umberfox', null)
  await inVoice('umberfox').waitFor({ state: 'detached' })

  moveToVoice('umberfox', idOf('Loft'))
  await inVoice('umberfox').waitFor({ timeout: 1_000 })

  moveToVoice('umberfox', null)
  await inVoice('umberfox').waitFor({ state: 'detached', timeout: 1_000 })
})

test('a message typed in the page arrives at Discord and comes back as an event', async () => {
  await open('build-log')
  const text = `The kiln is at cone 6 (${Date.now()})`
  await say(text)
  // One that is on its way says whether it is busy; one that came back as an event is a message like any other.
  await feed().locator('article:not([aria-busy])').filter({ hasText: text }).waitFor()

  const { url, headers } = messagesOf('build-log')
  const response = await fetch(`${url}?limit=5`, { headers })
  const messages = (await response.json()) as APIMessage[]
  expect(messages.map((message) => message.content)).toContain(text)
  expect(await feed().getByText(text, { exact: true }).count()).toBe(1)
})

test('a message on its way is as high as when it arrives, and under whose name it will be: nothing above it moves', async () => {
  await open('build-log')
  speak(stack, 'build-log', 'What somebody else says ends what was before')
  await feed().getByText('What somebody else says ends what was before').waitFor()
  let held = Promise.withResolvers<undefined>()
  await page.route('**/_serverFn/**', async (route) => {
    if (route.request().method() === 'POST') await held.promise
    await route.continue()
  })
  const writing = (text: string) => feed().locator('article').filter({ hasText: text })
  const topOf = (text: string) => writing(text).evaluate((one) => one.getBoundingClientRect().top)
  const long = 'and what is said at such length that it takes more than a line of the feed '.repeat(3)
  const texts = [`First (${Date.now()})`, `Second (${Date.now()}) ${long}`, `**Third** (${Date.now()})`]
  for (const [index, text] of texts.entries()) {
    const shown = text.replaceAll('**', '').trim()
    await say(text)
    await writing(shown).getByText('Sending', { exact: true }).waitFor()
    const onItsWay = await topOf(shown)
    held.resolve(undefined)
    const arrived = feed().locator('article[data-message]').filter({ hasText: shown })
    await arrived.waitFor()
    await writing(shown).and(page.locator('[aria-busy]')).waitFor({ state: 'detached' })
    expect(Math.abs((await topOf(shown)) - onItsWay)).toBeLessThan(0.5)
    // What the bot wrote for others ends before it.
    expect(await arrived.getByText('you', { exact: true }).count()).toBe(1)
    expect(await arrived.getByRole('button', { name: 'gantry' }).count()).toBe(index === 0 ? 1 : 0)
    held = Promise.withResolvers<undefined>()
  }
  held.resolve(undefined)
})

test('what the bot wrote for the viewer says so, and stands apart from what it wrote for others', async () => {
  await open('build-log')
  const other = await stack.openFor(browser, {}, 'brackish')
  try {
    await other.goto(page.url())
    await hopSays(other, 'This browser', 'connected')
    const texts = ['Mine', 'Theirs', 'Theirs again', 'Mine again'].map((text) => `${text} (${Date.now()})`)
    speak(stack, 'build-log', 'And what somebody says after it')
    await feed().getByText('And what somebody says after it').waitFor()
    for (const text of texts) {
      const writer = text.startsWith('Mine') ? page : other
      await writer.getByRole('textbox', { name: 'Message build-log' }).fill(text)
      await writer.keyboard.press('Enter')
      await feed().locator('article[data-message]').filter({ hasText: text }).waitFor()
    }
    const heads = (seen: Page) =>
      Promise.all(
        texts.map(async (text) => {
          const one = seen.getByRole('log').locator('article[data-message]').filter({ hasText: text })
          const isHead = (await one.getByRole('button', { name: 'gantry' }).count()) === 1
          const isOwn = (await one.getByText('you', { exact: true }).count()) === 1
          return `${isHead ? 'gantry' : ''} ${isOwn ? 'you' : ''}`.trim()
        }),
      )
    const mine = ['gantry you', 'gantry', '', 'gantry you']
    await expect.poll(() => heads(page)).toEqual(mine)
    await expect.poll(() => heads(other)).toEqual(['gantry', 'gantry you', 'you', 'gantry'])
    await page.reload()
    await expect.poll(() => heads(page)).toEqual(mine)
  } finally {
    await other.context().close()
  }
})

test('where one may not write the field says so, with what it takes, and there is nothing to send', async () => {
  await page.goto(`${stack.webUrl}/guilds/${guild.id}/channels/${idOf('announcements')}`)
  await hopSays(page, 'This browser', 'connected')
  const field = page.getByRole('textbox', {
    name: 'Message announcements. You may read here, not write. You need Send Messages.',
  })
  await field.waitFor()
  expect(await field.getAttribute('aria-disabled')).toBe('true')
  expect(await page.getByRole('button', { name: 'Send', exact: true }).count()).toBe(0)
})

test('history is there on opening, and another server can be chosen', async () => {
  await open('build-log')
  await feed().getByRole('article').first().waitFor()
  await page.getByRole('combobox', { name: /^Server: Tidewater Makers/ }).click()
  await page.getByRole('option', { name: /Night Ledger/ }).click()
  await page.getByRole('combobox', { name: /^Server: Night Ledger/ }).waitFor()
  await hopSays(page, 'This browser', 'connected')
})

test('a server that Discord has an outage of is away among those to choose from, until it is back', async () => {
  await open('build-log')
  const ledger = stack.simulator.world.guilds().find(({ name }) => name === 'Night Ledger')
  const choice = page.getByRole('combobox', { name: /^Server: / })
  const option = page.getByRole('option', { name: /Night Ledger/ })
  // What happens after it is there, so that is too.
  const thenChoose = async (text: string) => {
    speak(stack, 'build-log', text)
    await feed().getByText(text, { exact: true }).waitFor()
    await choice.click()
  }
  stack.simulator.dispatch('GUILD_DELETE', { id: ledger?.id, unavailable: true })
  await thenChoose('Is the ledger down for you too?')
  await option.getByText('away', { exact: true }).waitFor()
  await option.getByText('Unavailable: Discord has an outage there').waitFor()
  expect(await option.getByText(/in voice/).count()).toBe(0)
  await page.keyboard.press('Escape')
  stack.simulator.dispatch('GUILD_CREATE', { ...ledger, unavailable: false })
  await thenChoose('There it is.')
  await option.getByText(/in voice/).waitFor()
  expect(await option.getByText('away', { exact: true }).count()).toBe(0)
})

test('the gateway is killed and restarted: the strip says so within two seconds, and the page recovers by itself', async () => {
  await open('build-log')
  stack.gateway.kill('SIGKILL')
  await hopSays(page, 'Gateway', 'reconnecting', 2_000)

  await stack.restartGateway()
  await hopSays(page, 'Gateway', 'connected')
  await hopSays(page, 'Discord', 'connected')
  moveToVoice('pikelet', null)
  await inVoice('pikelet').waitFor({ state: 'detached' })
  moveToVoice('pikelet', idOf('Loft'))
  await inVoice('pikelet').waitFor()
})

test('a gateway that lost its record leaves a mark in the feed that stays', async () => {
  await open('build-log')
  await feed().getByRole('article').first().waitFor()
  stack.gateway.kill('SIGKILL')
  await stack.gateway.exited
  stack.loseLog()
  await stack.restartGateway()
  const banner = page.getByText('The record was started anew. This is the state now.')
  await banner.waitFor()
  // Why that is stays for as long as one reads it.
  const why = page.getByRole('button', { name: 'why' })
  await why.press('Enter')
  await page.getByText('Events are counted from one again').waitFor()
  expect(await why.getAttribute('aria-expanded')).toBe('true')
  await why.press('Enter')
  await page.getByText('Events are counted from one again').waitFor({ state: 'detached' })
  await banner.waitFor({ state: 'detached', timeout: 20_000 })
  await feed().getByRole('note', { name: 'Break in the record' }).getByText('The record was started anew.').waitFor()
})

test.each([
  ['web', 'This browser'],
  ['gateway', 'Gateway'],
] as const)('a frozen %s is told from a quiet one', async (frozen, station) => {
  await open('build-log')
  stack[frozen].kill('SIGSTOP')
  try {
    await hopSays(page, station, 'reconnecting', 2_000)
  } finally {
    stack[frozen].kill('SIGCONT')
  }
  await hopSays(page, station, 'connected')
})

test('a message whose outcome was unknown is settled when it arrives after all', async () => {
  await open('build-log')
  const text = `The glaze is dry (${Date.now()})`
  stack.gateway.kill('SIGSTOP')
  try {
    await say(text)
    await feed().getByText('May or may not have been sent').waitFor({ timeout: 20_000 })
  } finally {
    stack.gateway.kill('SIGCONT')
  }
  await feed().getByText('May or may not have been sent').waitFor({ state: 'detached', timeout: 20_000 })
  await feed().locator('article:not([aria-busy])').filter({ hasText: text }).waitFor()
  expect(await feed().getByText(text, { exact: true }).count()).toBe(1)
})

test('a lost message is not taken for the same text of another: it is sent, late and once', async () => {
  await open('build-log')
  const text = `Second firing at nine (${Date.now()})`
  const unknown = feed().getByText('May or may not have been sent')
  stack.gateway.kill('SIGSTOP')
  await say(text)
  await unknown.waitFor({ timeout: 20_000 })
  // What lay in its socket is gone with it, and so is every answer that it kept.
  await stack.restartGateway()
  await hopSays(page, 'Gateway', 'connected')
  const { url, headers } = messagesOf('build-log')
  const body = JSON.stringify({ content: text })
  await fetch(url, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body })
  await unknown.waitFor({ state: 'detached', timeout: 20_000 })
  await feed().locator('article:not([aria-busy])').filter({ hasText: text }).nth(1).waitFor()
  expect(await feed().getByText(text, { exact: true }).count()).toBe(2)
  const messages = (await (await fetch(`${url}?limit=50`, { headers })).json()) as APIMessage[]
  expect(messages.filter(({ content }) => content === text)).toHaveLength(2)
})

test('Discord goes away: the strip says so within two seconds, and says when it is back', async () => {
  await open('build-log')
  await hopSays(page, 'Discord', 'connected')
  await stack.loseDiscord()
  await hopSays(page, 'Discord', 'reconnecting', 2_000)
  await hopSays(page, 'Gateway', 'connected', 2_000)
  await stack.regainDiscord()
  await hopSays(page, 'Discord', 'connected', 20_000)
})

test('a proxy answers 502 while web restarts: EventSource gives up, the page does not', async () => {
  await using proxy = await startProxy(stack.webUrl)
  await open('build-log', proxy.url)
  proxy.broken = true
  proxy.cut()
  await until('the page to have been refused', () => proxy.refused >= 2)
  await hopSays(page, 'This browser', 'reconnecting')
  await stack.restartWeb()
  proxy.broken = false
  await hopSays(page, 'This browser', 'connected', 15_000)

  moveToVoice('brackish', null)
  await inVoice('brackish').waitFor({ state: 'detached' })
  moveToVoice('brackish', idOf('Loft'))
  await inVoice('brackish').waitFor()
})

test('what happened while the browser was cut off is there afterwards, once', async () => {
  await using proxy = await startProxy(stack.webUrl)
  await open('build-log', proxy.url)
  proxy.broken = true
  proxy.cut()
  await hopSays(page, 'This browser', 'reconnecting')
  const text = `while you were away ${Date.now()}`
  const sent = await fetch(`${stack.simulator.apiUrl}/v10/channels/${idOf('build-log')}/messages`, {
    method: 'POST',
    headers: { authorization: `Bot ${stack.simulator.botToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ content: text }),
  })
  expect(sent.status).toBe(200)
  proxy.broken = false
  await feed().getByText(text, { exact: true }).waitFor({ timeout: 15_000 })
  expect(await feed().getByText(text, { exact: true }).count()).toBe(1)
})

test('a connection that was slow from the start is called so, and by how much', async () => {
  await using proxy = await startProxy(stack.webUrl)
  proxy.lateMs = 1_900
  await page.goto(`${proxy.url}/guilds/${guild.id}/channels/${idOf('build-log')}`)
  await page.getByText(/^Slow connection: events reach you (?:1\.9|2\.0) s late\.$/).waitFor()
  const station = page.getByRole('list', { name: 'Path of events' }).getByRole('listitem').last()
  expect(await station.innerText()).toMatch(/slow[^\d]*\+(?:1,9|2,0)\d\d ms/)
})

test('what a channel shows in signs it says in words', async () => {
  await open('build-log')
  await channels().getByRole('link', { name: 'keyholders (private channel)', exact: true }).waitFor()
  await channels()
    .getByRole('link', { name: /^Workbench \(\d+ in it\)$/ })
    .waitFor()
  await page.getByText('member, sees 11 channels').waitFor()
})

test('what events take is measured as they happen, and a dash before', async () => {
  await open('build-log')
  const path = page.getByRole('list', { name: 'Path of events' })
  const station = (name: string) => path.getByRole('listitem').filter({ hasText: name })
  const says = async (name: string) => (await station(name).innerText()).replaceAll(/\s+/g, ' ')
  expect(await says('This browser')).toBe('This browser connected · –')
  // The clocks are known after the first questions, and what happens from then on is measured.
  await expect
    .poll(async () => {
      moveToVoice('pikelet', idOf('Workbench'))
      return [await says('Web'), await says('This browser')]
    })
    .toEqual([expect.stringMatching(/^Web connected · \+[\d.]+ ms$/), expect.stringMatching(/ · \+[\d.]+ ms$/)])
  const rows = page.getByRole('region', { name: 'Events, newest first' }).getByRole('button')
  await rows.filter({ hasText: 'VOICE_STATE_UPDATE' }).first().press('Enter')
  const way = page.getByRole('region', { name: /^Way of event/ })
  // When Discord sent it, the event does not say.
  await expect.poll(() => way.innerText()).toMatch(/Discord\s+–\s+–\s+Gateway\s+[\d:.]+\s+–\s+Web\s+[\d:.]+\s+\+/)
})

test('a page that hears the answer late does not take its clock for another', async () => {
  const lateMs = 800
  await page.addInitScript((late) => {
    const askNow = window.fetch
    window.fetch = async (...asked) => {
      const response = await askNow(...asked)
      if (response.url.endsWith('/api/clock')) await new Promise((resolve) => setTimeout(resolve, late))
      return response
    }
  }, lateMs)
  await open('build-log')
  const station = page.getByRole('list', { name: 'Path of events' }).getByRole('listitem').last()
  const took = async () => {
    moveToVoice('pikelet', idOf('Workbench'))
    return Number(/\+([\d.]+) ms/.exec(await station.innerText())?.[1] ?? Number.NaN)
  }
  // The middle of question and answer would be half of it away.
  await expect.poll(took).toBeLessThan(lateMs / 4)
  expect(await station.innerText()).toContain('connected')
})

test('a message that is too long says by how much, in words, and is sent once it is shorter', async () => {
  await open('build-log')
  const box = page.getByRole('textbox', { name: 'Message build-log' })
  await box.fill('x'.repeat(2_500))
  await page.getByText('500 characters too long', { exact: true }).waitFor()
  await page.getByText('−500', { exact: true }).waitFor()
  const send = page.getByRole('button', { name: 'Send. 500 characters too long' })
  const [number, button] = [await page.getByText('−500', { exact: true }).boundingBox(), await send.boundingBox()]
  expect(
    Math.abs((number?.y ?? 0) + (number?.height ?? 0) / 2 - (button?.y ?? 0) - (button?.height ?? 0) / 2),
  ).toBeLessThan(4)
  await box.fill('x'.repeat(2_000))
  await page.getByText('500 characters too long', { exact: true }).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Send', exact: true }).waitFor()
})

test('a name in voice is whole beside everything that its person does', async () => {
  await open('build-log')
  const doing = { self_mute: true, self_deaf: true, self_video: true, self_stream: true }
  moveToVoice('saltmarsh', idOf('Loft'), doing)
  const row = inVoice('saltmarsh').filter({ hasText: 'streaming' })
  await row.waitFor()
  const cut = await row.getByText('saltmarsh', { exact: true }).evaluate((name) => name.scrollWidth > name.clientWidth)
  expect(cut).toBe(false)
  moveToVoice('saltmarsh', null)
})

test('a name that is read from the right stands beside its face in voice', async () => {
  await page.setViewportSize({ width: 390, height: 844 })
  await open('build-log')
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Channels' }).click()
  const nick = 'سمكة'
  stack.simulator.dispatch('GUILD_MEMBER_UPDATE', { ...memberOf('nocturne_7'), guild_id: guild.id, nick })
  const name = inVoice(nick).last().getByText(nick, { exact: true })
  await name.waitFor()
  const apart = await name.evaluate((element) => {
    const text = document.createRange()
    text.selectNodeContents(element)
    return text.getBoundingClientRect().left - (element.previousElementSibling?.getBoundingClientRect().right ?? 0)
  })
  expect(apart).toBeGreaterThan(0)
  expect(apart).toBeLessThan(12)
})

test('on a phone there is one view at a time, and nothing scrolls sideways', async () => {
  await page.setViewportSize({ width: 390, height: 844 })
  await open('build-log')
  await feed().waitFor()
  expect(await channels().isVisible()).toBe(false)
  await page.getByRole('navigation', { name: 'Views' }).getByText('Channels').click()
  await channels().waitFor()
  await page.getByRole('navigation', { name: 'Views' }).getByText('You').click()
  const you = page.getByRole('region', { name: 'You' })
  await you.getByText('what you write is sent by the bot').waitFor()
  await you.getByRole('definition').filter({ hasText: 'connected' }).nth(3).waitFor()
  expect(await page.getByRole('button', { name: 'Switch between light and dark' }).count()).toBe(1)
  await page.setViewportSize({ width: 320, height: 700 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
})

test('a server that is not there is no broken connection, and the others are there to choose from', async () => {
  await page.goto(`${stack.webUrl}/guilds/123/channels/456`)
  await page.getByRole('heading', { level: 1, name: 'You cannot view this server' }).waitFor()
  const path = page.getByRole('list', { name: 'Path of events' })
  expect(await path.getByText('no access').count()).toBe(1)
  expect(await page.getByText(/\bdown\b|not known yet|sees \d+ channel/).count()).toBe(0)
  const servers = page.getByRole('navigation', { name: 'Servers' })
  expect(await servers.getByRole('link').allInnerTexts()).toEqual(
    expect.arrayContaining([expect.stringContaining('Tidewater Makers'), expect.stringContaining('Night Ledger')]),
  )
  await servers.getByRole('link', { name: 'Night Ledger' }).click()
  await page.getByRole('combobox', { name: /^Server: Night Ledger/ }).waitFor()
  await hopSays(page, 'This browser', 'connected')
})

test('a channel that is not there says what one that may not be seen says', async () => {
  await page.goto(`${stack.webUrl}/guilds/${guild.id}/channels/1`)
  await page.getByRole('heading', { name: 'You cannot view this channel' }).waitFor()
})

const articles = () => feed().getByRole('article')

test('a flood leaves as many messages in the page as one reads, and the others are there on looking up', async () => {
  await open('build-log')
  const first = Date.now() + 60_000
  for (let index = 0; index < 400; index += 1)
    stack.simulator.dispatch('MESSAGE_CREATE', written(first + index, `Flood ${index}`))
  await feed().getByText('Flood 399', { exact: true }).waitFor()
  await until('the page to hold few', async () => (await articles().count()) <= 200)

  const before = await articles().count()
  await feed().evaluate((element) => element.scrollTo(0, 0))
  await until('more to be there', async () => (await articles().count()) > before)
  expect(await feed().getByText('Flood 399', { exact: true }).count()).toBe(1)
})

test('a message that is odd somewhere deep takes no other with it', async () => {
  await open('build-log')
  // What is read of the channel has come, and does not take its place.
  await feed().getByRole('article').first().waitFor()
  const at = Date.now() + 120_000
  stack.simulator.dispatch('MESSAGE_CREATE', { ...written(at, 'Odd'), embeds: [null] })
  stack.simulator.dispatch('MESSAGE_CREATE', written(at + 1, 'And after it'))
  await feed().getByText('And after it', { exact: true }).waitFor()
  await feed().getByText('not as Discord documents it').waitFor()
  // React says on the console what was caught.
  complaints = []
})

/** A message of that moment, as MESSAGE_CREATE brings it. */
function written(at: number, content: string) {
  const { user } = memberOf('umberfox')
  const id = String(BigInt(at - 1_420_070_400_000) << 22n)
  const rest = { type: 0, author: user, mentions: [], timestamp: new Date(at).toISOString(), edited_timestamp: null }
  return { id, guild_id: guild.id, channel_id: idOf('build-log'), content, embeds: [], attachments: [], ...rest }
}
