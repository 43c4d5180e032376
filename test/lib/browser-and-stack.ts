import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { launchBrowser, noteComplaints } from './browser.ts'
import { startStack, type Stack } from './stack.ts'

/** A browser and the whole service, for all tests of a file. @param begun is told of them before the first. */
export function withBrowserAndStack(begun: (both: { browser: Browser; stack: Stack }) => void): void {
  let browser: Browser
  let stack: Stack
  beforeAll(async () => {
    browser = await launchBrowser()
    stack = await startStack()
    begun({ browser, stack })
  })
  afterAll(async () => {
    await browser.close()
    await stack[Symbol.asyncDispose]()
  })
}

/** Opens a page for one of the people; umberfox where nobody is named. */
export type OpenPage = (window?: BrowserContextOptions, who?: string) => Promise<Page>

const WINDOW: BrowserContextOptions = { viewport: { width: 1440, height: 900 } }

/**
 * The same, and pages: each is closed after its test, which fails where one of them complained of anything. Of a test that has
 * failed a picture of each is kept.
 */
export function withPages(begun: (all: { stack: Stack; openPage: OpenPage }) => void): void {
  let browser: Browser
  let complaints: string[] = []
  withBrowserAndStack((both) => {
    const { stack } = both
    ;({ browser } = both)
    begun({
      stack,
      async openPage(window = {}, who) {
        const page = await stack.openFor(browser, { ...WINDOW, ...window }, who)
        noteComplaints(page.context(), complaints)
        return page
      },
    })
  })
  afterEach(async ({ task }) => {
    for (const [index, context] of browser.contexts().entries()) {
      const path = join(tmpdir(), `${task.id}-${index}.png`)
      if (task.result?.state === 'fail') console.log((await context.pages()[0]?.screenshot({ path })) && path)
      await context.close()
    }
    const found = complaints
    complaints = []
    expect(found).toEqual([])
  })
}
