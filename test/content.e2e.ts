import type { Locator, Page } from 'playwright-core'
import { beforeEach, describe, expect, test } from 'vitest'
import { hopSays } from './lib/browser.ts'
import { until } from './lib/child.ts'
import {
  channelIdOf,
  POSTS,
  showCrowd,
  showMessages,
  showPosts,
  STAGE,
  SYSTEM_TYPES,
  tell,
  TEXTS,
} from './lib/content.ts'
import { withPages, type OpenPage } from './lib/browser-and-stack.ts'
import type { Stack } from './lib/stack.ts'

let stack: Stack
let openPage: OpenPage
let page: Page
let guildId: string

// Pictures of Discord's are not to be had here, and are not counted among what went wrong.
withPages((begun) => {
  ;({ stack, openPage } = begun)
  guildId = stack.simulator.world.guilds().find(({ name }) => name === 'Tidewater Makers')?.id ?? ''
  for (const show of [showMessages, showPosts, showCrowd]) show(stack)
})

beforeEach(async () => {
  page = await openPage({ timezoneId: 'UTC' })
})

const feed = () => page.getByRole('log')
const channels = () => page.getByRole('navigation', { name: 'Channels' })
const messageWith = (text: string) => feed().getByRole('article').filter({ hasText: text }).last()

async function open(channel: string): Promise<void> {
  await page.goto(`${stack.webUrl}/guilds/${guildId}/channels/${channelIdOf(stack, channel)}`)
  await hopSays(page, 'This browser', 'connected')
}

const openTexts = async () => {
  await open(TEXTS)
  await messageWith('Who is in on Friday?').waitFor()
}

/** Where something is on the screen. */
const topOf = async (locator: Locator): Promise<number> => (await locator.boundingBox())?.y ?? Number.NaN

