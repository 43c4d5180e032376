import { deflateSync } from 'node:zlib'
import { GuildFeature, Locale } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { PEOPLE } from '../src/index.ts'
import { imageSize } from '../src/rest/image-size.ts'
import { refused, scene } from './scene.ts'
import type { Scene } from './scene.ts'

/* What a request said, and the answer did not know of: each test is named after what was lost. */

const DATA = 'data:image/png;base64,AA=='
const HASH = /^[0-9a-f]{32}$/

const allow = (at: Scene, ...features: readonly string[]) =>
  at.simulator.dispatch('GUILD_UPDATE', { id: at.guild.id, features })

test('a guild’s icon, language and the flags of its system channel were lost', async () => {
  await using at = await scene()
  const said = { icon: DATA, preferred_locale: Locale.French, system_channel_flags: 3 }
  const answer = (await at.call('PATCH', `/guilds/${at.guild.id}`, said)).body
  const kept = { icon: expect.stringMatching(HASH), preferred_locale: 'fr', system_channel_flags: 3 }
  expect(answer).toMatchObject(kept)
  expect(await at.heard('GUILD_UPDATE')).toMatchObject(kept)
  expect((await at.call('GET', `/guilds/${at.guild.id}`)).body).toMatchObject(kept)
  const back = { icon: null, preferred_locale: null }
  expect((await at.call('PATCH', `/guilds/${at.guild.id}`, back)).body).toMatchObject({
    icon: null,
    preferred_locale: 'en-US',
  })
  expect((await at.call('PATCH', `/guilds/${at.guild.id}`, { preferred_locale: 'xx' })).body.code).toBe(50035)
  // A splash is for guilds that have it.
  expect(await at.call('PATCH', `/guilds/${at.guild.id}`, { splash: DATA })).toMatchObject(refused(50101))
  allow(at, GuildFeature.InviteSplash)
  const splash = (await at.call('PATCH', `/guilds/${at.guild.id}`, { splash: DATA })).body.splash
  expect(splash).toMatch(HASH)
})

test('a guild was given away in vain', async () => {
  await using at = await scene()
  const path = `/guilds/${at.guild.id}`
  expect(await at.call('PATCH', path, { owner_id: PEOPLE.pikelet.id })).toMatchObject(refused(50013))
  at.simulator.dispatch('GUILD_UPDATE', { id: at.guild.id, owner_id: at.bot.id })
  expect((await at.call('PATCH', path, { owner_id: '1' })).body.code).toBe(10007)
  expect((await at.call('PATCH', path, { owner_id: PEOPLE.pikelet.id })).body.owner_id).toBe(PEOPLE.pikelet.id)
})

test('a role’s second and third colour, its emoji and its icon were lost', async () => {
  await using at = await scene()
  const path = `/guilds/${at.guild.id}/roles/${at.role('Maker').id}`
  const two = { colors: { primary_color: 1, secondary_color: 2 } }
  for (const body of [two, { icon: DATA }, { unicode_emoji: '🔥' }]) {
    expect(await at.call('PATCH', path, body)).toMatchObject(refused(50101))
  }
  allow(at, 'ENHANCED_ROLE_COLORS', GuildFeature.RoleIcons)
  expect((await at.call('PATCH', path, two)).body).toMatchObject({
    color: 1,
    colors: { primary_color: 1, secondary_color: 2, tertiary_color: null },
  })
  const three = { colors: { primary_color: 1, secondary_color: 2, tertiary_color: 3 } }
  expect((await at.call('PATCH', path, three)).body.colors).toEqual({
    primary_color: 11_127_295,
    secondary_color: 16_759_788,
    tertiary_color: 16_761_760,
  })
  expect((await at.call('PATCH', path, { unicode_emoji: '🔥' })).body.unicode_emoji).toBe('🔥')
  expect((await at.call('PATCH', path, { icon: DATA, unicode_emoji: null })).body).toMatchObject({
    icon: expect.stringMatching(HASH),
    unicode_emoji: null,
  })
})

