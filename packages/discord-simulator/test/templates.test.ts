import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { restClient } from './rest-client.ts'
import { refused, scene } from './scene.ts'

test('a guild had no template, and one that was made did not know when the guild changed', async () => {
  await using at = await scene()
  const list = `/guilds/${at.guild.id}/templates`
  const { body } = await at.call('POST', list, { name: 'Workshop' })
  expect(body).toMatchObject({ name: 'Workshop', is_dirty: null, source_guild_id: at.guild.id })
  const general = body.serialized_source_guild.channels.find(({ name }: { name: string }) => name === 'general')
  expect(body.serialized_source_guild).toMatchObject({
    system_channel_id: String(general.id),
    roles: [{ id: 0 }, {}, {}, {}, {}],
  })
  expect(await at.call('POST', list, { name: 'x' })).toMatchObject({ status: 400, body: { code: 30_031 } })
  expect((await restClient(at.simulator, '')('GET', `/guilds/templates/${body.code}`)).body).toEqual(body)
  await at.call('PATCH', `/channels/${at.channel('general')}`, { topic: 'else' })
  expect((await at.call('GET', list)).body).toMatchObject([{ is_dirty: true }])
  expect((await at.call('PUT', `${list}/${body.code}`)).body.is_dirty).toBeNull()
  expect((await at.call('PATCH', `${list}/${body.code}`, { name: 'Shed' })).body.name).toBe('Shed')
  at.forbid(Bit.ManageGuild)
  expect(await at.call('DELETE', `${list}/${body.code}`)).toMatchObject(refused(50_013))
  expect(await at.call('GET', '/guilds/templates/none')).toMatchObject(refused(10_057))
})
