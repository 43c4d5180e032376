import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { refused, scene } from './scene.ts'
import type { Scene } from './scene.ts'

const rules = (at: Scene) => `/guilds/${at.guild.id}/auto-moderation/rules`
const RULE = {
  name: 'No glue',
  event_type: 1,
  trigger_type: 1,
  trigger_metadata: { keyword_filter: ['glue'] },
  actions: [{ type: 1, metadata: { custom_message: 'Glaze only.' } }],
}
const make = (at: Scene, fields: object = {}) => at.call('POST', rules(at), { ...RULE, ...fields })

test('a rule is made, changed and deleted, and told', async () => {
  await using at = await scene()
  const { body: rule } = await make(at)
  expect(rule).toEqual({
    ...RULE,
    id: expect.any(String),
    guild_id: at.guild.id,
    creator_id: at.bot.id,
    trigger_metadata: { keyword_filter: ['glue'], regex_patterns: [], allow_list: [] },
    enabled: false,
    exempt_roles: [],
    exempt_channels: [],
  })
  expect(await at.heard('AUTO_MODERATION_RULE_CREATE')).toEqual(rule)
  const path = `${rules(at)}/${rule.id}`
  const change = { enabled: true, trigger_metadata: { keyword_filter: ['glue', 'tape'] } }
  expect((await at.call('PATCH', path, change)).body).toMatchObject({ ...change, name: 'No glue' })
  expect(await at.heard('AUTO_MODERATION_RULE_UPDATE')).toMatchObject({ id: rule.id, enabled: true })
  expect((await at.call('GET', rules(at))).body).toMatchObject([{ id: rule.id, enabled: true }])
  await at.call('DELETE', path)
  expect(await at.heard('AUTO_MODERATION_RULE_DELETE')).toMatchObject({ id: rule.id })
  expect((await at.call('GET', path)).status).toBe(404)
})

test('each kind looks for its own, and has its number', async () => {
  await using at = await scene()
  const kinds = [
    { trigger_type: 3, trigger_metadata: undefined },
    { trigger_type: 4, trigger_metadata: { presets: [1] } },
    { trigger_type: 5, trigger_metadata: { mention_total_limit: 5 } },
    { trigger_type: 6, event_type: 2, actions: [{ type: 4 }] },
  ]
  for (const kind of kinds) {
    expect((await make(at, kind)).status).toBe(200)
    expect((await make(at, kind)).body).toMatchObject({
      code: 50035,
      errors: { _errors: [{ code: 'AUTO_MODERATION_MAX_RULES_OF_TYPE_EXCEEDED' }] },
    })
  }
})

test('a rule that cannot be is refused, and so is who may not make one', async () => {
  await using at = await scene()
  const timeout = { actions: [{ type: 3, metadata: { duration_seconds: 60 } }] }
  const inMetadata = (field: string) => ({ code: 50035, errors: { trigger_metadata: { [field]: expect.anything() } } })
  expect((await make(at, { trigger_metadata: { keyword_filter: 'x' } })).body).toMatchObject(
    inMetadata('keyword_filter'),
  )
  expect((await make(at, { trigger_type: 5, trigger_metadata: {} })).body).toMatchObject(
    inMetadata('mention_total_limit'),
  )
  expect((await make(at, { trigger_type: 3, ...timeout })).body).toMatchObject({
    errors: { actions: { 0: expect.anything() } },
  })
  expect((await make(at, { actions: [{ type: 2, metadata: { channel_id: '1' } }] })).body.code).toBe(10003)
  expect((await make(at, { actions: [] })).body.code).toBe(50035)
  at.forbid(Bit.ModerateMembers)
  expect(await make(at, timeout)).toMatchObject(refused(50013))
  expect((await make(at)).status).toBe(200)
  at.forbid(Bit.ManageGuild)
  expect(await make(at)).toMatchObject(refused(50013))
  expect(await at.call('GET', rules(at))).toMatchObject(refused(50013))
})
