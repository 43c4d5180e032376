import { PEOPLE } from '@repo/discord-simulator'
import { ChannelType } from 'discord-api-types/v10'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { withPages, type OpenPage } from './lib/browser-and-stack.ts'
import { until } from './lib/child.ts'
import { open, openOps, say } from './lib/scene-steps.ts'
import { scenes } from './lib/scenes.ts'
import type { Stack } from './lib/stack.ts'

// Nothing here touches a mouse: each thing is reached and done by keys, and wherever these lead the focus is to be seen.

type Who = keyof typeof PEOPLE

let stack: Stack
let openPage: OpenPage
let page: Page

withPages((begun) => {
  ;({ stack, openPage } = begun)
})

async function look(who: Who, channel = 'build-log'): Promise<void> {
  page = await openPage({}, who)
  await open(page, stack, channel)
}

const workshop = () => stack.simulator.world.guilds().find(({ name }) => name === 'Tidewater Makers')
const voiceOf = (who: Who) => workshop()?.voice_states.find(({ user_id }) => user_id === PEOPLE[who].id)
const article = (text: string) => page.getByRole('log').locator('article[data-message]').filter({ hasText: text })
const press = (...keys: string[]) =>
  keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve())

/**
 * What has the focus, as a reader would name it, or '' where nothing has; and whether that is seen: by an outline of its own,
 * or of the box that it stands in.
 */
const focus = () =>
  page.evaluate(async () => {
    // Lists move it with the next frame.
    await new Promise(requestAnimationFrame)
    const element = document.activeElement
    if (!(element instanceof HTMLElement) || element === document.body) return { name: '', isSeen: false }
    const labels = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement ? element.labels : null
    const read = element.cloneNode(true) as HTMLElement
    for (const silent of read.querySelectorAll('[aria-hidden=true]')) silent.remove()
    const name = element.getAttribute('aria-label') ?? labels?.[0]?.innerText ?? read.innerText
    const boxes = [element, element.parentElement, element.parentElement?.parentElement]
    const isSeen = boxes.some((box) => {
      const { outlineStyle, outlineWidth } = box ? getComputedStyle(box) : { outlineStyle: 'none', outlineWidth: '' }
      return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0
    })
    return { name: name.trim().split('\n')[0] ?? '', isSeen }
  })

/** Waits until that has the focus, wherever it was in between. */
async function isOn(name: string | RegExp): Promise<void> {
  const is = typeof name === 'string' ? name : expect.stringMatching(name)
  await expect.poll(focus).toEqual({ name: is, isSeen: true })
}

/** Goes on by one key until that has the focus; wherever else it leads, the focus is seen. */
async function goTo(name: string | RegExp, key = 'Tab'): Promise<void> {
  const passed: string[] = []
  do {
    await page.keyboard.press(key)
    const at = await focus()
    expect(at).toMatchObject({ isSeen: true })
    passed.push(at.name)
    if (passed.length > STOPS_MAX) throw new Error(`${key} leads to ${passed.join(', ')}, and not to ${name}`)
  } while (typeof name === 'string' ? passed.at(-1) !== name : !name.test(passed.at(-1) ?? ''))
}

/** More than any part of the page has. */
const STOPS_MAX = 150

/** Of a row of events. */
const TIME = /^\d\d:\d\d:\d\d\.\d{3}/

test('Tab alone goes through the whole page, in the order of what stands there', async () => {
  await look('umberfox')
  await page
    .getByRole('region', { name: /^Events/ })
    .getByRole('button')
    .first()
    .waitFor()
  const reached: string[] = []
  await page.keyboard.press('Tab')
  for (let at = await focus(); at.name !== '' && reached.length < STOPS_MAX; at = await focus()) {
    expect(at).toMatchObject({ isSeen: true })
    reached.push(at.name)
    await page.keyboard.press('Tab')
  }
  const stops = [
    /^Skip to messages$/,
    /^Server: Tidewater Makers/,
    /^Switch between light and dark$/,
    /^general\b/,
    /^build-log\b/,
    /^Loft\b/,
    /^Events$/,
    /^Messages in build-log$/,
    /^Message build-log$/,
    /^Send$/,
    /^Pause$/,
    /^Close the inspector$/,
    /^Filter events$/,
    TIME,
  ]
  expect(reached).toEqual(expect.arrayContaining(stops.map((stop) => expect.stringMatching(stop))))
  const places = stops.map((stop) => reached.findIndex((name) => stop.test(name)))
  expect(places).toEqual(places.toSorted((a, b) => a - b))
  const voice = workshop()?.channels.filter(({ type }) => type === ChannelType.GuildVoice) ?? []
  for (const { name } of voice) expect(reached).toContainEqual(expect.stringMatching(new RegExp(`^${name}`)))
})

