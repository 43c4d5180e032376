import { ChannelType, PermissionFlagsBits as P } from 'discord-api-types/v10'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { permissionsIn, permissionsOf } from '../src/index.ts'
import { DiscordJs } from './lib/discord-js.ts'

/* The permissions held against discord.js over random guilds. */

const NOW = 1_800_000_000_000
const GUILD = '100'
const ROLES = ['101', '102', '103', '104']
const USERS = ['201', '202', '203']
const CHANNEL_BITS = [
  P.ViewChannel,
  P.SendMessages,
  P.SendMessagesInThreads,
  P.ReadMessageHistory,
  P.Connect,
  P.ManageThreads,
  P.ManageChannels,
  P.MentionEveryone,
  P.AttachFiles,
  P.ManageWebhooks,
]
const KINDS = [ChannelType.GuildText, ChannelType.GuildVoice, ChannelType.GuildStageVoice, ChannelType.GuildForum]
const THREAD = '401'
const PARENT = '300'

const bits = (...more: bigint[]) =>
  fc.subarray([...CHANNEL_BITS, ...more]).map((list) => String(list.reduce((sum, bit) => sum | bit, 0n)))
const overwrites = fc.uniqueArray(
  fc.record({
    target: fc.constantFrom(
      ...[GUILD, ...ROLES].map((id) => ({ id, type: 0 })),
      ...USERS.map((id) => ({ id, type: 1 })),
    ),
    allow: bits(),
    deny: bits(),
  }),
  { selector: ({ target }) => target.id, maxLength: 6 },
)

const guilds = fc.record({
  owner: fc.constantFrom(...USERS, '999'),
  // A fourth of the roles do not exist, as is the case after one was deleted.
  roles: fc
    .subarray(ROLES, { minLength: 2 })
    .chain((ids) =>
      fc.record(
        Object.fromEntries(
          [GUILD, ...ids].map((id) => [id, bits(P.BanMembers, ...(id === '104' ? [P.Administrator] : []))]),
        ),
      ),
    ),
  held: fc.tuple(...USERS.map(() => fc.subarray(ROLES))),
  timeouts: fc.tuple(...USERS.map(() => fc.constantFrom(null, NOW - 1, NOW + 1))),
  channels: fc.tuple(...KINDS.map(() => overwrites)),
  isPrivate: fc.boolean(),
})

function payloadOf(drawn: typeof guilds extends fc.Arbitrary<infer T> ? T : never) {
  return {
    id: GUILD,
    name: 'g',
    owner_id: drawn.owner,
    features: [],
    roles: Object.entries(drawn.roles).map(([id, permissions], position) => ({
      id,
      permissions,
      name: id,
      position,
    })),
    members: USERS.map((id, index) => {
      const until = drawn.timeouts[index]
      return {
        user: { id, username: id, discriminator: '0' },
        roles: drawn.held[index] ?? [],
        joined_at: '2020-01-01T00:00:00.000Z',
        communication_disabled_until: typeof until === 'number' ? new Date(until).toISOString() : null,
      }
    }),
    channels: KINDS.map((type, index) => ({
      id: `30${index}`,
      type,
      name: 'c',
      position: index,
      permission_overwrites: (drawn.channels[index] ?? []).map(({ target, allow, deny }) => ({
        ...target,
        allow,
        deny,
      })),
    })),
    threads: [
      {
        id: THREAD,
        type: drawn.isPrivate ? ChannelType.PrivateThread : ChannelType.PublicThread,
        parent_id: PARENT,
        owner_id: USERS[0],
        name: 't',
        thread_metadata: {
          archived: false,
          auto_archive_duration: 60,
          archive_timestamp: '2020-01-01T00:00:00.000Z',
          locked: false,
        },
      },
    ],
  }
}

test('as discord.js says it, over random guilds', () => {
  fc.assert(
    fc.property(guilds, (drawn) => {
      const payload = payloadOf(drawn)
      const theirs = new DiscordJs(payload, NOW)
      for (const member of payload.members) {
        const { id } = member.user
        expect(permissionsOf(member, payload, { now: NOW })).toBe(theirs.everywhere(id))
        for (const channel of payload.channels) {
          expect(permissionsIn(member, payload, channel, { now: NOW })).toBe(theirs.in(id, channel.id))
        }
        const [thread] = payload.threads
        const [parent] = payload.channels
        for (const isThreadMember of [true, false]) {
          const ours = permissionsIn(member, payload, thread ?? {}, { parent, isThreadMember, now: NOW })
          expect(ours).toBe(theirs.in(id, THREAD, { isThreadMember }))
        }
      }
    }),
    { numRuns: 300 },
  )
})
