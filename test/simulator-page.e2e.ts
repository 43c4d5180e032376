import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSimulator, type Simulator } from '@repo/discord-simulator'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { identified, resuming } from '../packages/discord-simulator/test/raw-client.ts'
import { launchBrowser, noteComplaints } from './lib/browser.ts'

let browser: Browser
let simulator: Simulator
let page: Page
/** What the page did that nobody should see: errors in scripts, and what its policy did not let in. */
let complaints: string[]

beforeAll(async () => {
  browser = await launchBrowser()
})

afterAll(() => browser.close())

beforeEach(async () => {
  complaints = []
  simulator = await startSimulator()
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 } })
  page = await context.newPage()
  noteComplaints(page.context(), complaints)
  await page.goto(simulator.url)
  await feed().getByRole('article').first().waitFor()
})

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') {
    const picture = join(tmpdir(), `${task.id}.png`)
    await page.screenshot({ path: picture })
    console.log(`${task.name}\n${picture}`)
  }
  await page.context().close()
  await simulator.close()
  expect(complaints).toEqual([])
})

const feed = () => page.getByRole('log', { name: 'Messages' })
const channels = () => page.getByRole('navigation', { name: 'Channels' })
const composer = () => page.getByRole('textbox', { name: /^Message / })
const connection = (id: number) =>
  page
    .getByRole('table')
    .getByRole('row')
    .filter({ has: page.getByRole('cell', { name: String(id), exact: true }) })
const press = (name: string) => page.getByRole('button', { name, exact: true }).click()
const actAs = (username: string) => page.getByRole('combobox', { name: 'Act as' }).selectOption(username)

async function say(text: string): Promise<void> {
  await composer().fill(text)
  await page.keyboard.press('Enter')
}

test('somebody is spoken as: the bot hears it, and it is in the feed once', async () => {
  await using client = (await identified(simulator)).client
  await actAs('pikelet')
  await press('build-log')
  await page.getByRole('textbox', { name: 'Message build-log as pikelet' }).waitFor()
  await press('Start typing')
  expect((await client.event('TYPING_START')).d.member.user.username).toBe('pikelet')
  await say('<b>The hold</b> is flat again')
  const { d } = await client.event('MESSAGE_CREATE')
  expect(d).toMatchObject({ content: '<b>The hold</b> is flat again', author: { username: 'pikelet' } })
  const said = feed().getByText('<b>The hold</b> is flat again', { exact: true })
  await said.waitFor()
  expect(await said.count()).toBe(1)
  expect(await composer().inputValue()).toBe('')

  await page.getByRole('button', { name: 'React to pikelet' }).last().click()
  await press('React with 🔥')
  expect((await client.event('MESSAGE_REACTION_ADD')).d).toMatchObject({ message_id: d.id, emoji: { name: '🔥' } })
  await page.getByRole('button', { name: '🔥 1', pressed: true }).click()
  expect((await client.event('MESSAGE_REACTION_REMOVE')).d.message_id).toBe(d.id)
})

test('who may not write is refused, with the reason, and keeps what they wrote', async () => {
  await actAs('pikelet')
  await press('announcements')
  await page.getByText('pikelet may read here, not write.').waitFor()
  await say('Free kiln')
  await page.getByRole('alert').getByText('pikelet lacks Send Messages in announcements.').waitFor()
  expect(await composer().inputValue()).toBe('Free kiln')
  expect(await feed().getByText('Free kiln').count()).toBe(0)
})

test('somebody is moved through voice', async () => {
  await using client = (await identified(simulator)).client
  await actAs('umberfox')
  await press('Join Workbench as umberfox')
  const entered = await client.event('VOICE_STATE_UPDATE')
  expect(entered.d.member.user.username).toBe('umberfox')
  const place = channels()
    .getByRole('listitem')
    .filter({ hasText: /^UMumberfox$/ })
  await place.waitFor()

  await press('Mute')
  expect((await client.event('VOICE_STATE_UPDATE')).d.self_mute).toBe(true)
  await place.getByRole('img', { name: 'muted' }).waitFor()
  await press('Join Loft as umberfox')
  expect((await client.event('VOICE_STATE_UPDATE')).d.channel_id).not.toBe(entered.d.channel_id)
  await press('Leave voice')
  expect((await client.event('VOICE_STATE_UPDATE')).d.channel_id).toBeNull()
  await place.waitFor({ state: 'detached' })
})

