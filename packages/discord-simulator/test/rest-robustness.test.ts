import fc from 'fast-check'
import { expect, test } from 'vitest'
import { startSimulator } from '../src/index.ts'
import { ROUTES } from '../src/rest/routes/all.ts'
import { restClient } from './rest-client.ts'
import { scene } from './scene.ts'

/** Fields that belong together, so that many bodies get past the first check. */
const GROUPS = [
  'content embeds components flags nonce message_reference attachments messages allowed_mentions',
  'name type topic position parent_id permission_overwrites user_limit archived locked auto_archive_duration',
  'nick roles mute deaf channel_id communication_disabled_until delete_message_seconds',
  'name permissions color colors primary_color secondary_color tertiary_color icon unicode_emoji hoist position id',
  'id position parent_id lock_permissions',
  'icon banner owner_id preferred_locale system_channel_flags afk_channel_id system_channel_id',
  'flags attachments duration_secs waveform content embeds',
  'type allow deny id',
  'max_age max_uses temporary unique',
  'poll sticker_ids question answers duration poll_media text message applied_tags available_tags',
  'name entity_type entity_metadata scheduled_start_time scheduled_end_time privacy_level status recurrence_rule',
  'name event_type trigger_type trigger_metadata actions enabled exempt_roles keyword_filter metadata',
  'recipient_id user_ids delete_message_seconds',
  'name description options type data username avatar suppress image',
  'type custom_id style label components component accessory options url media items content flags title choices',
  'embeds title description url timestamp image footer author fields allowed_mentions parse users roles',
  'name type description options required choices autocomplete contexts integration_types name_localizations',
].map((line) => line.split(' '))

const SCALARS = [
  '1',
  '-1',
  'x',
  '9'.repeat(30),
  null,
  '2026-11-20T14:08:00Z',
  0,
  1,
  2,
  4,
  11,
  -1,
  1e21,
  true,
  'data:image/png;base64,AA==',
]
const scalar = fc.oneof(fc.constantFrom(...SCALARS), fc.jsonValue())
/** What is nested gets past the first check only if it is nearly right. */
const overwrite = fc.record({ id: fc.constantFrom('1', 'x'), type: fc.constantFrom(0, 1), allow: scalar, deny: scalar })
/** A component, nearly right, with others in it. */
const component = (inner: fc.Arbitrary<unknown>) =>
  fc.record(
    {
      type: fc.oneof(fc.integer({ min: 1, max: 23 }), scalar),
      custom_id: fc.constantFrom('a', 'b', '', null),
      style: fc.integer({ min: 0, max: 7 }),
      label: fc.constantFrom('x', '', null),
      options: fc.array(fc.record({ label: fc.constant('x'), value: fc.constantFrom('a', 'b') }), { maxLength: 2 }),
      media: fc.record({ url: fc.constantFrom('x', 'https://x.invalid') }),
      content: fc.constantFrom('x', '', 1),
      components: fc.array(inner, { maxLength: 3 }),
      accessory: inner,
    },
    { requiredKeys: ['type'] },
  )
const nested = component(component(fc.constantFrom({ type: 10, content: 'x' }, { type: 2, style: 1 }, 1)))
const withComponents = fc.record(
  {
    components: fc.array(nested, { maxLength: 3 }),
    flags: fc.constantFrom(0, 1 << 15),
    content: fc.constantFrom('x', null),
  },
  { requiredKeys: ['components'] },
)
const body = fc.oneof(
  overwrite,
  withComponents,
  fc.record({ name: fc.constant('new'), permission_overwrites: fc.array(overwrite, { maxLength: 2 }) }),
  fc.constantFrom(...GROUPS).chain((keys) => {
    const key = fc.constantFrom(...keys)
    const inner = fc.dictionary(key, scalar, { maxKeys: 4 })
    const value = fc.oneof({ weight: 4, arbitrary: scalar }, inner, fc.array(inner, { maxLength: 3 }))
    const whole = fc.dictionary(key, value, { maxKeys: 5 })
    return fc.oneof({ weight: 6, arbitrary: whole }, fc.array(inner, { maxLength: 3 }))
  }),
  fc.jsonValue(),
)

test('no body and no route make it fail: every refusal has a code', { timeout: 60_000 }, async () => {
  await using at = await scene()
  const { id, channel_id } = await at.post('general')
  const known: Readonly<Record<string, string>> = {
    ':guild_id': at.guild.id,
    ':channel_id': channel_id,
    ':message_id': id,
    ':user_id': at.bot.id,
    ':role_id': at.role('Steward').id,
    ':application_id': at.bot.id,
    ':webhook_id': at.bot.id,
    ':overwrite_id': at.bot.id,
    ':event_id': at.guild.guild_scheduled_events[0]!.id,
    ':emoji': encodeURIComponent('🔥'),
  }
  const writes = ROUTES.filter(({ method }) => method !== 'GET')
  const place = fc.constantFrom('1', 'x', '%25', '9'.repeat(25))
  const asked = fc.tuple(fc.constantFrom(...writes), body, fc.boolean(), place)
  await fc.assert(
    fc.asyncProperty(asked, async ([route, sent, isKnown, other]) => {
      const path = route.path.replaceAll(/:[a-z_]+/g, (name) => (isKnown ? known[name] : undefined) ?? other)
      // Leaving the guild, or deleting the channel, would leave nothing to ask for.
      if (route.method === 'DELETE' && isKnown && /^\/(users\/@me\/guilds|channels)\/:\w+$/.test(route.path)) return
      const { status, body: answer } = await restClient(at.simulator)(route.method, path, JSON.stringify(sent))
      expect(status).toBeLessThan(500)
      if (status >= 400) expect(answer).toMatchObject({ code: expect.any(Number), message: expect.any(String) })
    }),
    { numRuns: 3_000 },
  )
  expect((await at.call('GET', '/users/@me')).status).toBe(200)
})

test('a body that is no UTF-8 was taken for one', async () => {
  await using simulator = await startSimulator({ rateLimits: false })
  const bytes = Buffer.concat([Buffer.from('{"content":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')])
  const channelId = simulator.world.guilds()[0]!.channels.find(({ name }) => name === 'general')!.id
  const headers = { authorization: `Bot ${simulator.botToken}`, 'content-type': 'application/json' }
  const sent = await fetch(`${simulator.apiUrl}/v10/channels/${channelId}/messages`, {
    method: 'POST',
    headers,
    body: bytes,
  })
  expect([sent.status, await sent.json()]).toMatchObject([400, { code: 50109 }])
  const steered = await fetch(`${simulator.url}/_simulator/speak`, { method: 'POST', body: bytes })
  expect([steered.status, await steered.json()]).toMatchObject([400, { message: 'The body is not JSON.' }])
})
