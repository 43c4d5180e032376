import { ChannelType } from 'discord-api-types/v10'
import type { APIThreadChannel } from 'discord-api-types/v10'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PEOPLE, createManualClock } from '../src/index.ts'
import { createRandom } from '../src/random.ts'
import { timestampOf } from '../src/snowflake.ts'
import { BOT } from '../src/world/seed/people.ts'
import { seedWorld } from '../src/world/seed/seed.ts'
import { World } from '../src/world/world.ts'

const NOW = Date.parse('2026-11-20T14:08:00Z')

function seeded(now = NOW) {
  const world = new World({ clock: createManualClock(now), random: createRandom('x'), bot: BOT, privileged: [] })
  seedWorld(world)
  const [tidewater, ledger] = world.guilds()
  if (!tidewater || !ledger) throw new Error('two guilds are seeded')
  return { world, tidewater, ledger }
}

const idOf = (list: readonly { id: string; name?: string | null }[], name: string) =>
  list.find((entry) => entry.name === name)?.id ?? ''

describe('the seed', () => {
  test('has two guilds that share some members and not others', () => {
    const { tidewater, ledger } = seeded()
    const [one = [], two = []] = [tidewater, ledger].map((guild) => guild.members.map(({ user }) => user.id))
    expect(one.filter((id) => two.includes(id)).length).toBeGreaterThan(2)
    expect(one.filter((id) => !two.includes(id))).not.toEqual([])
    expect(two.filter((id) => !one.includes(id))).not.toEqual([])
    expect(one.length + two.length).toBe(tidewater.member_count + ledger.member_count)
  })

  test('has of everything that a page of messages shows: a poll with votes, a forward, a command’s answer, posts', () => {
    const { world, ledger } = seeded()
    const desk = world.messages.list(idOf(ledger.channels, 'front-desk'), { limit: 50 })
    const polled = desk.find(({ poll }) => poll)
    expect(polled?.poll?.results?.answer_counts).toEqual([
      { id: 1, count: 3, me_voted: false },
      { id: 2, count: 1, me_voted: false },
    ])
    expect(Date.parse(polled?.poll?.expiry ?? '')).toBeGreaterThan(NOW)
    expect(desk.flatMap((message) => message.message_snapshots ?? []).map(({ message }) => message.content)).toEqual([
      expect.stringContaining('the fog came in'),
    ])
    expect(desk.filter(({ interaction_metadata: asked }) => asked)).toHaveLength(1)
    const shelf = idOf(ledger.channels, 'shelf')
    const posts = ledger.threads.filter(({ parent_id }) => parent_id === shelf)
    expect(posts.map(({ name }) => name)).toHaveLength(3)
    for (const post of posts) {
      const said = world.messages.list(post.id, { limit: 50 })
      expect(said.map(({ id }) => id)).toContain(post.id)
      expect(post.message_count).toBe(said.length - 1)
      expect(said.map(({ id }) => id)).toContain(post.last_message_id)
    }
  })

  test('refers only to what there is', () => {
    for (const guild of seeded().world.guilds()) {
      const users = new Set(guild.members.map(({ user }) => user.id))
      const roles = new Set(guild.roles.map(({ id }) => id))
      const channels = new Set(guild.channels.map(({ id }) => id))
      expect(users).toContain(guild.owner_id)
      expect(channels).toContain(guild.system_channel_id)
      for (const { user_id, channel_id } of guild.voice_states) {
        expect(users).toContain(user_id)
        expect(channels).toContain(channel_id)
      }
      for (const { user } of guild.presences) expect(users).toContain(user.id)
      for (const role of guild.members.flatMap((member) => member.roles)) expect(roles).toContain(role)
      for (const channel of guild.channels) {
        if (channel.parent_id) expect(channels).toContain(channel.parent_id)
        for (const { id } of channel.permission_overwrites ?? []) expect(roles).toContain(id)
      }
      const ids = [...roles].filter((id) => id !== guild.id).concat(...channels, guild.id)
      expect(new Set(ids).size).toBe(ids.length)
    }
  })

  test('has a past that is over, in many channels, and a thread', () => {
    const { world, tidewater } = seeded()
    const written = tidewater.channels.filter(({ id }) => world.messages.recent(id, 1).length > 0)
    expect(written.length).toBeGreaterThan(5)
    const messages = written.flatMap(({ id }) => world.messages.list(id, { limit: 100 }))
    for (const message of messages) {
      expect(timestampOf(message.id)).toBeLessThan(NOW)
      expect(Date.parse(message.timestamp)).toBe(timestampOf(message.id))
      expect(message.content).not.toMatch(/<@[a-z]/)
    }
    expect(messages.filter(({ embeds, author }) => embeds.length > 0 && author.bot)).not.toEqual([])
    const [thread] = tidewater.threads
    expect(thread).toMatchObject({ type: ChannelType.PublicThread, message_count: 2, name: 'cone 6 schedule' })
    expect(written.every((channel) => 'last_message_id' in channel && channel.last_message_id)).toBe(true)
  })

  test('gives guilds, channels, roles and people the same ids at any time', () => {
    const shape = ({ tidewater, ledger }: ReturnType<typeof seeded>) =>
      [tidewater, ledger].map((guild) => [guild.id, guild.channels.map(({ id }) => id), guild.roles])
    expect(shape(seeded(NOW + 1e9))).toEqual(shape(seeded()))
  })
})