test('the plug is pulled: cut, closed with a code, and what lasts is lifted', async () => {
  const { client, sessionId } = await identified(simulator)
  await connection(1).getByText('open').waitFor()
  await press('Cut TCP')
  expect(await client.closed).toBe(1006)
  await connection(1).getByText('cut by us').waitFor()

  await using again = await resuming(simulator, sessionId, 1)
  await again.event('RESUMED')
  await connection(2).getByText('RESUME').waitFor()
  await press('Op 7: reconnect')
  await again.op(7)
  await press('Op 9: resumable')
  expect((await again.op(9)).d).toBe(true)
  await press('Stop ACKs')
  await page.getByText('no ACKs').waitFor()
  await press('Lift: no ACKs')
  await page.getByText('no ACKs').waitFor({ state: 'detached' })
  again.send(1, null)
  await again.op(11)

  await page.getByRole('combobox', { name: 'Close with' }).selectOption('4009')
  await press('Close')
  expect(await again.closed).toBe(4009)
  await connection(2).getByText('closed 4009 by us').waitFor()
})

test('an outage is begun, with nobody connected too', async () => {
  await page.getByText(simulator.botToken).waitFor()
  await page.getByRole('spinbutton', { name: 'Outage of' }).fill('600')
  await press('Begin')
  await page.getByText('outage, for 600 s').waitFor()
  expect(simulator.faults.active()).toMatchObject([{ fault: { kind: 'outage', for_ms: 600_000, sessions: 'live' } }])
})

test('a command of the bot is run', async () => {
  await using client = (await identified(simulator)).client
  const option = { type: 3, name: 'kiln', description: 'which', required: true }
  const response = await fetch(`${simulator.apiUrl}/v10/applications/${simulator.world.bot.id}/commands`, {
    method: 'PUT',
    headers: { authorization: `Bot ${simulator.botToken}`, 'content-type': 'application/json' },
    body: JSON.stringify([{ name: 'fire', description: 'x', options: [option] }]),
  })
  expect(response.status).toBe(200)
  await press('/fire')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').getByText('It needs kiln:').waitFor()
  await composer().fill('/fire kiln:old')
  await page.keyboard.press('Enter')
  const { d } = await client.event('INTERACTION_CREATE')
  expect(d.data).toMatchObject({ name: 'fire', options: [{ name: 'kiln', value: 'old' }] })
})

