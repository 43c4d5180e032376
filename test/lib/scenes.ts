import type { GatewayGuildCreateDispatchData } from 'discord-api-types/v10'
import type { BrowserContext, Page } from 'playwright-core'
import { hopSays } from './browser.ts'
import { hideChannel, hideCrowd, POSTS, showCrowd, showMessages, showPosts, TEXTS } from './content.ts'
import type { Stack } from './stack.ts'

/** A page or a state of one, and how to come to it. Tests look at each, and `npm run pictures` shows them. */
export type Scene = {
  /** Who looks; umberfox where nobody is named. */
  who?: string
  show: (page: Page, stack: Stack) => Promise<void>
  /** Puts back what showing it broke. */
  mend?: (stack: Stack) => Promise<void>
}

let removed: GatewayGuildCreateDispatchData['members'][number] | undefined

const WORKSHOP = 'Tidewater Makers'
const OWNER = 'tessellate'

export const scenes: Readonly<Record<string, Scene>> = {
  'a channel, live': { show: (page, stack) => open(page, stack, 'build-log') },
  'the channels': {
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      await chooseView(page, 'Channels')
      await page.getByRole('navigation', { name: 'Channels' }).waitFor()
    },
  },
  'a choice of servers': {
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      await page.getByRole('combobox', { name: /^Server: / }).click()
      await page.getByRole('option').first().waitFor()
    },
  },
  'an event opened': {
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      say(stack, 'build-log', 'The second shelf is free now.')
      await says(page, 'The second shelf is free now.').waitFor()
      await chooseView(page, 'Events')
      const rows = eventsOf(page).getByRole('button', { name: /MESSAGE_CREATE/ })
      await rows.first().press('Enter')
      await eventsOf(page).getByRole('button', { expanded: true }).first().waitFor()
    },
  },
  'an inspector that holds still': {
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      await chooseView(page, 'Events')
      await page.getByRole('button', { name: 'Pause' }).click()
      say(stack, 'general', 'Kettle is on.')
      say(stack, 'general', 'Biscuits too.')
      await page.getByText('2 waiting').waitFor()
    },
  },
  'a filter that nothing matches': {
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      await chooseView(page, 'Events')
      await page.getByRole('textbox', { name: 'Filter events' }).fill('event:GUILD_BAN_*')
      await page.getByText('Nothing matches.').waitFor()
    },
  },
  'a message that was refused': {
    show: async (page, stack) => {
      await open(page, stack, 'announcements')
      const composer = page.getByRole('textbox', { name: 'Message announcements' })
      await composer.fill('The bot may not write here')
      await page.keyboard.press('Enter')
      await page.getByText(/Not sent/).waitFor()
    },
  },
  'a message whose outcome is unknown': {
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      stack.gateway.kill('SIGSTOP')
      await page.getByRole('textbox', { name: 'Message build-log' }).fill('Leaving the vent open for the night shift.')
      await page.keyboard.press('Enter')
      await page.getByText('May or may not have been sent').waitFor({ timeout: 20_000 })
    },
    mend: async (stack) => {
      stack.gateway.kill('SIGCONT')
      await ready(stack)
    },
  },
  'a message that was deleted': {
    show: async (page, stack) => {
      await open(page, stack, 'buy-together')
      const said = say(stack, 'buy-together', 'Never mind, found it.')
      await says(page, 'Never mind, found it.').waitFor()
      stack.simulator.dispatch('MESSAGE_DELETE', {
        id: said,
        channel_id: channelOf(stack, 'buy-together'),
        guild_id: workshopOf(stack).id,
      })
      await says(page, 'Never mind, found it.').waitFor({ state: 'detached' })
    },
  },
  'somebody who reads further up': {
    show: async (page, stack) => {
      await open(page, stack, 'kiln-watch')
      for (let index = 1; index <= 30; index += 1) say(stack, 'kiln-watch', `Shelf ${index} is dry.`)
      await says(page, 'Shelf 30 is dry.').waitFor()
      await page.getByRole('log').hover()
      await page.mouse.wheel(0, -400)
      await says(page, 'Shelf 20 is dry.').waitFor()
      for (const text of ['One more.', 'And another.', 'The last.']) say(stack, 'kiln-watch', text)
      await page.getByRole('button', { name: /new message/ }).waitFor()
    },
  },
  'all that messages can be': {
    mend: async (stack) => hideChannel(stack, TEXTS),
    show: async (page, stack) => {
      showMessages(stack)
      await open(page, stack, TEXTS)
      await says(page, 'Who is in on Friday?').waitFor()
    },
  },
  'a channel of posts': {
    mend: async (stack) => hideChannel(stack, POSTS),
    show: async (page, stack) => {
      showPosts(stack)
      await open(page, stack, POSTS)
    },
  },
  'two hundred on a stage': {
    mend: async (stack) => hideCrowd(stack),
    show: async (page, stack) => {
      showCrowd(stack)
      await open(page, stack, 'build-log')
      await chooseView(page, 'Channels')
      await page.getByRole('button', { name: /show all/ }).waitFor()
    },
  },
  'a gap at Discord': {
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      stack.simulator.faults.inject({ kind: 'outage', for_ms: 1_500, sessions: 'die' })
      await hopSays(page, 'Discord', 'reconnecting')
      say(stack, 'build-log', 'Is the extractor meant to be off during the hold?')
      await page
        .getByRole('log')
        .getByRole('note')
        .filter({ hasText: 'Discord could not replay' })
        .last()
        .waitFor({ timeout: 30_000 })
      await hopSays(page, 'Discord', 'connected', 30_000)
    },
  },
  'the gateway away': {
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      stack.gateway.kill('SIGKILL')
      await page.getByText('The gateway is away.').waitFor()
    },
    mend: async (stack) => {
      await stack.restartGateway()
      await ready(stack)
    },
  },
  'Discord away': {
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      stack.simulator.faults.inject({ kind: 'outage', for_ms: 20_000, sessions: 'live' })
      await hopSays(page, 'Discord', 'reconnecting')
    },
    mend: async (stack) => {
      stack.simulator.faults.lift()
      await ready(stack)
    },
  },
  'this browser offline': {
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      stack.web.kill('SIGSTOP')
      await hopSays(page, 'This browser', 'reconnecting')
    },
    mend: async (stack) => {
      stack.web.kill('SIGCONT')
    },
  },
  'signed out elsewhere': {
    who: 'saltmarsh',
    mend: async (stack) => stack.forgetSignIn('saltmarsh'),
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      const other = await page.context().newPage()
      await other.goto(`${stack.webUrl}/`)
      await signOut(other)
      await other.close()
      await page.getByRole('heading', { name: 'You were signed out' }).waitFor()
    },
  },
  'removed from the server': {
    who: 'oddment',
    mend: async (stack) => {
      const { id: guild_id } = workshopOf(stack)
      stack.simulator.dispatch('GUILD_MEMBER_ADD', { ...removed, guild_id })
    },
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      const { id: guild_id, members } = workshopOf(stack)
      removed = structuredClone(members.find((member) => member.user.username === 'oddment'))
      const owner = members.find((member) => member.user.username === OWNER)?.user.id ?? ''
      stack.simulator.people.does(owner, 'GUILD_MEMBER_REMOVE', { guild_id, user: removed?.user })
      await page.getByRole('heading', { name: /^You are no longer in/ }).waitFor()
    },
  },
  'no servers in common': {
    who: 'driftwood_41',
    show: async (page, stack) => {
      await page.goto(`${stack.webUrl}/`)
      await page.getByRole('heading', { name: 'No servers in common' }).waitFor()
    },
  },
  'a channel that is not there': {
    show: async (page, stack) => {
      await page.goto(`${stack.webUrl}/guilds/${workshopOf(stack).id}/channels/1`)
      await page.getByRole('heading', { name: 'You cannot view this channel' }).waitFor()
    },
  },
  'a server that is not there': {
    show: async (page, stack) => {
      await page.goto(`${stack.webUrl}/guilds/1`)
      await page.getByRole('heading', { name: 'You cannot view this server' }).waitFor()
    },
  },
  'a page that is not there': {
    show: async (page, stack) => {
      await page.goto(`${stack.webUrl}/nowhere`)
      await page.getByRole('heading', { name: 'There is no such page' }).waitFor()
    },
  },
  'a sign-in': {
    show: async (page, stack) => {
      await forget(page.context())
      await page.goto(`${stack.webUrl}/sign-in`)
      await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    },
  },
  'a sign-in that was interrupted': {
    show: async (page, stack) => {
      await forget(page.context())
      await page.goto(`${stack.webUrl}/sign-in?problem=interrupted`)
      await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    },
  },
}

