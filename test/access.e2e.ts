import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { channelIdOf, tell } from './lib/content.ts'
import { open } from './lib/scene-steps.ts'
import { scenes, type Scene } from './lib/scenes.ts'
import { withBrowserAndStack } from './lib/browser-and-stack.ts'
import type { Stack } from './lib/stack.ts'

/** https://www.w3.org/TR/WCAG22/ levels A and AA, and what axe counts as good practice. */
const RULES: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  resultTypes: ['violations'],
}
/** What colours can be wrong about. A theme changes nothing else. */
const COLOR_RULES: RunOptions = { runOnly: ['color-contrast', 'link-in-text-block'], resultTypes: ['violations'] }
const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

let browser: Browser
let stack: Stack

withBrowserAndStack((begun) => {
  ;({ browser, stack } = begun)
})

async function openPage(options: BrowserContextOptions = {}, who?: string) {
  const page = await stack.openFor(browser, { viewport: { width: 1440, height: 900 }, ...options }, who)
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
async function violations(page: Page, rules: RunOptions): Promise<string[]> {
  const results = (await page.evaluate(`axe.run(document, ${JSON.stringify(rules)})`)) as AxeResults
  return results.violations.flatMap(({ id, help, nodes }) => {
    const excused = OF_POPUPS[id]
    const found = nodes.filter(({ html }) => excused === undefined || !html.includes(excused))
    return found.map(({ html }) => `${id}: ${help}: ${html}`)
  })
}

const themes = [
  ['light', RULES],
  ['dark', COLOR_RULES],
] as const
/** Wide, and as a phone: a narrow page shows one view at a time, so it is come to in another way. */
const widths = [1440, 390]
/** The narrowest that is promised: https://www.w3.org/TR/WCAG22/#reflow */
const NARROWEST = 320

test.each(Object.keys(scenes))('axe finds nothing, light and dark, and nothing scrolls sideways: %s', async (name) => {
  const { who, show, mend } = scenes[name] as Scene
  for (const width of widths) {
    await using opened = await openPage({ viewport: { width, height: 900 }, reducedMotion: 'reduce' }, who)
    const { page } = opened
    try {
      await show(page, stack)
      await page.evaluate(axe)
      for (const [colorScheme, rules] of themes) {
        await page.emulateMedia({ colorScheme })
        expect({ width, colorScheme, found: await violations(page, rules) }).toMatchObject({ found: [] })
      }
      if (width === 1440) continue
      await page.setViewportSize({ width: NARROWEST, height: 640 })
      // What lies over the page is put in its place after that.
      await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(NARROWEST)
    } finally {
      await mend?.(stack)
    }
  }
})

test.each([1440, 820, 390])(
  'with text at twice its size nothing scrolls sideways or is lost, at %i pixels',
  async (width) => {
    await using opened = await openPage({ viewport: { width, height: 900 } })
    const { page } = opened
    await open(page, stack, 'build-log')
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
  await open(page, stack, 'build-log')
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

test('what a finger hits of a message’s actions is 44 pixels wide and high, whatever is beside them', async () => {
  await using opened = await openPage({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
  const { page } = opened
  await open(page, stack, 'kiln-watch')
  // By somebody who has not written there: the first has a head, the others are below it.
  for (const content of ['Row one is dry.', 'Row two is dry.', 'Row three is dry.'])
    tell(stack, channelIdOf(stack, 'kiln-watch'), 'oddment', { content })
  const messages = page.getByRole('log').getByRole('article')
  const actions = (text: string) =>
    messages.filter({ hasText: text }).getByRole('button', { name: 'Message actions', includeHidden: true })
  await messages.filter({ hasText: 'Row three is dry.' }).waitFor()
  expect(await hitArea(actions('Row one is dry.'))).toEqual({ width: 44, height: 44 })
  for (const text of ['Row two is dry.', 'Row three is dry.']) {
    await messages.getByText(text).tap()
    expect(await hitArea(actions(text))).toEqual({ width: 44, height: 44 })
  }
  // Ids that nobody could press are in that menu.
  expect(await page.getByTitle('Show this event in the inspector').count()).toBe(0)
})

/** How far from the middle of an element a press still hits it, along both axes, in px; more than 44 is not looked at. */
const hitArea = (locator: Locator) =>
  locator.evaluate((element, most) => {
    const box = element.getBoundingClientRect()
    const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
    // In the first half of each pixel: the browser rounds, and at the page’s edge past it.
    const along = (x: number, y: number) => {
      const hits = Array.from({ length: most }, (_, at) => {
        const by = at - most / 2 + 0.25
        return element.contains(document.elementFromPoint(middle.x + x * by, middle.y + y * by))
      })
      return hits.filter(Boolean).length
    }
    return { width: along(1, 0), height: along(0, 1) }
  }, 44)

test('who asks for less motion gets none', async () => {
  await using opened = await openPage({ reducedMotion: 'reduce' })
  const { page } = opened
  await open(page, stack, 'build-log')
  const moving = await page.evaluate(() =>
    [...document.querySelectorAll('*')].flatMap((element) => {
      const { animationName, animationDuration, transitionDuration } = getComputedStyle(element)
      const moves = animationName !== 'none' && !/^0s(, 0s)*$/.test(animationDuration)
      return moves || !/^0s(, 0s)*$/.test(transitionDuration) ? [element.outerHTML.slice(0, 160)] : []
    }),
  )
  expect(moving).toEqual([])
})
