import { expect, test } from 'vitest'
import { codesOf } from './codes-of.ts'
import { scene } from './scene.ts'
import type { Scene } from './scene.ts'

const V2 = 1 << 15
const button = (custom_id: string, more: object = {}) => ({ type: 2, style: 1, label: 'x', custom_id, ...more })
const row = (...components: object[]) => ({ type: 1, components })
const display = (content = 'x') => ({ type: 10, content })
const menu = (custom_id: string, more: object = {}) => ({
  type: 3,
  custom_id,
  options: [{ label: 'a', value: 'a' }],
  ...more,
})
const send = (at: Scene, body: object | FormData) =>
  at.call('POST', `/channels/${at.channel('general')}/messages`, body)
const ids = (count: number) => Array.from({ length: count }, (_, index) => button(`b${index}`))

test('components were taken that Discord refuses', async () => {
  await using at = await scene()
  const refusals: [components: object[], ...codes: string[]][] = [
    [[{ type: 99 }], 'components.0 UNION_TYPE_CHOICES'],
    [[row({ type: 99 })], 'components.0.components.0 UNION_TYPE_CHOICES'],
    [[row({ type: 4, custom_id: 'x', style: 1, label: 'x' })], 'components.0.components.0 UNION_TYPE_CHOICES'],
    [[button('x')], 'components.0 UNION_TYPE_CHOICES'],
    [[display()], 'components.0 UNION_TYPE_CHOICES'],
    [[row()], 'components.0.components BASE_TYPE_BAD_LENGTH'],
    [[row(...ids(6))], 'components.0.components BASE_TYPE_BAD_LENGTH'],
    [ids(6).map((each) => row(each)), 'components BASE_TYPE_BAD_LENGTH'],
    [[row(button('a'), menu('b'))], 'components.0.components.1 COMPONENT_LAYOUT_WIDTH_EXCEEDED'],
    [[row(button('a'), button('a'))], 'components.0.components.1.custom_id COMPONENT_CUSTOM_ID_DUPLICATED'],
    [
      [row({ type: 2, style: 1, label: 'x' })],
      'components.0.components.0.custom_id BUTTON_COMPONENT_CUSTOM_ID_REQUIRED',
    ],
    [[row({ type: 2, style: 5, label: 'x' })], 'components.0.components.0.url BUTTON_COMPONENT_URL_REQUIRED'],
    [[row({ type: 2, style: 6 })], 'components.0.components.0.sku_id BUTTON_COMPONENT_SKU_ID_REQUIRED'],
    [[row({ type: 2, style: 1, custom_id: 'x' })], 'components.0.components.0.label BUTTON_COMPONENT_LABEL_REQUIRED'],
    [
      [row({ type: 2, style: 5, label: 'x', url: 'javascript:alert(1)' })],
      'components.0.components.0.url URL_TYPE_INVALID_SCHEME',
    ],
    [[row(button('x', { emoji: { name: 'fire' } }))], 'components.0.components.0.emoji.name COMPONENT_INVALID_EMOJI'],
    [
      [row(menu('x', { options: [{ label: 'x', value: 'x', emoji: { name: ':fire:' } }] }))],
      'components.0.components.0.options.0.emoji.name COMPONENT_INVALID_EMOJI',
    ],
    [[row(menu('x', { options: [] }))], 'components.0.components.0.options BASE_TYPE_BAD_LENGTH'],
    [[row(menu('x', { max_values: 2 }))], 'components.0.components.0.options BASE_TYPE_BAD_LENGTH'],
    [
      [row(menu('x', { options: ['a', 'a'].map((value) => ({ label: 'x', value })) }))],
      'components.0.components.0.options.1.value SELECT_COMPONENT_OPTION_VALUE_DUPLICATED',
    ],
  ]
  for (const [components, ...codes] of refusals) {
    const answer = await send(at, { content: 'x', components })
    expect({ components, codes: codesOf(answer.body.errors) }).toEqual({ components, codes })
  }
  const link = { type: 2, style: 5, label: 'x', url: 'https://example.invalid' }
  expect((await send(at, { content: 'x', components: [row(button('a'), link, link)] })).status).toBe(200)
  const pictured = ['🔥', '❤', '1️⃣', '🇩🇪'].map((name) => button(name, { emoji: { name } }))
  expect((await send(at, { content: 'x', components: [row(...pictured)] })).status).toBe(200)
})

