import { PEOPLE } from '@repo/discord-simulator'
import { PermissionFlagsBits, type APIMessage } from 'discord-api-types/v10'
import type { Browser, Page } from 'playwright-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { noteComplaints } from './lib/browser.ts'
import { until } from './lib/child.ts'
import { open } from './lib/scene-steps.ts'
import { withBrowserAndStack } from './lib/browser-and-stack.ts'
import type { Stack } from './lib/stack.ts'

// What people do to messages and members, each in a window of their own.

const DESKTOP = { viewport: { width: 1440, height: 900 } }
type Who = keyof typeof PEOPLE

let browser: Browser
let stack: Stack
let pages: Page[]
let complaints: string[]

withBrowserAndStack((begun) => {
  ;({ browser, stack } = begun)
})

beforeEach(() => {
  pages = []
  complaints = []
})

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') {
    for (const [index, page] of pages.entries()) {
      await page.screenshot({ path: `/tmp/${task.id}-${index}.png` })
      console.log(`/tmp/${task.id}-${index}.png`)
    }
    console.log(stack.web.output.slice(-3_000))
  }
  for (const page of pages) await page.context().close()
  expect(complaints).toEqual([])
})

async function look(who: Who, channel = 'build-log'): Promise<Page> {
  const page = await stack.openFor(browser, DESKTOP, who)
  pages.push(page)
  noteComplaints(page.context(), complaints)
  await open(page, stack, channel)
  return page
}

function workshop() {
  const guild = stack.simulator.world.guilds().find(({ name }) => name === 'Tidewater Makers')
  if (!guild) throw new Error('the world has no workshop')
  return guild
}

const channelId = (name: string) => workshop().channels.find((channel) => channel.name === name)?.id ?? ''
const roleOf = (name: string) => workshop().roles.find((role) => role.name === name)
const memberOf = (who: Who) => workshop().members.find(({ user }) => user.id === PEOPLE[who].id)
const voiceOf = (who: Who) => workshop().voice_states.find(({ user_id }) => user_id === PEOPLE[who].id)
const messagesOf = (name: string): readonly APIMessage[] =>
  stack.simulator.world.messages.list(channelId(name), { limit: 100 })
const messageWith = (name: string, content: string) => messagesOf(name).find((one) => one.content === content)

const feed = (page: Page) => page.getByRole('log')
const article = (page: Page, text: string) => feed(page).locator('article[data-message]').filter({ hasText: text })
const inVoice = (page: Page, who: Who) =>
  page.getByRole('navigation', { name: 'Channels' }).getByRole('button', { name: new RegExp(`^${who}`) })
const item = (page: Page, name: string | RegExp) => page.getByRole('menuitem', { name })
const box = (page: Page, name = 'build-log') => page.getByRole('textbox', { name: new RegExp(`^Message ${name}`) })
const notices = (page: Page) => page.getByRole('region', { name: 'Notices' })

/** By its link, as the page stays. */
async function goTo(page: Page, name: string): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Channels' })
    .getByRole('link', { name: new RegExp(`^${name}`) })
    .click()
  await page.getByRole('log', { name: `Messages in ${name}` }).waitFor()
}

/** Begins to change what one wrote last, once the page knows it to be one's own: until then that is another one. */
async function beginToChange(page: Page, text: string, to: string): Promise<void> {
  const editor = page.getByRole('textbox', { name: 'Message text' })
  await until('it to be known as one’s own', async () => {
    await box(page).press('ArrowUp')
    if ((await editor.count()) === 1 && (await editor.inputValue()) === text) return true
    await page.keyboard.press('Escape')
    return false
  })
  await editor.fill(to)
}

let said = 0
async function say(page: Page, text = `The kiln is warm (${(said += 1)})`): Promise<string> {
  await box(page).fill(text)
  await page.keyboard.press('Enter')
  await article(page, text).waitFor()
  return text
}

