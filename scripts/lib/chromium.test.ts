import { expect, test } from 'vitest'
import { ensureChromium, type Machine } from './chromium.ts'

/** A machine with these files, on which a command leaves that one. */
function machine(files: string[], { leaves = '', ...more }: Partial<Machine> & { leaves?: string } = {}) {
  const ran: string[] = []
  const there = new Set(files)
  const it: Machine = {
    named: undefined,
    has: (path) => there.has(path),
    isRoot: true,
    ownPath: async () => '/own/chrome',
    run: (command, args) => {
      ran.push([command, ...args].join(' '))
      if (leaves) there.add(leaves)
    },
    ...more,
  }
  return { it, ran }
}

test.each([
  ['that CHROMIUM_PATH names', ['/mine', '/usr/bin/chromium'], { named: '/mine' }, '/mine'],
  ['of the system', ['/usr/bin/chromium-browser', '/own/chrome'], {}, '/usr/bin/chromium-browser'],
  ['of playwright', ['/own/chrome'], {}, '/own/chrome'],
])('the browser %s is taken, and nothing is installed', async (_which, files, more, path) => {
  const { it, ran } = machine(files, more)
  expect(await ensureChromium(it)).toBe(path)
  expect(ran).toEqual([])
})

test('root on Debian gets the system’s', async () => {
  const { it, ran } = machine(['/usr/bin/apt-get'], { leaves: '/usr/bin/chromium' })
  expect(await ensureChromium(it)).toBe('/usr/bin/chromium')
  expect(ran[0]).toBe('apt-get update -qq')
  expect(ran[1]).toMatch(/^apt-get install -y .* chromium /)
})

test.each([
  ['who is not root', ['/usr/bin/apt-get'], false],
  ['who has no apt-get', [], true],
])('one %s gets playwright’s', async (_who, files, isRoot) => {
  const { it, ran } = machine(files, { isRoot, leaves: '/own/chrome' })
  expect(await ensureChromium(it)).toBe('/own/chrome')
  expect(ran).toEqual([expect.stringMatching(/playwright-core\/cli\.js install chromium$/)])
})

test('where none can be had it says in a line how to', async () => {
  await expect(ensureChromium(machine([]).it)).rejects.toThrow(
    /^The browser tests need Chromium: install it .*CHROMIUM_PATH\.$/,
  )
  await expect(ensureChromium(machine([], { named: '/gone' }).it)).rejects.toThrow(
    'CHROMIUM_PATH: there is nothing at /gone',
  )
})