/** The channel, with its messages, and the stream behind it. */
export async function open(page: Page, stack: Stack, channel: string): Promise<void> {
  await page.goto(`${stack.webUrl}/guilds/${workshopOf(stack).id}/channels/${channelOf(stack, channel)}`)
  await hopSays(page, 'This browser', 'connected')
  // Its messages, or its posts.
  await page.locator('main').getByRole('article').or(page.locator('main section a')).first().waitFor()
}

/** Of a narrow page, which shows one at a time; a wide one shows them all. */
async function chooseView(page: Page, name: string): Promise<void> {
  const views = page.getByRole('navigation', { name: 'Views' })
  if (await views.isVisible()) await views.getByRole('button', { name }).click()
}

async function signOut(page: Page): Promise<void> {
  await chooseView(page, 'You')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
}

const forget = (context: BrowserContext) => context.clearCookies()

/** Until a page that is opened finds everything as it was before. */
async function ready(stack: Stack): Promise<void> {
  await stack.gateway.ready(`${stack.gatewayUrl}/readyz`)
  await stack.web.ready(`${stack.webUrl}/readyz`)
}

const eventsOf = (page: Page) => page.getByRole('region', { name: 'Events, newest first' })
const says = (page: Page, text: string) => page.getByRole('log').getByText(text, { exact: true }).last()

function workshopOf({ simulator }: Stack) {
  const guild = simulator.world.guilds().find(({ name }) => name === WORKSHOP)
  if (!guild) throw new Error(`the world has no ${WORKSHOP}`)
  return guild
}

function channelOf(stack: Stack, name: string): string {
  const channel = workshopOf(stack).channels.find((one) => one.name === name)
  if (!channel) throw new Error(`${WORKSHOP} has no channel ${name}`)
  return channel.id
}

/** @returns the message's id. */
function say(stack: Stack, channel: string, content: string): string {
  const user = workshopOf(stack).members.find((member) => member.user.username === OWNER)?.user
  if (!user) throw new Error(`${WORKSHOP} has no ${OWNER}`)
  return stack.simulator.people.speak({ channel_id: channelOf(stack, channel), user_id: user.id, content }).id
}