test('a moderator moves, mutes and times out, and those it concerns see it', async () => {
  const [his, hers, theirs] = [await look('brackish'), await look('umberfox'), await look('saltmarsh')]
  await inVoice(his, 'saltmarsh').click()
  await item(his, 'Move to').click()
  // What kind of channel it is shows as it does in the list.
  const stage = his.getByRole('navigation', { name: 'Channels' }).getByRole('link', { name: /^Friday demo/ })
  expect(
    await item(his, /^Friday demo/)
      .locator('svg')
      .first()
      .innerHTML(),
  ).toBe(await stage.locator('svg').first().innerHTML())
  await item(his, 'Loft').click()
  await until('the move at Discord', () => voiceOf('saltmarsh')?.channel_id === channelId('Loft'))
  await hers
    .getByRole('navigation', { name: 'Channels' })
    .getByRole('link', { name: /^Loft \(5 in it\)/ })
    .waitFor()

  await inVoice(his, 'saltmarsh').click()
  await item(his, 'Mute for everybody').click()
  await until('the mute at Discord', () => voiceOf('saltmarsh')?.mute === true)
  await inVoice(hers, 'saltmarsh').getByText(/muted/).waitFor({ state: 'attached' })
  await inVoice(his, 'saltmarsh').click()
  await item(his, 'Let speak again').click()
  await until('the end of the mute at Discord', () => voiceOf('saltmarsh')?.mute === false)

  await inVoice(his, 'saltmarsh').click()
  await item(his, /^Deafen You need Deafen Members in Loft/).waitFor()
  expect(await item(his, /^Deafen/).getAttribute('aria-disabled')).toBe('true')
  await item(his, 'Time out').click()
  await item(his, '10 minutes').click()
  await until('the timeout at Discord', () => memberOf('saltmarsh')?.communication_disabled_until != null)
  await theirs.getByRole('textbox', { name: /You are timed out until \d\d:\d\d\.$/ }).waitFor()
  await theirs.getByText(/^\d+ min$/).waitFor()

  await inVoice(his, 'saltmarsh').click()
  await item(his, /^End timeout \(\d+ min left\)/).click()
  await box(theirs).waitFor()
  await expect.poll(() => box(theirs).getAttribute('aria-disabled')).toBeNull()
  expect(await notices(his).getByRole('alert').count()).toBe(0)
})

test('what is being done to somebody is said with their name while it is', async () => {
  const page = await look('brackish')
  const held = Promise.withResolvers<undefined>()
  await inVoice(page, 'quillwort').click()
  await item(page, 'Mute for everybody').waitFor()
  await page.route('**/_serverFn/**', async (route) => {
    if (route.request().method() === 'POST') await held.promise
    await route.continue()
  })
  await item(page, 'Mute for everybody').click()
  const busy = page.getByRole('button', { name: /^quillwort Muting/ })
  await busy.waitFor()
  expect(await busy.getAttribute('aria-busy')).toBe('true')
  held.resolve(undefined)
  await busy.waitFor({ state: 'detached' })
  expect(await inVoice(page, 'quillwort').getAttribute('aria-busy')).toBeNull()
})

test('what was not sent for want of the gateway is said while it is away, and no longer', async () => {
  const page = await look('pikelet')
  await box(page).fill('Is anybody there?')
  const status = page.getByRole('status').filter({ hasText: /^Not sent\. Waits for the gateway/ })
  stack.gateway.kill('SIGSTOP')
  try {
    await page.getByText(/^Waits for the gateway/).waitFor()
    await box(page).press('Enter')
    await status.waitFor({ state: 'attached' })
  } finally {
    stack.gateway.kill('SIGCONT')
  }
  await status.waitFor({ state: 'detached' })
  expect(await box(page).inputValue()).toBe('Is anybody there?')
})