describe('a dispatch makes true what it says', () => {
  test('VOICE_STATE_UPDATE: joins, moves, stops streaming, leaves', () => {
    const { world, tidewater } = seeded()
    const { id: user_id } = PEOPLE.umberfox
    const tell = (fields: object) =>
      world.apply({ event: 'VOICE_STATE_UPDATE', payload: { guild_id: tidewater.id, user_id, ...fields } })
    const state = () => tidewater.voice_states.find((candidate) => candidate.user_id === user_id)
    const [loft, workbench] = ['Loft', 'Workbench'].map((name) => idOf(tidewater.channels, name))
    tell({ channel_id: loft, self_stream: true, member: {} })
    expect(state()).toMatchObject({ channel_id: loft, self_stream: true })
    expect(state()).not.toHaveProperty('member')
    tell({ channel_id: workbench })
    expect(state()?.channel_id).toBe(workbench)
    expect(state()).not.toHaveProperty('self_stream')
    tell({ channel_id: null })
    expect(state()).toBeUndefined()
  })

  test('CHANNEL_*: made, renamed, deleted with its threads, messages and who was in it', () => {
    const { world, tidewater } = seeded()
    const guild_id = tidewater.id
    world.apply({ event: 'CHANNEL_CREATE', payload: { id: '77', guild_id, type: 0, name: 'new' } })
    expect(world.channel('77')?.channel).toMatchObject({ name: 'new', permission_overwrites: [] })
    world.apply({ event: 'CHANNEL_UPDATE', payload: { id: '77', guild_id, name: 'renamed' } })
    expect(world.channel('77')?.channel).toMatchObject({ name: 'renamed', type: 0 })
    for (const name of ['build-log', 'Loft']) {
      const id = idOf(tidewater.channels, name)
      world.apply({ event: 'CHANNEL_DELETE', payload: { id, guild_id } })
      expect(world.channel(id)).toBeUndefined()
      expect(world.messages.list(id, { limit: 1 })).toEqual([])
    }
    expect(tidewater.threads).toEqual([])
    expect(tidewater.voice_states).toHaveLength(5)
  })

  test('THREAD_*: started, written in, deleted', () => {
    const { world, tidewater } = seeded()
    const guild_id = tidewater.id
    const parent_id = idOf(tidewater.channels, 'general')
    const thread = { id: '77', guild_id, parent_id, type: 11, name: 't', thread_metadata: {}, newly_created: true }
    world.apply({ event: 'THREAD_CREATE', payload: thread })
    world.apply({ event: 'MESSAGE_CREATE', payload: { id: '78', channel_id: '77', guild_id, content: 'x' } })
    const kept = world.channel('77')?.channel as APIThreadChannel
    expect(kept).toMatchObject({ message_count: 1, last_message_id: '78' })
    expect(kept).not.toHaveProperty('newly_created')
    world.apply({ event: 'THREAD_DELETE', payload: { id: '77', guild_id, parent_id, type: 11 } })
    expect(world.channel('77')).toBeUndefined()
  })

  test('GUILD_ROLE_*: a deleted role is gone from members and overwrites', () => {
    const { world, tidewater } = seeded()
    const guild_id = tidewater.id
    const keyholder = tidewater.roles.find(({ name }) => name === 'Keyholder')!
    world.apply({ event: 'GUILD_ROLE_UPDATE', payload: { guild_id, role: { ...keyholder, name: 'Key' } } })
    expect(tidewater.roles.map(({ name }) => name)).toContain('Key')
    world.apply({ event: 'GUILD_ROLE_DELETE', payload: { guild_id, role_id: keyholder.id } })
    expect(JSON.stringify(tidewater)).not.toContain(keyholder.id)
    world.apply({ event: 'GUILD_ROLE_CREATE', payload: { guild_id, role: keyholder } })
    expect(tidewater.roles).toContainEqual(keyholder)
  })

  test('GUILD_MEMBER_*: comes, is renamed, goes, and the count follows', () => {
    const { world, tidewater } = seeded()
    const guild_id = tidewater.id
    const { palimpsest: user, brackish } = PEOPLE
    world.apply({ event: 'GUILD_MEMBER_ADD', payload: { guild_id, user, roles: [] } })
    world.apply({ event: 'GUILD_MEMBER_ADD', payload: { guild_id, user, roles: [] } })
    expect(tidewater.member_count).toBe(14)
    world.apply({ event: 'GUILD_MEMBER_UPDATE', payload: { guild_id, user, roles: [], nick: 'p' } })
    expect(world.member(guild_id, user.id)).toMatchObject({ nick: 'p', deaf: false })
    world.apply({ event: 'GUILD_MEMBER_REMOVE', payload: { guild_id, user } })
    world.apply({ event: 'GUILD_MEMBER_REMOVE', payload: { guild_id, user: brackish } })
    expect(tidewater.member_count).toBe(12)
    expect(tidewater.voice_states.map(({ user_id }) => user_id)).not.toContain(brackish.id)
  })

  test('MESSAGE_*: edited, deleted, deleted in bulk', () => {
    const { world, tidewater } = seeded()
    const channel_id = idOf(tidewater.channels, 'general')
    const guild_id = tidewater.id
    const [first, second, third] = world.messages.list(channel_id, { limit: 3 }).map(({ id }) => id)
    const edit = { id: first, channel_id, guild_id, content: 'new', mentions: [{ id: '1', member: {} }] }
    world.apply({ event: 'MESSAGE_UPDATE', payload: edit })
    expect(world.messages.get(channel_id, first!)).toMatchObject({ content: 'new', mentions: [{ id: '1' }] })
    expect(world.messages.get(channel_id, first!)).not.toHaveProperty('guild_id')
    world.apply({ event: 'MESSAGE_DELETE', payload: { id: first, channel_id, guild_id } })
    world.apply({ event: 'MESSAGE_DELETE_BULK', payload: { ids: [second, third], channel_id, guild_id } })
    for (const id of [first, second, third]) expect(world.messages.get(channel_id, id!)).toBeUndefined()
  })

  test('GUILD_*: an outage keeps the guild, GUILD_CREATE replaces it, GUILD_DELETE removes it', () => {
    const { world, tidewater } = seeded()
    const { id } = tidewater
    world.apply({ event: 'GUILD_DELETE', payload: { id, unavailable: true } })
    expect(world.guild(id)?.unavailable).toBe(true)
    world.apply({ event: 'GUILD_CREATE', payload: { id, name: 'Small' } })
    expect(world.guild(id)).toMatchObject({ name: 'Small', channels: [], members: [] })
    world.apply({ event: 'GUILD_DELETE', payload: { id } })
    expect(world.guild(id)).toBeUndefined()
  })

  test('stages, scheduled events and presences', () => {
    const { world, tidewater } = seeded()
    const guild_id = tidewater.id
    world.apply({ event: 'STAGE_INSTANCE_CREATE', payload: { id: '7', guild_id, topic: 'Demo' } })
    expect(tidewater.stage_instances).toMatchObject([{ topic: 'Demo' }])
    world.apply({ event: 'STAGE_INSTANCE_DELETE', payload: { id: '7', guild_id } })
    expect(tidewater.stage_instances).toEqual([])
    const event = tidewater.guild_scheduled_events[0]!
    world.apply({ event: 'GUILD_SCHEDULED_EVENT_UPDATE', payload: { ...event, name: 'Moved' } })
    expect(tidewater.guild_scheduled_events).toMatchObject([{ name: 'Moved' }])
    const user = { id: PEOPLE.brackish.id }
    world.apply({ event: 'PRESENCE_UPDATE', payload: { guild_id, user, status: 'offline' } })
    expect(tidewater.presences.map((presence) => presence.user.id)).not.toContain(user.id)
  })
})

test('nothing that is dispatched makes it fail', () => {
  const { world, tidewater } = seeded()
  const events = `GUILD_CREATE GUILD_UPDATE CHANNEL_CREATE THREAD_CREATE GUILD_ROLE_CREATE GUILD_MEMBER_ADD MESSAGE_CREATE
    MESSAGE_UPDATE MESSAGE_REACTION_ADD VOICE_STATE_UPDATE PRESENCE_UPDATE toString`
  const event = fc.constantFrom(...events.split(/\s+/))
  const key = fc.constantFrom(
    'id',
    'guild_id',
    'channel_id',
    'user',
    'user_id',
    'role',
    'emoji',
    'mentions',
    'ids',
    'd',
  )
  const id = fc.constantFrom('1', tidewater.id, tidewater.channels[5]!.id, PEOPLE.brackish.id)
  const value = fc.oneof(id, fc.record({ id }), fc.jsonValue())
  fc.assert(fc.property(event, fc.dictionary(key, value), (name, payload) => world.apply({ event: name, payload })))
})