const asBot = (method: string, path: string, body: object) =>
  fetch(`${simulator.apiUrl}/v10${path}`, {
    method,
    headers: { authorization: `Bot ${simulator.botToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

test('a command goes with a file, and one that nobody is offered is not spoken', async () => {
  await using client = (await identified(simulator)).client
  const option = { type: 11, name: 'photo', description: 'x', required: true }
  const show = { name: 'show', description: 'x', options: [option] }
  const purge = { name: 'purge', description: 'x', default_member_permissions: '0' }
  await asBot('PUT', `/applications/${simulator.world.bot.id}/commands`, [show, purge])
  await actAs('pikelet')
  await press('/show')
  expect(await page.getByRole('button', { name: '/purge' }).count()).toBe(0)
  await page.keyboard.press('Enter')
  await page.getByRole('alert').getByText('photo is a file').waitFor()
  const files = page.getByLabel('Files for the command')
  await files.setInputFiles({ name: 'pot.png', mimeType: 'image/png', buffer: Buffer.from([0x89, 0x00, 0xff]) })
  await composer().press('Enter')
  const { data } = (await client.event('INTERACTION_CREATE')).d
  const [attachment] = Object.values<{ filename: string; url: string }>(data.resolved.attachments)
  expect(attachment?.filename).toBe('pot.png')
  expect(Buffer.from(await (await fetch(attachment!.url)).arrayBuffer())).toEqual(Buffer.from([0x89, 0x00, 0xff]))
  await files.waitFor({ state: 'hidden' })

  await say('/purge')
  await page.getByRole('alert').getByText('They are offered no command /purge here.').waitFor()
  await say('//purge')
  expect((await client.event('MESSAGE_CREATE')).d.content).toBe('/purge')
})

test('a button leads where it says, and what was said on another day has its day', async () => {
  const channel_id = simulator.world.guilds()[0]!.system_channel_id!
  const link = (label: string, url: string) => ({ type: 2, style: 5, label, url })
  const components = [{ type: 1, components: [link('Manual', 'https://kiln.invalid/manual')] }]
  await asBot('POST', `/channels/${channel_id}/messages`, { content: 'Read it', components })
  const manual = page.getByRole('link', { name: 'Manual' })
  await manual.waitFor()
  expect([await manual.getAttribute('href'), await manual.getAttribute('target')]).toEqual([
    'https://kiln.invalid/manual',
    '_blank',
  ])
  // What Discord would have refused, and a test can send, is no link.
  const [said] = simulator.world.messages.recent(channel_id, 1)
  simulator.dispatch('MESSAGE_UPDATE', {
    id: said!.id,
    channel_id,
    components: [{ type: 1, components: [link('Run', 'javascript:alert(1)')] }],
  })
  await page.getByRole('button', { name: 'Run' }).waitFor()
  expect(await page.getByRole('link', { name: 'Run' }).count()).toBe(0)

  const times = () => feed().getByRole('time').allTextContents()
  expect((await times()).at(-1)).toMatch(/^\d\d:\d\d$/)
  await page.clock.setFixedTime(Date.now() + 3 * 86_400_000)
  await feed()
    .getByRole('time')
    .last()
    .getByText(/\w.*, \d\d:\d\d$/)
    .waitFor()
})

test('what happens elsewhere takes nobody’s words, focus or place', async () => {
  const guild = simulator.world.guilds()[0]!
  const channel_id = guild.system_channel_id!
  const user_id = guild.members.find(({ user }) => user.username === 'umberfox')!.user.id
  await composer().fill('half a sen')
  await composer().evaluate((field: HTMLTextAreaElement) => field.setSelectionRange(4, 4))
  await composer().evaluate((field) => Object.assign(globalThis, { field }))
  for (let n = 0; n < 30; n++) simulator.people.speak({ user_id, channel_id, content: `line ${n}` })
  await feed().getByText('line 29').waitFor()
  expect(await page.evaluate(() => Reflect.get(globalThis, 'field') === document.activeElement)).toBe(true)
  await page.keyboard.type('X')
  expect(await composer().inputValue()).toBe('halfX a sen')

  const loft = guild.channels.find(({ name }) => name === 'Loft')!
  const move = page.getByRole('button', { name: 'Join Workbench as tessellate' })
  await move.focus()
  simulator.people.voice({ user_id, guild_id: guild.id, channel_id: loft.id })
  await channels()
    .getByRole('listitem')
    .filter({ hasText: /^UMumberfox$/ })
    .waitFor()
  expect(await move.evaluate((button) => button === document.activeElement)).toBe(true)

  await feed().evaluate((list) => (list.scrollTop = 0))
  await page.waitForFunction(() => document.querySelector('[role=log]')?.scrollTop === 0)
  simulator.people.speak({ user_id, channel_id, content: 'the newest' })
  await press('1 new message')
  await page.waitForFunction(() => {
    const list = document.querySelector('[role=log]')
    return list && list.scrollHeight - list.scrollTop - list.clientHeight < 2
  })
})

test('says so when the simulator is gone, and finds it again', async () => {
  await simulator.close()
  await page.getByText(/^The simulator is away/).waitFor()
  simulator = await startSimulator({ port: Number(new URL(simulator.url).port) })
  await page.getByText('Live', { exact: true }).waitFor()
})

test('life is switched on and off', async () => {
  await page.getByRole('switch', { name: 'Life' }).click()
  await page.getByRole('switch', { name: 'Life', checked: true }).waitFor()
  expect(simulator.life.running).toBe(true)
  await page.getByRole('switch', { name: 'Life' }).click()
  await page.getByRole('switch', { name: 'Life', checked: false }).waitFor()
  expect(simulator.life.running).toBe(false)
})

test('on a phone there is one view at a time, and nothing scrolls sideways', async () => {
  await page.setViewportSize({ width: 320, height: 700 })
  const view = (name: string) => page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name }).click()
  for (const name of ['Members', 'Bots', 'Channels', 'Messages']) {
    await view(name)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
    expect(await feed().isVisible()).toBe(name === 'Messages')
    const wide = await page.evaluate(() =>
      [...document.querySelectorAll('aside, nav, main, section')].filter((one) => one.scrollWidth > one.clientWidth),
    )
    expect(wide).toEqual([])
  }
  await view('Channels')
  await press('kiln-watch')
  await page.getByRole('heading', { name: 'kiln-watch' }).waitFor()
})