test('who may not, finds everything where it is, with the reason, and can do none of it', async () => {
  const page = await look('oddment')
  await inVoice(page, 'pikelet').click()
  for (const name of ['Move to', 'Disconnect from voice', 'Mute for everybody', 'Deafen', 'Time out']) {
    const one = item(page, new RegExp(`^${name} You need .+ in (?:Workbench|Tidewater Makers)`))
    await one.waitFor()
    expect(await one.getAttribute('aria-disabled')).toBe('true')
  }
  await item(page, /^Mute/).click({ force: true })
  await page.keyboard.press('Escape')
  const words = 'Photos on Friday, I promise.'
  await article(page, words).click({ button: 'right' })
  await item(page, /^Edit Only what the bot wrote for you/).waitFor()
  await item(page, /^Delete You need Manage Messages in build-log/).waitFor()
  await page.keyboard.press('Escape')
  const attach = page.getByRole('button', { name: /^Attach a file\. You need Attach Files in build-log/ })
  await box(page).focus()
  await page.keyboard.press('Tab')
  expect(await attach.evaluate((one) => document.activeElement === one)).toBe(true)
  await page.getByText('You need Attach Files in build-log', { exact: true }).waitFor()
  expect(voiceOf('pikelet')?.mute).toBe(false)

  await page.goto(`${stack.webUrl}/guilds/${workshop().id}/channels/${channelId('announcements')}`)
  const off = page.getByRole('textbox', { name: /You may read here, not write\. You need Send Messages\./ })
  await off.focus()
  expect(await off.getAttribute('aria-disabled')).toBe('true')
})

test('what one wrote is edited by ArrowUp and deleted after a question, and others see both', async () => {
  const [mine, others] = [await look('pikelet'), await look('umberfox')]
  const text = await say(mine)
  const editor = mine.getByRole('textbox', { name: 'Message text' })
  await until('it to be known as one’s own', async () => {
    await box(mine).press('ArrowUp')
    return (await editor.count()) === 1
  })
  await editor.press('Escape')
  await editor.waitFor({ state: 'detached' })
  await mine.waitForFunction(() => document.activeElement?.id === 'composer')
  await box(mine).press('ArrowUp')
  await editor.fill(`${text}, and rising`)
  await editor.press('Enter')
  await article(others, `${text}, and rising`).waitFor()
  await editor.waitFor({ state: 'detached' })
  await until('the edit at Discord', () => messageWith('build-log', `${text}, and rising`)?.edited_timestamp != null)

  // Others cannot: neither by the page nor by asking for it.
  await article(others, `${text}, and rising`).hover()
  await article(others, `${text}, and rising`).getByRole('button', { name: 'Message actions' }).click()
  await item(others, /^Edit Only what the bot wrote for you/).waitFor()
  await others.keyboard.press('Escape')

  await article(mine, `${text}, and rising`).hover()
  await article(mine, `${text}, and rising`).getByRole('button', { name: 'Message actions' }).click()
  await item(mine, 'Delete').click()
  await mine.getByRole('alertdialog', { name: 'Delete this message?' }).getByRole('button', { name: 'Cancel' }).click()
  await mine.getByRole('alertdialog').waitFor({ state: 'detached' })
  expect(messageWith('build-log', `${text}, and rising`)).toBeDefined()
  await article(mine, `${text}, and rising`).click({ button: 'right' })
  await item(mine, 'Delete').click()
  await mine.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
  await article(others, `${text}, and rising`).waitFor({ state: 'detached' })
  expect(messageWith('build-log', `${text}, and rising`)).toBeUndefined()
})

test('what one was changing a message to is not lost when it is deleted: it can be copied, and discarded', async () => {
  const [mine, others] = [await look('pikelet'), await look('brackish')]
  const text = await say(mine)
  await beginToChange(mine, text, `${text}, and the second is on`)
  const remove = async () => {
    await article(others, text).click({ button: 'right' })
    await item(others, 'Delete').click()
    await others.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
  }
  await remove()
  const kept = mine.getByRole('textbox', { name: 'Text that was not saved' })
  await kept.waitFor()
  expect(await kept.inputValue()).toBe(`${text}, and the second is on`)
  expect(await kept.evaluate((element) => document.activeElement === element)).toBe(true)
  await feed(mine)
    .getByText(/^Not saved: the message was deleted at \d\d:\d\d\. Your text stays here\.$/)
    .waitFor()
  await mine.keyboard.press('Escape')
  await mine.keyboard.press('Enter')
  expect(await kept.count()).toBe(1)
  await mine.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await feed(mine).getByRole('button', { name: 'Copy text' }).click()
  await feed(mine).getByRole('button', { name: 'Copied' }).waitFor()
  expect(await mine.evaluate(() => navigator.clipboard.readText())).toBe(`${text}, and the second is on`)
  await feed(mine).getByRole('button', { name: 'Discard' }).click()
  await kept.waitFor({ state: 'detached' })
  await feed(mine)
    .getByText(/^Message deleted at/)
    .last()
    .waitFor()
  await mine.waitForFunction(() => document.activeElement?.id === 'composer')
})

