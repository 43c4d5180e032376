import { PEOPLE } from '@repo/discord-simulator'
import type { BrowserContextOptions } from 'playwright-core'
import { expect, test } from 'vitest'
import { withPages, type OpenPage } from './lib/browser-and-stack.ts'
import { open } from './lib/scene-steps.ts'
import type { Stack } from './lib/stack.ts'

let stack: Stack
let openPage: OpenPage

withPages((begun) => {
  ;({ stack, openPage } = begun)
})

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } as const

async function look(who: string, of = stack, window?: BrowserContextOptions) {
  const page = await openPage(window, who)
  await open(page, of, 'build-log')
  return page
}

test('who may see how the whole runs has the way there in the bar, on a phone under You; others have none', async () => {
  await using web = await stack.anotherWeb({ OPS_USERS: PEOPLE.umberfox.id })
  const there = { ...stack, webUrl: web.url }
  const named = await look('umberfox', there)
  await named.getByRole('link', { name: 'Operations' }).click()
  await named.getByRole('heading', { level: 1, name: 'Operations' }).waitFor()

  const onPhone = await look('umberfox', there, PHONE)
  expect(await onPhone.getByRole('link', { name: 'Operations' }).count()).toBe(0)
  await onPhone.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'You' }).click()
  await onPhone.getByRole('region', { name: 'You' }).getByRole('link', { name: 'Operations' }).click()
  await onPhone.getByRole('heading', { level: 1, name: 'Operations' }).waitFor()

  const other = await look('saltmarsh', there)
  await other.getByRole('button', { name: 'Account: saltmarsh' }).waitFor()
  expect(await other.getByRole('link', { name: 'Operations' }).count()).toBe(0)
})

test('the account says who is signed in, and signs out, by the keyboard', async () => {
  const page = await look('pikelet')
  await page.getByRole('button', { name: 'Account: pikelet' }).press('Enter')
  const menu = page.getByRole('menu', { name: 'Account' })
  await menu.getByText('pikelet', { exact: true }).waitFor()
  await page.keyboard.press('Escape')
  await menu.waitFor({ state: 'detached' })
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Account: pikelet')

  await page.keyboard.press('Enter')
  await menu.getByRole('menuitem', { name: 'Sign out' }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  stack.forgetSignIn('pikelet')
})

test('the stations stand still when whoever looks is signed out', async () => {
  await using web = await stack.anotherWeb({ OPS_USERS: PEOPLE.tessellate.id })
  const page = await look('tessellate', { ...stack, webUrl: web.url })
  await page.getByRole('link', { name: 'Operations' }).waitFor()
  const stations = page.getByRole('list', { name: 'Path of events' }).getByRole('listitem')
  const places = () => stations.evaluateAll((items) => items.map((item) => item.getBoundingClientRect().x))
  const before = await places()
  const other = await page.context().newPage()
  await other.goto(page.url())
  await other.getByRole('button', { name: 'Sign out' }).click()
  await other.getByRole('heading', { name: 'Sign in' }).waitFor()
  await page.getByRole('heading', { name: 'You were signed out' }).waitFor()
  expect(await places()).toEqual(before)
  expect(await page.getByRole('link', { name: 'Operations' }).count()).toBe(0)
  stack.forgetSignIn('tessellate')
})
