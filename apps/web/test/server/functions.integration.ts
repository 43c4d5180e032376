import { PEOPLE } from '@repo/discord-simulator'
import { PermissionFlagsBits } from 'discord-api-types/v10'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { statusOf, until } from '../../../../test/lib/child.ts'
import { ServerFunctions } from '../../../../test/lib/server-functions.ts'
import { startStack } from '../../../../test/lib/stack.ts'
import type { Stack } from '../../../../test/lib/stack.ts'

// What the bot does for people, through real processes: each of them sees and does what they may in the simulated
// Discord. `keyholders` is for those with that role, which the bot has too.

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
})

afterAll(() => stack[Symbol.asyncDispose]())

const guildOf = (name: string, of = stack) => {
  const guild = of.simulator.world.guilds().find((one) => one.name === name)
  if (!guild) throw new Error(`there is no ${name}`)
  return guild
}
const tidewater = (of = stack) => guildOf('Tidewater Makers', of)
const channel = (name: string, of = stack) => tidewater(of).channels.find((one) => one.name === name)?.id ?? ''
const role = (name: string, of = stack) => tidewater(of).roles.find((one) => one.name === name)?.id ?? ''
const place = (name: string, of = stack) => ({ guildId: tidewater(of).id, channelId: channel(name, of) })
const messagesOf = (name: string) => stack.simulator.world.messages.list(channel(name), { limit: 100 })

const as = async (who: string, of = stack) => new ServerFunctions(of.webUrl, await of.signIn(who))

let requests = 0
const write = (content: string) => ({ content, requestId: `request-${(requests += 1)}` })

/** The gateway's audit lines of what was sent. */
const audited = () =>
  stack.gateway.lines
    .filter((line) => line.includes('"audit":true') && line.includes('"send_message"'))
    .map((line) => JSON.parse(line) as { actor?: string; channel?: string; outcome?: string; requestId?: string })

describe('a channel that is not for all', () => {
  test('is one that is not there, for who has not the role', async () => {
    const pikelet = await as('pikelet')
    const nowhere = { guildId: tidewater().id, channelId: '1' }
    const before = audited().length
    for (const where of [
      place('keyholders'),
      nowhere,
      { ...place('general'), guildId: guildOf('Night Ledger').id },
      { guildId: '1', channelId: '1' },
    ]) {
      expect(await pikelet.getChannelMessages(where)).toMatchObject({ status: 404, code: 'NOT_FOUND' })
      const sent = await pikelet.sendMessage({ ...where, ...write('let me in') })
      expect(sent).toMatchObject({ status: 200, value: { ok: false, code: 'UNKNOWN_CHANNEL', kept: false } })
    }
    expect(messagesOf('keyholders').map(({ content }) => content)).not.toContain('let me in')
    expect(audited()).toHaveLength(before)
  })

  test('is read and written by who has it, under their own id', async () => {
    const umberfox = await as('umberfox')
    const content = 'The key is under the kiln.'
    const sent = await umberfox.sendMessage({ ...place('keyholders'), ...write(content) })
    expect(sent.value).toMatchObject({ ok: true })
    const { messages } = (await umberfox.getChannelMessages(place('keyholders'))).value as {
      messages: { content: string }[]
    }
    expect(messages.map((message) => message.content)).toContain(content)
    expect(audited().at(-1)).toMatchObject({
      actor: PEOPLE.umberfox.id,
      channel: channel('keyholders'),
      outcome: 'ack',
      requestId: expect.stringContaining(`${PEOPLE.umberfox.id}:`),
    })
    expect(stack.gateway.output).not.toContain(content)
  })

  test('is nobody’s who is in no server of the bot’s', async () => {
    const stranger = await as('driftwood_41')
    expect((await stranger.listGuilds()).value).toEqual([])
    for (const guildId of [tidewater().id, '1']) {
      const where = { guildId, channelId: channel('general') }
      expect(await stranger.getChannelMessages(where)).toMatchObject({ status: 404, code: 'NOT_FOUND' })
    }
  })

  test('has a page like one that is not there', async () => {
    const pages = `${stack.webUrl}/guilds/${tidewater().id}/channels`
    const status = async (who: string, id: string) =>
      await statusOf(`${pages}/${id}`, { headers: { cookie: await stack.signIn(who) } })
    expect(await status('umberfox', channel('keyholders'))).toBe(200)
    expect(await status('pikelet', channel('general'))).toBe(200)
    expect(await status('pikelet', channel('keyholders'))).toBe(404)
    expect(await status('pikelet', '1')).toBe(404)
  })
})