test('what was half changed when one went to another channel is there on coming back, also where the message is gone', async () => {
  const [mine, others] = [await look('pikelet'), await look('brackish')]
  const text = await say(mine)
  const editor = mine.getByRole('textbox', { name: 'Message text' })
  await beginToChange(mine, text, `${text}, and the third is off`)
  await goTo(mine, 'general')
  await goTo(mine, 'build-log')
  expect(await editor.count()).toBe(0)
  await box(mine).press('ArrowUp')
  expect(await editor.inputValue()).toBe(`${text}, and the third is off`)
  await goTo(mine, 'general')
  await article(others, text).click({ button: 'right' })
  await item(others, 'Delete').click()
  await others.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
  await others
    .getByText(/^Message deleted at/)
    .last()
    .waitFor()
  await goTo(mine, 'build-log')
  const kept = mine.getByRole('textbox', { name: 'Text that was not saved' })
  await kept.waitFor()
  expect(await kept.inputValue()).toBe(`${text}, and the third is off`)
  await feed(mine).getByRole('button', { name: 'Discard' }).click()
  await kept.waitFor({ state: 'detached' })
})

test('a reaction is the bot’s, is seen by others, and is taken back by who asked for it', async () => {
  const [mine, others] = [await look('pikelet'), await look('umberfox')]
  const text = await say(mine)
  await article(mine, text).click({ button: 'right' })
  await item(mine, 'React as the bot').click()
  await mine.getByText('the reaction is the bot’s, not yours').waitFor()
  await mine.getByRole('menuitemcheckbox', { name: 'party' }).click()
  await article(others, text).getByText('🎉').waitFor()
  expect(messageWith('build-log', text)?.reactions).toMatchObject([{ emoji: { name: '🎉' }, me: true }])
  await article(mine, text).getByText('🎉').waitFor()
  await article(mine, text).click({ button: 'right' })
  await item(mine, 'React as the bot').click()
  await mine.getByRole('menuitemcheckbox', { name: 'Take back party', checked: true }).click()
  await article(others, text).getByText('🎉').waitFor({ state: 'detached' })

  // With what others chose one may join them.
  const words = 'Photos on Friday, I promise.'
  await article(mine, words).click({ button: 'right' })
  await item(mine, 'React as the bot').click()
  await mine.getByRole('menuitemcheckbox', { name: '🚣' }).click()
  await until('it at Discord', () => messageWith('build-log', words)?.reactions?.some(({ me }) => me))
})

test('pressing a reaction joins it and takes that back, and shows neither before the stream says so', async () => {
  const page = await look('saltmarsh')
  const words = 'Put me down for ten. Two shelves of bisque, nothing above cone 04.'
  const pill = article(page, words).getByRole('button', { name: /^👍/ })
  const says = async (text: string, pressed: boolean) => {
    await until(`it to say ${text}`, async () => (await pill.innerText()) === text)
    await expect.poll(() => pill.getAttribute('aria-pressed')).toBe(String(pressed))
  }
  await says('👍 3', false)
  const held = Promise.withResolvers<undefined>()
  await page.route('**/_serverFn/**', async (route) => {
    if (route.request().method() === 'POST') await held.promise
    await route.continue()
  })
  await pill.click()
  await expect.poll(() => pill.getAttribute('aria-busy')).toBe('true')
  expect([await pill.innerText(), await pill.getAttribute('aria-pressed')]).toEqual(['👍 3\n(is added)', 'false'])
  held.resolve(undefined)
  await says('👍 4', true)
  expect(messageWith('build-log', words)?.reactions?.[0]).toMatchObject({ count: 4, me: true })
  // What the bot chose for one person is not another's to take back.
  const other = article(await look('oddment'), words).getByRole('button', { name: /^👍/ })
  await until('it to be there too', async () => (await other.innerText()) === '👍 4')
  expect(await other.getAttribute('aria-pressed')).toBe('false')
  await pill.click()
  await says('👍 3', false)
})

