import type { Browser } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { launchBrowser } from './browser.ts'
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
