import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { PEOPLE } from '../src/index.ts'
import { tokenOf } from './oauth-client.ts'
import { restClient } from './rest-client.ts'
import { scene } from './scene.ts'
import type { Scene } from './scene.ts'

const { pikelet, brackish, saltmarsh, tessellate } = PEOPLE

const FIRE = {
  name: 'fire',
  description: 'x',
  options: [
    { type: 3, name: 'kiln', description: 'x', required: true, choices: [{ name: 'Old', value: 'old' }] },
    { type: 4, name: 'hours', description: 'x', min_value: 1, max_value: 12 },
    { type: 3, name: 'note', description: 'x', max_length: 5 },
    { type: 7, name: 'where', description: 'x', channel_types: [2] },
    { type: 6, name: 'who', description: 'x' },
  ],
}

async function register(at: Scene, command: object = FIRE, scope = `/guilds/${at.guild.id}`): Promise<string> {
  return (await at.call('POST', `/applications/${at.bot.id}${scope}/commands`, command)).body.id as string
}

const run = (at: Scene, options: { name: string; value?: string | number; type?: number }[], more: object = {}) =>
  at.simulator.interact({
    user_id: pikelet.id,
    channel_id: at.channel('general'),
    command: 'fire',
    options,
    ...more,
  })
const kiln = { name: 'kiln', value: 'old' }

test('a command ran whatever was filled in', async () => {
  await using at = await scene()
  await register(at)
  const refusals: [options: Parameters<typeof run>[1], words: string][] = [
    [[], 'The option kiln is required'],
    [[kiln, { name: 'glaze', value: 'x' }], 'There is no option glaze'],
    [[{ name: 'kiln', value: 'raku' }], 'kiln has no such choice'],
    [[kiln, kiln], 'kiln is given twice'],
    [[{ name: 'kiln', value: 3 }], 'kiln takes no 3'],
    [[kiln, { name: 'hours', value: '3' }], 'hours takes no "3"'],
    [[kiln, { name: 'hours', value: 1.5 }], 'hours takes no 1.5'],
    [[kiln, { name: 'hours', value: 0 }], 'hours is at least 1'],
    [[kiln, { name: 'hours', value: 13 }], 'hours is at most 12'],
    [[kiln, { name: 'note', value: 'too long' }], 'note has at most 5 characters'],
    [[kiln, { name: 'where', value: at.channel('general') }], 'where names nothing here'],
    [[kiln, { name: 'who', value: '1' }], 'who names nothing here'],
    [[{ ...kiln, type: 4 }], 'kiln is of type 3'],
  ]
  for (const [options, words] of refusals) expect(() => run(at, options)).toThrow(words)
  run(at, [kiln, { name: 'hours', value: 3 }, { name: 'where', value: at.channel('Loft') }])
  const { data } = await at.heard('INTERACTION_CREATE')
  expect(data).toMatchObject({
    options: [kiln, { name: 'hours', type: 4, value: 3 }, { name: 'where', type: 7 }],
    resolved: { channels: { [at.channel('Loft')]: { name: 'Loft', type: 2, permissions: expect.any(String) } } },
  })
})

test('a subcommand ran without being named', async () => {
  await using at = await scene()
  const sub = (name: string) => ({ type: 1, name, description: 'x', options: FIRE.options.slice(0, 1) })
  await register(at, { ...FIRE, options: [sub('up'), sub('down')] })
  expect(() => run(at, [])).toThrow('One of these is to follow: up, down')
  const up = (options: object[]) => [{ name: 'up', options }] as unknown as Parameters<typeof run>[1]
  expect(() => run(at, up([]))).toThrow('kiln is required')
  run(at, up([kiln]))
  expect((await at.heard('INTERACTION_CREATE')).data.options).toEqual([
    { name: 'up', type: 1, options: [{ ...kiln, type: 3 }] },
  ])
})

test('components were used that are not there, disabled, or have no such values', async () => {
  await using at = await scene()
  const button = { type: 2, style: 1, label: 'x' }
  const options = ['a', 'b', 'c'].map((value) => ({ label: value, value }))
  const message = await at.post('general', {
    content: 'x',
    components: [
      {
        type: 1,
        components: [
          { ...button, custom_id: 'go' },
          { ...button, custom_id: 'off', disabled: true },
        ],
      },
      { type: 1, components: [{ type: 3, custom_id: 'pick', min_values: 2, max_values: 2, options }] },
      { type: 1, components: [{ type: 6, custom_id: 'role' }] },
    ],
  })
  const use = (custom_id: string, values?: string[]) => {
    const place = { user_id: pikelet.id, channel_id: message.channel_id, message_id: message.id }
    return at.simulator.interact({ ...place, custom_id, ...(values && { values }) })
  }
  const { id: message_id, channel_id } = message
  const typed = { user_id: pikelet.id, channel_id, message_id, custom_id: 'go' }
  expect(() => at.simulator.interact({ ...typed, component_type: 3 })).toThrow('go is of type 2, and not 3')
  expect(at.simulator.interact({ ...typed, component_type: 2 })).toHaveProperty('id')
  await at.heard('INTERACTION_CREATE')
  expect(() => use('nothing')).toThrow('The message has no component nothing')
  expect(() => use('off')).toThrow('off is disabled')
  expect(() => use('go', ['a'])).toThrow('go is a button')
  expect(() => use('pick', ['a', 'z'])).toThrow('pick has no option z')
  expect(() => use('pick', ['a'])).toThrow('pick takes at least 2')
  expect(() => use('pick', ['a', 'b', 'c'])).toThrow('pick takes at most 2')
  expect(() => use('pick', ['a', 'a'])).toThrow('each of its values once')
  expect(() => use('role', [pikelet.id])).toThrow('role has no option')
  use('role', [at.role('Maker').id])
  expect((await at.heard('INTERACTION_CREATE')).data).toMatchObject({
    component_type: 6,
    resolved: { roles: { [at.role('Maker').id]: { name: 'Maker' } } },
  })
  const spoken = at.simulator.people.speak({ user_id: pikelet.id, channel_id: message.channel_id, content: 'x' })
  const place = { user_id: pikelet.id, channel_id: message.channel_id }
  expect(() => at.simulator.interact({ ...place, message_id: spoken.id, custom_id: 'go' })).toThrow('no component go')
})