test('a webhook’s avatar was lost, and so was the one that it spoke with', async () => {
  await using at = await scene()
  const made = (await at.call('POST', `/channels/${at.channel('general')}/webhooks`, { name: 'kiln', avatar: DATA }))
    .body
  expect(made.avatar).toMatch(HASH)
  const path = `/webhooks/${made.id}/${made.token}`
  expect((await at.call('POST', `${path}?wait=true`, { content: 'x' })).body.author.avatar).toBe(made.avatar)
  const other = { content: 'x', avatar_url: 'https://example.invalid/kiln.png' }
  const { author } = (await at.call('POST', `${path}?wait=true`, other)).body
  expect(author.avatar).toMatch(HASH)
  expect(author.avatar).not.toBe(made.avatar)
  expect((await at.call('PATCH', path, { avatar: null })).body.avatar).toBeNull()
  expect((await at.call('PATCH', `/webhooks/${made.id}`, { avatar: 'x' })).body.code).toBe(50035)
})

test('an invite was another every time, and told no counts', async () => {
  await using at = await scene()
  const path = `/channels/${at.channel('general')}/invites`
  const first = (await at.call('POST', path, {})).body
  expect((await at.call('POST', path, {})).body.code).toBe(first.code)
  expect((await at.call('POST', path, { max_age: 60 })).body.code).not.toBe(first.code)
  expect((await at.call('POST', path, { unique: true })).body.code).not.toBe(first.code)
  expect(await at.told('INVITE_CREATE')).toHaveLength(3)
  expect((await at.call('GET', `/invites/${first.code}`)).body).not.toHaveProperty('approximate_member_count')
  expect((await at.call('GET', `/invites/${first.code}?with_counts=true`)).body).toMatchObject({
    approximate_member_count: at.guild.member_count,
    approximate_presence_count: at.guild.presences.length,
  })
})

test('the list of the bot’s guilds was always whole, and told no counts', async () => {
  await using at = await scene({ guilds: 6 })
  const list = async (query: string) =>
    (await at.call('GET', `/users/@me/guilds?${query}`)).body as { id: string; approximate_member_count?: number }[]
  const ids = (await list('')).map(({ id }) => id)
  expect(ids).toHaveLength(6)
  const page = async (query: string) => (await list(query)).map(({ id }) => ids.indexOf(id))
  expect(await page('limit=2')).toEqual([0, 1])
  expect(await page(`limit=2&after=${ids[1]}`)).toEqual([2, 3])
  expect(await page(`limit=2&before=${ids[4]}`)).toEqual([2, 3])
  expect((await at.call('GET', '/users/@me/guilds?limit=201')).body.code).toBe(50035)
  expect((await list('limit=1'))[0]).not.toHaveProperty('approximate_member_count')
  expect((await list('with_counts=true'))[0]?.approximate_member_count).toBeGreaterThan(0)
})

test('archived threads came all at once, in no order', async () => {
  await using at = await scene()
  const general = `/channels/${at.channel('general')}/threads`
  const made: string[] = []
  for (const name of ['a', 'b', 'c']) made.push((await at.call('POST', general, { name, type: 11 })).body.id)
  for (const id of made.toReversed()) {
    at.clock.advance(1_000)
    await at.call('PATCH', `/channels/${id}`, { archived: true })
  }
  const list = async (query: string) => {
    const { body } = await at.call('GET', `${general}/archived/public?${query}`)
    const { threads, members } = body as { threads: { name: string }[]; members: object[] }
    expect(members).toHaveLength(threads.length)
    return { names: threads.map(({ name }) => name), body }
  }
  const first = await list('limit=2')
  expect([first.names, first.body.has_more]).toEqual([['a', 'b'], true])
  const before = encodeURIComponent(first.body.threads[1].thread_metadata.archive_timestamp)
  const rest = await list(`before=${before}`)
  expect([rest.names, rest.body.has_more]).toEqual([['c'], false])
  expect((await at.call('GET', `${general}/archived/public?before=x`)).body.code).toBe(50035)
})