test('keys lead to the filter and back, and arrows through the channels', async () => {
  await look('umberfox')
  await press('Tab')
  await isOn('Skip to messages')
  await press('/')
  await isOn('Filter events')
  await page.keyboard.type('x')
  await press('Escape')
  await isOn('Filter events')
  await press('Escape')
  await isOn('Skip to messages')
  await goTo(/^general/)
  await press('ArrowDown')
  await isOn(/^build-log/)
  await press('ArrowUp')
  await isOn(/^general/)
})

test('a server and a channel are chosen, and the focus stays where one chose', async () => {
  await look('umberfox')
  await goTo(/^Server: Tidewater Makers/)
  await press('Enter')
  await page.getByRole('option', { name: /^Night Ledger/ }).waitFor()
  await goTo(/Night Ledger/, 'ArrowDown')
  await press('Enter')
  await isOn(/^Server: Night Ledger/)
  await press('Enter', 'Escape')
  await isOn(/^Server: Night Ledger/)
  await press('Enter')
  await goTo(/Tidewater Makers/, 'ArrowUp')
  await press('Enter')
  await isOn(/^Server: Tidewater Makers/)
  await goTo(/^general/)
  await press('Enter')
  await page.getByRole('heading', { level: 1, name: 'general' }).waitFor()
  await isOn(/^general/)
})

test('a message is written, answered, changed, reacted to and deleted', async () => {
  await look('umberfox', 'kiln-watch')
  await press('Tab', 'Enter')
  await isOn('Messages in kiln-watch')
  await goTo('Message kiln-watch')
  await page.keyboard.type('The lid is down')
  await press('Enter')
  await article('The lid is down').waitFor()
  await isOn('Message kiln-watch')

  const openMenu = async () => {
    await goTo('Message actions', 'Shift+Tab')
    await press('Enter')
    await page.getByRole('menu', { name: 'Message actions' }).waitFor()
  }
  await openMenu()
  await goTo('Reply', 'ArrowDown')
  await press('Enter')
  await isOn('Message kiln-watch')
  await page.keyboard.type('And the vent?')
  await press('Enter')
  await article('And the vent?').waitFor()
  await isOn('Message kiln-watch')

  await openMenu()
  await until(
    'it to be known as one’s own',
    async () => (await page.getByRole('menuitem', { name: 'Edit', exact: true }).count()) === 1,
  )
  await goTo('Edit', 'ArrowDown')
  await press('Enter')
  await isOn('Message text')
  await page.keyboard.type(' Shut')
  await press('Enter')
  await article('And the vent? Shut').waitFor()
  await isOn('Message kiln-watch')

  await openMenu()
  await goTo('React as the bot', 'ArrowDown')
  await press('ArrowRight')
  await page.getByRole('menuitemcheckbox').first().waitFor()
  await goTo('party', 'ArrowDown')
  await press('Enter')
  await article('And the vent? Shut').getByText('🎉').waitFor()
  await isOn('Message actions')

  await press('Enter')
  await goTo('Delete', 'ArrowUp')
  await press('Enter')
  await page.getByRole('alertdialog', { name: 'Delete this message?' }).waitFor()
  await isOn('Cancel')
  await press('Escape')
  await isOn('Message actions')
  await press('Enter')
  await goTo('Delete', 'ArrowUp')
  await press('Enter')
  await isOn('Cancel')
  await goTo('Delete')
  await press('Enter')
  await article('And the vent? Shut').waitFor({ state: 'detached' })
  await isOn('Message kiln-watch')
})

/** Opens the menu of whoever has the focus, once it says what may be done. */
async function openMember(): Promise<void> {
  await press('Enter')
  await page.getByRole('menuitem', { name: /^Disconnect from voice$/ }).waitFor()
  await isOn(/^(Member|Move to)$/)
}

/** Of a menu that is open, and of those within. */
async function choose(...names: string[]): Promise<void> {
  for (const [depth, name] of names.entries()) {
    if (depth > 0) {
      await press('ArrowRight')
      await expect.poll(async () => (await focus()).name).not.toBe(names[depth - 1])
    }
    if ((await focus()).name !== name) await goTo(name, 'ArrowDown')
  }
  await press('Enter')
}

