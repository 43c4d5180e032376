import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { withPages, type OpenPage } from './lib/browser-and-stack.ts'
import { until } from './lib/child.ts'
import { open } from './lib/scene-steps.ts'
import type { Stack } from './lib/stack.ts'
import { mainTasksDuring } from './lib/trace.ts'

/** What the inspector keeps, and what comes in a second. */
const ROWS = 10_000
const PER_SECOND = 500
const SECONDS = 6
/** A frame at 60 a second: a task that takes longer has dropped one. */
const FRAME_MS = 1_000 / 60
/** What `someWork` takes, in ms, on two virtual cores that also draw: a slower machine has as much more time. */
const WORK_MS = 20

let stack: Stack
let openPage: OpenPage

withPages((begun) => {
  ;({ stack, openPage } = begun)
})

test.each([
  ['nothing open', false],
  ['an event open that stays where it is', true],
])('with 10,000 rows kept, 500 events a second and %s no frame is dropped', { retry: 2 }, async (_what, isOpen) => {
  const page = await openPage()
  await open(page, stack, 'build-log')
  const next = busyServer()
  for (let sent = 0; sent < ROWS; sent += 1) {
    next()
    if (sent % 100 === 0) await sleep(20)
  }
  await until('the page to keep them', async () => (await page.getByText(/^1\d,\d{3} kept$/).count()) === 1)
  if (isOpen) await openNewest(page)
  const slowness = Math.max(1, (await page.evaluate(someWork)) / WORK_MS)

  const tasks = await mainTasksDuring(page, () => atRate(PER_SECOND, SECONDS, next))
  // The list did not hold still meanwhile.
  expect(await page.getByText(/ waiting$/).count()).toBe(0)
  expect(tasks.length).toBeGreaterThan(PER_SECOND)
  expect(tasks.filter(({ cpuMs }) => cpuMs > FRAME_MS * slowness)).toEqual([])
})

/** How long the page takes for what pages do: the middle of some times, in ms. */
function someWork(): number {
  const times = Array.from({ length: 21 }, () => {
    const began = performance.now()
    const box = document.createElement('div')
    for (let row = 0; row < 500; row += 1) {
      const line = document.createElement('p')
      line.textContent = JSON.stringify({ row, text: 'kiln '.repeat(20) })
      box.append(line)
    }
    document.body.append(box)
    box.getBoundingClientRect()
    box.remove()
    return performance.now() - began
  })
  return times.sort((a, b) => a - b)[10] ?? 0
}

/** With the focus and the pointer elsewhere: rows go on coming. */
async function openNewest(page: Page): Promise<void> {
  const row = page.getByRole('region', { name: 'Events, newest first' }).getByRole('button').first()
  await row.press('Enter')
  await page.getByRole('region', { name: 'Payload' }).waitFor()
  await row.blur()
}

/** As often as that is due, whatever the machine does in between. */
async function atRate(perSecond: number, seconds: number, next: () => void): Promise<void> {
  const began = performance.now()
  for (let done = 0; done < perSecond * seconds;) {
    const due = Math.min(perSecond * seconds, Math.floor(((performance.now() - began) * perSecond) / 1_000))
    for (; done < due; done += 1) next()
    await sleep(5)
  }
}

/** What a busy server sends: people type, every fifth writes, once a second where one reads. @returns what dispatches the next. */
function busyServer(): () => void {
  const guild = stack.simulator.world.guilds().find(({ name }) => name === 'Tidewater Makers')
  if (!guild) throw new Error('the world has no Tidewater Makers')
  const guild_id = guild.id
  const members = guild.members.filter(({ user }) => user.bot !== true)
  const [here, elsewhere] = ['build-log', 'general'].map((name) => guild.channels.find((one) => one.name === name)?.id)
  let number = 0
  return () => {
    number += 1
    const member = members[number % members.length]
    const channel_id = number % PER_SECOND === 0 ? here : elsewhere
    if (!member || !channel_id) throw new Error('Tidewater Makers is empty')
    const user_id = member.user.id
    if (number % 5 === 0) {
      stack.simulator.people.speak({ channel_id, user_id, content: `Reading ${number} of the kiln` })
    } else {
      const timestamp = Math.floor(Date.now() / 1_000)
      stack.simulator.dispatch('TYPING_START', { guild_id, channel_id, user_id, timestamp, member })
    }
  }
}
