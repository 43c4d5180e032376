import { PermissionFlagsBits, type GatewayGuildCreateDispatchData } from 'discord-api-types/v10'
import type { Page } from 'playwright-core'
import { hopSays } from './browser.ts'
import { until } from './child.ts'
import { connectionScenes } from './connection-scenes.ts'
import { hideChannel, hideCrowd, POSTS, showCrowd, showMessages, showPosts, TEXTS } from './content.ts'
import {
  attached,
  botRole,
  changeBotRole,
  channelOf,
  chooseFiles,
  chooseView,
  eventsOf,
  fileOf,
  forget,
  forgetLosses,
  guildOf,
  LEDGER,
  makeGap,
  nameChannel,
  open,
  openMemberMenu,
  openMessageMenu,
  openOps,
  openTimedEvent,
  OWNER,
  ready,
  refuseAsTooFast,
  say,
  says,
  setSlowMode,
  signOutElsewhere,
  silenceBot,
  stir,
  timeOut,
  workshopOf,
  writeOwn,
} from './scene-steps.ts'
import type { Stack } from './stack.ts'

/** A page or a state of one, and how to come to it. Tests look at each, and `npm run pictures` shows them. */
export type Scene = {
  /** Who looks; umberfox where nobody is named. */
  who?: string
  show: (page: Page, stack: Stack) => Promise<void>
  /** Puts back what showing it broke. */
  mend?: (stack: Stack) => Promise<void>
}

let removed: GatewayGuildCreateDispatchData['members'][number] | undefined

