import { ChannelType, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createManualClock } from '../src/clock.ts'
import { createRandom } from '../src/random.ts'
import { channelPermissions, guildPermissions } from '../src/world/permissions.ts'
import { BOT, PEOPLE } from '../src/world/seed/people.ts'
import { seedWorld } from '../src/world/seed/seed.ts'
import type { Guild, Located, Thread } from '../src/world/types.ts'
import { World } from '../src/world/world.ts'
import { refused, scene } from './scene.ts'

const NOW = Date.parse('2026-11-20T14:08:00Z')

function seeded() {
  const world = new World({ clock: createManualClock(NOW), random: createRandom('x'), bot: BOT, privileged: [] })
  seedWorld(world)
  const guild = world.guilds()[0]!
  const at = (name: string): Located => ({
    guild,
    channel: [...guild.channels, ...guild.threads].find((channel) => channel.name === name)!,
  })
  const may = (name: string, who: { id: string }, bit: bigint) =>
    (channelPermissions(at(name), who.id, NOW) & bit) !== 0n
  const role = (name: string) => guild.roles.find((candidate) => candidate.name === name)!
  return { world, guild, at, may, role }
}

describe('the seeded guild', () => {
  test('has a channel that one role sees, one where few write, and one where files are for makers', () => {
    const { may } = seeded()
    expect(may('keyholders', PEOPLE.brackish, Bit.ViewChannel)).toBe(true)
    expect(may('keyholders', BOT, Bit.SendMessages)).toBe(true)
    expect(may('keyholders', PEOPLE.pikelet, Bit.ViewChannel)).toBe(false)
    expect(may('keyholders', PEOPLE.pikelet, Bit.SendMessages)).toBe(false)
    expect(may('announcements', BOT, Bit.ViewChannel)).toBe(true)
    expect(may('announcements', BOT, Bit.SendMessages)).toBe(false)
    expect(may('announcements', PEOPLE.brackish, Bit.SendMessages)).toBe(true)
    expect(may('build-log', PEOPLE.umberfox, Bit.AttachFiles)).toBe(false)
    expect(may('build-log', PEOPLE.pikelet, Bit.AttachFiles)).toBe(true)
  })

  test('lets its owner do everything, and strangers nothing', () => {
    const { may, guild } = seeded()
    expect(may('announcements', PEOPLE.tessellate, Bit.Administrator)).toBe(true)
    expect(may('general', PEOPLE.palimpsest, Bit.ViewChannel)).toBe(false)
    expect(guildPermissions(guild, PEOPLE.palimpsest.id)).toBe(0n)
  })
})

describe('the algorithm', () => {
  test('asks a thread’s parent', () => {
    const { may, guild, world } = seeded()
    expect(may('cone 6 schedule', BOT, Bit.ViewChannel)).toBe(true)
    const parent = guild.channels.find(({ name }) => name === 'build-log')!
    const overwrite = { id: guild.id, type: 0, allow: '0', deny: String(Bit.ViewChannel) }
    world.apply({ event: 'CHANNEL_UPDATE', payload: { ...parent, permission_overwrites: [overwrite] } })
    expect(may('cone 6 schedule', BOT, Bit.ViewChannel)).toBe(false)
  })

  test('takes roles together, so that one role’s allow beats another’s deny, and the member’s own beats both', () => {
    const { guild, at, may, role } = seeded()
    const [maker, moderator] = [role('Maker'), role('Moderator')]
    const send = String(Bit.SendMessages)
    const { channel } = at('general')
    const overwrites = (list: object[]) => Object.assign(channel, { permission_overwrites: list })
    overwrites([
      { id: maker.id, type: 0, allow: '0', deny: send },
      { id: moderator.id, type: 0, allow: send, deny: '0' },
    ])
    expect(may('general', PEOPLE.brackish, Bit.SendMessages)).toBe(true)
    expect(may('general', PEOPLE.pikelet, Bit.SendMessages)).toBe(false)
    // Without SEND_MESSAGES what hangs on it is gone too.
    expect(may('general', PEOPLE.pikelet, Bit.EmbedLinks)).toBe(false)
    overwrites([
      { id: moderator.id, type: 0, allow: send, deny: '0' },
      { id: PEOPLE.brackish.id, type: 1, allow: '0', deny: send },
      { id: guild.id, type: 0, allow: '0', deny: String(Bit.ViewChannel) },
      { id: PEOPLE.pikelet.id, type: 1, allow: String(Bit.ViewChannel), deny: '0' },
    ])
    expect(may('general', PEOPLE.brackish, Bit.SendMessages)).toBe(false)
    expect(may('general', PEOPLE.pikelet, Bit.SendMessages)).toBe(true)
    expect(channelPermissions(at('general'), PEOPLE.oddment.id, NOW)).toBe(0n)
  })

  test('leaves reading to who is timed out, until the time is over', () => {
    const { guild, at } = seeded()
    const until = new Date(NOW + 60_000).toISOString()
    guild.members.find(({ user }) => user.id === PEOPLE.pikelet.id)!.communication_disabled_until = until
    const bits = (now: number) => channelPermissions(at('general'), PEOPLE.pikelet.id, now)
    expect(bits(NOW)).toBe(Bit.ViewChannel | Bit.ReadMessageHistory)
    expect(bits(NOW + 60_000) & Bit.SendMessages).toBe(Bit.SendMessages)
  })

  const bits = fc.bigInt(0n, (1n << 53n) - 1n)
  const overwrite = fc.record({
    id: fc.constantFrom('1', '2', '3', '9'),
    type: fc.constantFrom(0, 1),
    allow: bits,
    deny: bits,
  })

  test('agrees with Discord’s own pseudocode, for any roles and overwrites', () => {
    fc.assert(
      fc.property(
        bits,
        bits,
        bits,
        fc.uniqueArray(overwrite, { selector: ({ id, type }) => `${id}/${type}` }),
        (a, b, c, list) => {
          const guild = {
            id: '1',
            owner_id: '8',
            roles: [
              { id: '1', permissions: String(a) },
              { id: '2', permissions: String(b) },
              { id: '3', permissions: String(c) },
            ],
            members: [{ user: { id: '9' }, roles: ['2', '3'] }],
          } as unknown as Guild
          const channel = {
            id: '5',
            type: ChannelType.GuildText,
            permission_overwrites: list.map((o) => ({ ...o, allow: String(o.allow), deny: String(o.deny) })),
          } as unknown as Located['channel']

          const base = a | b | c
          let expected = base
          const role = (id: string) => list.find((o) => o.type === 0 && o.id === id) ?? { allow: 0n, deny: 0n }
          const own = list.find((o) => o.type === 1 && o.id === '9') ?? { allow: 0n, deny: 0n }
          expected = (expected & ~role('1').deny) | role('1').allow
          expected = (expected & ~(role('2').deny | role('3').deny)) | role('2').allow | role('3').allow
          expected = (expected & ~own.deny) | own.allow

          const actual = channelPermissions({ guild, channel }, '9', 0)
          const everything = Object.values(Bit).reduce((sum, bit) => sum | bit, 0n)
          if (base & Bit.Administrator) expected = everything
          else if (!(expected & Bit.ViewChannel)) expected = 0n
          else if (!(expected & Bit.SendMessages)) {
            expected &= ~(Bit.MentionEveryone | Bit.SendTTSMessages | Bit.AttachFiles | Bit.EmbedLinks)
          }
          expect(actual).toBe(expected)
        },
      ),
    )
  })
})