/** A PNG that says of itself how large it is. */
function png(width: number, height: number): Buffer {
  const size = Buffer.alloc(13)
  size.writeUInt32BE(width, 0)
  size.writeUInt32BE(height, 4)
  const chunk = (name: string, data: Buffer) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(data.length)
    return Buffer.concat([length, Buffer.from(name), data, Buffer.alloc(4)])
  }
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  return Buffer.concat([signature, chunk('IHDR', size), chunk('IDAT', deflateSync(Buffer.alloc(1)))])
}

test('pictures had no size', () => {
  const latin = (text: string) => Buffer.from(text, 'latin1')
  const webp = (kind: string, rest: string) => latin(`RIFF\0\0\0\0WEBP${kind}\0\0\0\0${rest}`)
  expect(imageSize(png(640, 480))).toEqual({ width: 640, height: 480 })
  expect(imageSize(latin('GIF89a\x80\x02\xe0\x01'))).toEqual({ width: 640, height: 480 })
  const frame = '\xff\xc0\0\x11\x08\x01\xe0\x02\x80\x03'
  expect(imageSize(latin(`\xff\xd8\xff\xe0\0\x04JF${frame}`))).toEqual({ width: 640, height: 480 })
  expect(imageSize(webp('VP8X', '\0\0\0\0\x7f\x02\0\xdf\x01\0'))).toEqual({ width: 640, height: 480 })
  expect(imageSize(webp('VP8 ', '\0\0\0\x9d\x01\x2a\x80\x02\xe0\x01'))).toEqual({ width: 640, height: 480 })
  expect(imageSize(webp('VP8L', '\x2f\x7f\xc2\x77\0\0\0\0\0\0'))).toEqual({ width: 640, height: 480 })
  for (const none of ['', 'x', '\x89PNG', '\xff\xd8\xff\xe0\0\0', 'RIFF', 'GIF89a']) {
    expect(imageSize(latin(none))).toBeUndefined()
  }
})

test('a picture in an embed stayed attachment://, and stood beside it too', async () => {
  await using at = await scene()
  const form = (payload: object, ...names: readonly string[]) => {
    const data = new FormData()
    data.set('payload_json', JSON.stringify(payload))
    for (const [index, name] of names.entries()) {
      data.set(`files[${index}]`, new Blob([new Uint8Array(png(4, 3))], { type: 'image/png' }), name)
    }
    return data
  }
  const embeds = [
    { title: 'z', image: { url: 'attachment://z.png' }, footer: { text: 'f', icon_url: 'attachment://i.png' } },
  ]
  const path = `/channels/${at.channel('general')}/messages`
  const sent = (await at.call('POST', path, form({ embeds }, 'z.png', 'i.png', 'other.png'))).body
  const { image, footer } = sent.embeds[0]
  expect(image).toMatchObject({ url: expect.stringMatching(/^http.*\/z\.png$/), width: 4, height: 3 })
  expect(footer.icon_url).toMatch(/^http.*\/i\.png$/)
  expect(sent.attachments).toMatchObject([{ filename: 'other.png', width: 4, height: 3 }])
  expect((await fetch(image.url)).status).toBe(200)

  const hook = (await at.call('POST', `/channels/${at.channel('general')}/webhooks`, { name: 'kiln' })).body
  const said = await at.call('POST', `/webhooks/${hook.id}/${hook.token}?wait=true`, form({ embeds }, 'z.png'))
  expect(said.body.embeds[0].image.url).toMatch(/^http/)
  const edit = await at.call(
    'PATCH',
    `${path}/${sent.id}`,
    form({ embeds: [{ image: { url: 'attachment://n.png' } }] }, 'n.png'),
  )
  expect(edit.body.embeds[0].image.url).toMatch(/^http.*\/n\.png$/)
  expect(edit.body.attachments).toMatchObject([{ filename: 'other.png' }])
})
