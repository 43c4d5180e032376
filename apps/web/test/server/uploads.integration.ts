import { randomBytes } from 'node:crypto'
import { PEOPLE } from '@repo/discord-simulator'
import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../../../../test/lib/child.ts'
import { ServerFunctions } from '../../../../test/lib/server-functions.ts'
import { startStack } from '../../../../test/lib/stack.ts'
import type { Stack } from '../../../../test/lib/stack.ts'

// Files for messages, through real processes: each of the simulated people uploads and sends what they may. In `build-log`
// that is for makers: pikelet is one, umberfox and the bot are none.

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
})

afterAll(() => stack[Symbol.asyncDispose]())

const guildOf = (name: string) => {
  const guild = stack.simulator.world.guilds().find((one) => one.name === name)
  if (!guild) throw new Error(`there is no ${name}`)
  return guild
}
const workshop = () => guildOf('Tidewater Makers')
const channel = (name: string) => workshop().channels.find((one) => one.name === name)?.id ?? ''
const place = (name: string) => ({ guildId: workshop().id, channelId: channel(name) })
const messagesOf = (name: string) => stack.simulator.world.messages.list(channel(name), { limit: 100 })
const as = async (who: string, url = stack.webUrl) => new ServerFunctions(url, await stack.signIn(who))

let requests = 0
const newId = () => `request-${(requests += 1)}`

/** A text that is in no other file. */
const newText = () => `clay ${randomBytes(12).toString('hex')}`

type Answer = { status: number; code: string | undefined; upload: string; filename: string; size: number }

async function upload(
  who: string | null,
  name: string,
  body: BodyInit = newText(),
  { guildId = workshop().id, filename = 'glaze.txt', url = stack.webUrl, headers = {} } = {},
): Promise<Answer> {
  const channelId = /^\d+$/.test(name) ? name : channel(name)
  const answer = await fetch(
    `${url}/api/guilds/${guildId}/channels/${channelId}/files?filename=${encodeURIComponent(filename)}`,
    {
      method: 'POST',
      body,
      headers: {
        'sec-fetch-site': 'same-origin',
        ...(who !== null && { cookie: await stack.signIn(who) }),
        ...headers,
      },
    },
  )
  const { error, ...uploaded } = (await answer.json()) as { error?: { code: string } } & Answer
  return { ...uploaded, status: answer.status, code: error?.code }
}

const audited = () => stack.gateway.lines.filter((line) => line.includes('"audit":true'))

test('what is uploaded goes with a message, without a word, to the byte, and nothing of it is logged', async () => {
  const [one, two] = [newText(), randomBytes(300_000)]
  const first = await upload('pikelet', 'general', one, { filename: 'glaze recipe.txt' })
  const second = await upload('pikelet', 'general', two, { filename: 'secretive-name.bin' })
  expect([first, second]).toMatchObject([
    { status: 201, filename: 'glaze recipe.txt', size: one.length },
    { status: 201, filename: 'secretive-name.bin', size: 300_000 },
  ])
  const pikelet = await as('pikelet')
  const files = [first.upload, second.upload]
  const sent = await pikelet.sendMessage({ ...place('general'), content: '', requestId: newId(), files })
  expect(sent.value).toMatchObject({ ok: true })
  const { messageId } = sent.value as { messageId: string }
  const message = messagesOf('general').find(({ id }) => id === messageId)
  expect(message?.content).toBe('')
  expect(message?.attachments.map(({ size }) => size)).toEqual([one.length, 300_000])
  const bytes = await Promise.all(
    (message?.attachments ?? []).map(async ({ url }) => Buffer.from(await (await fetch(url)).arrayBuffer())),
  )
  expect(bytes).toEqual([Buffer.from(one), two])
  expect(JSON.parse(audited().at(-1) ?? '{}')).toMatchObject({
    actor: PEOPLE.pikelet.id,
    channel: channel('general'),
  })
  for (const { output } of [stack.gateway, stack.web]) {
    expect(output).not.toContain('secretive-name')
    expect(output).not.toContain(first.upload.slice(0, 29))
  }
})

