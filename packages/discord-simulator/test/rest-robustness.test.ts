import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ROUTES } from '../src/rest/routes/all.ts'
import { restClient } from './rest-client.ts'
import { scene } from './scene.ts'

const KEYS = [
  'content embeds components flags nonce message_reference attachments messages allowed_mentions',
  'name type topic position parent_id permission_overwrites user_limit archived locked auto_archive_duration',
  'nick roles mute deaf channel_id communication_disabled_until delete_message_seconds',
  'permissions color hoist allow deny id max_age max_uses description options data username avatar suppress',
].flatMap((line) => line.split(' '))

const value = fc.oneof(
  fc.jsonValue(),
  fc.integer(),
  fc.constantFrom('1', '-1', '9'.repeat(30), null, '2026-11-20T14:08:00Z'),
)
const body = fc.oneof(fc.dictionary(fc.constantFrom(...KEYS), value, { maxKeys: 5 }), fc.jsonValue())

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
    { numRuns: 1_500 },
  )
  expect((await at.call('GET', '/users/@me')).status).toBe(200)
})
