import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hopSays, launchBrowser } from './lib/browser.ts'
import { startStack, type Stack } from './lib/stack.ts'

/** https://www.w3.org/TR/WCAG22/ levels A and AA, and what axe counts as good practice. */
const RULES: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  resultTypes: ['violations'],
}
const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

let browser: Browser
let stack: Stack

beforeAll(async () => {
  browser = await launchBrowser()
  stack = await startStack()
})

afterAll(async () => {
  await browser.close()
  await stack[Symbol.asyncDispose]()
})

const channelPath = (name: string): string => {
  for (const { id, channels } of stack.simulator.world.guilds()) {
    const channel = channels.find((one) => one.name === name)
    if (channel) return `/guilds/${id}/channels/${channel.id}`
  }
  throw new Error(`the world has no channel ${name}`)
}

const guildId = () => stack.simulator.world.guilds()[0]?.id ?? ''

async function openPage(options: BrowserContextOptions = {}) {
  const page = await stack.openFor(browser, { viewport: { width: 1440, height: 900 }, ...options })
  return { page, [Symbol.asyncDispose]: () => page.context().close() }
}

/**
 * What a popup of the component library brings and needs: guards that send the focus back into it, and a place over the
 * page, outside its landmarks, that is reached from its button.
 */
const OF_POPUPS: Readonly<Record<string, string>> = {
  'aria-hidden-focus': 'data-base-ui-focus-guard',
  region: 'data-open',
}

/** What axe finds wrong, a line each. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  const results = (await page.evaluate(`axe.run(document, ${JSON.stringify(RULES)})`)) as AxeResults
  return results.violations.flatMap(({ id, help, nodes }) => {
    const excused = OF_POPUPS[id]
    const found = nodes.filter(({ html }) => excused === undefined || !html.includes(excused))
    return found.map(({ html }) => `${id}: ${help}: ${html}`)
  })
}

const live = async (page: Page, path: string) => {
  await page.goto(stack.webUrl + path)
  await hopSays(page, 'This browser', 'connected')
  await page.getByRole('log').getByRole('article').first().waitFor()
}

const states: Record<string, (page: Page) => Promise<void>> = {
  'a channel, live': (page) => live(page, channelPath('build-log')),
  'a choice of servers': async (page) => {
    await live(page, channelPath('build-log'))
    await page.getByRole('combobox', { name: /^Server: / }).click()
    await page.getByRole('option').first().waitFor()
  },
  'an event opened': async (page) => {
    await live(page, channelPath('build-log'))
    const views = page.getByRole('navigation', { name: 'Views' })
    if (await views.isVisible()) await views.getByRole('button', { name: 'Events' }).click()
    const events = page.getByRole('region', { name: 'Events, newest first' })
    await events.getByRole('button').first().press('Enter')
    await events.getByRole('button', { expanded: true }).waitFor()
  },
  'a message that was refused': async (page) => {
    await live(page, channelPath('announcements'))
    await page.getByRole('textbox', { name: 'Message announcements' }).fill('The bot may not write here')
    await page.keyboard.press('Enter')
    await page.getByText(/Not sent/).waitFor()
  },
  'a channel that is not there': async (page) => {
    await page.goto(`${stack.webUrl}/guilds/${guildId()}/channels/1`)
    await page.getByRole('heading', { name: 'You cannot view this channel' }).waitFor()
  },
  'a server that is not there': async (page) => {
    await page.goto(`${stack.webUrl}/guilds/1`)
    await page.getByRole('heading', { name: 'You cannot view this server' }).waitFor()
  },
  'a sign-in': async (page) => {
    await page.context().clearCookies()
    await page.goto(`${stack.webUrl}/sign-in?problem=interrupted`)
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  },
  'a page that is not there': async (page) => {
    await page.goto(`${stack.webUrl}/nowhere`)
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor()
  },
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [width, height] of [
    [1440, 900],
    [390, 844],
  ] as const) {
    test.each(Object.keys(states))(`axe finds nothing at ${width} pixels, ${colorScheme}: %s`, async (state) => {
      await using opened = await openPage({ colorScheme, viewport: { width, height } })
      const { page } = opened
      await states[state]?.(page)
      expect(await violations(page)).toEqual([])
    })
  }
}

test.each([1440, 820, 390])(
  'with text at twice its size nothing scrolls sideways or is lost, at %i pixels',
  async (width) => {
    await using opened = await openPage({ viewport: { width, height: 900 } })
    const { page } = opened
    await live(page, channelPath('build-log'))
    await page.evaluate(() => (document.documentElement.style.fontSize = '200%'))
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
    for (const found of [
      page.getByRole('log').getByRole('article').last(),
      page.getByRole('textbox', { name: 'Message build-log' }),
      page.getByRole('list', { name: 'Path of events' }),
    ]) {
      // Playwright looks whether the point it would press is the element's and nobody else's.
      await found.click({ trial: true, timeout: 2_000 })
    }
  },
)

test('every target on a phone is at least 44 pixels wide and high', async () => {
  await using opened = await openPage({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
  const { page } = opened
  await live(page, channelPath('build-log'))
  const views = page.getByRole('navigation', { name: 'Views' })
  for (const view of await views.getByRole('button').all()) {
    await view.click()
    expect(await smallTargets(page)).toEqual([])
  }
})

/** What can be pressed and is smaller than WCAG 2.5.5 asks, links within a text aside. */
const smallTargets = (page: Page) =>
  page.evaluate(() => {
    const sides = (style: CSSStyleDeclaration) => [
      Number.parseFloat(style.width) || 0,
      Number.parseFloat(style.height) || 0,
    ]
    return [
      ...document.querySelectorAll(':is(a, button, input, textarea, [role=combobox]):not([aria-hidden])'),
    ].flatMap((element) => {
      const { width, height, bottom } = (element.closest('label') ?? element).getBoundingClientRect()
      const isInline = getComputedStyle(element).display === 'inline'
      if (width === 0 || height === 0 || bottom < 0 || isInline || !element.checkVisibility()) return []
      // A finger also hits what is laid over an element and belongs to it.
      const [beforeWidth = 0, beforeHeight = 0] = sides(getComputedStyle(element, '::before'))
      const [afterWidth = 0, afterHeight = 0] = sides(getComputedStyle(element, '::after'))
      const [most, high] = [Math.max(width, beforeWidth, afterWidth), Math.max(height, beforeHeight, afterHeight)]
      return most >= 44 && high >= 44 ? [] : [`${most} × ${high}: ${element.outerHTML.slice(0, 160)}`]
    })
  })

test('who asks for less motion gets none', async () => {
  await using opened = await openPage({ reducedMotion: 'reduce' })
  const { page } = opened
  await live(page, channelPath('build-log'))
  const moving = await page.evaluate(() =>
    [...document.querySelectorAll('*')].flatMap((element) => {
      const { animationName, animationDuration, transitionDuration } = getComputedStyle(element)
      const moves = animationName !== 'none' && !/^0s(, 0s)*$/.test(animationDuration)
      return moves || !/^0s(, 0s)*$/.test(transitionDuration) ? [element.outerHTML.slice(0, 160)] : []
    }),
  )
  expect(moving).toEqual([])
})
