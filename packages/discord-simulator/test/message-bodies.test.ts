import { expect, test } from 'vitest'
import { codesOf } from './codes-of.ts'
import { scene } from './scene.ts'
import type { Scene } from './scene.ts'

const send = (at: Scene, body: object) => at.call('POST', `/channels/${at.channel('general')}/messages`, body)
const embed = (more: object) => ({ embeds: [{ title: 'x', ...more }] })

test('embeds were taken that Discord refuses: empty ones, URLs and moments that are none', async () => {
  await using at = await scene()
  const refusals: [body: object, ...codes: string[]][] = [
    [{ embeds: [{}] }, 'embeds.0.description BASE_TYPE_REQUIRED'],
    [{ embeds: [{ color: 3, title: '' }] }, 'embeds.0.description BASE_TYPE_REQUIRED'],
    [embed({ url: 'javascript:alert(1)' }), 'embeds.0.url URL_TYPE_INVALID_SCHEME'],
    [embed({ url: 'attachment://x.png' }), 'embeds.0.url URL_TYPE_INVALID_SCHEME'],
    [embed({ image: { url: 'kiln' } }), 'embeds.0.image.url URL_TYPE_INVALID_URL'],
    [embed({ thumbnail: { url: 'ftp://x/y' } }), 'embeds.0.thumbnail.url URL_TYPE_INVALID_SCHEME'],
    [embed({ footer: { text: 'x', icon_url: 'x' } }), 'embeds.0.footer.icon_url URL_TYPE_INVALID_URL'],
    [embed({ author: { name: 'x', url: 'x' } }), 'embeds.0.author.url URL_TYPE_INVALID_URL'],
    [embed({ timestamp: 'nope' }), 'embeds.0.timestamp DATE_TIME_TYPE_PARSE'],
    [{ embeds: [1, 2].map(() => ({ description: 'x'.repeat(3_001) })) }, 'embeds MAX_EMBED_SIZE_EXCEEDED'],
  ]
  for (const [body, ...codes] of refusals) {
    expect({ body, codes: codesOf((await send(at, body)).body.errors) }).toEqual({ body, codes })
  }
  const whole = {
    url: 'https://example.invalid',
    timestamp: '2026-11-20T14:08:00Z',
    image: { url: 'attachment://x.png' },
  }
  expect((await send(at, embed(whole))).status).toBe(200)
  // Counted as Discord counts, by characters and not by what they take.
  expect((await send(at, { embeds: [1, 2].map(() => ({ description: '🔥'.repeat(3_000) })) })).status).toBe(200)
})

test('mentions were allowed in two ways at once', async () => {
  await using at = await scene()
  const say = (allowed_mentions: object) => send(at, { content: 'x', allowed_mentions })
  const refused = ['allowed_mentions MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE']
  expect(codesOf((await say({ parse: ['users'], users: ['1'] })).body.errors)).toEqual(refused)
  expect(codesOf((await say({ parse: ['roles'], roles: ['1'] })).body.errors)).toEqual(refused)
  expect((await say({ parse: ['users'], users: [], roles: ['1'] })).status).toBe(200)
})
