import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ZodError } from 'zod'
import { PEOPLE, startSimulator } from '../src/index.ts'
import type { Simulator } from '../src/index.ts'
import { restClient } from './rest-client.ts'

const post = async (simulator: Simulator, body: object) => {
  const response = await fetch(`${simulator.url}/_simulator/do`, { method: 'POST', body: JSON.stringify(body) })
  return { status: response.status, body: response.status === 202 ? undefined : await response.json() }
}

test.each([
  ['GUILD_BAN_ADD', {}, 'payload.user'],
  ['GUILD_BAN_REMOVE', { user: {} }, 'payload.user.id'],
  ['GUILD_ROLE_CREATE', {}, 'payload.role'],
  ['GUILD_ROLE_DELETE', {}, 'payload.role_id'],
  ['GUILD_MEMBER_REMOVE', {}, 'payload.user'],
  ['GUILD_MEMBER_UPDATE', { user: { id: PEOPLE.pikelet.id }, roles: 5 }, 'payload.roles'],
  ['CHANNEL_UPDATE', { id: '5', permission_overwrites: 5 }, 'payload.permission_overwrites'],
  ['CHANNEL_UPDATE', { id: 'x' }, 'payload.id'],
])('%s with %j was a failure of the simulator', async (event, fields, field) => {
  await using simulator = await startSimulator()
  const guild_id = simulator.world.guilds()[0]!.id
  const payload = { guild_id, ...fields }
  expect(await post(simulator, { user_id: PEOPLE.tessellate.id, event, payload })).toMatchObject({
    status: 400,
    body: { field },
  })
  expect(() => simulator.people.does(PEOPLE.tessellate.id, event, payload)).toThrow(ZodError)
})

test('a deed for which there is no guild, doer or JSON is refused, and one that says little is done', async () => {
  await using simulator = await startSimulator({ rateLimits: false })
  const { id: guild_id } = simulator.world.guilds()[0]!
  const user = { id: PEOPLE.pikelet.id }
  const does = (event: string, payload: object) => simulator.people.does(PEOPLE.tessellate.id, event, payload)
  expect(() => does('GUILD_BAN_ADD', { user })).toThrow('guild_id')
  expect(() => simulator.people.does('tessellate', 'GUILD_BAN_ADD', { guild_id, user })).toThrow('user_id')
  expect(() => does('X', { count: 1n })).toThrow('must be JSON')
  // Of what they leave out nothing is changed, and of a list that does not fit there is nothing.
  const { id } = simulator.world.guilds()[0]!.channels.find(({ permission_overwrites: all }) => all?.length)!
  does('CHANNEL_UPDATE', { guild_id, id, topic: 'glazes' })
  does('GUILD_MEMBER_UPDATE', { guild_id, user, nick: 'pik' })
  does('GUILD_EMOJIS_UPDATE', { guild_id, emojis: [null, 5] })
  const { body } = await restClient(simulator)('GET', `/guilds/${guild_id}/audit-logs`)
  expect(body.audit_log_entries).toMatchObject([
    { target_id: user.id, changes: [{ key: 'nick', new_value: 'pik' }] },
    { target_id: id, changes: [{ key: 'topic', new_value: 'glazes' }] },
  ])
})

const EVENTS =
  `GUILD_UPDATE CHANNEL_CREATE CHANNEL_UPDATE CHANNEL_DELETE THREAD_CREATE THREAD_UPDATE THREAD_DELETE GUILD_ROLE_CREATE
  GUILD_ROLE_UPDATE GUILD_ROLE_DELETE STAGE_INSTANCE_CREATE STAGE_INSTANCE_UPDATE STAGE_INSTANCE_DELETE
  GUILD_SCHEDULED_EVENT_CREATE GUILD_SCHEDULED_EVENT_UPDATE GUILD_SCHEDULED_EVENT_DELETE AUTO_MODERATION_RULE_CREATE
  AUTO_MODERATION_RULE_UPDATE AUTO_MODERATION_RULE_DELETE GUILD_EMOJIS_UPDATE GUILD_STICKERS_UPDATE
  GUILD_SOUNDBOARD_SOUND_CREATE GUILD_SOUNDBOARD_SOUND_UPDATE GUILD_SOUNDBOARD_SOUND_DELETE GUILD_BAN_ADD GUILD_BAN_REMOVE
  GUILD_MEMBER_REMOVE GUILD_MEMBER_UPDATE GUILD_MEMBER_ADD INVITE_CREATE INVITE_DELETE MESSAGE_CREATE MESSAGE_UPDATE
  MESSAGE_DELETE THREAD_MEMBERS_UPDATE VOICE_STATE_UPDATE`.split(/\s+/)
const FIELDS =
  `id guild_id channel_id role_id sound_id user role roles emojis stickers author pinned nick permission_overwrites
  thread_metadata parent_id type name owner_id member added_members removed_member_ids permissions username code`.split(
    /\s+/,
  )

test(
  'no deed makes the simulator fail: it is done, or refused with the name of a field',
  { timeout: 60_000 },
  async () => {
    await using simulator = await startSimulator({ rateLimits: false })
    const call = restClient(simulator)
    const guild = simulator.world.guilds()[0]!
    const whole = structuredClone(guild)
    const general = guild.channels.find(({ name }) => name === 'general')!.id
    const ids = [guild.id, general, guild.threads[0]!.id, guild.roles[1]!.id, PEOPLE.pikelet.id, simulator.world.bot.id]
    const anId = fc.constantFrom(...ids, '7', 'x')
    const odd = fc.oneof(anId, fc.constantFrom(null, 7, true, '', [null]), fc.jsonValue({ maxDepth: 2 }))
    const part = fc.dictionary(fc.constantFrom(...FIELDS), odd, { maxKeys: 4 })
    const value = fc.oneof(odd, part, fc.array(part, { maxLength: 3 }), fc.array(anId, { maxLength: 3 }))
    const payload = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc
        .tuple(fc.dictionary(fc.constantFrom(...FIELDS), value, { maxKeys: 6 }), fc.boolean(), anId)
        .map(([fields, isPlaced, id]) => ({ ...(isPlaced && { guild_id: guild.id, id, user: { id } }), ...fields })),
    )
    const event = fc.oneof(fc.constantFrom(...EVENTS), fc.string())
    const doer = fc.oneof({ weight: 9, arbitrary: fc.constant<unknown>(PEOPLE.tessellate.id) }, odd)
    const outcomes = new Set<number>()
    await fc.assert(
      fc.asyncProperty(event, payload, doer, async (name, said, user_id) => {
        simulator.world.putGuild(structuredClone(whole))
        const { status, body } = await post(simulator, { user_id, event: name, payload: said })
        outcomes.add(status)
        expect([202, 400]).toContain(status)
        if (status === 400) expect(body).toMatchObject({ field: expect.stringMatching(/^(user_id|event|payload)/) })
        // In process the same is done, or the same is refused.
        simulator.world.putGuild(structuredClone(whole))
        const does = () => simulator.people.does(user_id as string, name, said as object)
        if (status === 400) expect(does).toThrow(ZodError)
        else does()
        const { status: log } = await call('GET', '/users/@me')
        expect(log).toBe(200)
      }),
      { numRuns: 400 },
    )
    expect(outcomes).toEqual(new Set([202, 400]))
  },
)