describe('what a message says', () => {
  test('Discord’s markdown is shown as Discord shows it', async () => {
    await openTexts()
    const notes = messageWith('Glaze notes')
    expect(await notes.locator('strong em, em strong').allInnerTexts()).toEqual(['both'])
    for (const [tag, text] of [
      ['u', 'underlined'],
      ['s', 'struck'],
      ['blockquote', 'One line quoted\nand another.'],
      ['small', 'Small print, as ever.'],
      ['ul > li > ul > li', 'with one within'],
      ['pre code', 'const cone = 6'],
    ] as const) {
      expect(await notes.locator(tag).first().innerText()).toBe(text)
    }
    expect(await notes.locator('ol').getAttribute('start')).toBe('3')
    for (const mention of ['@umberfox', '@Moderator', '#general', '@everyone', '/fire kiln', 'Channels & Roles']) {
      await notes.getByText(mention, { exact: true }).waitFor()
    }
    expect(await notes.locator('time').allInnerTexts()).toEqual(
      expect.arrayContaining([
        '22:13',
        '22:13:20',
        '14/11/2023',
        '14 November 2023',
        '14 November 2023 22:13',
        'Tuesday 14 November 2023 22:13',
        '14/11/2023 22:13',
        '14/11/2023 22:13:20',
      ]),
    )
    const link = notes.getByRole('link', { name: 'A masked link' })
    expect(await link.getAttribute('href')).toBe('https://example.org/glaze')
    expect(await link.getAttribute('rel')).toContain('noopener')
  })

  test('a spoiler opens when one asks, by keyboard too, and nothing moves', async () => {
    await openTexts()
    const notes = messageWith('Glaze notes')
    const secret = notes.getByText('the secret ingredient')
    expect(await secret.isVisible()).toBe(false)
    const button = notes.getByRole('button', { name: 'Show spoiler' }).first()
    await button.scrollIntoViewIfNeeded()
    const before = await notes.boundingBox()
    await button.press('Enter')
    expect(await secret.isVisible()).toBe(true)
    expect(await notes.boundingBox()).toEqual(before)
  })

  test('a channel that is mentioned is a way to it', async () => {
    await openTexts()
    await messageWith('Glaze notes').getByRole('link', { name: '#general' }).click()
    await page.getByRole('heading', { level: 1, name: 'general' }).waitFor()
  })

  test('embeds, files, stickers, polls, forwards, components and answers are there with what they say', async () => {
    await openTexts()
    const log = feed()
    for (const [role, name] of [
      ['link', 'Kiln 2, cone 6 glaze'],
      ['link', 'Kiln watch'],
      ['link', /Video on Example Video/],
      ['img', 'A shelf of bowls'],
      ['link', /interlock-bracket\.step/],
      ['link', 'kiln.mp4'],
      ['link', 'Voice message'],
      ['img', 'Sticker: Wave'],
      ['region', 'Poll: Which glaze next?'],
      ['link', /The sheet/],
      ['img', 'The shelf'],
      ['link', /plan\.pdf/],
    ] as const) {
      await log.getByRole(role, { name }).first().waitFor()
    }
    expect(await log.getByText('1,222 °C', { exact: true }).count()).toBeGreaterThan(1)
    await log.getByText('Sticker: Bounce', { exact: true }).waitFor()
    await log.getByText('Forwarded', { exact: true }).waitFor()
    await log.getByText('The extractor is serviced.').waitFor()
    await log.getByText('umberfoxused /kiln').waitFor()
    await log.getByText('Thinking', { exact: true }).waitFor()
    await log.getByText('The message was deleted').waitFor()
    await messageWith('Deployed.').getByText('WEBHOOK').waitFor()
    await messageWith('The door code').getByText('pinned').waitFor()
    const press = log.getByRole('button', { name: 'Put me down. Answers in Discord, not here' })
    expect(await press.getAttribute('aria-disabled')).toBe('true')
  })

  test('pictures, films and emoji have their sizes before they are there', async () => {
    await page.route(/discordapp/, () => undefined)
    await openTexts()
    const shelf = feed().getByRole('img', { name: 'A shelf of bowls' })
    expect(await shelf.boundingBox()).toMatchObject({ width: 400, height: 225 })
    expect((await feed().locator('video').boundingBox())?.height).toBeGreaterThan(150)
    expect((await feed().locator('img[alt=":fire:"]').first().boundingBox())?.width).toBe(20)
  })

  test('the page’s policy lets films and sound of Discord’s be played', async () => {
    await openTexts()
    for (const kind of ['video', 'audio']) {
      // What the policy forbids is said on the console; that it is not to be had here is not.
      const asked = page.waitForRequest((request) => request.resourceType() === 'media', { timeout: 10_000 })
      await feed()
        .locator(kind)
        .first()
        .evaluate((element) => void (element as HTMLMediaElement).play().catch(() => undefined))
      await asked
    }
  })

  test('every type of Discord’s own messages has a line, and one that nobody knows has its number', async () => {
    await openTexts()
    const lines = feed().locator('[data-message]:not(article)')
    await feed().evaluate((element) => element.scrollTo(0, 0))
    await until('all of them', async () => (await lines.count()) >= SYSTEM_TYPES.length)
    expect(await lines.count()).toBe(SYSTEM_TYPES.length)
    expect(await lines.filter({ hasText: 'does not show' }).allInnerTexts()).toEqual([
      expect.stringContaining('type 99'),
    ])
    for (const text of [
      'added @pikelet',
      'follows Clay News, whose announcements appear here',
      'boosted the server 2 times',
      'boosted the server, which has reached level 3',
      'said something that AutoMod blocked (Words)',
      'asked Which glaze?, and the poll has ended: Celadon with 2 of 3 votes',
    ]) {
      await lines.filter({ hasText: text }).first().waitFor()
    }
  })

  test('at 320 pixels nothing of it is cut off', async () => {
    await page.setViewportSize({ width: 320, height: 640 })
    await openTexts()
    expect(await feed().evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0)
  })

  test('a vote is counted as it comes', async () => {
    await openTexts()
    const poll = feed().getByRole('region', { name: 'Poll: Which glaze next?' })
    const before = await poll.getByRole('listitem').first().innerText()
    const article = feed()
      .getByRole('article')
      .filter({ has: page.getByRole('region', { name: 'Poll: Which glaze next?' }) })
    const messageId = await article.getAttribute('data-message')
    stack.simulator.dispatch('MESSAGE_POLL_VOTE_ADD', {
      user_id: '402883176412774400',
      channel_id: channelIdOf(stack, TEXTS),
      message_id: messageId,
      guild_id: guildId,
      answer_id: 1,
    })
    await until('the vote', async () => (await poll.getByRole('listitem').first().innerText()) !== before)
  })

  test('who writes is said until it is written', async () => {
    await open('general')
    await feed().getByRole('article').first().waitFor()
    const pikelet = stack.simulator.world
      .guilds()
      .flatMap(({ members }) => members)
      .find(({ user }) => user.username === 'pikelet')
    stack.simulator.dispatch('TYPING_START', {
      channel_id: channelIdOf(stack, 'general'),
      guild_id: guildId,
      user_id: pikelet?.user.id,
      timestamp: Math.floor(Date.now() / 1000),
      member: pikelet,
    })
    const line = page.getByText('pikelet writes')
    await line.waitFor()
    tell(stack, channelIdOf(stack, 'general'), 'pikelet', { content: 'There it is' })
    await messageWith('There it is').waitFor()
    await line.waitFor({ state: 'detached' })
  })
})