test('a moderator moves, mutes and times out, and the focus goes along', async () => {
  await look('brackish')
  const loft = workshop()?.channels.find(({ name }) => name === 'Loft')?.id
  const member = () => workshop()?.members.find(({ user }) => user.id === PEOPLE.saltmarsh.id)
  await goTo(/^saltmarsh/)
  await openMember()
  await choose('Move to', 'Loft')
  await page
    .getByRole('navigation', { name: 'Channels' })
    .getByRole('link', { name: /^Loft \(5 in it\)/ })
    .waitFor()
  expect(voiceOf('saltmarsh')?.channel_id).toBe(loft)
  await isOn(/^saltmarsh/)
  await openMember()
  await choose('Mute for everybody')
  await isOn(/^saltmarsh.*muted by a moderator/)
  await openMember()
  await choose('Time out', '10 minutes')
  await until('the timeout at Discord', () => member()?.communication_disabled_until != null)
  await isOn(/^saltmarsh/)
  await openMember()
  await choose('Disconnect from voice')
  await until('it at Discord', () => voiceOf('saltmarsh') === undefined)
  await isOn(/^(oddment|lanternfish|tessellate|Fenwick|Loft)/)
})

test('a notice is reached, and the focus is where it was when it has been dismissed', async () => {
  await look('brackish')
  await goTo(/^pikelet/)
  await openMember()
  // What is asked does not arrive, which nobody can tell from an answer that does not.
  await page.route('**/_serverFn/**', async (route) => {
    await (route.request().method() === 'POST' ? route.abort() : route.continue())
  })
  await choose('Mute for everybody')
  await page.getByRole('alert').waitFor()
  await isOn(/^pikelet/)
  await press('F6')
  await goTo('Dismiss')
  await press('Enter')
  await page.getByRole('alert').waitFor({ state: 'detached' })
  await isOn(/^pikelet/)
})

test('events are filtered, opened and held still, and the inspector closed and opened', async () => {
  await look('umberfox')
  say(stack, 'general', 'Kettle is on.')
  const rows = page.getByRole('region', { name: 'Events, newest first' }).getByRole('button')
  await rows.filter({ hasText: 'MESSAGE_CREATE' }).first().waitFor()
  await goTo(/^general/)
  await press('/')
  await isOn('Filter events')
  await page.keyboard.type('event:MESSAGE_CREATE')
  await goTo(TIME)
  await press('Enter')
  await goTo('Payload')
  await goTo(/^author, \d+ entries$/)
  const author = page.getByRole('button', { name: /^author, \d+ entries$/ })
  const wasOpen = await author.getAttribute('aria-expanded')
  await press('Enter')
  await expect.poll(() => author.getAttribute('aria-expanded')).not.toBe(wasOpen)
  await isOn(/^author, \d+ entries$/)
  await press('Escape')
  await author.waitFor({ state: 'detached' })
  await isOn(TIME)

  await press('p')
  await page.getByRole('button', { name: 'Resume' }).waitFor()
  await press('p')
  await page.getByRole('button', { name: 'Pause' }).waitFor()
  await isOn(TIME)
  await press('e')
  await isOn('Open the event inspector')
  await press('Enter')
  await isOn('Close the inspector')
  await press('Enter')
  await isOn('Open the event inspector')
  await press('/')
  await isOn('Filter events')
  await press('Escape', 'Escape')
  await isOn('Close the inspector')
})

test('where the inspector is a drawer, closing it gives the focus back to the page', async () => {
  await look('umberfox')
  await page.setViewportSize({ width: 1100, height: 800 })
  await goTo('Events')
  await press('Enter', '/')
  await isOn('Filter events')
  await goTo('Close the inspector', 'Shift+Tab')
  await press('Enter')
  await isOn('Events')
})

test('in operations: ranges and tables', async () => {
  await look('umberfox')
  await openOps(page, stack)
  await goTo('6 h')
  await press('Enter')
  await expect.poll(() => page.getByRole('button', { name: '6 h' }).getAttribute('aria-pressed')).toBe('true')
  await isOn('6 h')
  for (const name of ['Shards', 'Gaps']) {
    const table = page.getByRole('region', { name, exact: true })
    for (let stops = 0; !(await table.evaluate((one) => one === document.activeElement)); stops += 1) {
      expect(stops).toBeLessThan(STOPS_MAX)
      await press('Tab')
      expect(await focus()).toMatchObject({ isSeen: true })
    }
  }
})

test('in signing in: every way there is', async () => {
  await look('umberfox')
  await scenes['a sign-in']?.show(page, stack)
  await goTo('Continue with Discord')
  await goTo(/umberfox/)
  await press('Enter')
  await page.waitForURL(/\/guilds\//)
})
