import { expect, test } from 'vitest'
import { PEOPLE } from '../src/index.ts'
import { scene } from './scene.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')
const photo = { name: 'pot 1.png', data: base64('a pot') }

test('nobody could send a file along with a command', async () => {
  await using at = await scene()
  const options = [
    { type: 11, name: 'photo', description: 'x', required: true },
    { type: 3, name: 'note', description: 'x' },
  ]
  const show = { name: 'show', description: 'x', options }
  await at.call('POST', `/applications/${at.bot.id}/guilds/${at.guild.id}/commands`, show)
  const place = { user_id: PEOPLE.pikelet.id, channel_id: at.channel('general'), command: 'show' }
  const use = async (...given: object[]) => {
    const body = JSON.stringify({ ...place, options: given })
    const response = await fetch(`${at.simulator.url}/_simulator/interactions`, { method: 'POST', body })
    return { status: response.status, body: (await response.json()) as { message?: string } }
  }
  expect(await use({ name: 'photo', value: '1' })).toMatchObject({
    status: 400,
    body: { message: 'The option photo takes a `file`.' },
  })
  const wrong = [
    { name: 'photo', file: photo },
    { name: 'note', file: photo },
  ] as const
  expect((await use(...wrong)).body.message).toBe('The option note takes no file.')
  expect((await use({ name: 'photo', file: { ...photo, data: '%' } })).status).toBe(400)
  expect((await use({ name: 'photo', file: photo })).status).toBe(201)
  const { data } = await at.heard('INTERACTION_CREATE')
  const [{ value }] = data.options
  expect(data).toMatchObject({
    options: [{ name: 'photo', type: 11, value }],
    resolved: {
      attachments: {
        [value]: { id: value, filename: 'pot_1.png', size: 5, content_type: 'image/png', ephemeral: true },
      },
    },
  })
  expect(await (await fetch(data.resolved.attachments[value].url as string)).text()).toBe('a pot')
})

test('nobody could send files in a form', async () => {
  await using at = await scene()
  await at.call('POST', `/applications/${at.bot.id}/commands`, { name: 'show', description: 'x' })
  const place = { user_id: PEOPLE.pikelet.id, channel_id: at.channel('general') }
  const { id, token } = at.simulator.interact({ ...place, command: 'show' })
  const upload = { type: 19, custom_id: 'photos', min_values: 1, max_values: 2 }
  const data = {
    custom_id: 'send',
    title: 'Send',
    components: [
      { type: 18, label: 'Photos', component: upload },
      { type: 18, label: 'Why', component: { type: 4, custom_id: 'why', style: 1, required: false } },
    ],
  }
  await at.call('POST', `/interactions/${id}/${token}/callback`, { type: 9, data })
  await at.heard('INTERACTION_CREATE')
  const send = (fields: Parameters<typeof at.simulator.interact>[0] & object) => at.simulator.interact(fields)
  const form = (photos?: (typeof photo)[] | string) => ({
    ...place,
    modal: 'send',
    ...(photos && { fields: { photos } }),
  })
  expect(() => send(form())).toThrow('photos takes at least 1')
  expect(() => send(form('1'))).toThrow('photos takes files')
  expect(() => send(form([photo, photo, photo]))).toThrow('photos takes at most 2')
  expect(() => send({ ...form([photo]), fields: { photos: [photo], why: [photo] } })).toThrow('why takes text')
  send(form([photo, { ...photo, name: 'b.txt' }]))
  const heard = (await at.heard('INTERACTION_CREATE')).data
  const { values } = heard.components[0].component
  expect(values).toHaveLength(2)
  expect(heard.resolved.attachments[values[1]]).toMatchObject({ filename: 'b.txt' })
})