describe('what stays where it is', () => {
  test('a message that is deleted keeps its height', async () => {
    await open('general')
    const said = tell(stack, channelIdOf(stack, 'general'), 'pikelet', { content: 'Three\nlines\nof it' })
    const row = feed().locator(`[data-message="${said.id}"]`)
    await row.waitFor()
    const before = (await row.boundingBox())?.height
    stack.simulator.dispatch('MESSAGE_DELETE', { id: said.id, channel_id: said.channel_id, guild_id: guildId })
    await row.getByText(/^Message deleted at \d\d:\d\d$/).waitFor()
    expect((await row.boundingBox())?.height).toBe(before)
    expect(await row.innerText()).not.toContain('lines')
  })

  test('older messages come on scrolling up, and what is read does not move; nor for what comes, changes or goes', async () => {
    const channelId = channelIdOf(stack, 'kiln-watch')
    const old = Date.now() - 50_000_000
    for (let index = 0; index < 130; index += 1) {
      tell(
        stack,
        channelId,
        index % 2 === 0 ? 'pikelet' : 'brackish',
        { content: `Reading ${index}` },
        old + index * 1_000,
      )
    }
    await open('kiln-watch')
    await feed().getByRole('article').first().waitFor()
    // To where the page begins, and a little further at a time, as one reads.
    await feed().hover()
    const shown = async () =>
      (
        await feed()
          .getByText(/^Reading \d+$/)
          .allInnerTexts()
      )[0]
    const first = await shown()
    await feed().evaluate((element) => element.scrollTo(0, 700))
    const inSight = await feed().evaluateHandle((element) => {
      const edge = element.getBoundingClientRect().top
      return [...element.querySelectorAll('article')].find((one) => one.getBoundingClientRect().top >= edge)
    })
    const place = () => inSight.evaluate((element) => element?.getBoundingClientRect().top)
    const before = await place()
    await until('more to be there', async () => (await shown()) !== first)
    expect(await place()).toBe(before)

    const last = tell(stack, channelId, 'oddment', { content: 'And one below' })
    await feed().getByText('And one below').waitFor({ state: 'attached' })
    expect(await place()).toBe(before)
    stack.simulator.dispatch('MESSAGE_REACTION_ADD', {
      user_id: '402883176412774400',
      channel_id: channelId,
      message_id: await feed().locator('article').first().getAttribute('data-message'),
      guild_id: guildId,
      emoji: { id: null, name: '🔥' },
      burst: false,
      type: 0,
    })
    await feed().getByText('🔥').first().waitFor({ state: 'attached' })
    expect(await place()).toBe(before)
    stack.simulator.dispatch('MESSAGE_DELETE', { id: last.id, channel_id: channelId, guild_id: guildId })
    await feed().getByText('Message deleted').waitFor({ state: 'attached' })
    expect(await place()).toBe(before)
    await page.getByRole('button', { name: '1 new message' }).click()
    await page.getByRole('button', { name: '1 new message' }).waitFor({ state: 'detached' })
  })

  test('at the very top one page comes in above, what is read stays, and no other page is asked for', async () => {
    const channelId = channelIdOf(stack, 'inventory')
    const old = Date.now() - 50_000_000
    for (let index = 0; index < 400; index += 1) {
      tell(stack, channelId, 'pikelet', { content: `Lot ${index}` }, old + index * 100)
    }
    await open('inventory')
    const lots = feed().getByText(/^Lot \d+$/)
    await lots.first().waitFor()
    // The first of them loses its head when an earlier one of the same person is above it.
    const read = await lots.nth(1).elementHandle()
    const place = () => read?.evaluate((element) => element.getBoundingClientRect().top)
    const count = await lots.count()
    await read?.evaluate((element) => element.closest('[role=log]')?.scrollTo(0, 0))
    const before = await place()
    await until('more to be there', async () => (await lots.count()) > count)
    expect(await place()).toBe(before)
    // What asks for more would have asked before the next frame is drawn, and be answered before what is said then.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
    tell(stack, channelId, 'oddment', { content: 'Sold' })
    await feed().getByText('Sold').waitFor({ state: 'attached' })
    expect(await place()).toBe(before)
    // What the page had and did not show is up to sixty.
    expect(await lots.count()).toBeLessThanOrEqual(count + 60)
  })

  test('that earlier messages are loading is said while they are, and not before', async () => {
    const channelId = channelIdOf(stack, 'announcements')
    for (let index = 0; index < 200; index += 1) tell(stack, channelId, 'pikelet', { content: `Notice ${index}` })
    await open('announcements')
    await feed().getByText('Notice 199', { exact: true }).waitFor()
    const status = feed().getByRole('status', { name: 'Loading earlier messages' })
    await expect.poll(() => feed().locator('.skeleton').count()).toBeGreaterThan(0)
    await status.waitFor({ state: 'detached' })
    expect(await feed().getByText('Still loading messages').isVisible()).toBe(false)
    const held = Promise.withResolvers<undefined>()
    await page.route('**/_serverFn/**', async (route) => {
      await held.promise
      await route.continue()
    })
    // What the page had and did not show comes first, without a question.
    await until('the question', async () => {
      await feed().evaluate((element) => element.scrollTo(0, 0))
      return (await status.count()) === 1
    })
    held.resolve(undefined)
    await status.waitFor({ state: 'detached' })
  })

  test('where new begins is marked when one comes to a channel', async () => {
    await open('general')
    tell(stack, channelIdOf(stack, 'buy-together'), 'pikelet', { content: 'Two bags for me' })
    tell(stack, channelIdOf(stack, 'buy-together'), 'oddment', { content: 'And one for me' })
    const link = channels().getByRole('link', { name: /^buy-together \(2 unread\)/ })
    await link.click()
    const line = feed().getByText('New since you looked')
    await line.waitFor()
    expect(await topOf(messageWith('Two bags for me'))).toBeGreaterThan(await topOf(line))
    expect(await topOf(messageWith('Four for me.'))).toBeLessThan(await topOf(line))
  })
})

