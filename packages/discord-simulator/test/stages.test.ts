import { AuditLogEvent as Did, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { refused, scene } from './scene.ts'

test('a stage is opened once, renamed, closed, and told', async () => {
  await using at = await scene()
  const channel_id = at.channel('Friday demo')
  const open = (fields: object = {}) => at.call('POST', '/stage-instances', { channel_id, topic: 'Glazes', ...fields })
  const { body: stage } = await open()
  expect(await at.heard('STAGE_INSTANCE_CREATE')).toEqual(stage)
  expect(stage).toMatchObject({ guild_id: at.guild.id, channel_id, topic: 'Glazes', privacy_level: 2 })
  expect((await open()).body.code).toBe(150006)
  const path = `/stage-instances/${channel_id}`
  expect((await at.call('PATCH', path, { topic: 'Kilns' })).body).toEqual({ ...stage, topic: 'Kilns' })
  expect(await at.heard('STAGE_INSTANCE_UPDATE')).toMatchObject({ id: stage.id, topic: 'Kilns' })
  await at.call('DELETE', path)
  expect(await at.heard('STAGE_INSTANCE_DELETE')).toMatchObject({ id: stage.id, guild_id: at.guild.id, channel_id })
  expect((await at.call('GET', path)).body.code).toBe(10067)
  expect((await open({ channel_id: at.channel('Loft') })).body.code).toBe(50024)
  expect((await open({ guild_scheduled_event_id: '1' })).body.code).toBe(10070)
  expect((await open({ topic: '' })).body).toMatchObject({
    errors: { topic: { _errors: [{ code: 'BASE_TYPE_BAD_LENGTH' }] } },
  })
  at.forbid(Bit.MuteMembers)
  expect(await open()).toMatchObject(refused(50013))
})

test('a voice channel says what it is about, told by who may', async () => {
  await using at = await scene()
  const id = at.channel('Loft')
  const say = (status: string | null) => at.call('PUT', `/channels/${id}/voice-status`, { status })
  expect((await say('Firing')).status).toBe(204)
  const event = { id, guild_id: at.guild.id }
  expect(await at.heard('VOICE_CHANNEL_STATUS_UPDATE')).toEqual({ ...event, status: 'Firing' })
  await say('')
  expect(await at.heard('VOICE_CHANNEL_STATUS_UPDATE')).toEqual({ ...event, status: null })
  const { audit_log_entries } = (await at.call('GET', `/guilds/${at.guild.id}/audit-logs`)).body
  expect(audit_log_entries).toMatchObject([
    { action_type: Did.VoiceChannelStatusDelete, target_id: id },
    { action_type: Did.VoiceChannelStatusCreate, target_id: id, options: { status: 'Firing' } },
  ])
  expect((await say('x'.repeat(501))).body.code).toBe(50035)
  expect((await at.call('PUT', `/channels/${at.channel('general')}/voice-status`, {})).body.code).toBe(50024)

  at.forbid(Bit.ManageChannels)
  expect(await say('x')).toMatchObject(refused(50013))
  at.simulator.dispatch('VOICE_STATE_UPDATE', { guild_id: at.guild.id, channel_id: id, user_id: at.bot.id })
  expect((await say('x')).status).toBe(204)
  at.forbid(Bit.SetVoiceChannelStatus)
  expect(await say('x')).toMatchObject(refused(50013))
})
