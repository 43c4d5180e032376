import type { Locator } from 'playwright-core'
import { hopSays } from './browser.ts'
import { until } from './child.ts'
import { makeChannel } from './content.ts'
import { chooseView, forgetLosses, goTo, open, ready, say, says, workshopOf } from './scene-steps.ts'
import type { Scene } from './scenes.ts'
import type { Stack } from './stack.ts'

const QUIET = 'lost-and-found'
const LONG_NAME = 'Bartholomew Featherstonehaugh-Cholmondeley of the Upper Tidal Reaches'
const RTL_NAME = 'صانعة الفخار من الطابق العلوي'

/** What stands between a page and what it shows: nothing yet, something late, something lost, something away. */
export const connectionScenes: Readonly<Record<string, Scene>> = {
  'messages that are not there yet': {
    show: async (page, stack) => {
      stack.simulator.faults.inject({ kind: 'rest', method: 'GET', route: MESSAGES, answer: 'hang', times: 100 })
      await goTo(page, stack, 'build-log')
      await seen(page.getByText('Still loading messages').first())
    },
    mend: endHanging,
  },
  'a channel in which nobody has written': {
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      makeChannel(stack, QUIET, {})
      await page.getByRole('link', { name: QUIET, includeHidden: true }).waitFor({ state: 'attached' })
      await goTo(page, stack, QUIET)
      await page.getByText('No messages yet').waitFor()
    },
  },
  'a message that is on its way': {
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      stack.simulator.faults.inject({ kind: 'rest', method: 'POST', route: MESSAGES, answer: 'hang', times: 1 })
      await page.getByRole('textbox', { name: 'Message build-log' }).fill('Kiln 2 is free from nine.')
      await page.keyboard.press('Enter')
      await seen(page.getByText('Sending', { exact: true }))
    },
    mend: endHanging,
  },
  'what happened while one was away': {
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      stack.web.kill('SIGKILL')
      await hopSays(page, 'This browser', 'reconnecting')
      say(stack, 'build-log', 'The fan runs again.')
      say(stack, 'general', 'Kettle is on.')
      // It lets nobody in before it has been told of both.
      await stack.restartWeb()
      await says(page, 'The fan runs again.').waitFor()
      await page
        .getByText(/^Caught up: /)
        .last()
        .waitFor()
    },
    mend: ready,
  },
  'a record that was started anew': {
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      stack.gateway.kill('SIGKILL')
      await stack.gateway.exited
      stack.loseLog()
      await stack.restartGateway()
      await page.getByText('The record was started anew.').first().waitFor({ timeout: 30_000 })
    },
    mend: ready,
  },
  'Discord down': {
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      stack.simulator.faults.inject({ kind: 'outage', for_ms: 60_000, sessions: 'live' })
      await hopSays(page, 'Discord', 'down', 20_000)
    },
    mend: async (stack) => {
      stack.simulator.faults.lift()
      await forgetLosses(stack)
    },
  },
  'a server that is away': {
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      away = structuredClone(workshopOf(stack))
      stack.simulator.dispatch('GUILD_DELETE', { id: away.id, unavailable: true })
      await page
        .getByText(/outage/i)
        .first()
        .waitFor()
    },
    mend: async (stack) => {
      if (away) stack.simulator.dispatch('GUILD_CREATE', away)
      away = null
    },
  },
  'long names in voice': {
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      nick(stack, 'pikelet', LONG_NAME)
      nick(stack, 'saltmarsh', RTL_NAME)
      await chooseView(page, 'Channels')
      await page.getByRole('navigation', { name: 'Channels' }).getByText(RTL_NAME).first().waitFor()
    },
    mend: async (stack) => {
      nick(stack, 'pikelet', null)
      nick(stack, 'saltmarsh', null)
    },
  },
}

/** What Discord was asked hangs until its deadline, and what is asked after it may wait for that. */
async function endHanging(stack: Stack): Promise<void> {
  stack.simulator.faults.lift()
  await forgetLosses(stack)
}

/** Some things are there before they are shown. */
async function seen(what: Locator): Promise<void> {
  await until('it to be shown', () =>
    what.evaluate((element) => {
      for (let at: Element | null = element; at; at = at.parentElement) {
        const { opacity, visibility } = getComputedStyle(at)
        if (Number(opacity) < 1 || visibility !== 'visible') return false
      }
      return true
    }),
  )
}

const MESSAGES = '/channels/:channel_id/messages'

let away: ReturnType<typeof workshopOf> | null = null

function nick(stack: Stack, username: string, name: string | null): void {
  const { id: guild_id, members } = workshopOf(stack)
  const member = members.find(({ user }) => user.username === username)
  stack.simulator.dispatch('GUILD_MEMBER_UPDATE', { ...member, guild_id, nick: name })
}
