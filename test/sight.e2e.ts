import { PEOPLE } from '@repo/discord-simulator'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from 'vitest'
import { hopSays, launchBrowser, noteComplaints } from './lib/browser.ts'
import { startStack, type Stack } from './lib/stack.ts'

// Two people look at the same private channel, and what one of them may see changes.

const DESKTOP = { viewport: { width: 1440, height: 900 } }

let browser: Browser
let stack: Stack
let pages: Page[]
let complaints: string[]

beforeAll(async () => {
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser.close()
})

// A world of its own for each: they take roles and people out of it.
beforeEach(async () => {
  stack = await startStack()
  pages = []
  complaints = []
})

afterEach(async () => {
  for (const page of pages) await page.context().close()
  await stack[Symbol.asyncDispose]()
  expect(complaints).toEqual([])
})

function workshop() {
  const guild = stack.simulator.world.guilds().find(({ name }) => name === 'Tidewater Makers')
  if (!guild) throw new Error('the world has no workshop')
  const id = (name: string) => guild.channels.find((channel) => channel.name === name)?.id ?? ''
  const [keyholders, general] = [id('keyholders'), id('general')]
  return { ...guild, keyholders, general, path: `/guilds/${guild.id}/channels/${keyholders}` }
}

/** Who looks, at a page that is live. */
async function look(who: keyof typeof PEOPLE, path: string, window: BrowserContextOptions = DESKTOP) {
  const page = await stack.openFor(browser, window, who)
  pages.push(page)
  noteComplaints(page.context(), complaints)
  await page.goto(stack.webUrl + path)
  await hopSays(page, 'This browser', 'connected')
  await page.getByRole('log').getByRole('article').first().waitFor()
  // Gone with the page, were it loaded anew.
  await page.evaluate('window.isTheSame = true')
  return page
}

const isTheSame = (page: Page) => page.evaluate('window.isTheSame === true')
const inList = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Channels' }).getByRole('link', { name: new RegExp(`^${name}`) })
const says = (page: Page, text: string) => page.getByRole('log').getByText(text)

function takeRole(who: 'umberfox' | 'brackish', name: string) {
  const { id: guild_id, members, roles } = workshop()
  const member = members.find(({ user }) => user.id === PEOPLE[who].id)
  const role = roles.find((one) => one.name === name)?.id
  if (!member || role === undefined) throw new Error(`${who} or ${name} is not there`)
  const kept = member.roles.filter((id) => id !== role)
  stack.simulator.people.does(PEOPLE.tessellate.id, 'GUILD_MEMBER_UPDATE', { ...member, guild_id, roles: kept })
}

function takeOut(who: keyof typeof PEOPLE) {
  const { id: guild_id, members } = workshop()
  const user = members.find((member) => member.user.id === PEOPLE[who].id)?.user
  stack.simulator.people.does(PEOPLE.tessellate.id, 'GUILD_MEMBER_REMOVE', { guild_id, user })
}

const speak = (content: string, channelId = workshop().keyholders) =>
  stack.simulator.people.speak({ channel_id: channelId, user_id: PEOPLE.tessellate.id, content })

const events = (page: Page) => page.getByRole('region', { name: 'Events, newest first' })