describe('a page that was made for somebody else than who is signed in', () => {
  const asked = async (viewerId: string) =>
    new ServerFunctions(stack.webUrl, await stack.signIn('tessellate'), viewerId)

  test('has nothing done and is told nothing, as if nobody were signed in', async () => {
    const page = await asked(PEOPLE.umberfox.id)
    const before = stack.gateway.lines.filter((line) => line.includes('"audit":true')).length
    const said = [
      await page.listGuilds(),
      await page.getChannelMessages(place('general')),
      ...(await Promise.all([
        page.read('mayDo', place('general')),
        page.read('mayDoTo', { guildId: tidewater().id, userId: PEOPLE.pikelet.id }),
        page.read('getOps', { range: '15m', has: null }),
        page.do('reportLatency', { gateway: [], web: [], browser: [], total: [[1, 1]] }),
        page.sendMessage({ ...place('general'), ...write('Who am I?') }),
      ])),
      ...(await Promise.all(
        [
          'editMessage',
          'deleteMessage',
          'addReaction',
          'removeReaction',
          'moveMember',
          'muteMember',
          'deafenMember',
          'timeoutMember',
        ].map((name) => page.do(name, {})),
      )),
    ]
    expect(said.map(({ status, code }) => [status, code])).toEqual(
      said.map(() => [401, expect.stringContaining('UNAUTHORIZED')]),
    )
    expect((await page.read('whoAmI', {})).value).toMatchObject({ user: null, operator: false })
    expect(stack.gateway.lines.filter((line) => line.includes('"audit":true'))).toHaveLength(before)
    expect(messagesOf('general').map(({ content }) => content)).not.toContain('Who am I?')
  })

  test('and one that was made for them goes on', async () => {
    const page = await asked(PEOPLE.tessellate.id)
    expect((await page.listGuilds()).status).toBe(200)
    expect((await page.read('whoAmI', {})).value).toMatchObject({ user: { username: 'tessellate' } })
  })
})

describe('who may not write', () => {
  test('is told so, and who may where the bot may not is told that', async () => {
    const said = async (who: string) =>
      (await (await as(who)).sendMessage({ ...place('announcements'), ...write('x') })).value
    const code = 'MISSING_PERMISSIONS'
    expect(await said('pikelet')).toMatchObject({ ok: false, code, message: 'You may not write in this channel.' })
    expect(await said('brackish')).toMatchObject({ ok: false, code, message: 'The bot may not write in this channel.' })
    expect(await said('tessellate')).toMatchObject({
      ok: false,
      code,
      message: 'The bot may not write in this channel.',
    })
  })

  test('and is timed out, is told so, and reads on', async () => {
    const saltmarsh = await as('saltmarsh')
    const member = tidewater().members.find(({ user }) => user.id === PEOPLE.saltmarsh.id)
    const end = new Date(Date.now() + 3_600_000).toISOString()
    stack.simulator.dispatch('GUILD_MEMBER_UPDATE', {
      ...member,
      guild_id: tidewater().id,
      communication_disabled_until: end,
    })
    const refusal = {
      ok: false,
      message: 'You are timed out in this server.',
      retryAfter: expect.any(Number) as number,
    }
    await until('the timeout to count', async () => {
      const { value } = await saltmarsh.sendMessage({ ...place('general'), ...write('still here') })
      return (value as { ok: boolean }).ok ? null : value
    }).then((value) => expect(value).toMatchObject(refusal))
    expect((await saltmarsh.getChannelMessages(place('general'))).status).toBe(200)
  })

  test('since they were kicked, is a stranger', async () => {
    const cinderwick = await as('cinderwick')
    expect((await cinderwick.listGuilds()).value).toHaveLength(1)
    const { id: guild_id } = tidewater()
    stack.simulator.dispatch('GUILD_MEMBER_REMOVE', { guild_id, user: PEOPLE.cinderwick })
    await until('the kick to count', async () => ((await cinderwick.listGuilds()).value as []).length === 0)
    expect(await cinderwick.getChannelMessages(place('general'))).toMatchObject({ status: 404, code: 'NOT_FOUND' })
    expect((await cinderwick.sendMessage({ ...place('general'), ...write('x') })).value).toMatchObject({ ok: false })
  })
})