test('a message of components was taken beside text, and without its flag', async () => {
  await using at = await scene()
  const alone = 'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2'
  const both = { flags: V2, content: 'x', embeds: [{ title: 'x' }], components: [display()] }
  expect(codesOf((await send(at, both)).body.errors)).toEqual([`content ${alone}`, `embeds ${alone}`])
  const long = { flags: V2, components: [display('x'.repeat(2_001)), display('x'.repeat(2_000))] }
  expect(codesOf((await send(at, long)).body.errors)).toEqual(['components COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED'])
  const many = { flags: V2, components: Array.from({ length: 41 }, () => display()) }
  expect(codesOf((await send(at, many)).body.errors)).toEqual(['components COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED'])
  const nested = { flags: V2, components: [{ type: 17, components: [{ type: 17, components: [display()] }] }] }
  expect(codesOf((await send(at, nested)).body.errors)).toEqual(['components.0.components.0 UNION_TYPE_CHOICES'])
  expect((await send(at, { flags: V2 })).body.code).toBe(50_006)

  const webhook = (await at.call('POST', `/channels/${at.channel('general')}/webhooks`, { name: 'x' })).body
  const hook = `/webhooks/${webhook.id}/${webhook.token}`
  expect(codesOf((await at.call('POST', hook, both)).body.errors)).toEqual([`content ${alone}`, `embeds ${alone}`])

  const plain = await at.post('general', { content: 'x' })
  const path = `/channels/${plain.channel_id}/messages/${plain.id}`
  const upgrade = { flags: V2, components: [display()] }
  expect(codesOf((await at.call('PATCH', path, upgrade)).body.errors)).toEqual([`content ${alone}`])
  const { body } = await at.call('PATCH', path, { ...upgrade, content: null })
  expect(body).toMatchObject({ content: '', flags: V2, components: [{ type: 10, content: 'x' }] })
  // There is no way back.
  expect(codesOf((await at.call('PATCH', path, { content: 'y' })).body.errors)).toEqual([`content ${alone}`])
})

test('components of messages came without what Discord adds: ids, media, defaults', async () => {
  await using at = await scene()
  const form = new FormData()
  const media = { url: 'https://example.invalid/x.png' }
  const components = [
    { type: 9, components: [display()], accessory: { type: 11, media } },
    { type: 12, items: [{ media: { url: 'attachment://kiln.png' } }] },
    { type: 14 },
    { type: 17, id: 2, components: [row(button('x')), { type: 13, file: { url: 'attachment://kiln.png' } }] },
  ]
  form.set('payload_json', JSON.stringify({ flags: V2, components }))
  form.set('files[0]', new Blob(['x'], { type: 'image/png' }), 'kiln.png')
  const { status, body } = await send(at, form)
  expect({ status, attachments: body.attachments.length }).toEqual({ status: 200, attachments: 1 })
  const [attachment] = body.attachments
  expect(body.components).toMatchObject([
    {
      id: 1,
      components: [{ id: 3 }],
      accessory: { id: 4, media: { ...media, proxy_url: media.url }, spoiler: false },
    },
    { id: 5, items: [{ media: { url: attachment.url, attachment_id: attachment.id }, description: null }] },
    { id: 6, divider: true, spacing: 1 },
    {
      id: 2,
      accent_color: null,
      components: [
        { id: 7, components: [{ id: 8 }] },
        { id: 9, name: 'kiln.png', size: 1, file: { attachment_id: attachment.id } },
      ],
    },
  ])
})

test('components showed files that are not there', async () => {
  await using at = await scene()
  const file = (name: string) => ({ url: `attachment://${name}` })
  const components = (name: string) => [
    { type: 9, components: [display()], accessory: { type: 11, media: file(name) } },
    { type: 17, components: [{ type: 12, items: [{ media: file('kiln.png') }, { media: file(name) }] }] },
    { type: 13, file: file(name) },
  ]
  const form = (name: string) => {
    const body = new FormData()
    body.set('payload_json', JSON.stringify({ flags: V2, components: components(name) }))
    body.set('files[0]', new Blob(['x']), 'kiln.png')
    return body
  }
  const places = ['0.accessory.media', '1.components.0.items.1.media', '2.file']
  const code = 'UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND'
  const missing = places.map((place) => `components.${place}.url ${code}`)
  expect(codesOf((await send(at, form('pot.png'))).body.errors)).toEqual(missing)
  const { id, channel_id } = (await send(at, form('kiln.png'))).body
  // An edit shows what is there, if it keeps it, and what comes with it.
  const edit = (body: object | FormData) => at.call('PATCH', `/channels/${channel_id}/messages/${id}`, body)
  expect((await edit({ components: components('kiln.png') })).status).toBe(200)
  expect(codesOf((await edit({ components: components('pot.png') })).body.errors)).toEqual(missing)
  expect((await edit({ components: components('kiln.png'), attachments: [] })).status).toBe(400)
  expect((await edit(form('kiln.png'))).status).toBe(200)
})