describe('who may', () => {
  test('is who may write there with files; of the others each is told what they may know', async () => {
    expect(await upload(null, 'build-log')).toMatchObject({ status: 401, code: 'UNAUTHORIZED' })
    expect(await upload('umberfox', 'build-log')).toMatchObject({ status: 403, code: 'MISSING_PERMISSIONS' })
    expect(await upload('umberfox', 'general')).toMatchObject({ status: 201 })
    expect(await upload('pikelet', 'announcements')).toMatchObject({ status: 403, code: 'MISSING_PERMISSIONS' })
    expect(await upload('pikelet', 'build-log')).toMatchObject({ status: 403, code: 'BOT_MISSING_PERMISSIONS' })
    // The bot has no role that may write there.
    expect(await upload('brackish', 'announcements')).toMatchObject({ status: 403, code: 'BOT_MISSING_PERMISSIONS' })
    const nowhere = [
      await upload('pikelet', 'keyholders'),
      await upload('pikelet', '1'),
      await upload('driftwood_41', 'general'),
      await upload('pikelet', 'general', 'x', { guildId: '1' }),
    ]
    expect(nowhere.map(({ status, code }) => [status, code])).toEqual(nowhere.map(() => [404, 'NOT_FOUND']))
  })

  test('is a page of this site, made for who is signed in', async () => {
    const refused = { status: 403, code: 'FOREIGN_REQUEST' }
    const from = (headers: Record<string, string>) => upload('umberfox', 'general', 'x', { headers })
    expect(await from({ 'sec-fetch-site': 'cross-site' })).toMatchObject(refused)
    expect(await from({ 'sec-fetch-site': 'same-site' })).toMatchObject(refused)
    const { origin } = new URL(stack.webUrl)
    const bare = async (headers: Record<string, string>) =>
      (
        await fetch(`${origin}/api/guilds/${workshop().id}/channels/${channel('general')}/files?filename=a`, {
          method: 'POST',
          body: 'x',
          headers: { cookie: await stack.signIn('umberfox'), ...headers },
        })
      ).status
    expect(await bare({ origin: 'https://evil.example' })).toBe(403)
    expect(await bare({})).toBe(403)
    expect(await bare({ origin })).toBe(201)
    expect(await from({ 'x-viewer': PEOPLE.pikelet.id })).toMatchObject({ status: 401 })
    expect(await from({ 'x-viewer': PEOPLE.umberfox.id })).toMatchObject({ status: 201 })
  })

  test('is asked again when it is sent', async () => {
    const { upload: file } = await upload('umberfox', 'general')
    const umberfox = await as('umberfox')
    const sent = await umberfox.sendMessage({ ...place('build-log'), content: 'x', requestId: newId(), files: [file] })
    expect(sent.value).toMatchObject({ ok: false, code: 'MISSING_PERMISSIONS', missing: ['AttachFiles'] })
    const { id: guild_id, channels } = workshop()
    const one = channels.find(({ name }) => name === 'general')
    const deny = { id: guild_id, type: 0, allow: '0', deny: String(PermissionFlagsBits.AttachFiles) }
    stack.simulator.dispatch('CHANNEL_UPDATE', { ...one, guild_id, permission_overwrites: [deny] })
    const requestId = newId()
    await until('the change to count', async () => (await upload('umberfox', 'general')).status === 403)
    const late = await umberfox.sendMessage({ ...place('general'), content: 'x', requestId, files: [file] })
    expect(late.value).toMatchObject({ ok: false, code: 'MISSING_PERMISSIONS', kept: false })
    stack.simulator.dispatch('CHANNEL_UPDATE', { ...one, guild_id, permission_overwrites: [] })
    await until('the change to count', async () => (await upload('umberfox', 'general')).status === 201)
    const again = await umberfox.sendMessage({ ...place('general'), content: 'x', requestId, files: [file] })
    expect(again.value).toMatchObject({ ok: true })
  })
})

describe('an upload', () => {
  test('is its person’s alone, in that server alone, at every web and after a restart', async () => {
    const { upload: file } = await upload('umberfox', 'general')
    const send = async (who: string, to: object, sealed = file, url = stack.webUrl) =>
      (await (await as(who, url)).sendMessage({ ...to, content: 'x', requestId: newId(), files: [sealed] })).value
    const unknown = { ok: false, code: 'UNKNOWN_UPLOAD', kept: false }
    const before = audited().length
    expect(await send('tessellate', place('general'))).toMatchObject(unknown)
    const ledger = guildOf('Night Ledger')
    const elsewhere = ledger.channels.find(({ type }) => type === ChannelType.GuildText)?.id
    expect(await send('umberfox', { guildId: ledger.id, channelId: elsewhere })).toMatchObject(unknown)
    const forged = `${file.slice(0, 29)}.${'A'.repeat(43)}`
    expect(await send('umberfox', place('general'), forged)).toMatchObject(unknown)
    expect(audited()).toHaveLength(before)
    await using another = await stack.anotherWeb()
    expect(await send('umberfox', place('general'), file, another.url)).toMatchObject({ ok: true })
    await stack.restartWeb()
    await stack.restartGateway()
    await until('web to be linked again', async () => {
      const answer = await fetch(`${stack.webUrl}/readyz`)
      return answer.status === 200
    })
    expect(await send('umberfox', place('general'))).toMatchObject({ ok: true })
  })

  test('has 10 MiB at most, and is not empty', async () => {
    expect(await upload('saltmarsh', 'general', new Uint8Array(10 * 1024 ** 2))).toMatchObject({ status: 201 })
    const larger = new Uint8Array(10 * 1024 ** 2 + 1)
    expect(await upload('saltmarsh', 'general', larger)).toMatchObject({ status: 413, code: 'UPLOAD_TOO_LARGE' })
    expect(await upload('saltmarsh', 'general', '')).toMatchObject({ status: 400, code: 'BAD_REQUEST' })
    const filename = '../../etc/passwd'
    expect(await upload('saltmarsh', 'general', 'x', { filename })).toMatchObject({ status: 400, code: 'BAD_REQUEST' })
  })

  test('is sent once under one id, also where it was sent before and web was restarted', async () => {
    const text = newText()
    const { upload: file } = await upload('quillwort', 'general', text)
    const asked = { ...place('general'), content: text, requestId: newId(), files: [file] }
    const first = await (await as('quillwort')).sendMessage(asked)
    expect(first.value).toMatchObject({ ok: true })
    await stack.restartWeb()
    expect((await (await as('quillwort')).sendMessage(asked)).value).toEqual(first.value)
    expect(messagesOf('general').filter(({ content }) => content === text)).toHaveLength(1)
  })
})
