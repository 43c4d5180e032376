import { PermissionFlagsBits } from 'discord-api-types/v10'
import type { BrowserContext, Page } from 'playwright-core'
import { hopSays } from './browser.ts'
import { until } from './child.ts'
import type { Stack } from './stack.ts'

/* What is done on the page, and at Discord, to come to a scene. */

export const WORKSHOP = 'Tidewater Makers'
export const LEDGER = 'Night Ledger'
export const OWNER = 'tessellate'

/** The channel's page, and the stream behind it. */
export async function goTo(page: Page, stack: Stack, channel: string): Promise<void> {
  await page.goto(`${stack.webUrl}/guilds/${workshopOf(stack).id}/channels/${channelOf(stack, channel)}`)
  await hopSays(page, 'This browser', 'connected')
}

/** The same, with its messages. */
export async function open(page: Page, stack: Stack, channel: string): Promise<void> {
  await goTo(page, stack, channel)
  // Its messages, or its posts.
  await page.locator('main').getByRole('article').or(page.locator('main section a')).first().waitFor()
}

/** How the whole runs, with what draws it. */
export async function openOps(page: Page, stack: Stack): Promise<void> {
  await page.goto(`${stack.webUrl}/ops`)
  await page.getByRole('heading', { name: 'Operations' }).waitFor()
  await page.locator('figure canvas').nth(3).waitFor()
}

/** A session that is lost again and again is begun later each time; another gateway knows of no loss. */
export async function forgetLosses(stack: Stack): Promise<void> {
  await stack.restartGateway()
  await ready(stack)
}

/** A hole in the record, in which somebody wrote. */
export async function makeGap(page: Page, stack: Stack): Promise<void> {
  stack.simulator.faults.inject({ kind: 'outage', for_ms: 1_500, sessions: 'die' })
  await hopSays(page, 'Discord', 'reconnecting')
  say(stack, 'build-log', 'Is the extractor meant to be off during the hold?')
  const notes = page.getByRole('log').getByRole('note')
  await notes.filter({ hasText: 'Discord could not replay' }).last().waitFor({ timeout: 30_000 })
  await hopSays(page, 'Discord', 'connected', 30_000)
}

/** Of a narrow page, which shows one at a time; a wide one shows them all. */
export async function chooseView(page: Page, name: string): Promise<void> {
  const views = page.getByRole('navigation', { name: 'Views' })
  if (await views.isVisible()) await views.getByRole('button', { name }).click()
}

/** Of the newest message, as the keyboard does. */
export async function openMessageMenu(page: Page): Promise<void> {
  const stop = page.getByRole('log').getByRole('button', { name: 'Message actions' }).last()
  await stop.focus()
  await stop.press('Enter')
  await page.getByRole('menu', { name: 'Message actions' }).waitFor()
}

export async function openMemberMenu(page: Page, name: string): Promise<void> {
  await chooseView(page, 'Channels')
  await page
    .getByRole('navigation', { name: 'Channels' })
    .getByRole('button', { name: new RegExp(`^${name}`) })
    .click()
  await page.getByRole('menuitem', { name: /^Disconnect from voice/ }).waitFor()
}

/** What else happens in a server, of which nothing stays. */
export function stir({ simulator }: Stack): void {
  const { id: guild_id, channels, members } = workshopOf({ simulator })
  const timestamp = Math.floor(Date.now() / 1_000)
  for (const name of ['general', 'kiln-watch', 'build-log']) {
    const member = members.find(({ user }) => user.username === OWNER)
    const channel_id = channels.find((channel) => channel.name === name)?.id
    simulator.dispatch('TYPING_START', { channel_id, guild_id, user_id: member?.user.id, member, timestamp })
  }
}

/** An event of a message is opened, of which it is known when it was where. */
export async function openTimedEvent(page: Page, stack: Stack): Promise<void> {
  await clocksCompared(page, stack)
  const rows = eventsOf(page).getByRole('button', { name: /MESSAGE_CREATE/ })
  const before = await rows.count()
  say(stack, 'build-log', 'The second shelf is free now.')
  await rows.nth(before).waitFor()
  await rows.first().press('Enter')
  await page.getByRole('region', { name: /^Way of event/ }).waitFor()
}

/** By a message Discord's clock is known, and by one after it how long it took from there. */
async function clocksCompared(page: Page, stack: Stack): Promise<void> {
  await until('the time that a message takes to the gateway', async () => {
    say(stack, 'general', 'Somebody left a mug on the wheel.')
    return hopSays(page, 'Gateway', '+', 2_000).then(
      () => true,
      () => false,
    )
  })
}

/** A message that the bot writes for whoever looks, and that the page knows to be theirs. */
export async function writeOwn(page: Page, channel: string, content: string): Promise<void> {
  const composer = page.getByRole('textbox', { name: `Message ${channel}` })
  await composer.fill(content)
  await composer.press('Enter')
  await page.getByRole('log').locator('article[data-message]').filter({ hasText: content }).last().waitFor()
  await changeOwn(page, channel, content)
  await page.keyboard.press('Escape')
}

export type ChosenFile = { name: string; mimeType: string; buffer: Buffer }

/** A file as a page is given it. */
export const fileOf = (name: string, content: string | Buffer = name, mimeType = 'text/plain'): ChosenFile => ({
  name,
  mimeType,
  buffer: Buffer.from(content),
})

/** Chooses files, as a browser's own window does, which no test sees. */
export async function chooseFiles(page: Page, files: readonly ChosenFile[]): Promise<void> {
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Attach a file' }).click(),
  ])
  await chooser.setFiles([...files])
}