test('a reaction that may not be pressed says why, and can be reached all the same', async () => {
  const page = await look('saltmarsh')
  const pill = article(page, 'Put me down for ten.').getByRole('button', { name: /^👍 3/ })
  await pill.waitFor()
  stack.gateway.kill('SIGSTOP')
  try {
    await article(page, 'Put me down for ten.')
      .getByRole('button', { name: /^👍 3 \(Waits for the gateway\)$/ })
      .waitFor()
    expect(await pill.getAttribute('aria-disabled')).toBe('true')
    await pill.focus()
    await page.keyboard.press('Enter')
    expect(await pill.evaluate((one) => document.activeElement === one)).toBe(true)
    expect(await pill.getAttribute('aria-busy')).toBeNull()
  } finally {
    stack.gateway.kill('SIGCONT')
  }
})

test('an answer quotes what it answers, and Escape takes that back', async () => {
  const page = await look('umberfox')
  const asked = 'Photos on Friday, I promise.'
  const reply = async () => {
    await article(page, asked).click({ button: 'right' })
    await item(page, 'Reply').click()
    await page.getByRole('button', { name: 'Answer nobody' }).waitFor()
  }
  await reply()
  await page.waitForFunction(() => document.activeElement?.id === 'composer')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Answer nobody' }).waitFor({ state: 'detached' })
  await reply()
  const text = await say(page)
  const original = messageWith('build-log', asked)
  expect(messageWith('build-log', text)?.message_reference?.message_id).toBe(original?.id)
  await page.getByRole('button', { name: 'Answer nobody' }).waitFor({ state: 'detached' })
})

test('an answer that is begun is one still after a look at another channel', async () => {
  const page = await look('umberfox')
  const asked = 'Photos on Friday, I promise.'
  await article(page, asked).first().click({ button: 'right' })
  await item(page, 'Reply').click()
  const nobody = page.getByRole('button', { name: 'Answer nobody' })
  const text = `On which? (${(said += 1)})`
  await box(page).fill(text)
  await goTo(page, 'general')
  await box(page, 'general').waitFor()
  expect(await nobody.count()).toBe(0)
  await goTo(page, 'build-log')
  await nobody.waitFor()
  await box(page).press('Enter')
  await until('it at Discord', () => messageWith('build-log', text) !== undefined)
  expect(messageWith('build-log', text)?.message_reference?.message_id).toBe(messageWith('build-log', asked)?.id)
  await goTo(page, 'general')
  await goTo(page, 'build-log')
  await article(page, text).waitFor()
  expect(await nobody.count()).toBe(0)
})

test('what Discord refuses the bot is said in a notice, with what is needed, and can be copied', async () => {
  const page = await look('brackish')
  const role = roleOf('gantry')
  const { id: guild_id } = workshop()
  const without = String(BigInt(role?.permissions ?? '0') & ~PermissionFlagsBits.MoveMembers)
  const change = { guild_id, role: { ...role, permissions: without } }
  // At Discord, before it tells.
  stack.simulator.world.apply({ event: 'GUILD_ROLE_UPDATE', payload: change })
  try {
    await inVoice(page, 'pikelet').click()
    await item(page, 'Disconnect from voice').click()
    const notice = notices(page).getByRole('alert', {
      name: 'pikelet was not disconnected: the bot may not move members',
    })
    await notice.getByText('The bot needs Move Members in Workbench. An owner can give it.').waitFor()
    await notice.getByText('BOT_MISSING_PERMISSIONS').waitFor()
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await notice.getByRole('button', { name: 'Copy details' }).click()
    await notice.getByRole('button', { name: 'Copied' }).waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('BOT_MISSING_PERMISSIONS')
    await notice.getByRole('button', { name: 'Dismiss' }).click()
    await notice.waitFor({ state: 'detached' })
    expect(voiceOf('pikelet')?.channel_id).toBe(channelId('Workbench'))

    // From when Discord has told, it is said beforehand.
    stack.simulator.dispatch('GUILD_ROLE_UPDATE', change)
    await inVoice(page, 'pikelet').click()
    const off = item(page, /^Disconnect from voice The bot needs Move Members in Workbench\. An owner can give it/)
    await off.waitFor()
    expect(await off.getAttribute('aria-disabled')).toBe('true')
    await page.keyboard.press('Escape')
  } finally {
    stack.simulator.dispatch('GUILD_ROLE_UPDATE', { guild_id, role })
  }
})

