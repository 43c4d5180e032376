import { ChannelType, PermissionFlagsBits as P } from 'discord-api-types/v10'
import { Client, Guild, GuildChannel, PermissionsBitField, ThreadChannel } from 'discord.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { permissionsIn, permissionsOf } from '../src/index.ts'

/*
 * The permissions held against discord.js over random guilds, which share no code and no author with ours.
 *
 * It leaves to its users what the documentation adds to its own pseudocode, so that is left out of the comparison, or put
 * on top of what it says by the documentation's words alone (`documented`): implicit denials, timeouts, private threads and
 * SEND_MESSAGES_IN_THREADS. It also lets overwrites change permissions of the guild as a whole; none is drawn with these.
 */

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

/** No network: nothing is logged in, and the objects are made from what the gateway would have said. */
const client = new Client({ intents: [] })

/** What the documentation says besides its pseudocode, in its own order: https://docs.discord.com/developers/topics/permissions */
function documented(
  said: PermissionsBitField,
  { isAll, isVoice, isThread, isTimedOut }: Record<string, boolean>,
): bigint {
  if (isAll) return said.bitfield
  const has = (bit: bigint) => said.has(bit, false)
  if (!has(P.ViewChannel)) return 0n
  if (isVoice && !has(P.Connect)) return P.ViewChannel
  const left = new PermissionsBitField(said.bitfield)
  if (isThread) left.remove(P.SendMessages)
  if (!has(isThread ? P.SendMessagesInThreads : P.SendMessages)) {
    left.remove(P.MentionEveryone, P.SendTTSMessages, P.AttachFiles, P.EmbedLinks)
  }
  return isTimedOut ? left.bitfield & (P.ViewChannel | P.ReadMessageHistory) : left.bitfield
}

test('as discord.js says it, over random guilds', () => {
  fc.assert(
    fc.property(guilds, (drawn) => {
      const payload = payloadOf(drawn)
      // What it knows by id it keeps, with the guild that it first came from.
      client.channels.cache.clear()
      client.users.cache.clear()
      const theirs: Guild = Reflect.construct(Guild, [client, structuredClone(payload)])
      client.guilds.cache.set(GUILD, theirs)
      for (const member of payload.members) {
        const person = theirs.members.cache.get(member.user.id)
        if (!person) throw new Error('discord.js has not taken the member')
        const isAll = person.permissions.has(P.Administrator) || drawn.owner === person.id
        const until = member.communication_disabled_until
        const isTimedOut = until !== null && Date.parse(until) > NOW
        const base = isAll ? PermissionsBitField.All : person.permissions.bitfield
        const ofAll = isTimedOut && !isAll ? base & (P.ViewChannel | P.ReadMessageHistory) : base
        expect(permissionsOf(member, payload, { now: NOW })).toBe(ofAll)
        for (const channel of payload.channels) {
          const place = theirs.channels.cache.get(channel.id)
          if (!(place instanceof GuildChannel)) throw new Error('discord.js has not taken the channel')
          const isVoice = channel.type === ChannelType.GuildVoice || channel.type === ChannelType.GuildStageVoice
          const said = documented(person.permissionsIn(place), { isAll, isVoice, isTimedOut })
          expect(permissionsIn(member, payload, channel, { now: NOW })).toBe(said)
        }
        const [thread] = payload.threads
        const place = theirs.channels.cache.get(THREAD)
        if (!(place instanceof ThreadChannel) || !thread) throw new Error('discord.js has not taken the thread')
        const [parent] = payload.channels
        for (const isThreadMember of [true, false]) {
          const said = documented(place.permissionsFor(person), { isAll, isThread: true, isTimedOut })
          const manages = place.permissionsFor(person).has(P.ManageThreads, false) && !isTimedOut
          const isClosed = drawn.isPrivate && !isThreadMember && !manages && !isAll
          const ours = permissionsIn(member, payload, thread, { parent, isThreadMember, now: NOW })
          expect(ours).toBe(isClosed ? 0n : said)
        }
      }
    }),
    { numRuns: 300 },
  )
})