/** The file that goes with what is written, by its name. */
export const attached = (page: Page, name: string) =>
  page.getByRole('list', { name: 'Files to send' }).getByRole('listitem').filter({ hasText: name })

/** Begins to change the last message that was written for whoever looks, which is that one. */
export async function changeOwn(page: Page, channel: string, content: string): Promise<void> {
  const composer = page.getByRole('textbox', { name: `Message ${channel}` })
  const editor = page.getByRole('textbox', { name: 'Message text' })
  // Until then it is the last before it that is changed, where there is one.
  await until('it to be known as their own', async () => {
    await composer.press('ArrowUp')
    if ((await editor.count()) === 0) return false
    if ((await editor.inputValue()) === content) return true
    await editor.press('Escape')
    await editor.waitFor({ state: 'detached' })
    return false
  })
}

export function timeOut(stack: Stack, username: string, forMs: number | null): void {
  const { id: guild_id, members } = workshopOf(stack)
  const member = members.find(({ user }) => user.username === username)
  const communication_disabled_until = forMs === null ? null : new Date(Date.now() + forMs).toISOString()
  stack.simulator.dispatch('GUILD_MEMBER_UPDATE', { ...member, guild_id, communication_disabled_until })
}

/** Once, for longer than the gateway waits by itself. */
export function refuseAsTooFast({ simulator }: Stack, method: 'POST' | 'PUT', route: string): void {
  simulator.faults.inject({ kind: 'rest', method, route, answer: 429, retry_after: 40, times: 1 })
}

export function setSlowMode(stack: Stack, channel: string, rate_limit_per_user: number): void {
  const { id: guild_id, channels } = workshopOf(stack)
  const one = channels.find(({ name }) => name === channel)
  stack.simulator.dispatch('CHANNEL_UPDATE', { ...one, guild_id, rate_limit_per_user })
}

/** The bot's role with other permissions. */
export function botRole(stack: Stack, change: (bits: bigint) => bigint) {
  const { id: guild_id, roles } = workshopOf(stack)
  const role = roles.find(({ name }) => name === 'gantry')
  const permissions = String(change(BigInt(role?.permissions ?? '0')))
  return { guild_id, role: { ...role, permissions } }
}

/** At Discord, before it tells: nobody knows it beforehand. */
export function changeBotRole(stack: Stack, change: (bits: bigint) => bigint): void {
  stack.simulator.world.apply({ event: 'GUILD_ROLE_UPDATE', payload: botRole(stack, change) })
}

/** The same of a channel that it may write in. */
export function silenceBot({ simulator }: Pick<Stack, 'simulator'>, channel: string, isSilent: boolean): void {
  const { id: guild_id, channels } = workshopOf({ simulator })
  const one = channels.find(({ name }) => name === channel)
  const { id } = simulator.world.bot
  const others = one?.permission_overwrites?.filter((overwrite) => overwrite.id !== id) ?? []
  const own = { id, type: 1, allow: '0', deny: String(PermissionFlagsBits.SendMessages) }
  const permission_overwrites = isSilent ? [...others, own] : others
  simulator.world.apply({ event: 'CHANNEL_UPDATE', payload: { ...one, guild_id, permission_overwrites } })
}

export function nameChannel(stack: Stack, channel: string, name: string): void {
  const { id: guild_id, channels } = workshopOf(stack)
  const found = channels.find((one) => one.name?.startsWith(channel))
  stack.simulator.dispatch('CHANNEL_UPDATE', { ...found, guild_id, name })
}

/** In another tab. */
export async function signOutElsewhere(page: Page, stack: Stack): Promise<void> {
  const other = await page.context().newPage()
  await other.goto(`${stack.webUrl}/`)
  await signOut(other)
  await other.close()
}

export async function signOut(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: 'Sign out' })
  // A page that has just been opened may have neither yet.
  await button
    .or(page.getByRole('navigation', { name: 'Views' }))
    .filter({ visible: true })
    .first()
    .waitFor()
  await chooseView(page, 'You')
  await button.click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
}

export const forget = (context: BrowserContext) => context.clearCookies()

/** Until a page that is opened finds everything as it was before. */
export async function ready(stack: Stack): Promise<void> {
  await stack.gateway.ready(`${stack.gatewayUrl}/readyz`)
  await stack.web.ready(`${stack.webUrl}/readyz`)
}

export const eventsOf = (page: Page) => page.getByRole('region', { name: 'Events, newest first' })
export const says = (page: Page, text: string) => page.getByRole('log').getByText(text, { exact: true }).last()

export const workshopOf = (stack: Pick<Stack, 'simulator'>) => guildOf(stack, WORKSHOP)

export function guildOf({ simulator }: Pick<Stack, 'simulator'>, wanted: string) {
  const guild = simulator.world.guilds().find(({ name }) => name === wanted)
  if (!guild) throw new Error(`the world has no ${wanted}`)
  return guild
}

export function channelOf(stack: Stack, name: string): string {
  const channel = workshopOf(stack).channels.find((one) => one.name === name)
  if (!channel) throw new Error(`${WORKSHOP} has no channel ${name}`)
  return channel.id
}

/** @returns the message's id. */
export function say(stack: Stack, channel: string, content: string): string {
  const user = workshopOf(stack).members.find((member) => member.user.username === OWNER)?.user
  if (!user) throw new Error(`${WORKSHOP} has no ${OWNER}`)
  return stack.simulator.people.speak({ channel_id: channelOf(stack, channel), user_id: user.id, content }).id
}