test('default_member_permissions kept nobody from a command', async () => {
  await using at = await scene()
  const as = (user_id: string) => run(at, [kiln], { user_id })
  await register(at, { ...FIRE, default_member_permissions: String(Bit.ManageMessages) })
  expect(() => as(pikelet.id)).toThrow('They may not use the command fire here')
  as(brackish.id)
  await register(at, { ...FIRE, default_member_permissions: '0' })
  expect(() => as(brackish.id)).toThrow('They may not use')
  // The owner is an administrator.
  as(tessellate.id)
})

test('what a guild says of who may use a command was not asked', async () => {
  await using at = await scene()
  const id = await register(at, { ...FIRE, default_member_permissions: String(Bit.ManageMessages) })
  const token = await tokenOf(at.simulator, 'tessellate', 'applications.commands.permissions.update')
  const owner = restClient(at.simulator, `Bearer ${token}`)
  const set = (of: string, ...permissions: object[]) =>
    owner('PUT', `/applications/${at.bot.id}/guilds/${at.guild.id}/commands/${of}/permissions`, { permissions })
  const as = (user_id: string, channel = 'general') => run(at, [kiln], { user_id, channel_id: at.channel(channel) })
  const refused = 'They may not use the command fire here'

  await set(id, { id: at.role('Maker').id, type: 1, permission: true })
  as(pikelet.id)
  await set(id, { id: at.role('Maker').id, type: 1, permission: true }, { id: pikelet.id, type: 2, permission: false })
  expect(() => as(pikelet.id)).toThrow(refused)
  as(saltmarsh.id)
  await set(
    id,
    { id: at.guild.id, type: 1, permission: true },
    { id: String(BigInt(at.guild.id) - 1n), type: 3, permission: false },
    { id: at.channel('kiln-watch'), type: 3, permission: true },
  )
  expect(() => as(pikelet.id)).toThrow(refused)
  as(pikelet.id, 'kiln-watch')
  as(tessellate.id)

  await set(id)
  await set(at.bot.id, { id: brackish.id, type: 2, permission: false })
  expect(() => as(brackish.id)).toThrow(refused)
  await set(id, { id: brackish.id, type: 2, permission: true })
  as(brackish.id)
})

test('a command could not be used in direct messages, and contexts were not asked', async () => {
  await using at = await scene({}, { intents: (1 << 0) | (1 << 12) })
  await register(at, { ...FIRE, options: [], contexts: [1] }, '')
  await register(at, { name: 'here', description: 'x', contexts: [0] }, '')
  expect(() => run(at, [])).toThrow('The command fire is not for here')
  const { channel_id } = at.simulator.people.write(pikelet.id, 'Hello')
  expect(() => run(at, [], { channel_id, command: 'here' })).toThrow('not for here')
  expect(() => run(at, [], { channel_id, user_id: saltmarsh.id })).toThrow('cannot see')
  const { id, token } = run(at, [], { channel_id })
  const heard = await at.heard('INTERACTION_CREATE')
  expect(heard).toMatchObject({ context: 1, user: { id: pikelet.id }, channel_id })
  expect(heard).not.toHaveProperty('member')
  expect(heard).not.toHaveProperty('guild_id')
  const path = `/interactions/${id}/${token}/callback?with_response=true`
  expect((await at.call('POST', path, { type: 4, data: { content: 'Hi' } })).status).toBe(200)
  const { body } = await at.call('GET', `/channels/${channel_id}/messages?limit=1`)
  expect(body[0]).toMatchObject({ content: 'Hi', interaction_metadata: { user: { id: pikelet.id } } })
})

test('what is wrong with an answer was not said to be in its data', async () => {
  await using at = await scene()
  await register(at)
  const { id, token } = run(at, [kiln])
  const answer = (body: object) => at.call('POST', `/interactions/${id}/${token}/callback`, body)
  const long = await answer({ type: 4, data: { content: 'x'.repeat(2_001) } })
  expect(long.body.errors.data.content._errors[0].code).toBe('BASE_TYPE_MAX_LENGTH')
  const form = (more: object) => answer({ type: 9, data: { custom_id: 'f', title: 'F', components: [], ...more } })
  expect((await form({})).body.errors.data.components._errors[0].code).toBe('BASE_TYPE_BAD_LENGTH')
  const button = { type: 1, components: [{ type: 2, style: 1, label: 'x', custom_id: 'x' }] }
  const inRow = (await form({ components: [button] })).body.errors.data.components[0].components[0]
  expect(inRow._errors[0]).toEqual({
    code: 'UNION_TYPE_CHOICES',
    message: 'Value of field "type" must be one of (4,).',
  })
  const input = { type: 18, label: 'x', component: { type: 4, custom_id: 'x', style: 1 } }
  const twice = (await form({ components: [input, input] })).body.errors.data.components[1].component.custom_id
  expect(twice._errors[0].code).toBe('COMPONENT_CUSTOM_ID_DUPLICATED')
  expect((await answer({ type: 8, data: { choices: [] } })).body.errors.type._errors[0].code).toBe('BASE_TYPE_CHOICES')
  expect((await form({ components: [input] })).status).toBe(204)
})
