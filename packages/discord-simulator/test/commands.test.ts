import { expect, test } from 'vitest'
import { codesOf } from './codes-of.ts'
import { scene } from './scene.ts'
import type { Scene } from './scene.ts'

const all = (at: Scene) => `/applications/${at.bot.id}/commands`
const ofGuild = (at: Scene) => `/applications/${at.bot.id}/guilds/${at.guild.id}/commands`
const fire = (more: object = {}) => ({ name: 'fire', description: 'Lights a kiln', ...more })
const text = (name: string, more: object = {}) => ({ type: 3, name, description: 'x', ...more })

test('what a command says besides its name was lost: localizations, contexts, where it is installed', async () => {
  await using at = await scene()
  const said = {
    name_localizations: { de: 'brennen' },
    description_localizations: { de: 'Heizt' },
    contexts: [0],
    integration_types: [0, 1],
    options: [text('kiln', { name_localizations: { de: 'ofen' }, choices: [{ name: 'old', value: 'o' }] })],
  }
  const { body } = await at.call('POST', all(at), fire(said))
  expect(body).toMatchObject({ ...said, dm_permission: false })
  const [listed] = (await at.call('GET', all(at))).body as object[]
  expect(listed).toMatchObject({ contexts: [0], options: [{ name: 'kiln', choices: [{ name: 'old' }] }] })
  expect(JSON.stringify(listed)).not.toContain('_localizations')
  expect((await at.call('GET', `${all(at)}?with_localizations=true`)).body).toEqual([body])
  const older = (await at.call('POST', all(at), fire({ name: 'quench', dm_permission: false }))).body
  expect(older).toMatchObject({ dm_permission: false, contexts: [0] })
  // Those of one guild are used there, whatever they say.
  expect((await at.call('POST', ofGuild(at), fire({ contexts: [1] }))).body).toMatchObject({ contexts: null })
})

test('commands were taken that Discord refuses', async () => {
  await using at = await scene()
  const refusals: [body: object, code: string][] = [
    [fire({ name: 'FIRE' }), 'name APPLICATION_COMMAND_INVALID_NAME'],
    [fire({ name: 'two words' }), 'name APPLICATION_COMMAND_INVALID_NAME'],
    [fire({ description: '' }), 'description BASE_TYPE_REQUIRED'],
    [fire({ name_localizations: { pt_BR: 'a' } }), 'name_localizations.pt_BR BASE_TYPE_CHOICES'],
    [fire({ contexts: [9] }), 'contexts.0 BASE_TYPE_CHOICES'],
    [fire({ options: [text('KILN')] }), 'options.0.name APPLICATION_COMMAND_INVALID_NAME'],
    [
      fire({ options: [text('a'), text('b', { required: true })] }),
      'options.1 APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID',
    ],
    [fire({ options: [text('a'), text('a')] }), 'options.1 APPLICATION_COMMAND_OPTIONS_NAME_INVALID'],
    [
      fire({ options: [text('a'), { type: 1, name: 'b', description: 'x' }] }),
      'options.0 APPLICATION_COMMAND_OPTIONS_TYPE_INVALID',
    ],
    [
      fire({ options: [{ type: 2, name: 'b', description: 'x', options: [text('a')] }] }),
      'options.0.options.0 APPLICATION_COMMAND_OPTIONS_TYPE_INVALID',
    ],
    [
      fire({ options: [{ ...text('a'), type: 4, choices: [{ name: 'x', value: 'x' }] }] }),
      'options.0.choices.0.value APPLICATION_COMMAND_OPTIONS_CHOICES_VALUE_INVALID',
    ],
    [
      fire({ options: [text('a', { autocomplete: true, choices: [{ name: 'x', value: 'x' }] })] }),
      'options.0.autocomplete APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID',
    ],
    [{ name: 'Fire', type: 2, description: 'x' }, 'description APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_INVALID'],
  ]
  for (const [body, code] of refusals) {
    const answer = await at.call('POST', all(at), body)
    expect({ body, codes: codesOf(answer.body.errors ?? {}) }).toEqual({ body, codes: [code] })
  }
  const long = Array.from({ length: 25 }, (_, index) => ({
    name: `n${index}`.padEnd(100, 'x'),
    value: 'v'.repeat(100),
  }))
  const body = fire({ options: [text('a', { choices: long }), text('b', { choices: long })] })
  expect(codesOf((await at.call('POST', all(at), body)).body.errors)).toEqual(['APPLICATION_COMMAND_TOO_LARGE'])
  expect((await at.call('POST', all(at), { name: 'Fire It', type: 2 })).status).toBe(201)
})

test('two commands of one name were taken, and any number', async () => {
  await using at = await scene()
  const twice = await at.call('PUT', all(at), [fire(), fire()])
  expect(codesOf(twice.body.errors)).toEqual(['1 APPLICATION_COMMANDS_DUPLICATE_NAME'])
  const many = (count: number, more: object) => Array.from({ length: count }, (_, n) => ({ name: `c${n}`, ...more }))
  const chat = many(100, { description: 'x' })
  const users = many(15, { type: 2 })
  expect((await at.call('PUT', all(at), [...chat, ...users])).status).toBe(200)
  const limit = { status: 400, body: { code: 30_032 } }
  expect(await at.call('POST', all(at), fire())).toMatchObject(limit)
  expect(await at.call('PUT', all(at), [...chat, fire()])).toMatchObject(limit)
  expect(await at.call('POST', all(at), { name: 'x', type: 2 })).toMatchObject(limit)
  expect((await at.call('POST', all(at), { name: 'x', type: 3 })).status).toBe(201)
  const [first, second] = (await at.call('GET', all(at))).body as { id: string; name: string }[]
  const renamed = await at.call('PATCH', `${all(at)}/${first!.id}`, { name: second!.name })
  expect(codesOf(renamed.body.errors)).toEqual(['name APPLICATION_COMMANDS_DUPLICATE_NAME'])
})