test('a bot that is timed out still kicked people and made roles', async () => {
  await using at = await scene()
  const until = new Date(NOW + 60_000).toISOString()
  const { bot, guild } = at
  at.simulator.dispatch('GUILD_MEMBER_UPDATE', { guild_id: guild.id, user: bot, communication_disabled_until: until })
  expect(await at.call('DELETE', `/guilds/${guild.id}/members/${PEOPLE.pikelet.id}`)).toMatchObject(refused(50_013))
  expect(await at.call('POST', `/guilds/${guild.id}/roles`, { name: 'x' })).toMatchObject(refused(50_013))
  expect(await at.call('PATCH', `/guilds/${guild.id}/members/@me`, { nick: 'x' })).toMatchObject(refused(50_013))
  expect((await at.call('GET', `/channels/${at.channel('general')}/messages`)).status).toBe(200)
  at.clock.advance(60_000)
  expect((await at.call('POST', `/guilds/${guild.id}/roles`, { name: 'x' })).status).toBe(200)
})

test('a private thread was open to everyone who sees its parent', async () => {
  await using at = await scene()
  const { bot, guild } = at
  at.forbid(Bit.ManageThreads)
  const thread = { id: '900', type: ChannelType.PrivateThread, name: 'hushed', owner_id: PEOPLE.pikelet.id }
  at.simulator.dispatch('THREAD_CREATE', { ...guild.threads[0], ...thread, parent_id: at.channel('general') })
  const active = async () => {
    const { threads } = (await at.call('GET', `/guilds/${guild.id}/threads/active`)).body as { threads: Thread[] }
    return threads.map(({ id }) => id)
  }
  expect(await at.call('GET', '/channels/900')).toMatchObject(refused(50_001))
  expect(await at.call('POST', '/channels/900/messages', { content: 'x' })).toMatchObject(refused(50_001))
  expect(await at.call('PUT', '/channels/900/thread-members/@me')).toMatchObject(refused(50_001))
  expect(await active()).not.toContain('900')
  const added_members = [{ id: '900', user_id: bot.id, flags: 0, join_timestamp: new Date(NOW).toISOString() }]
  at.simulator.dispatch('THREAD_MEMBERS_UPDATE', { id: '900', guild_id: guild.id, member_count: 2, added_members })
  expect((await at.call('POST', '/channels/900/messages', { content: 'x' })).status).toBe(200)
  expect(await active()).toContain('900')
})

test('anybody brought others into a private thread whose owner does not want it', async () => {
  await using at = await scene()
  at.forbid(Bit.ManageThreads)
  const [id, general] = ['900', at.channel('general')]
  const put = (owner_id: string, invitable: boolean) =>
    at.simulator.dispatch('THREAD_CREATE', {
      ...at.guild.threads[0],
      id,
      type: ChannelType.PrivateThread,
      owner_id,
      parent_id: general,
      thread_metadata: { ...at.guild.threads[0]!.thread_metadata, invitable },
    })
  const added_members = [{ id, user_id: at.bot.id, flags: 0, join_timestamp: new Date(NOW).toISOString() }]
  put(PEOPLE.pikelet.id, false)
  at.simulator.dispatch('THREAD_MEMBERS_UPDATE', { id, guild_id: at.guild.id, member_count: 2, added_members })
  const bring = (who: { id: string }) => at.call('PUT', `/channels/${id}/thread-members/${who.id}`)
  expect(await bring(PEOPLE.saltmarsh)).toMatchObject(refused(50_013))
  put(PEOPLE.pikelet.id, true)
  expect((await bring(PEOPLE.saltmarsh)).status).toBe(204)
  // Who has begun it always may.
  put(at.bot.id, false)
  expect((await bring(PEOPLE.umberfox)).status).toBe(204)
})
