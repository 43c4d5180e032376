import { MessageFlags as Flag, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { PEOPLE } from '../src/index.ts'
import { refused, scene } from './scene.ts'
import type { Scene } from './scene.ts'

const EVERY = 0x1_ffff
const here = (at: Scene) => `/channels/${at.channel('general')}/messages`

async function aHook(at: Scene): Promise<string> {
  const hook = (await at.call('POST', `/channels/${at.channel('general')}/webhooks`, { name: 'kiln' })).body
  return `/webhooks/${hook.id}/${hook.token}`
}

test('a bot’s message with the flag of ephemeral ones vanished', async () => {
  await using at = await scene()
  const sent = (await at.call('POST', here(at), { content: 'x', flags: Flag.Ephemeral })).body
  expect(sent.flags).toBe(0)
  expect(await at.heard('MESSAGE_CREATE')).toMatchObject({ id: sent.id, guild_id: at.guild.id, flags: 0 })
  expect((await at.call('GET', `${here(at)}/${sent.id}`)).status).toBe(200)
  const hook = await aHook(at)
  const said = (await at.call('POST', `${hook}?wait=true`, { content: 'x', flags: Flag.Ephemeral })).body
  expect(said.flags).toBe(0)
  expect((await at.call('GET', `${here(at)}/${said.id}`)).status).toBe(200)
})

test('flags that nobody may set were kept as they came', async () => {
  await using at = await scene()
  const silent = Flag.SuppressEmbeds | Flag.SuppressNotifications
  const asked = EVERY & ~(Flag.IsVoiceMessage | Flag.IsComponentsV2)
  const sent = (await at.call('POST', here(at), { content: 'x', flags: asked })).body
  expect(sent.flags).toBe(silent)
  const hook = await aHook(at)
  expect((await at.call('POST', `${hook}?wait=true`, { content: 'x', flags: asked })).body.flags).toBe(silent)
  // An edit suppresses embeds or no more, and leaves the rest.
  const edit = async (flags: number) =>
    (await at.call('PATCH', `${here(at)}/${sent.id}`, { flags: flags & ~Flag.IsComponentsV2 })).body.flags
  expect(await edit(0)).toBe(Flag.SuppressNotifications)
  expect(await edit(EVERY)).toBe(silent)
})

test('only answers to an interaction are ephemeral', async () => {
  await using at = await scene()
  await at.call('POST', `/applications/${at.bot.id}/commands`, { name: 'fire', description: 'x' })
  const { id, token } = at.simulator.interact({
    user_id: PEOPLE.pikelet.id,
    channel_id: at.channel('general'),
    command: 'fire',
  })
  const data = { content: 'x', flags: Flag.Ephemeral | Flag.Crossposted }
  await at.call('POST', `/interactions/${id}/${token}/callback`, { type: 4, data })
  const original = `/webhooks/${at.bot.id}/${token}/messages/@original`
  expect((await at.call('GET', original)).body.flags).toBe(Flag.Ephemeral)
  expect((await at.call('POST', `/webhooks/${at.bot.id}/${token}`, data)).body.flags).toBe(Flag.Ephemeral)
  // What it is cannot be changed.
  expect((await at.call('PATCH', original, { content: 'y', flags: 0 })).body.flags).toBe(Flag.Ephemeral)
})

test('suppressed embeds were shown', async () => {
  await using at = await scene()
  const embeds = [{ title: 'kiln' }]
  const flags = Flag.SuppressEmbeds
  const sent = (await at.call('POST', here(at), { content: 'x', embeds, flags })).body
  expect(sent).toMatchObject({ embeds: [], flags })
  expect(await at.heard('MESSAGE_CREATE')).toMatchObject({ embeds: [] })
  const path = `${here(at)}/${sent.id}`
  expect((await at.call('PATCH', path, { flags: 0 })).body.embeds).toMatchObject(embeds)
  await at.heard('MESSAGE_UPDATE')
  expect((await at.call('PATCH', path, { flags })).body.embeds).toEqual([])
  expect(await at.heard('MESSAGE_UPDATE')).toMatchObject({ embeds: [], flags })
  // Another text leaves them suppressed, and there.
  expect((await at.call('PATCH', path, { content: '' })).body).toMatchObject({ embeds: [], flags })
  expect((await at.call('GET', path)).body.embeds).toEqual([])
  expect((await at.call('PATCH', path, { flags: 0 })).body.embeds).toMatchObject(embeds)
  // Those that are taken away while they do not show are gone.
  await at.call('PATCH', path, { flags, content: 'x' })
  await at.call('PATCH', path, { embeds: [] })
  expect((await at.call('PATCH', path, { flags: 0 })).body.embeds).toEqual([])
})

function sound(fields: object, about: object = { duration_secs: 1.5, waveform: 'AAAA' }, ...names: readonly string[]) {
  const form = new FormData()
  const attachments = [{ id: '0', ...about }]
  form.set('payload_json', JSON.stringify({ flags: Flag.IsVoiceMessage, attachments, ...fields }))
  for (const [index, name] of (names.length > 0 ? names : ['voice.ogg']).entries()) {
    form.set(`files[${index}]`, new Blob(['OggS']), name)
  }
  return form
}

test('anything was a voice message', async () => {
  await using at = await scene()
  const codeOf = async (...form: Parameters<typeof sound>) =>
    (await at.call('POST', here(at), sound(...form))).body.code
  const everyone = at.role('@everyone')
  expect(await at.call('POST', here(at), sound({}))).toMatchObject(refused(50173))
  const permissions = String(BigInt(everyone.permissions) | Bit.SendVoiceMessages)
  at.simulator.dispatch('GUILD_ROLE_UPDATE', { guild_id: at.guild.id, role: { ...everyone, permissions } })
  expect(await codeOf({ content: 'x' })).toBe(50159)
  expect(await codeOf({}, undefined, 'voice.png')).toBe(50160)
  expect(await codeOf({}, undefined, 'voice.ogg', 'more.ogg')).toBe(50160)
  expect(await codeOf({}, { duration_secs: 1 })).toBe(50161)
  // Files take another permission.
  at.forbid(Bit.AttachFiles)
  const sent = (await at.call('POST', here(at), sound({}))).body
  expect(sent).toMatchObject({
    flags: Flag.IsVoiceMessage,
    attachments: [{ duration_secs: 1.5, waveform: 'AAAA', content_type: 'audio/ogg' }],
  })
  expect((await at.call('PATCH', `${here(at)}/${sent.id}`, { content: 'x' })).body.code).toBe(50162)
})

test('a bot that manages messages could not suppress the embeds of others', async () => {
  await using at = await scene()
  const said = at.simulator.people.speak({
    user_id: PEOPLE.pikelet.id,
    channel_id: at.channel('general'),
    content: 'https://example.com',
  })
  const embeds = [{ type: 'link', url: 'https://example.com', title: 'kiln' }]
  at.simulator.dispatch('MESSAGE_UPDATE', { id: said.id, channel_id: said.channel_id, guild_id: at.guild.id, embeds })
  await at.told()
  const path = `${here(at)}/${said.id}`
  const flags = Flag.SuppressEmbeds
  // It takes the permission, and what was written stays another's.
  at.forbid(Bit.ManageMessages)
  expect(await at.call('PATCH', path, { flags })).toMatchObject(refused(50013))
  const everyone = at.role('@everyone')
  const permissions = String(BigInt(everyone.permissions) | Bit.ManageMessages)
  at.simulator.dispatch('GUILD_ROLE_UPDATE', { guild_id: at.guild.id, role: { ...everyone, permissions } })
  for (const more of [{ content: 'x' }, { content: null }, { embeds: [] }, { components: [] }, { attachments: [] }]) {
    expect(await at.call('PATCH', path, { flags, ...more })).toMatchObject(refused(50005))
  }
  expect(await at.call('PATCH', path, {})).toMatchObject(refused(50005))

  const asked = flags | Flag.Crossposted | Flag.IsComponentsV2
  const suppressed = { content: 'https://example.com', author: { id: PEOPLE.pikelet.id }, embeds: [], flags }
  expect((await at.call('PATCH', path, { flags: asked })).body).toMatchObject({ ...suppressed, edited_timestamp: null })
  expect(await at.heard('MESSAGE_UPDATE')).toMatchObject(suppressed)
  expect((await at.call('GET', path)).body).toMatchObject(suppressed)
  expect((await at.call('PATCH', path, { flags: 0 })).body).toMatchObject({ embeds, flags: 0 })
})