test('of more notices than have room it is said how many more there are', async () => {
  const page = await look('brackish')
  const role = roleOf('gantry')
  const { id: guild_id } = workshop()
  const without = String(BigInt(role?.permissions ?? '0') & ~PermissionFlagsBits.MuteMembers)
  // At Discord, before it tells.
  stack.simulator.world.apply({
    event: 'GUILD_ROLE_UPDATE',
    payload: { guild_id, role: { ...role, permissions: without } },
  })
  try {
    const shown = notices(page).getByRole('alert')
    const more = notices(page).getByText(/^\d more/)
    for (const [index, who] of (['pikelet', 'quillwort', 'saltmarsh', 'nocturne_7'] as const).entries()) {
      await inVoice(page, who).click()
      await item(page, /^(?:Mute for everybody|Let speak again)/).click()
      await notices(page)
        .getByRole('alert', { name: new RegExp(`^${who} .*: the bot may not mute members$`) })
        .waitFor()
      await expect.poll(() => more.count()).toBe(index === 3 ? 1 : 0)
    }
    expect(await more.innerText()).toMatch(/^1 more/)
    expect(await shown.filter({ visible: true }).count()).toBe(3)
    await shown.filter({ visible: true }).first().getByRole('button', { name: 'Dismiss' }).click()
    await more.waitFor({ state: 'detached' })
    await expect.poll(() => shown.filter({ visible: true }).count()).toBe(3)
  } finally {
    stack.simulator.dispatch('GUILD_ROLE_UPDATE', { guild_id, role })
  }
})

test('what is too fast for Discord says when it can be asked again, and then is done', async () => {
  const page = await look('brackish')
  const method = 'PATCH'
  const route = '/guilds/:guild_id/members/:user_id'
  // As long as the gateway would not wait for by itself.
  stack.simulator.faults.inject({ kind: 'rest', method, route, answer: 429, retry_after: 9, times: 1 })
  await inVoice(page, 'nocturne_7').click()
  await item(page, 'Mute for everybody').click()
  const notice = notices(page).getByRole('alert', { name: /^Too fast: try again in \d s$/ })
  await notice
    .getByText('nocturne_7 was not muted. Discord limits how often this may be done. Nothing was changed.')
    .waitFor()
  await notice.getByText('RATE_LIMITED').waitFor()
  await notice.getByRole('button', { name: /^Try again in \d s/, disabled: true }).click({ force: true })
  expect(voiceOf('nocturne_7')?.mute).toBe(false)
  await notices(page).getByRole('button', { name: 'Try again', exact: true }).click()
  await until('the mute at Discord', () => voiceOf('nocturne_7')?.mute === true)
  await notices(page).getByRole('alert').waitFor({ state: 'detached' })
})

test('slow mode counts down, keeps the text, and lets it through', async () => {
  const page = await look('pikelet', 'general')
  const general = workshop().channels.find(({ name }) => name === 'general')
  const guild_id = workshop().id
  stack.simulator.dispatch('CHANNEL_UPDATE', { ...general, guild_id, rate_limit_per_user: 10 })
  const field = box(page, 'general')
  await expect
    .poll(
      async () => {
        await field.fill(`Slowly (${(said += 1)})`)
        await field.press('Enter')
        return await page.getByText(/Slow mode: \d s left\. Your text stays here\./).count()
      },
      // Whoever asks for more than one a second is soon told nothing by web, not even what they may do.
      { interval: 1_000 },
    )
    .toBeGreaterThan(0)
  await field.fill('Then this')
  await page.getByRole('button', { name: /^Send\. Slow mode/ }).waitFor()
  await page.getByRole('button', { name: 'Send', exact: true }).waitFor()
  await field.press('Enter')
  await until('it at Discord', () => messageWith('general', 'Then this') !== undefined)
  stack.simulator.dispatch('CHANNEL_UPDATE', { ...general, guild_id, rate_limit_per_user: 0 })
})

