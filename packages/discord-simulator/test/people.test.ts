import { ChannelType, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { describe, expect, test } from 'vitest'
import { PEOPLE } from '../src/index.ts'
import { scene } from './scene.ts'
import type { Scene } from './scene.ts'

const { pikelet, umberfox, quillwort, lanternfish, saltmarsh, palimpsest } = PEOPLE

const ask = async (at: Scene, path: string, body: object) => {
  const response = await fetch(`${at.simulator.url}/_simulator${path}`, { method: 'POST', body: JSON.stringify(body) })
  const text = await response.text()
  return { status: response.status, body: text ? JSON.parse(text) : undefined }
}

const stateOf = (at: Scene, userId: string) => at.guild.voice_states.find(({ user_id }) => user_id === userId)
const treasuryOf = (at: Scene) =>
  at.simulator.world
    .guilds()
    .flatMap(({ channels }) => channels)
    .find(({ name }) => name === 'treasury')!.id

/** The next message that the bot hears is the one sent now: whatever came before did not reach it. */
async function expectSilence(at: Scene): Promise<void> {
  at.simulator.people.speak({ user_id: pikelet.id, channel_id: at.channel('general'), content: 'fence' })
  expect((await at.heard('MESSAGE_CREATE')).content).toBe('fence')
}

describe('speaking', () => {
  test('reaches the bot with the member, and is in the history', async () => {
    await using at = await scene()
    const place = { user_id: pikelet.id, channel_id: at.channel('general') }
    const said = await ask(at, '/speak', { ...place, content: '  Kettle is on, <@' + umberfox.id + '>  ' })
    expect(said).toMatchObject({ status: 201, body: { content: `Kettle is on, <@${umberfox.id}>` } })
    expect(await at.heard('MESSAGE_CREATE')).toMatchObject({
      id: said.body.id,
      author: { id: pikelet.id },
      member: { roles: [expect.any(String)] },
      guild_id: at.guild.id,
      mentions: [{ id: umberfox.id }],
    })
    const reply = await ask(at, '/speak', { ...place, content: 'Nobody?', reply_to: said.body.id })
    expect(reply.body.message_reference.message_id).toBe(said.body.id)
    const { body } = await at.call('GET', `/channels/${place.channel_id}/messages?limit=2`)
    expect(body.map(({ id }: { id: string }) => id)).toEqual([reply.body.id, said.body.id])
  })

  test('went on in a channel whose slowmode holds people up', async () => {
    await using at = await scene()
    const [channel_id, everyone] = [at.channel('general'), at.role('@everyone')]
    const say = (user_id: string) => ask(at, '/speak', { user_id, channel_id, content: 'x' })
    const role = { ...everyone, permissions: String(BigInt(everyone.permissions) & ~Bit.BypassSlowmode) }
    at.simulator.dispatch('GUILD_ROLE_UPDATE', { guild_id: at.guild.id, role })
    await at.call('PATCH', `/channels/${channel_id}`, { rate_limit_per_user: 30 })
    const { body: said } = await say(pikelet.id)
    at.clock.advance(10_000)
    await at.call('DELETE', `/channels/${channel_id}/messages/${said.id}`)
    expect(await say(pikelet.id)).toEqual({
      status: 429,
      body: {
        code: 20016,
        message: 'pikelet may write in general again in 20 s: slowmode.',
        retry_after: 20,
        global: false,
      },
    })
    // Others, elsewhere, and later.
    expect((await say(saltmarsh.id)).status).toBe(201)
    const elsewhere = { user_id: pikelet.id, channel_id: at.channel('build-log'), content: 'x' }
    expect((await ask(at, '/speak', elsewhere)).status).toBe(201)
    at.clock.advance(20_000)
    expect((await say(pikelet.id)).status).toBe(201)
    // Bots are not held up, nor who may bypass it.
    for (const _ of [1, 2]) expect(await at.post('general')).toHaveProperty('id')
    const overwrite = { id: pikelet.id, type: 1, allow: String(Bit.BypassSlowmode), deny: '0' }
    at.simulator.dispatch('CHANNEL_UPDATE', {
      id: channel_id,
      guild_id: at.guild.id,
      permission_overwrites: [overwrite],
    })
    for (const _ of [1, 2]) expect((await say(pikelet.id)).status).toBe(201)
  })

  test('is refused with the permission that is missing', async () => {
    await using at = await scene()
    const say = (user_id: string, channel_id: string) => ask(at, '/speak', { user_id, channel_id, content: 'x' })
    expect(await say(pikelet.id, at.channel('announcements'))).toEqual({
      status: 403,
      body: { code: 50013, message: 'pikelet lacks Send Messages in announcements.' },
    })
    expect(await say(pikelet.id, at.channel('keyholders'))).toEqual({
      status: 403,
      body: { code: 50001, message: 'pikelet cannot view keyholders.' },
    })
    expect((await say(umberfox.id, at.channel('keyholders'))).status).toBe(201)
    const communication_disabled_until = new Date(at.clock.now() + 60_000).toISOString()
    at.simulator.dispatch('GUILD_MEMBER_UPDATE', { guild_id: at.guild.id, user: pikelet, communication_disabled_until })
    expect((await say(pikelet.id, at.channel('general'))).body.code).toBe(50013)
  })

  test('is for people of that server, in channels that hold messages', async () => {
    await using at = await scene()
    const say = (user_id: string, channel_id: string) => ask(at, '/speak', { user_id, channel_id, content: 'x' })
    const general = at.channel('general')
    expect(await say(palimpsest.id, general)).toMatchObject({ status: 404, body: { code: 10007 } })
    expect(await say(at.bot.id, general)).toMatchObject({ status: 403, body: { code: 20001 } })
    expect(await say(pikelet.id, '1')).toMatchObject({ status: 404, body: { code: 10003 } })
    expect(await say(pikelet.id, at.channel('Upstairs'))).toMatchObject({ status: 400, body: { code: 50008 } })
    const reply = { user_id: pikelet.id, channel_id: general, content: 'x', reply_to: '1' }
    expect(await ask(at, '/speak', reply)).toMatchObject({ status: 404, body: { code: 10008 } })
    await expectSilence(at)
  })

  test('where the bot may not look is kept, and not told', async () => {
    await using at = await scene()
    const channel_id = treasuryOf(at)
    const { body } = await ask(at, '/speak', { user_id: palimpsest.id, channel_id, content: 'Ink.' })
    expect(at.simulator.world.messages.get(channel_id, body.id)?.content).toBe('Ink.')
    await expectSilence(at)
  })

  test.each([
    [{ content: ' ' }, 'content'],
    [{ content: '🔥'.repeat(2_001) }, 'content'],
    [{ content: 'x', user_id: 'pikelet' }, 'user_id'],
    [{ content: 'x', channel_id: undefined }, 'channel_id'],
  ])('a body like %j is refused', async (fields, field) => {
    await using at = await scene()
    const body = { user_id: pikelet.id, channel_id: at.channel('general'), ...fields }
    expect(await ask(at, '/speak', body)).toMatchObject({ status: 400, body: { field } })
  })

  test('as many characters as Discord takes, also of those that are two in JavaScript', async () => {
    await using at = await scene()
    const body = { user_id: pikelet.id, channel_id: at.channel('general'), content: '🔥'.repeat(2_000) }
    expect((await ask(at, '/speak', body)).status).toBe(201)
  })
})

test('typing is told, and refused where one may not write', async () => {
  await using at = await scene()
  expect((await ask(at, '/typing', { user_id: pikelet.id, channel_id: at.channel('general') })).status).toBe(204)
  const typed = { channel_id: at.channel('general'), member: { user: { id: pikelet.id } } }
  expect(await at.heard('TYPING_START')).toMatchObject(typed)
  const refused = await ask(at, '/typing', { user_id: pikelet.id, channel_id: at.channel('announcements') })
  expect(refused).toMatchObject({ status: 403, body: { code: 50013 } })
})

test('reacting is told once, and can be taken back', async () => {
  await using at = await scene()
  const { id: message_id, channel_id } = await at.post('general')
  const reaction = { user_id: pikelet.id, channel_id, message_id, emoji: '🔥' }
  const told = { user_id: pikelet.id, message_id, emoji: { id: null, name: '🔥' } }
  const react = (fields: object = {}) => ask(at, '/react', { ...reaction, ...fields })
  expect((await react()).status).toBe(204)
  expect((await react()).status).toBe(204)
  expect(await at.heard('MESSAGE_REACTION_ADD')).toMatchObject(told)
  expect(at.simulator.world.messages.get(channel_id, message_id)?.reactions).toMatchObject([{ count: 1 }])
  await react({ remove: true })
  // Were the second one told as well, it would come before.
  expect((await at.client.until(({ t }) => t?.startsWith('MESSAGE_REACTION_') === true)).t).toBe(
    'MESSAGE_REACTION_REMOVE',
  )
  expect((await react({ emoji: 'fire' })).body.code).toBe(10014)
  expect((await react({ message_id: '1' })).body.code).toBe(10008)
})

test('who may not add reactions may join in one that is there', async () => {
  await using at = await scene()
  const { id: message_id, channel_id } = await at.post('general')
  at.simulator.people.react({ user_id: saltmarsh.id, channel_id, message_id, emoji: '🔥' })
  at.forbid(Bit.AddReactions)
  const react = (emoji: string) => ask(at, '/react', { user_id: pikelet.id, channel_id, message_id, emoji })
  expect((await react('🔥')).status).toBe(204)
  expect((await react('👍')).body.message).toBe('pikelet lacks Add Reactions in general.')
})

describe('voice', () => {
  const move = (at: Scene, user: { id: string }, body: object) =>
    ask(at, '/voice', { user_id: user.id, guild_id: at.guild.id, ...body })

  test('is entered, changed and left', async () => {
    await using at = await scene()
    at.simulator.people.voice({ user_id: pikelet.id, guild_id: at.guild.id, channel_id: null })
    await at.heard('VOICE_STATE_UPDATE')
    const loft = at.channel('Loft')
    const entered = await move(at, pikelet, { channel_id: loft, self_mute: true })
    expect(entered).toMatchObject({ status: 200, body: { channel_id: loft, self_mute: true, suppress: false } })
    expect(await at.heard('VOICE_STATE_UPDATE')).toEqual(entered.body)

    await move(at, pikelet, { self_deaf: true })
    expect(await at.heard('VOICE_STATE_UPDATE')).toMatchObject({ channel_id: loft, self_mute: true, self_deaf: true })
    await move(at, pikelet, { channel_id: at.channel('Friday demo') })
    expect(await at.heard('VOICE_STATE_UPDATE')).toMatchObject({ suppress: true, self_deaf: true })
    await move(at, pikelet, { channel_id: null })
    expect(await at.heard('VOICE_STATE_UPDATE')).toMatchObject({ channel_id: null, user_id: pikelet.id })
    expect(stateOf(at, pikelet.id)).toBeUndefined()
    expect(await move(at, pikelet, { channel_id: null })).toMatchObject({ status: 400, body: { code: 40032 } })
    expect(await move(at, pikelet, { self_mute: true })).toMatchObject({ status: 400, body: { code: 40032 } })
  })

  test('of one server is left for that of another', async () => {
    await using at = await scene()
    const other = at.simulator.world.guilds()[1]!
    const room = other.channels.find(({ type }) => type === ChannelType.GuildVoice)!
    const both = at.guild.members.find(
      ({ user }) => !user.bot && other.members.some((member) => member.user.id === user.id),
    )!.user
    at.simulator.people.voice({ user_id: both.id, guild_id: at.guild.id, channel_id: at.channel('Loft') })
    await ask(at, '/voice', { user_id: both.id, guild_id: other.id, channel_id: room.id })
    await at.client.until(({ t, d }) => t === 'VOICE_STATE_UPDATE' && d.channel_id === null && d.user_id === both.id)
    expect(await at.heard('VOICE_STATE_UPDATE')).toMatchObject({ guild_id: other.id, channel_id: room.id })
    expect(stateOf(at, both.id)).toBeUndefined()
  })

  test('is refused where one may not go', async () => {
    await using at = await scene()
    const quiet = at.guild.channels.find(({ name }) => name === 'Quiet room')!
    simulateFull(at, quiet.id)
    expect((await move(at, lanternfish, { channel_id: quiet.id })).body).toEqual({
      code: 50013,
      message: 'Quiet room is full.',
    })
    expect(await move(at, quillwort, { channel_id: at.channel('general') })).toMatchObject({
      status: 400,
      body: { code: 50024 },
    })
    expect((await move(at, quillwort, { channel_id: '1' })).body.code).toBe(10003)
    expect((await move(at, palimpsest, { channel_id: quiet.id })).body.code).toBe(10007)
    expect((await move(at, quillwort, { guild_id: '1', channel_id: quiet.id })).body.code).toBe(10004)
    at.forbid(Bit.Connect)
    expect((await move(at, quillwort, { channel_id: at.channel('Loft') })).body.message).toBe(
      'quillwort lacks Connect in Loft.',
    )
  })
})

/** Lets nobody more in, whoever is inside. */
function simulateFull(at: Scene, id: string): void {
  at.simulator.dispatch('CHANNEL_UPDATE', { id, guild_id: at.guild.id, user_limit: 1 })
  at.simulator.people.voice({ user_id: saltmarsh.id, guild_id: at.guild.id, channel_id: null })
  at.simulator.dispatch('VOICE_STATE_UPDATE', { guild_id: at.guild.id, channel_id: id, user_id: saltmarsh.id })
}