test('a message notifies whom its writer may, though the bot may notify everyone', async () => {
  const { id: guild_id, roles } = tidewater()
  const bots = roles.find(({ name }) => name === 'gantry')
  const permissions = String(BigInt(bots?.permissions ?? '0') | PermissionFlagsBits.MentionEveryone)
  stack.simulator.dispatch('GUILD_ROLE_UPDATE', { guild_id, role: { ...bots, permissions } })
  const written = async (who: string) => {
    const content = `@everyone <@&${role('Keyholder')}> <@&${role('Moderator')}> <@${PEOPLE.umberfox.id}>`
    const { value } = await (await as(who)).sendMessage({ ...place('general'), ...write(content) })
    const { messageId } = value as { messageId: string }
    const message = messagesOf('general').find(({ id }) => id === messageId)
    return [message?.mention_everyone, message?.mention_roles, message?.mentions.map(({ id }) => id)]
  }
  expect(await written('pikelet')).toEqual([false, [role('Moderator')], [PEOPLE.umberfox.id]])
  const all = [role('Keyholder'), role('Moderator')]
  expect(await written('tessellate')).toEqual([true, expect.arrayContaining(all), [PEOPLE.umberfox.id]])
})

describe('what is somebody’s own', () => {
  test('is theirs to change and to delete over a restart of web, and nobody else’s', async () => {
    const [pikelet, umberfox] = [await as('pikelet'), await as('umberfox')]
    const { value } = await pikelet.sendMessage({ ...place('general'), ...write('Whose kiln is this?') })
    const { messageId } = value as { messageId: string }
    const one = { ...place('general'), messageId }
    const edit = (content: string) => ({ ...one, ...write(content) })
    const ask = () => ({ ...one, requestId: write('').requestId })
    const found = () => messagesOf('general').find(({ id }) => id === messageId)
    expect((await umberfox.do('editMessage', edit('Mine.'))).value).toMatchObject({ ok: false, code: 'NOT_YOURS' })
    expect((await umberfox.do('deleteMessage', ask())).value).toMatchObject({
      ok: false,
      code: 'MISSING_PERMISSIONS',
      missing: ['ManageMessages'],
    })
    expect((await umberfox.read('mayDo', place('general'))).value).toMatchObject({ send: null, own: { messages: [] } })
    await stack.restartWeb()
    const messages = expect.arrayContaining([messageId]) as string[]
    expect((await pikelet.read('mayDo', place('general'))).value).toMatchObject({ own: { messages } })
    const again = edit('Whose kiln was this?')
    for (const _time of [1, 2]) expect((await pikelet.do('editMessage', again)).value).toEqual({ ok: true })
    expect(found()?.content).toBe('Whose kiln was this?')
    const deletion = ask()
    for (const _time of [1, 2]) expect((await pikelet.do('deleteMessage', deletion)).value).toEqual({ ok: true })
    expect(found()).toBeUndefined()
    expect(stack.gateway.lines.findLast((line) => line.includes('"edit_message"'))).toContain(PEOPLE.pikelet.id)
  })

  test('are reactions that the bot made for them', async () => {
    const [pikelet, umberfox] = [await as('pikelet'), await as('umberfox')]
    const messageId = messagesOf('general')[0]?.id ?? ''
    const reaction = () => ({ ...place('general'), messageId, emoji: '🎉', requestId: write('').requestId })
    expect((await pikelet.do('addReaction', reaction())).value).toEqual({ ok: true })
    expect((await umberfox.do('removeReaction', reaction())).value).toMatchObject({ code: 'MISSING_PERMISSIONS' })
    expect((await pikelet.do('removeReaction', reaction())).value).toEqual({ ok: true })
    expect(messagesOf('general').find(({ id }) => id === messageId)?.reactions ?? []).toEqual([])
  })
})