test('with the keyboard alone: from message to message, into the menu, and back', async () => {
  const page = await look('umberfox')
  const text = await say(page)
  const stop = article(page, text).getByRole('button', { name: 'Message actions' })
  await expect.poll(() => stop.getAttribute('tabindex')).toBe('0')
  await stop.focus()
  await page.keyboard.press('ArrowUp')
  expect(await stop.evaluate((one) => document.activeElement === one)).toBe(false)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await item(page, 'Reply').waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Escape')
  await expect.poll(() => stop.evaluate((one) => document.activeElement === one)).toBe(true)
})

test('the gateway is killed while a message is on its way: it is sent once, or nobody knows, and never twice', async () => {
  const page = await look('umberfox')
  const text = `On its way (${Date.now()})`
  stack.simulator.faults.inject({
    kind: 'rest',
    method: 'POST',
    route: '/channels/:channel_id/messages',
    answer: 'hang',
    acts: true,
    times: 1,
  } as never)
  await box(page).fill(text)
  await page.keyboard.press('Enter')
  await until('Discord to have it', () => messageWith('build-log', text) !== undefined)
  await stack.restartGateway('SIGKILL')
  await article(page, text).waitFor({ timeout: 30_000 })
  await expect.poll(() => page.getByText('May or may not have been sent').count(), { timeout: 30_000 }).toBe(0)
  expect(messagesOf('build-log').filter((one) => one.content === text)).toHaveLength(1)
  expect(await feed(page).getByText(text, { exact: true }).count()).toBe(1)
  // And it is the writer's own by then, whoever lost the answer in between.
  await article(page, text).click({ button: 'right' })
  await expect.poll(() => item(page, 'Edit').count(), { timeout: 10_000 }).toBe(1)
})

test('the gateway is killed while somebody is moved: that is said, and asked again under the same id', async () => {
  const page = await look('brackish')
  stack.simulator.faults.inject({
    kind: 'rest',
    method: 'PATCH',
    route: '/guilds/:guild_id/members/:user_id',
    answer: 'hang',
    acts: false,
    times: 1,
  } as never)
  await inVoice(page, 'quillwort').click()
  await item(page, 'Move to').click()
  await item(page, 'Loft').click()
  await until('the fault to have met it', () => stack.simulator.faults.active().length === 0)
  await stack.restartGateway('SIGKILL')
  const notice = notices(page).getByRole('alert', { name: 'We cannot tell whether quillwort was moved' })
  const moved = () => voiceOf('quillwort')?.channel_id === channelId('Loft')
  await until('a notice, or the move', async () => (await notice.count()) > 0 || moved(), 30_000)
  if (!moved()) {
    await notice.getByRole('button', { name: 'Ask again' }).click()
    await until('the move', moved)
  }
  await notice.waitFor({ state: 'detached' })
})

test('what one was changing a message to is not lost when the message has gone while nobody looked', async () => {
  const page = await look('pikelet')
  const text = await say(page)
  await beginToChange(page, text, `${text}, or was it`)
  const channel = { channel_id: channelId('build-log') }
  stack.simulator.people.speak({ ...channel, user_id: PEOPLE.brackish.id, content: 'Warm enough' })
  await article(page, 'Warm enough').waitFor()
  stack.gateway.kill('SIGKILL')
  await stack.gateway.exited
  stack.loseLog()
  const { id } = messageWith('build-log', text) ?? {}
  stack.simulator.dispatch('MESSAGE_DELETE', { id, ...channel, guild_id: workshop().id })
  await stack.restartGateway()
  const kept = page.getByRole('textbox', { name: 'Text that was not saved' })
  await kept.waitFor({ timeout: 30_000 })
  expect(await kept.inputValue()).toBe(`${text}, or was it`)
  await feed(page).getByText('Not saved: the message was deleted. Your text stays here.').waitFor()
  await feed(page).getByRole('button', { name: 'Discard' }).click()
  await kept.waitFor({ state: 'detached' })
})