test('who loses the role sees the private channel vanish with all that was in it; who keeps it reads on', async () => {
  const { path, general } = workshop()
  const hers = await look('umberfox', path)
  const his = await look('brackish', path)
  speak('The spare key is under the anvil')
  for (const page of [hers, his]) await says(page, 'The spare key is under the anvil').waitFor()
  // As it came, held by who reads it.
  await events(hers)
    .getByRole('button', { name: /MESSAGE_CREATE/ })
    .press('Enter')
  await events(hers).getByText('under the anvil').waitFor()

  takeRole('umberfox', 'Keyholder')
  await hers.getByRole('heading', { name: 'You can no longer view this channel' }).waitFor()
  await hers.getByRole('status').filter({ hasText: 'What you may see has changed' }).waitFor()
  await inList(hers, 'keyholders').waitFor({ state: 'detached' })
  expect(await hers.content()).not.toMatch(/keyholders|under the anvil/)
  // What she read went, and with it the focus: the list goes on, with the word of it and the guild anew.
  for (const name of ['sync: permissions changed', 'GUILD_CREATE']) await events(hers).getByText(name).first().waitFor()

  speak('And the other one is with Fenwick')
  await says(his, 'And the other one is with Fenwick').waitFor()
  await inList(his, 'keyholders').waitFor()
  speak('Tea is ready', general)
  await hers.getByRole('link', { name: 'Back to general' }).click()
  await says(hers, 'Tea is ready').waitFor()
  await says(hers, 'Whose bicycle').waitFor()
  expect(await hers.content()).not.toMatch(/under the anvil|with Fenwick/)
  expect([await isTheSame(hers), await isTheSame(his)]).toEqual([true, true])
})

test('who reads elsewhere is told that something has changed, stays there, and has the channel back with the role', async () => {
  const { general, id: guild_id, members } = workshop()
  const hers = await look('umberfox', `/guilds/${guild_id}/channels/${general}`)
  const before = structuredClone(members.find(({ user }) => user.id === PEOPLE.umberfox.id))
  takeRole('umberfox', 'Keyholder')
  await inList(hers, 'keyholders').waitFor({ state: 'detached' })
  await hers.getByRole('heading', { level: 1, name: 'general' }).waitFor()
  stack.simulator.people.does(PEOPLE.tessellate.id, 'GUILD_MEMBER_UPDATE', { ...before, guild_id })
  await inList(hers, 'keyholders').click()
  await says(hers, 'I lock up tonight').waitFor()
  expect(await isTheSame(hers)).toBe(true)
})

test('who is put out is shown nothing more of the server, at once, and it is as if it were not there', async () => {
  const { path, id } = workshop()
  const hers = await look('umberfox', path, { viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
  const his = await look('brackish', path)
  takeOut('umberfox')
  await hers.getByRole('heading', { name: 'You are no longer in Tidewater Makers' }).waitFor()
  await hers.getByRole('combobox', { name: 'Choose a server' }).waitFor()
  await expect.poll(() => hers.title()).toBe('Gateway Service')
  expect(await hers.content()).not.toMatch(/keyholders|I lock up tonight/)
  expect(await isTheSame(hers)).toBe(true)
  speak('She is gone')
  await says(his, 'She is gone').waitFor()

  const answers = await Promise.all([id, '1'].map((guildId) => hers.request.get(`${stack.webUrl}/guilds/${guildId}`)))
  expect(answers.map((answer) => answer.status())).toEqual([404, 404])
  await hers.goto(`${stack.webUrl}/guilds/${id}`)
  await hers.getByRole('heading', { name: 'You cannot view this server' }).waitFor()
})

test('somebody else’s server is not there', async () => {
  const ledger = stack.simulator.world.guilds().find(({ name }) => name === 'Night Ledger')
  const his = await look('brackish', workshop().path)
  const answer = await his.goto(`${stack.webUrl}/guilds/${ledger?.id}`)
  expect(answer?.status()).toBe(404)
  await his.getByRole('heading', { name: 'You cannot view this server' }).waitFor()
  expect(await his.content()).not.toMatch(/Night Ledger|front-desk|marginalia/)
})

test('who is put out of their only server is promised no other, and has a way on', async () => {
  const { id, general } = workshop()
  const page = await look('oddment', `/guilds/${id}/channels/${general}`)
  takeOut('oddment')
  await page.getByRole('heading', { name: 'You are no longer in Tidewater Makers' }).waitFor()
  await page.getByText('You have no other server here.').waitFor()
  await page.getByRole('combobox', { name: 'No servers in common' }).waitFor()
  await page.getByRole('link', { name: 'Look for servers' }).click()
  await page.getByRole('heading', { name: 'No servers in common' }).waitFor()
})