describe('what is done to members', () => {
  const of = (who: keyof typeof PEOPLE) => ({
    guildId: tidewater().id,
    userId: PEOPLE[who].id,
    requestId: write('').requestId,
  })
  const voice = (who: keyof typeof PEOPLE) => tidewater().voice_states.find(({ user_id }) => user_id === PEOPLE[who].id)

  test('is done for a moderator under their own id, and for who may not it is not', async () => {
    const [brackish, umberfox] = [await as('brackish'), await as('umberfox')]
    const may = async (functions: ServerFunctions, who: keyof typeof PEOPLE) =>
      (await functions.read('mayDoTo', { guildId: tidewater().id, userId: PEOPLE[who].id })).value
    expect(await may(umberfox, 'nocturne_7')).toMatchObject({
      mute: { code: 'MISSING_PERMISSIONS', missing: ['MuteMembers'] },
      timeout: { code: 'MISSING_PERMISSIONS', missing: ['ModerateMembers'] },
    })
    const mute = () => ({ ...of('nocturne_7'), mute: true })
    expect((await umberfox.do('muteMember', mute())).value).toMatchObject({ ok: false, missing: ['MuteMembers'] })
    expect(voice('nocturne_7')?.mute).toBe(false)
    expect(await may(brackish, 'nocturne_7')).toMatchObject({ mute: null, timeout: null, disconnect: null })
    expect((await brackish.do('muteMember', mute())).value).toEqual({ ok: true })
    expect(voice('nocturne_7')?.mute).toBe(true)

    const moment = new Date(Date.now() + 60_000).toISOString()
    for (const [who, code] of [
      ['tessellate', 'OUTRANKED'],
      ['brackish', 'OUTRANKED'],
      ['driftwood_41', 'NOT_FOUND'],
    ] as const) {
      const userId = who === 'driftwood_41' ? '77' : PEOPLE[who].id
      const refused = await brackish.do('timeoutMember', { ...of('nocturne_7'), userId, until: moment })
      expect([who, refused.value]).toMatchObject([who, { ok: false, code }])
    }
    expect((await brackish.do('timeoutMember', { ...of('nocturne_7'), until: moment })).value).toEqual({ ok: true })
    await until('it to count', async () => {
      const { value } = await (await as('nocturne_7')).read('mayDo', place('general'))
      return (value as { send: { code: string } | null }).send?.code === 'TIMED_OUT'
    })
    expect(
      stack.gateway.lines.findLast((line) => line.includes('"timeout_member"') && line.includes('"ack"')),
    ).toContain(PEOPLE.brackish.id)
  })
})

test('who asks for too much is told when to ask again, and nobody else', async () => {
  await using web = await stack.anotherWeb({ WRITES_PER_MINUTE: '2', READS_PER_MINUTE: '2' })
  const [pikelet, umberfox] = await Promise.all(
    ['pikelet', 'umberfox'].map(async (who) => new ServerFunctions(web.url, await stack.signIn(who))),
  )
  const sending = (functions: ServerFunctions | undefined) =>
    functions?.sendMessage({ ...place('general'), ...write('hi') })
  expect((await sending(pikelet))?.value).toMatchObject({ ok: true })
  const message = 'You write faster than may be written here.'
  expect((await sending(pikelet))?.value).toMatchObject({ ok: false, code: 'RATE_LIMITED', message, retryAfter: 30 })
  expect((await sending(umberfox))?.value).toMatchObject({ ok: true })
  expect((await pikelet?.listGuilds())?.status).toBe(200)
  const refused = await pikelet?.getChannelMessages(place('general'))
  expect(refused).toMatchObject({ status: 429, code: 'TOO_MANY_REQUESTS' })
  expect(refused?.headers.get('retry-after')).toBe('30')
  expect((await umberfox?.listGuilds())?.status).toBe(200)
})

describe('without the members intent', () => {
  let other: Stack
  beforeAll(async () => {
    other = await startStack({ privileged: ['message_content'] })
  })
  afterAll(() => other[Symbol.asyncDispose]())

  /** What the bot does at Discord itself: an audit log tells of it, though no event of members does. */
  const bot = async (method: string, path: string) => {
    const { apiUrl, botToken } = other.simulator
    const headers = { authorization: `Bot ${botToken}` }
    expect(
      (await fetch(`${apiUrl}/v10/guilds/${tidewater(other).id}/members/${path}`, { method, headers })).status,
    ).toBe(204)
  }

  test('people are known by asking Discord, and see what their roles say', async () => {
    for (const [who, status] of [
      ['umberfox', 200],
      ['pikelet', 404],
      ['driftwood_41', 404],
    ] as const) {
      const functions = await as(who, other)
      expect([who, (await functions.getChannelMessages(place('keyholders', other))).status]).toEqual([who, status])
      expect([who, ((await functions.listGuilds()).value as []).length]).toEqual([
        who,
        who === 'umberfox' ? 2 : who === 'pikelet' ? 1 : 0,
      ])
    }
  })

  test('who loses a role or is kicked loses what came of it', async () => {
    const quillwort = await as('quillwort', other)
    const read = async () => (await quillwort.getChannelMessages(place('inventory', other))).status
    expect(await read()).toBe(200)
    await bot('DELETE', `${PEOPLE.quillwort.id}/roles/${role('Steward', other)}`)
    await until('the role to be gone', async () => (await read()) === 404)
    const open = async () => (await quillwort.getChannelMessages(place('general', other))).status
    expect(await open()).toBe(200)
    await bot('DELETE', PEOPLE.quillwort.id)
    await until('the kick to count', async () => (await open()) === 404)
    expect((await quillwort.listGuilds()).value).toMatchObject([{ name: 'Night Ledger' }])
  })
})