test('an event that is chosen brings its message into sight; chosen by the message, nothing moves', async () => {
  const channelId = channelIdOf(stack, 'buy-together')
  await open('buy-together')
  await feed().getByRole('article').first().waitFor()
  for (let index = 0; index < 90; index += 1) {
    tell(stack, channelId, index % 2 === 0 ? 'pikelet' : 'oddment', { content: `Order ${index}` })
    if (index === 0) await messageWith('Order 0').waitFor()
  }
  const first = messageWith('Order 0')
  await feed().getByText('Order 89').waitFor()
  await first.waitFor({ state: 'detached' })

  const events = page.getByRole('region', { name: 'Events, newest first' })
  const oldest = events.getByRole('button', { name: /MESSAGE_CREATE/ }).last()
  await events.getByRole('presentation').evaluate((element) => element.scrollTo(0, element.scrollHeight))
  await until('the first of them', async () => (await oldest.innerText()).includes('buy-together'))
  await oldest.click()
  await first.waitFor()
  const isInSight = () =>
    first.evaluate((element) => {
      const [view, row] = [element.closest('[role=log]'), element].map((one) => one?.getBoundingClientRect())
      return view !== undefined && row !== undefined && row.top >= view.top && row.bottom <= view.bottom
    })
  await until('it to be in sight', isInSight)
  // It stays there for what comes.
  const place = await topOf(first)
  tell(stack, channelId, 'pikelet', { content: 'Closed' })
  await feed().getByText('Closed').waitFor({ state: 'attached' })
  expect(await topOf(first)).toBe(place)

  // One of which the first line alone is in sight.
  const cut = messageWith('Order 20')
  const view = await feed().boundingBox()
  const edge = (view?.y ?? 0) + (view?.height ?? 0)
  await feed().evaluate((element, by) => element.scrollBy(0, by), (await topOf(cut)) - (edge - 26))
  const before = await topOf(cut)
  expect(before).toBeCloseTo(edge - 26, 0)
  await page.mouse.move((view?.x ?? 0) + 200, edge - 14)
  const link = cut.getByTitle('Show this event in the inspector')
  const at = await link.boundingBox()
  await page.mouse.click((at?.x ?? 0) + 5, (at?.y ?? 0) + 5)
  await until('it to be chosen', async () => (await link.getAttribute('aria-pressed')) === 'true')
  expect(await topOf(cut)).toBe(before)
})