export const scenes: Readonly<Record<string, Scene>> = {
  'a channel, live': {
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      stir(stack)
      await chooseView(page, 'Events')
      // In between it lies over the messages.
      if (await eventsOf(page).isVisible()) await openTimedEvent(page, stack)
      await chooseView(page, 'Feed')
    },
  },
  'the channels': {
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      await chooseView(page, 'Channels')
      await page.getByRole('navigation', { name: 'Channels' }).waitFor()
    },
  },
  'who is looking': {
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      await chooseView(page, 'You')
      const account = page.getByRole('button', { name: 'Account: umberfox' })
      if (await account.isVisible()) await account.click()
      await page
        .getByRole('menuitem', { name: 'Sign out' })
        .or(page.getByRole('region', { name: 'You' }))
        .waitFor()
    },
  },
  'a name that is cut, whole': {
    mend: async (stack) => nameChannel(stack, 'announcements', 'announcements'),
    show: async (page, stack) => {
      nameChannel(stack, 'announcements', 'announcements-of-the-harbour-office-and-of-the-friends-of-the-old-slipway')
      await open(page, stack, 'build-log')
      await chooseView(page, 'Channels')
      await page.getByRole('link', { name: /^announcements-of/ }).focus()
      // By keys: what was pressed is known to who pressed it.
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('ArrowUp')
      await page.locator('[data-whole-text]').waitFor()
    },
  },
  'a choice of servers': {
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      await page.getByRole('combobox', { name: /^Server: / }).click()
      await page.getByRole('option').first().waitFor()
    },
  },
  'a choice of servers, one away': {
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      const { id } = guildOf(stack, LEDGER)
      stack.simulator.dispatch('GUILD_DELETE', { id, unavailable: true })
      // What happens after it is there, so that is too.
      say(stack, 'build-log', 'Is the ledger down for you too?')
      await says(page, 'Is the ledger down for you too?').waitFor()
      await page.getByRole('combobox', { name: /^Server: / }).click()
      await page.getByRole('option', { name: LEDGER }).getByText('away', { exact: true }).waitFor()
    },
    mend: async (stack) => {
      stack.simulator.dispatch('GUILD_CREATE', { ...guildOf(stack, LEDGER), unavailable: false })
    },
  },
  'an event opened': {
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      await chooseView(page, 'Events')
      await openTimedEvent(page, stack)
    },
  },
  'an inspector that holds still': {
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      await chooseView(page, 'Events')
      await page.getByRole('button', { name: 'Pause' }).click()
      say(stack, 'general', 'Kettle is on.')
      say(stack, 'general', 'Biscuits too.')
      await page.getByText('2 waiting').waitFor()
    },
  },
  'a filter that nothing matches': {
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      await chooseView(page, 'Events')
      await page.getByRole('textbox', { name: 'Filter events' }).fill('event:GUILD_BAN_*')
      await page.getByText('Bans go only to people who may ban.').waitFor()
    },
  },
  'a message that was refused': {
    show: async (page, stack) => {
      await open(page, stack, 'general')
      silenceBot(stack, 'general', true)
      const composer = page.getByRole('textbox', { name: 'Message general' })
      await composer.fill('The bot may not write here')
      await page.keyboard.press('Enter')
      await page.getByText(/Not sent/).waitFor()
    },
    mend: async (stack) => silenceBot(stack, 'general', false),
  },
  'a channel that the bot may only read': {
    who: 'brackish',
    show: async (page, stack) => {
      await open(page, stack, 'announcements')
      await page.getByRole('textbox', { name: /You may write here, the bot may not/ }).waitFor()
    },
  },
  'what the bot cannot do to a member': {
    who: 'brackish',
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      stack.simulator.dispatch(
        'GUILD_ROLE_UPDATE',
        botRole(stack, (bits) => bits & ~PermissionFlagsBits.MoveMembers),
      )
      await openMemberMenu(page, 'nocturne_7')
      await page.getByRole('menuitem', { name: /^Move to The bot needs Move Members in Quiet room/ }).waitFor()
    },
    mend: async (stack) => {
      const change = botRole(stack, (bits) => bits | PermissionFlagsBits.MoveMembers)
      stack.simulator.dispatch('GUILD_ROLE_UPDATE', change)
    },
  },
  'a channel that one may only read': {
    show: async (page, stack) => {
      await open(page, stack, 'announcements')
      await page.getByRole('textbox', { name: /You may read here, not write/ }).waitFor()
    },
  },
  'somebody who is timed out': {
    who: 'halfpenny',
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      timeOut(stack, 'halfpenny', 78 * 60_000)
      await page.getByRole('textbox', { name: /You are timed out until/ }).waitFor()
    },
    mend: async (stack) => timeOut(stack, 'halfpenny', null),
  },
  'what can be done with a message': {
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      await openMessageMenu(page)
      await page.getByRole('menuitem', { name: 'Reply' }).waitFor()
    },
  },
  'a reaction that is chosen': {
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      await openMessageMenu(page)
      await page.getByRole('menuitem', { name: 'React as the bot' }).click()
      await page.getByRole('menuitemcheckbox').first().waitFor()
    },
  },
  'reactions, one joined and one on its way': {
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      const message = page.getByRole('log').getByRole('article').filter({ hasText: 'Put me down for ten.' })
      const [joined, onItsWay] = [
        message.getByRole('button', { name: /^👍/ }),
        message.getByRole('button', { name: /^🔥/ }),
      ]
      // It may be, from when the scene was shown before; and adding it once more changes nothing.
      await until('it to be joined', async () => {
        if ((await joined.getAttribute('aria-busy')) !== null) return false
        if ((await joined.getAttribute('aria-pressed')) === 'true') return true
        await joined.click()
        return false
      })
      await page.route('**/_serverFn/**', async (route) => {
        // One that changes something is not answered as long as anybody looks.
        if (route.request().method() !== 'POST') await route.continue()
      })
      await onItsWay.click()
      await message.locator('button[aria-busy=true]').waitFor()
    },
  },
  'an answer that is written': {
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      await openMessageMenu(page)
      await page.getByRole('menuitem', { name: 'Reply' }).click()
      await page.getByRole('button', { name: 'Answer nobody' }).waitFor()
      await page.getByRole('textbox', { name: 'Message build-log' }).fill('Put me down for eleven.')
    },
  },
  'files that go with a message': {
    show: async (page, stack) => {
      await open(page, stack, 'general')
      // One of them is on its way as long as anybody looks.
      await page.route(/\/files\?filename=firing/, () => {})
      await chooseFiles(page, [
        fileOf('interlock-bracket.step', 'x'.repeat(184_000)),
        fileOf('a-name-that-is-far-too-long-for-the-room-that-there-is-beside-the-others.txt'),
        fileOf('سجل الفرن.csv', 'x'.repeat(2_400)),
        fileOf('firing-of-the-second-kiln.mp4', 'x'.repeat(4_800_000)),
      ])
      await page.getByText('Waiting for 1 file to be uploaded').waitFor()
      await page.getByRole('textbox', { name: 'Message general' }).fill('What we have of the second firing.')
    },
  },
  'files that cannot be sent': {
    show: async (page, stack) => {
      await open(page, stack, 'general')
      const refusal = { code: 'TOO_MANY_UPLOADS', message: 'Too many files are on their way for now.' }
      await page.route(/\/files\?filename=shelf/, (route) => route.fulfill({ status: 429, json: { error: refusal } }))
      await chooseFiles(page, [
        fileOf('recording.wav', Buffer.alloc(10 * 1024 ** 2 + 1)),
        fileOf('notes.txt', ''),
        fileOf('shelf.png'),
        fileOf('bracket.step', 'x'.repeat(184_000)),
      ])
      await attached(page, 'shelf.png').getByRole('button', { name: 'Try again' }).waitFor()
      await page.getByText('Remove the files that cannot be sent').waitFor()
    },
  },
  'a message that is changed': {
    show: async (page, stack) => {
      await open(page, stack, 'kiln-watch')
      await writeOwn(page, 'kiln-watch', 'Cone 6 at nine tonight.')
      await openMessageMenu(page)
      await page.getByRole('menuitem', { name: 'Edit', exact: true }).click()
      await page.getByRole('textbox', { name: 'Message text' }).waitFor()
    },
  },
  'a question before a message is deleted': {
    show: async (page, stack) => {
      await open(page, stack, 'kiln-watch')
      await writeOwn(page, 'kiln-watch', 'Cone 6 at ten tonight.')
      await openMessageMenu(page)
      await page.getByRole('menuitem', { name: 'Delete', exact: true }).click()
      await page.getByRole('alertdialog', { name: 'Delete this message?' }).waitFor()
    },
  },
  'what a moderator can do to a member': {
    who: 'brackish',
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      await openMemberMenu(page, 'nocturne_7')
      await page.getByRole('menuitem', { name: 'Move to' }).click()
      await page.getByRole('menuitem', { name: 'Loft' }).waitFor()
    },
  },
  'what a member can do to another': {
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      await openMemberMenu(page, 'nocturne_7')
      await page.getByRole('menuitem', { name: /^Move to You need Move Members/ }).waitFor()
    },
  },
  'a notice of what Discord refused': {
    who: 'brackish',
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      changeBotRole(stack, (bits) => bits & ~PermissionFlagsBits.MoveMembers)
      await openMemberMenu(page, 'nocturne_7')
      await page.getByRole('menuitem', { name: 'Disconnect from voice' }).click()
      await page.getByRole('alert', { name: /was not disconnected/ }).waitFor()
      await chooseView(page, 'Feed')
    },
    mend: async (stack) => changeBotRole(stack, (bits) => bits | PermissionFlagsBits.MoveMembers),
  },
  'a notice of what nobody knows': {
    who: 'brackish',
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      await openMemberMenu(page, 'nocturne_7')
      const mute = page.getByRole('menuitem', { name: 'Mute for everybody' })
      await mute.waitFor()
      // The question does not arrive, which nobody can tell from an answer that does not.
      await page.route('**/_serverFn/**', async (route) => {
        if (route.request().method() === 'POST') await route.abort()
        else await route.continue()
      })
      await mute.click()
      await page.getByRole('alert', { name: /^We cannot tell whether/ }).waitFor()
      await chooseView(page, 'Feed')
    },
  },
  'a notice of what was too fast': {
    show: async (page, stack) => {
      await open(page, stack, 'kiln-watch')
      refuseAsTooFast(stack, 'PUT', '/channels/:channel_id/messages/:message_id/reactions/:emoji/@me')
      await openMessageMenu(page)
      await page.getByRole('menuitem', { name: 'React as the bot' }).click()
      await page.getByRole('menuitemcheckbox').first().click()
      await page.getByRole('alert', { name: /^Too fast: try again in \d+ s/ }).waitFor()
    },
    mend: async (stack) => void stack.simulator.faults.lift(),
  },
  'a message that was too fast': {
    show: async (page, stack) => {
      await open(page, stack, 'buy-together')
      refuseAsTooFast(stack, 'POST', '/channels/:channel_id/messages')
      const composer = page.getByRole('textbox', { name: 'Message buy-together' })
      await composer.fill('Two bags of ball clay for me.')
      await composer.press('Enter')
      await page.getByText(/^Not sent: Discord takes no more messages here for now\. \d+ s left\./).waitFor()
    },
    mend: async (stack) => void stack.simulator.faults.lift(),
  },
  'slow mode': {
    who: 'pikelet',
    show: async (page, stack) => {
      await open(page, stack, 'general')
      setSlowMode(stack, 'general', 600)
      const composer = page.getByRole('textbox', { name: 'Message general' })
      await composer.fill('Kettle on?')
      await composer.press('Enter')
      await page.getByText(/^Slow mode: \d+ (s|min) left\. Your text stays here\./).waitFor()
      await composer.fill('Never mind, I see the steam.')
    },
    mend: async (stack) => setSlowMode(stack, 'general', 0),
  },
  'a message whose outcome is unknown': {
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      stack.gateway.kill('SIGSTOP')
      await page.getByRole('textbox', { name: 'Message build-log' }).fill('Leaving the vent open for the night shift.')
      await page.keyboard.press('Enter')
      await page.getByText('May or may not have been sent').waitFor({ timeout: 20_000 })
    },
    mend: async (stack) => {
      stack.gateway.kill('SIGCONT')
      await ready(stack)
    },
  },
  'a message that was deleted': {
    show: async (page, stack) => {
      await open(page, stack, 'buy-together')
      const said = say(stack, 'buy-together', 'Never mind, found it.')
      await says(page, 'Never mind, found it.').waitFor()
      stack.simulator.dispatch('MESSAGE_DELETE', {
        id: said,
        channel_id: channelOf(stack, 'buy-together'),
        guild_id: workshopOf(stack).id,
      })
      await says(page, 'Never mind, found it.').waitFor({ state: 'detached' })
    },
  },
  'somebody who reads further up': {
    show: async (page, stack) => {
      await open(page, stack, 'kiln-watch')
      for (let index = 1; index <= 30; index += 1) say(stack, 'kiln-watch', `Shelf ${index} is dry.`)
      await says(page, 'Shelf 30 is dry.').waitFor()
      await page.getByRole('log').hover()
      await page.mouse.wheel(0, -400)
      await says(page, 'Shelf 20 is dry.').waitFor()
      for (const text of ['One more.', 'And another.', 'The last.']) say(stack, 'kiln-watch', text)
      await page.getByRole('button', { name: /new message/ }).waitFor()
    },
  },
  'all that messages can be': {
    mend: async (stack) => hideChannel(stack, TEXTS),
    show: async (page, stack) => {
      showMessages(stack)
      await open(page, stack, TEXTS)
      await says(page, 'Who is in on Friday?').waitFor()
    },
  },
  'a channel of posts': {
    mend: async (stack) => hideChannel(stack, POSTS),
    show: async (page, stack) => {
      showPosts(stack)
      await open(page, stack, POSTS)
    },
  },
  'two hundred on a stage': {
    mend: async (stack) => hideCrowd(stack),
    show: async (page, stack) => {
      showCrowd(stack)
      await open(page, stack, 'build-log')
      await chooseView(page, 'Channels')
      await page.getByRole('button', { name: /show all/ }).waitFor()
    },
  },
  'a gap at Discord': {
    mend: forgetLosses,
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      await makeGap(page, stack)
    },
  },
  'what is missing of a gap': {
    mend: forgetLosses,
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      await makeGap(page, stack)
      await page.getByRole('button', { name: 'What is missing' }).last().click()
      await page.getByRole('dialog', { name: 'What is missing' }).waitFor()
    },
  },
  'the gateway away': {
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      stack.gateway.kill('SIGKILL')
      await page.getByText('The gateway is away.').waitFor()
    },
    mend: async (stack) => {
      await stack.restartGateway()
      await ready(stack)
    },
  },
  'Discord away': {
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      stack.simulator.faults.inject({ kind: 'outage', for_ms: 20_000, sessions: 'live' })
      await hopSays(page, 'Discord', 'reconnecting')
    },
    mend: async (stack) => {
      stack.simulator.faults.lift()
      await ready(stack)
    },
  },
  'this browser offline': {
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      stack.web.kill('SIGSTOP')
      await hopSays(page, 'This browser', 'reconnecting')
    },
    mend: async (stack) => {
      stack.web.kill('SIGCONT')
    },
  },
  ...connectionScenes,
  'signed out elsewhere': {
    who: 'saltmarsh',
    mend: async (stack) => stack.forgetSignIn('saltmarsh'),
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      await signOutElsewhere(page, stack)
      await page.getByRole('heading', { name: 'You were signed out' }).waitFor()
    },
  },
  'removed from the server': {
    who: 'oddment',
    mend: async (stack) => {
      const { id: guild_id } = workshopOf(stack)
      stack.simulator.dispatch('GUILD_MEMBER_ADD', { ...removed, guild_id })
    },
    show: async (page, stack) => {
      await open(page, stack, 'build-log')
      const { id: guild_id, members } = workshopOf(stack)
      removed = structuredClone(members.find((member) => member.user.username === 'oddment'))
      const owner = members.find((member) => member.user.username === OWNER)?.user.id ?? ''
      stack.simulator.people.does(owner, 'GUILD_MEMBER_REMOVE', { guild_id, user: removed?.user })
      await page.getByRole('heading', { name: /^You are no longer in/ }).waitFor()
    },
  },
  'no servers in common': {
    who: 'driftwood_41',
    show: async (page, stack) => {
      await page.goto(`${stack.webUrl}/`)
      await page.getByRole('heading', { name: 'No servers in common' }).waitFor()
    },
  },
  'a channel that is not there': {
    show: async (page, stack) => {
      await page.goto(`${stack.webUrl}/guilds/${workshopOf(stack).id}/channels/1`)
      await page.getByRole('heading', { name: 'You cannot view this channel' }).waitFor()
    },
  },
  'a server that is not there': {
    show: async (page, stack) => {
      await page.goto(`${stack.webUrl}/guilds/1`)
      await page.getByRole('heading', { name: 'You cannot view this server' }).waitFor()
    },
  },
  'a page that is not there': {
    show: async (page, stack) => {
      await page.goto(`${stack.webUrl}/nowhere`)
      await page.getByRole('heading', { name: 'There is no such page' }).waitFor()
    },
  },
  operations: {
    show: async (page, stack) => {
      await openOps(page, stack)
    },
  },
  'operations, the gateway away': {
    show: async (page, stack) => {
      await openOps(page, stack)
      stack.gateway.kill('SIGSTOP')
      await page.getByText('The gateway is away.').waitFor()
    },
    mend: async (stack) => {
      stack.gateway.kill('SIGCONT')
      await ready(stack)
    },
  },
  'operations, signed out elsewhere': {
    who: 'saltmarsh',
    mend: async (stack) => stack.forgetSignIn('saltmarsh'),
    show: async (page, stack) => {
      await openOps(page, stack)
      await signOutElsewhere(page, stack)
      await page.getByRole('heading', { name: 'You were signed out' }).waitFor()
    },
  },
  'a sign-in': {
    show: async (page, stack) => {
      await forget(page.context())
      await page.goto(`${stack.webUrl}/sign-in`)
      await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    },
  },
  'a sign-in that was interrupted': {
    show: async (page, stack) => {
      await forget(page.context())
      await page.goto(`${stack.webUrl}/sign-in?problem=interrupted`)
      await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    },
  },
}
