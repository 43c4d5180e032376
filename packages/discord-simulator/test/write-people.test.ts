import { GuildMemberFlags, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { PEOPLE, STRANGER } from '../src/index.ts'
import { START_MS, refused, scene } from './scene.ts'

test('a member’s nick, roles and timeout are changed, and told', async () => {
  await using at = await scene()
  const path = `/guilds/${at.guild.id}/members/${PEOPLE.pikelet.id}`
  const until = new Date(START_MS + 60_000).toISOString()
  const roles = [at.role('Steward').id]
  expect(
    (await at.call('PATCH', path, { nick: 'pik', roles, communication_disabled_until: until })).body,
  ).toMatchObject({
    nick: 'pik',
    roles,
    communication_disabled_until: until.replace('Z', '000+00:00'),
  })
  expect(await at.heard('GUILD_MEMBER_UPDATE')).toMatchObject({ guild_id: at.guild.id, nick: 'pik', roles })
  expect((await at.call('PATCH', path, { nick: null })).body.nick).toBe(null)
  const far = new Date(START_MS + 29 * 86_400_000).toISOString()
  expect((await at.call('PATCH', path, { communication_disabled_until: far })).body.code).toBe(50035)
  expect((await at.call('PATCH', path, { roles: ['1'] })).body.code).toBe(10011)

  await at.call('DELETE', `${path}/roles/${roles[0]}`)
  expect((await at.call('GET', path)).body.roles).toEqual([])
  expect((await at.call('GET', `/guilds/${at.guild.id}/members/search?query=PIK`)).body).toHaveLength(1)
})

test('of a member’s flags the one that is others’ to set is set, by who may', async () => {
  await using at = await scene()
  const path = `/guilds/${at.guild.id}/members/${PEOPLE.pikelet.id}`
  const { CompletedOnboarding, BypassesVerification } = GuildMemberFlags
  const flags = CompletedOnboarding | BypassesVerification
  expect((await at.call('PATCH', path, { flags })).body.flags).toBe(BypassesVerification)
  at.forbid(Bit.ManageGuild | Bit.ManageRoles)
  expect((await at.call('PATCH', path, { flags: 0 })).body.flags).toBe(0)
  at.forbid(Bit.ManageGuild | Bit.ManageRoles | Bit.KickMembers)
  expect(await at.call('PATCH', path, { flags })).toMatchObject(refused(50013))
})

test('a member in voice is moved, muted and put out; another is not there', async () => {
  await using at = await scene()
  const { user_id, channel_id } = at.guild.voice_states.find(({ user_id: id }) => id !== at.guild.owner_id)!
  const path = `/guilds/${at.guild.id}/members/${user_id}`
  const loft = at.channel('Loft')
  expect(channel_id).not.toBe(loft)
  expect((await at.call('PATCH', path, { channel_id: loft, mute: true })).status).toBe(200)
  expect(await at.heard('VOICE_STATE_UPDATE')).toMatchObject({ user_id, channel_id: loft, mute: true })
  await at.call('PATCH', path, { channel_id: null })
  expect(await at.heard('VOICE_STATE_UPDATE')).toMatchObject({ user_id, channel_id: null })
  expect((await at.call('PATCH', path, { deaf: true })).body.code).toBe(40032)
})

test('nobody acts on who stands as high, or without the permission', async () => {
  await using at = await scene()
  const members = `/guilds/${at.guild.id}/members`
  expect(await at.call('DELETE', `${members}/${at.guild.owner_id}`)).toMatchObject(refused(50013))
  expect(await at.call('PATCH', `${members}/${at.guild.owner_id}`, { nick: 'x' })).toMatchObject(refused(50013))
  const own = at.role('gantry').id
  expect(await at.call('PUT', `${members}/${PEOPLE.pikelet.id}/roles/${own}`)).toMatchObject(refused(50013))
  expect(await at.call('PATCH', `/guilds/${at.guild.id}/roles/${own}`, { name: 'x' })).toMatchObject(refused(50013))
  const bits = String(Bit.Administrator)
  expect(await at.call('POST', `/guilds/${at.guild.id}/roles`, { permissions: bits })).toMatchObject(refused(50013))
  at.forbid(Bit.KickMembers | Bit.BanMembers | Bit.ManageRoles | Bit.ManageGuild | Bit.CreateInstantInvite)
  expect(await at.call('DELETE', `${members}/${PEOPLE.pikelet.id}`)).toMatchObject(refused(50013))
  expect(await at.call('PUT', `/guilds/${at.guild.id}/bans/${PEOPLE.pikelet.id}`)).toMatchObject(refused(50013))
  expect(await at.call('POST', `/guilds/${at.guild.id}/roles`, {})).toMatchObject(refused(50013))
  expect(await at.call('PATCH', `/guilds/${at.guild.id}`, { name: 'xy' })).toMatchObject(refused(50013))
  const invites = `/channels/${at.channel('general')}/invites`
  expect(await at.call('POST', invites, {})).toMatchObject(refused(50013))
})

test('a ban is told with the departure, keeps its reason, and is lifted', async () => {
  await using at = await scene()
  const path = `/guilds/${at.guild.id}/bans/${PEOPLE.pikelet.id}`
  const headers = { 'x-audit-log-reason': encodeURIComponent('glaze thief ☂') }
  expect((await at.call('PUT', path, { delete_message_seconds: 604_800 }, headers)).status).toBe(204)
  expect(await at.heard('GUILD_BAN_ADD')).toMatchObject({ user: { id: PEOPLE.pikelet.id } })
  expect(await at.heard('GUILD_MEMBER_REMOVE')).toMatchObject({ user: { id: PEOPLE.pikelet.id } })
  expect((await at.heard('MESSAGE_DELETE_BULK')).ids.length).toBeGreaterThan(0)
  expect((await at.call('GET', path)).body).toEqual({ user: PEOPLE.pikelet, reason: 'glaze thief ☂' })
  expect((await at.call('GET', `/guilds/${at.guild.id}/bans`)).body).toHaveLength(1)
  await at.call('DELETE', path)
  expect(await at.heard('GUILD_BAN_REMOVE')).toMatchObject({ user: { id: PEOPLE.pikelet.id } })
  expect((await at.call('GET', path)).body.code).toBe(10026)
  expect((await at.call('GET', `/users/${PEOPLE.pikelet.id}`)).status).toBe(200)
})

test('many are banned at once, but for those who cannot be', async () => {
  await using at = await scene()
  const path = `/guilds/${at.guild.id}/bulk-ban`
  const user_ids = [PEOPLE.pikelet.id, at.guild.owner_id, PEOPLE.saltmarsh.id, PEOPLE.pikelet.id, '1', at.bot.id]
  const { body } = await at.call('POST', path, { user_ids, delete_message_seconds: 604_800 })
  expect(body).toEqual({
    banned_users: [PEOPLE.pikelet.id, PEOPLE.saltmarsh.id],
    failed_users: [at.guild.owner_id, '1', at.bot.id],
  })
  expect(await at.heard('GUILD_BAN_ADD')).toMatchObject({ guild_id: at.guild.id, user: { id: PEOPLE.pikelet.id } })
  expect(await at.heard('GUILD_MEMBER_REMOVE')).toMatchObject({ user: { id: PEOPLE.pikelet.id } })
  expect(await at.heard('GUILD_BAN_ADD')).toMatchObject({ user: { id: PEOPLE.saltmarsh.id } })
  expect((await at.call('POST', path, { user_ids: [PEOPLE.pikelet.id] })).body.code).toBe(500000)
  expect((await at.call('POST', path, { user_ids: Array(201).fill('1') })).body).toMatchObject({
    code: 50035,
    errors: { user_ids: { _errors: [{ code: 'BASE_TYPE_MAX_LENGTH' }] } },
  })
  at.forbid(Bit.ManageGuild)
  expect(await at.call('POST', path, { user_ids: [PEOPLE.oddment.id] })).toMatchObject(refused(50013))
})

test('a role is made, changed and deleted, and is gone from its members', async () => {
  await using at = await scene()
  const path = `/guilds/${at.guild.id}/roles`
  const role = (await at.call('POST', path, { name: 'Glazer', color: 255 })).body
  expect(await at.heard('GUILD_ROLE_CREATE')).toMatchObject({ role: { id: role.id, name: 'Glazer' } })
  await at.call('PUT', `/guilds/${at.guild.id}/members/${PEOPLE.pikelet.id}/roles/${role.id}`)
  await at.call('PATCH', `${path}/${role.id}`, { hoist: true })
  expect(await at.heard('GUILD_ROLE_UPDATE')).toMatchObject({ role: { id: role.id, hoist: true, color: 255 } })
  await at.call('DELETE', `${path}/${role.id}`)
  expect(await at.heard('GUILD_ROLE_DELETE')).toMatchObject({ role_id: role.id })
  const { body } = await at.call('GET', `/guilds/${at.guild.id}/members/${PEOPLE.pikelet.id}`)
  expect(body.roles).not.toContain(role.id)
})

test('an invite is made, told, found, runs out and is taken back', async () => {
  await using at = await scene()
  const path = `/channels/${at.channel('general')}/invites`
  const short = (await at.call('POST', path, { max_age: 60 })).body.code as string
  const long = (await at.call('POST', path, { max_age: 0 })).body.code as string
  expect(await at.heard('INVITE_CREATE')).toMatchObject({ code: short, channel_id: at.channel('general') })
  at.clock.advance(60_000)
  expect((await at.call('GET', `/invites/${short}`)).body.code).toBe(10006)
  expect((await at.call('GET', path)).body).toMatchObject([{ code: long }])
  await at.call('DELETE', `/invites/${long}`)
  expect(await at.heard('INVITE_DELETE')).toMatchObject({ code: long })
})

test('the guild and its emojis are changed, and told', async () => {
  await using at = await scene()
  expect((await at.call('PATCH', `/guilds/${at.guild.id}`, { name: 'Makers' })).body.name).toBe('Makers')
  expect(await at.heard('GUILD_UPDATE')).toMatchObject({ id: at.guild.id, name: 'Makers' })
  const emoji = { name: 'kiln', image: 'data:image/png;base64,AA==' }
  const { id } = (await at.call('POST', `/guilds/${at.guild.id}/emojis`, emoji)).body
  expect(await at.heard('GUILD_EMOJIS_UPDATE')).toMatchObject({ emojis: [{ id, name: 'kiln' }] })
  const message = await at.post('general')
  const reactions = `/channels/${message.channel_id}/messages/${message.id}/reactions`
  expect((await at.call('PUT', `${reactions}/kiln:${id}/@me`)).status).toBe(204)
  expect(await at.heard('MESSAGE_REACTION_ADD')).toMatchObject({ emoji: { id, name: 'kiln' } })
})

test('nobody could be banned who had never been in the guild', async () => {
  await using at = await scene()
  const path = `/guilds/${at.guild.id}/bans/${STRANGER.id}`
  expect((await at.call('PUT', path)).status).toBe(204)
  expect(await at.heard('GUILD_BAN_ADD')).toMatchObject({ user: { id: STRANGER.id } })
  expect((await at.call('GET', path)).body).toMatchObject({ user: { username: STRANGER.username } })
  expect(await at.call('PUT', `/guilds/${at.guild.id}/bans/123`)).toMatchObject(refused(10_013))
})