test('of many restored messages the first stands for all, until one asks', async () => {
  await open('build-log')
  await feed().getByRole('article').first().waitFor()
  stack.simulator.faults.inject({ kind: 'outage', for_ms: 1_500, sessions: 'die' })
  await hopSays(page, 'Discord', 'reconnecting')
  for (let index = 0; index < 6; index += 1)
    tell(stack, channelIdOf(stack, 'build-log'), 'pikelet', { content: `Unheard ${index}` })
  const more = feed().getByRole('button', { name: '5 more restored messages' })
  await more.waitFor({ timeout: 30_000 })
  await feed().getByText('Unheard 0', { exact: true }).waitFor()
  expect(await feed().getByText('Unheard 1', { exact: true }).count()).toBe(0)
  const before = await topOf(messageWith('Unheard 0'))
  await more.press('Enter')
  await feed().getByText('Unheard 5', { exact: true }).waitFor({ state: 'attached' })
  expect(await topOf(messageWith('Unheard 0'))).toBe(before)
  expect(await feed().evaluate((element) => element === document.activeElement)).toBe(true)
  await hopSays(page, 'Discord', 'connected', 30_000)
})

describe('channels', () => {
  test('a channel of posts lists those that are active, and each leads to what is said in it', async () => {
    await open(POSTS)
    const posts = page.getByRole('region', { name: `Posts in ${POSTS}` })
    await posts.getByRole('link').first().waitFor()
    expect((await posts.getByRole('link').allInnerTexts()).map((text) => text.split('\n')[0])).toEqual([
      'Read this first',
      'Plotter, third attempt',
      'A boat in the loft',
    ])
    expect(await posts.getByText('Archived posts are not shown here').count()).toBe(1)
    const boat = posts.getByRole('link', { name: /A boat in the loft/ })
    expect(await boat.innerText()).toContain('wood')
    expect(await channels().getByRole('link', { name: 'Plotter, third attempt' }).count()).toBe(0)
    await boat.click()
    await messageWith('About A boat in the loft').waitFor()
  })

  test('a stage says what it is about, who speaks before who listens, and of two hundred a few and how many more', async () => {
    await open(STAGE)
    const list = channels()
    await list.getByText('live · Ten minutes each').waitFor()
    const texts = await list.getByRole('listitem').allInnerTexts()
    const from = texts.indexOf('Speakers')
    expect(texts.slice(from, from + 6).map((text) => text.split('\n')[1] ?? text)).toEqual([
      'Speakers',
      'listener_0',
      'listener_1',
      'listener_2',
      'Audience',
      'listener_200',
    ])
    await list.getByText('streaming').first().waitFor()
    await list.getByTitle('muted by a moderator').waitFor()
    await list.getByTitle('asks to speak, muted').waitFor()
    await list.getByText('197 more listening').waitFor()
    const more = list.getByRole('button', { name: /^\d+ more\b.*198 listening$/ })
    const crowd = more.locator('..')
    for (const width of [1440, 390, 320]) {
      await page.setViewportSize({ width, height: 900 })
      const views = page.getByRole('navigation', { name: 'Views' })
      if (width < 960) await views.getByRole('button', { name: 'Channels' }).click()
      await until('two rows of faces, and the number in the second', async () => {
        const places = await crowd
          .locator('[data-hue]')
          .evaluateAll((all) =>
            all.map((one) => one.getBoundingClientRect()).map(({ top, height }) => Math.round(top + height / 2)),
          )
        const number = await more.boundingBox()
        const rows = [...new Set(places)]
        const beyond = Number.parseInt(await more.innerText(), 10)
        const end = number === null ? 0 : Math.round(number.y + number.height / 2)
        return rows.length === 2 && Math.abs(end - (rows[1] ?? 0)) <= 1 && beyond === 197 - places.length
      })
    }
    await page.setViewportSize({ width: 1440, height: 900 })
    await more.click()
    await list.getByText('listener_150', { exact: true }).waitFor()
  })

  test('a category stays folded', async () => {
    await open('build-log')
    const floor = channels().getByRole('button', { name: 'Channels', exact: true })
    await floor.click()
    await channels()
      .getByRole('link', { name: /^inventory/ })
      .waitFor({ state: 'detached' })
    await page.reload()
    await hopSays(page, 'This browser', 'connected')
    expect(await floor.getAttribute('aria-expanded')).toBe('false')
    expect(
      await channels()
        .getByRole('link', { name: /^inventory/ })
        .count(),
    ).toBe(0)
    await floor.click()
    await channels()
      .getByRole('link', { name: /^inventory/ })
      .waitFor()
  })

  test('what is written in a voice channel is in its feed', async () => {
    await open('Workbench')
    tell(stack, channelIdOf(stack, 'Workbench'), 'pikelet', { content: 'Sanding for ten minutes' })
    await messageWith('Sanding for ten minutes').waitFor()
  })
})
