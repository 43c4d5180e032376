import { commands, LinkError } from '@repo/discord-integration/types'
import type { CommandName } from '@repo/discord-integration/types'
import { describe, expect, it } from 'vitest'
import { needs } from '../../src/server/deputy/needs.ts'
import { Slowmode } from '../../src/server/deputy/slowmode.ts'
import { MembershipUnknown } from '../../src/server/membership/membership.ts'
import {
  ADMIN,
  deputyOf,
  MODERATOR,
  NOW,
  OLDER,
  OTHER_MESSAGE,
  outcomeOf,
  OWN_MESSAGE,
  PEOPLE,
} from './deputy-scene.ts'
import type { Who } from './deputy-scene.ts'

const OPEN = '11'
const PRIVATE = '12'
const READ_ONLY = '13'
const NO_HISTORY = '14'
const NO_CONNECT = '15'
const VOICE = '16'
const SLOW = '17'
const NO_EMBEDS = '18'
const THREAD = '21'
const PRIVATE_THREAD = '22'
const LOCKED = '23'
const THREAD_OF_PRIVATE = '24'
const NOWHERE = '77'
const OF_OTHER_GUILD = '31'

const MODERATOR_ALONE = [MODERATOR]

const N = 'NOT_FOUND'
const M = 'MISSING_PERMISSIONS'

const send = (channel_id: string, more: object = {}) => ({ channel_id, content: 'hi', ...more })
const message = (channel_id: string, message_id = '9') => ({ channel_id, message_id })
const edit = (channel_id: string, message_id = '9') => ({ ...message(channel_id, message_id), content: 'hello' })
const react = (channel_id: string, emoji = '🔥') => ({ ...message(channel_id), emoji })
const move = (user_id: string, channel_id: string | null) => ({ guild_id: '1', user_id, channel_id })
const mute = (user_id: string) => ({ guild_id: '1', user_id, mute: true })
const DAY_MS = 86_400_000
const timeout = (user_id: string, days: number | null = 1) => ({
  guild_id: '1',
  user_id,
  communication_disabled_until: days === null ? null : new Date(NOW + days * DAY_MS).toISOString(),
})

type Case = [CommandName, object, { [W in Who]?: string }]

/** What comes of it for each of them; who is not named is refused as a stranger is. */
const cases: Case[] = [
  ...[NOWHERE, OF_OTHER_GUILD].flatMap((id): Case[] => [
    ['get_channel_messages', { channel_id: id }, {}],
    ['send_message', send(id), {}],
    ['edit_message', edit(id, OWN_MESSAGE), {}],
    ['delete_message', message(id), {}],
    ['add_reaction', react(id), {}],
    ['remove_reaction', react(id, '🚣'), {}],
  ]),
  ['get_channel_messages', { channel_id: OPEN }, all('done')],
  ['get_channel_messages', { channel_id: PRIVATE }, { ...staffed('done'), moderator: 'done', owner: 'done' }],
  ['get_channel_messages', { channel_id: NO_HISTORY }, { ...all(M), owner: 'done' }],
  ['get_channel_messages', { channel_id: NO_CONNECT }, { ...all(M), owner: 'done' }],
  ['get_channel_messages', { channel_id: VOICE }, { ...all('done'), 'timed out': M }],
  ['get_channel_messages', { channel_id: THREAD }, all('done')],
  ['get_channel_messages', { channel_id: THREAD_OF_PRIVATE }, { ...staffed('done'), moderator: 'done', owner: 'done' }],
  ['get_channel_messages', { channel_id: PRIVATE_THREAD }, { moderator: 'done', owner: 'done' }],
  ['send_message', send(OPEN), held(all('done'))],
  ['send_message', send(PRIVATE), held({ ...staffed('done'), moderator: 'done', owner: 'done' })],
  ['send_message', send(READ_ONLY), held({ ...all(M), moderator: 'done', owner: 'done' })],
  ['send_message', send(NO_CONNECT), held({ ...all(M), owner: 'done' })],
  ['send_message', send(THREAD), held(all('done'))],
  ['send_message', send(LOCKED), held({ ...all('LOCKED'), moderator: 'done', owner: 'done' })],
  ['send_message', send(THREAD_OF_PRIVATE), held({ ...staffed('done'), moderator: 'done', owner: 'done' })],
  ['send_message', send(PRIVATE_THREAD), { moderator: 'done', owner: 'done' }],
  ['send_message', send(NO_HISTORY), held(all('done'))],
  ['send_message', send(NO_HISTORY, { reply_to: '9' }), held({ ...all(M), owner: 'done' })],
  ['add_reaction', react(OPEN), held(all('done'))],
  ['add_reaction', react(READ_ONLY), held({ ...all(M), moderator: 'done', owner: 'done' })],
  ['add_reaction', react(NO_HISTORY), held({ ...all(M), owner: 'done' })],
  ['delete_message', message(OPEN), held({ ...all(M), moderator: 'done', owner: 'done' })],
  ['edit_message', edit(OPEN, OWN_MESSAGE), held(all('done'))],
  ['edit_message', edit(OPEN, OTHER_MESSAGE), held(all('NOT_YOURS'))],
  // It is not in that channel, whoever wrote it.
  ['edit_message', edit(VOICE, OWN_MESSAGE), held(all('NOT_YOURS'))],
  ['edit_message', edit(READ_ONLY, OWN_MESSAGE), held({ ...all(M), moderator: 'NOT_YOURS', owner: 'NOT_YOURS' })],
  [
    'edit_message',
    edit(PRIVATE, OWN_MESSAGE),
    held({ ...staffed('NOT_YOURS'), moderator: 'NOT_YOURS', owner: 'NOT_YOURS' }),
  ],
  ['delete_message', message(OPEN, OWN_MESSAGE), held(all('done'))],
  ['delete_message', message(OPEN, OTHER_MESSAGE), held({ ...all(M), moderator: 'done', owner: 'done' })],
  ['delete_message', message(PRIVATE, OWN_MESSAGE), held({ ...staffed(M), moderator: 'done', owner: 'done' })],
  ['remove_reaction', react(OPEN, '🚣'), held(all('done'))],
  ['remove_reaction', react(OPEN, '🔥'), held({ ...all(M), moderator: 'done', owner: 'done' })],
  ['move_member', move('52', VOICE), held({ ...all(M), moderator: 'done', owner: 'done' })],
  ['move_member', move('52', NO_CONNECT), held({ ...all(M), owner: 'done' })],
  ['move_member', move('52', null), held({ ...all(M), moderator: 'done', owner: 'done' })],
  // From a channel that not all see: to those it is as if they were in none.
  ['move_member', move('53', VOICE), held({ ...all(M), moderator: 'done', owner: 'done' })],
  ['move_member', move('50', null), held({ ...all(M), moderator: 'NOT_IN_VOICE', owner: 'NOT_IN_VOICE' })],
  // Whom nobody outranks may be muted all the same.
  ['mute_member', mute('52'), held({ ...all(M), moderator: 'done', owner: 'done' })],
  ['mute_member', mute('50'), held({ ...all(M), moderator: 'NOT_IN_VOICE', owner: 'NOT_IN_VOICE' })],
  ['deafen_member', { guild_id: '1', user_id: '52', deaf: true }, held({ ...all(M), owner: 'done' })],
  ['timeout_member', timeout('52'), held({ ...all(M), moderator: 'done', owner: 'done' })],
  ['timeout_member', timeout('52', 28), held({ ...all(M), moderator: 'done', owner: 'done' })],
  ['timeout_member', timeout('52', 29), held({ ...all(M), moderator: 'TOO_LONG', owner: 'TOO_LONG' })],
  ['timeout_member', timeout('52', null), held({ ...all(M), moderator: 'done', owner: 'done' })],
  ['timeout_member', timeout('50'), held({ ...all(M), moderator: 'OUTRANKED', owner: 'OUTRANKED' })],
  ['timeout_member', timeout('51'), held({ ...all(M), moderator: 'OUTRANKED', owner: 'done' })],
  ['timeout_member', timeout('62'), held({ ...all(M), moderator: 'ADMINISTRATOR', owner: 'ADMINISTRATOR' })],
  ['timeout_member', timeout('77'), held({ ...all(M), moderator: N, owner: N })],
]

function all(outcome: string): { [W in Who]?: string } {
  return { ...staffed(outcome), member: outcome, moderator: outcome, owner: outcome }
}

function staffed(outcome: string): { [W in Who]?: string } {
  const everybody = { staff: outcome, 'timed out': outcome, 'timed out before': outcome }
  return { ...everybody, 'not screened yet': outcome, quarantined: outcome }
}

/** Some may not act at all, where they see it. */
function held(outcomes: { [W in Who]?: string }): { [W in Who]?: string } {
  return { ...outcomes, 'timed out': 'TIMED_OUT', 'not screened yet': 'HELD_BACK', quarantined: 'HELD_BACK' }
}

const WHO: Who[] = [
  'owner',
  'moderator',
  'member',
  'staff',
  'timed out',
  'timed out before',
  'not screened yet',
  'quarantined',
  'stranger',
]

describe.each(cases)('%s %j', (command, payload, expected) => {
  it.each(WHO)('for the %s', async (who) => {
    const s = deputyOf(who)
    const outcome = await outcomeOf(s.ask(command, payload))
    expect(outcome).toBe(expected[who] ?? N)
    expect(s.sent).toHaveLength(outcome === 'done' ? 1 : 0)
  })
})

describe('the table', () => {
  it('has every command, and a case for each that is done for people', () => {
    expect(Object.keys(needs)).toEqual(expect.arrayContaining(Object.keys(commands)))
    const done = Object.entries(needs).flatMap(([name, need]) => (need ? [name] : []))
    expect(new Set(cases.map(([name]) => name))).toEqual(new Set(done))
  })

  it.each(Object.entries(needs).flatMap(([name, need]) => (need === null ? [name as CommandName] : [])))(
    'lets nobody ask for %s, the owner neither',
    async (name) => {
      const s = deputyOf('owner')
      await expect(s.ask(name, {})).rejects.toThrow('for nobody')
      expect(s.sent).toEqual([])
    },
  )
})

describe('who may time out whom', () => {
  const timed = (who: Who, whom: Who) => outcomeOf(deputyOf(who).ask('timeout_member', timeout(PEOPLE[whom].user.id)))

  it.each<[Who, Who, string]>([
    ['older', 'younger', 'done'],
    ['younger', 'older', 'OUTRANKED'],
    ['older', 'older', 'OUTRANKED'],
    ['older', 'moderator', 'OUTRANKED'],
    ['moderator', 'older', 'done'],
    ['owner', 'owner', 'OUTRANKED'],
    ['administrator', 'staff', 'done'],
    ['administrator', 'owner', 'OUTRANKED'],
    ['moderator', 'timed out', 'done'],
    ['moderator', 'stranger', N],
  ])('the %s and the %s: %s', async (who, whom, expected) => {
    expect(await timed(who, whom)).toBe(expected)
  })

  it('looks nobody up for who may not time out anyone', async () => {
    const s = deputyOf('member')
    expect(await outcomeOf(s.ask('timeout_member', timeout('77')))).toBe(M)
    expect(s.lookedUp).toEqual([])
  })

  it('does nothing for who lost the right while it was asked who the other is', async () => {
    const s = deputyOf('moderator')
    s.lookedUp.push = () => {
      s.member = { ...PEOPLE.moderator, roles: [] }
      return 0
    }
    expect(await outcomeOf(s.ask('timeout_member', timeout('52')))).toBe(M)
    expect(s.sent).toEqual([])
  })
})

describe('what is somebody’s own', () => {
  it('is what the bot wrote for them, from when the gateway says which message that is', async () => {
    const s = deputyOf('member', { answer: { success: true, message_id: '800' } })
    expect(await outcomeOf(s.ask('edit_message', edit(OPEN, '800')))).toBe('NOT_YOURS')
    await s.ask('send_message', send(OPEN))
    expect(await outcomeOf(s.ask('edit_message', edit(OPEN, '800')))).toBe('done')
    expect(s.deputy.ownIn(OPEN).messages).toEqual(expect.arrayContaining(['800', OWN_MESSAGE]))
    expect(s.deputy.ownIn(VOICE).messages).toEqual([])
  })

  it('is nothing of which nobody knows whether it was sent', async () => {
    const s = deputyOf('member', { answer: new LinkError('OUTCOME_UNKNOWN', 'no') })
    await outcomeOf(s.ask('send_message', send(OPEN)))
    expect(s.deputy.ownIn(OPEN).messages).toEqual([OWN_MESSAGE])
  })

  it('is a reaction from when the bot made it for them until it is taken back', async () => {
    const s = deputyOf('member')
    await s.ask('add_reaction', react(OPEN))
    expect(s.deputy.ownIn(OPEN).reactions).toContainEqual({ messageId: '9', emoji: '🔥' })
    await s.ask('remove_reaction', react(OPEN))
    expect(s.deputy.ownIn(OPEN).reactions).not.toContainEqual({ messageId: '9', emoji: '🔥' })
    // Whoever did not hear that it was done asks again.
    expect(await outcomeOf(s.ask('remove_reaction', react(OPEN)))).toBe('done')
  })

  it('edited, notifies and shows no more than their writer could', async () => {
    const s = deputyOf('member')
    s.ledger.wrote(s.id, { channelId: NO_EMBEDS, messageId: '702' })
    await s.ask('edit_message', { ...edit(OPEN, OWN_MESSAGE), content: '@everyone' })
    await s.ask('edit_message', edit(NO_EMBEDS, '702'))
    expect(s.sent).toMatchObject([{ payload: { allowed_mentions: { parse: ['users'] } } }, { payload: { flags: 4 } }])
    expect(s.sent[0]?.payload).not.toHaveProperty('flags')
  })
})

describe('what they may do', () => {
  it.each(cases)('is as what comes of it: %s %j', async (command, payload) => {
    for (const who of WHO) {
      const s = deputyOf(who)
      const refused = await s.deputy.may('1', command, payload)
      expect(s.sent).toEqual([])
      expect(refused?.code ?? 'done').toBe(await outcomeOf(s.ask(command, payload as never)))
    }
  })

  it('is nothing for so long as slow mode lasts', async () => {
    const s = deputyOf('member')
    const may = () => s.deputy.may('1', 'send_message', send(SLOW))
    expect(await may()).toBeNull()
    await s.ask('send_message', send(SLOW))
    expect(await may()).toMatchObject({ code: 'SLOWMODE', retryAfter: 30 })
  })
})

describe('what the bot itself may not do', () => {
  const B = 'BOT_MISSING_PERMISSIONS'
  const nobody: string[] = []
  const roleCases: [
    roles: string[],
    command: CommandName,
    payload: object,
    code: string | null,
    ...missing: string[],
  ][] = [
    [nobody, 'send_message', send(OPEN), null],
    [nobody, 'send_message', send(READ_ONLY), B, 'SendMessages'],
    [nobody, 'send_message', send(PRIVATE), B, 'ViewChannel', 'SendMessages'],
    [nobody, 'send_message', send(NO_HISTORY), null],
    [nobody, 'send_message', send(NO_HISTORY, { reply_to: '9' }), B, 'ReadMessageHistory'],
    [nobody, 'send_message', send(OPEN, { files: [{ upload: '0' }] }), B, 'AttachFiles'],
    [[ADMIN], 'send_message', send(OPEN, { files: [{ upload: '0' }] }), null],
    [nobody, 'send_message', send(THREAD), null],
    [nobody, 'send_message', send(THREAD_OF_PRIVATE), B, 'ViewChannel', 'SendMessagesInThreads'],
    // It hears of it, so it is in it.
    [nobody, 'send_message', send(PRIVATE_THREAD), null],
    [MODERATOR_ALONE, 'send_message', send(READ_ONLY), null],
    [[ADMIN], 'send_message', send(READ_ONLY), null],
    // Its own messages and reactions it may always take back.
    [nobody, 'edit_message', edit(OPEN, OWN_MESSAGE), null],
    [nobody, 'delete_message', message(OPEN, OWN_MESSAGE), null],
    [nobody, 'delete_message', message(OPEN), B, 'ManageMessages'],
    [MODERATOR_ALONE, 'delete_message', message(OPEN), null],
    // Where somebody has reacted so before, it may join them.
    [nobody, 'add_reaction', react(READ_ONLY), null],
    [nobody, 'add_reaction', react(NO_HISTORY), B, 'ReadMessageHistory'],
    [nobody, 'remove_reaction', react(OPEN, '🚣'), null],
    [nobody, 'move_member', move('52', null), B, 'MoveMembers'],
    [nobody, 'move_member', move('52', NO_CONNECT), B, 'MoveMembers', 'Connect'],
    [MODERATOR_ALONE, 'move_member', move('52', NO_CONNECT), B, 'Connect'],
    [MODERATOR_ALONE, 'move_member', move('52', VOICE), null],
    [nobody, 'mute_member', mute('52'), B, 'MuteMembers'],
    [MODERATOR_ALONE, 'deafen_member', { guild_id: '1', user_id: '52', deaf: true }, B, 'DeafenMembers'],
    [nobody, 'timeout_member', timeout('52'), B, 'ModerateMembers'],
    [[OLDER], 'timeout_member', timeout('52'), null],
    [[OLDER], 'timeout_member', timeout('51'), 'BOT_OUTRANKED'],
  ]

  it.each(roleCases)('with roles %j: %s %j', async (botRoles, command, payload, code, ...missing) => {
    const s = deputyOf('owner', { botRoles })
    const refused = await s.deputy.may('1', command, payload)
    expect(refused && { code: refused.code, missing: refused.missing }).toEqual(
      code === null ? null : { code, missing },
    )
  })

  it('is said of what they may, and of nothing else', async () => {
    const s = deputyOf('member', { botRoles: [] })
    expect(await s.deputy.may('1', 'send_message', send(READ_ONLY))).toMatchObject({ code: M })
  })

  it('is for Discord to say where it is asked for all the same', async () => {
    const s = deputyOf('owner', { botRoles: [] })
    expect(await outcomeOf(s.ask('send_message', send(READ_ONLY)))).toBe('done')
  })

  it('is not known while the bot’s member is not', async () => {
    const s = deputyOf('owner')
    for (const [, command, payload] of roleCases) expect(await s.deputy.may('1', command, payload as never)).toBeNull()
  })
})

describe('a guild', () => {
  it.each(['2', '3'])('that somebody is not in is one that is not there: %s', async (guildId) => {
    const s = deputyOf('owner')
    expect(await outcomeOf(s.ask('send_message', send(OF_OTHER_GUILD), guildId))).toBe(N)
    expect(await s.deputy.enter(guildId)).toBeNull()
  })

  it('is left by who is kicked between two questions', async () => {
    const s = deputyOf('staff')
    expect(await outcomeOf(s.ask('send_message', send(PRIVATE)))).toBe('done')
    s.member = null
    expect(await outcomeOf(s.ask('send_message', send(PRIVATE)))).toBe(N)
    expect(await s.deputy.sees('1', PRIVATE)).toBe(false)
  })

  it('is for nobody of whom it is not known who they are', async () => {
    const s = deputyOf('owner')
    s.member = new MembershipUnknown('NOT_CONNECTED')
    expect(await outcomeOf(s.ask('send_message', send(OPEN)))).toBe('NOT_CONNECTED')
    expect(s.sent).toEqual([])
  })
})

describe('a private thread', () => {
  it('is for those who are in it', async () => {
    const s = deputyOf('member')
    s.threads.add(PRIVATE_THREAD)
    expect(await outcomeOf(s.ask('get_channel_messages', { channel_id: PRIVATE_THREAD }))).toBe('done')
    expect(await outcomeOf(s.ask('send_message', send(PRIVATE_THREAD)))).toBe('done')
    expect(await s.deputy.sees('1', PRIVATE_THREAD)).toBe(true)
  })

  it('is asked about for nobody to whom it makes no difference', async () => {
    for (const who of ['owner', 'moderator', 'stranger'] as const) {
      const s = deputyOf(who)
      await outcomeOf(s.ask('get_channel_messages', { channel_id: PRIVATE_THREAD }))
      expect(s.asked).toEqual([])
    }
  })

  it('is left by who is kicked while it is asked who is in it', async () => {
    const s = deputyOf('member')
    s.threads.add(PRIVATE_THREAD)
    s.asked.push = () => {
      s.member = null
      return 0
    }
    expect(await outcomeOf(s.ask('get_channel_messages', { channel_id: PRIVATE_THREAD }))).toBe(N)
  })
})

describe('what is asked of the gateway', () => {
  it('bears who it is for, and a request id that is theirs alone', async () => {
    const [staff, member] = [deputyOf('staff'), deputyOf('member')]
    for (const s of [staff, member]) await s.ask('send_message', send(OPEN))
    expect([...staff.sent, ...member.sent]).toMatchObject([
      { requestId: '53:r1', actor: '53' },
      { requestId: '52:r1', actor: '52' },
    ])
    await staff.deputy.ask('1', 'get_channel_messages', { channel_id: OPEN })
    expect(staff.sent[1]).toMatchObject({ requestId: undefined, actor: '53' })
  })

  const mentioned = async (who: Who, content: string, more: object = {}) => {
    const s = deputyOf(who)
    await s.ask('send_message', send(OPEN, { content, ...more }))
    return (s.sent[0]?.payload as { allowed_mentions: unknown } | undefined)?.allowed_mentions
  }

  it.each<[Who, string, object]>([
    ['member', '@everyone @here <@&91> <@&92> <@5>', { parse: ['users'] }],
    ['member', 'hi <@&93>, <@&93> and <@&91>, <@&77>', { parse: ['users'], roles: ['93'] }],
    ['moderator', '@everyone <@&91>', { parse: ['users', 'roles', 'everyone'] }],
    ['owner', '@everyone', { parse: ['users', 'roles', 'everyone'] }],
  ])('notifies whom the %s may: %s', async (who, content, allowed) => {
    expect(await mentioned(who, content)).toEqual({ ...allowed, replied_user: true })
    const wider = { allowed_mentions: { parse: ['everyone', 'roles'] } }
    expect(await mentioned(who, content, wider)).toEqual({ ...allowed, replied_user: true })
  })

  it('shows what it links to if they could have that shown', async () => {
    for (const [who, channel, suppressed] of [
      ['member', OPEN, undefined],
      ['member', NO_EMBEDS, true],
      ['owner', NO_EMBEDS, undefined],
    ] as const) {
      const s = deputyOf(who)
      await s.ask('send_message', send(channel))
      expect(s.sent[0]?.payload).toHaveProperty('channel_id', channel)
      expect((s.sent[0]?.payload as { suppress_embeds?: boolean } | undefined)?.suppress_embeds).toBe(suppressed)
    }
  })
})

describe('slow mode', () => {
  function slow(who: Who = 'member') {
    const clock = { now: 0 }
    const s = deputyOf(who, { slowmode: new Slowmode(() => clock.now) })
    const write = (requestId: string, channel = SLOW) =>
      outcomeOf(s.deputy.ask('1', 'send_message', send(channel), requestId))
    return Object.assign(s, { clock, write })
  }

  it('holds up who writes through the bot, in that channel, and not the same request', async () => {
    const s = slow()
    expect(await Promise.all([s.write('a'), s.write('b')])).toEqual(['done', 'SLOWMODE'])
    expect([await s.write('a'), await s.write('b', OPEN), await s.write('c', OPEN)]).toEqual(['done', 'done', 'done'])
    s.clock.now = 10_000
    expect(await s.write('a')).toBe('done')
    s.clock.now = 29_999
    await expect(s.deputy.ask('1', 'send_message', send(SLOW), 'b')).rejects.toMatchObject({ retryAfter: 1 })
  })

  it('lets the next through when it is over', async () => {
    const s = slow()
    await s.write('a')
    s.clock.now = 30_000
    expect(await s.write('b')).toBe('done')
  })

  it('counts nothing that surely was not sent', async () => {
    const s = slow()
    s.answer = new LinkError('NOT_CONNECTED', 'no')
    expect(await s.write('a')).toBe('NOT_CONNECTED')
    s.answer = new LinkError('OUTCOME_UNKNOWN', 'no')
    expect(await s.write('b')).toBe('OUTCOME_UNKNOWN')
    expect(await s.write('c')).toBe('SLOWMODE')
  })

  it('is not for moderators', async () => {
    const s = slow('moderator')
    expect([await s.write('a'), await s.write('b')]).toEqual(['done', 'done'])
  })
})

describe('a server that makes new people wait', () => {
  const MINUTE_MS = 60_000
  /** An id that was given then. */
  const idOf = (at: number) => String(BigInt(at - 1_420_070_400_000) << 22n)
  const LONG_AGO = NOW - 100 * MINUTE_MS
  const [NONE, LOW, MEDIUM, HIGH, VERY_HIGH] = [0, 1, 2, 3, 4]

  type NewPerson = { registered: number; joined: number | null; roles?: string[]; owns?: boolean }
  const people: [string, NewPerson, number[]][] = [
    [
      'registered just now',
      { registered: NOW - 4 * MINUTE_MS, joined: NOW - 4 * MINUTE_MS },
      [MEDIUM, HIGH, VERY_HIGH],
    ],
    ['joined just now', { registered: LONG_AGO, joined: NOW - 9 * MINUTE_MS }, [HIGH, VERY_HIGH]],
    ['joined nobody knows when', { registered: LONG_AGO, joined: null }, [HIGH, VERY_HIGH]],
    ['is there for long', { registered: NOW - 20 * MINUTE_MS, joined: NOW - 10 * MINUTE_MS }, []],
    ['has a role', { registered: NOW, joined: NOW, roles: ['92'] }, []],
    ['owns it', { registered: NOW, joined: NOW, owns: true }, []],
  ]
  it.each(people)('does so with who %s', async (_, { registered, joined, roles = [], owns = false }, expected) => {
    const id = idOf(registered)
    const waits: number[] = []
    for (const level of [NONE, LOW, MEDIUM, HIGH, VERY_HIGH]) {
      const s = deputyOf('member', { id })
      s.member = { user: { id }, roles, joined_at: joined === null ? null : new Date(joined).toISOString() }
      s.state.apply('GUILD_UPDATE', '1', { id: '1', verification_level: level, ...(owns && { owner_id: id }) })
      expect(await outcomeOf(s.ask('get_channel_messages', { channel_id: OPEN }))).toBe('done')
      if ((await outcomeOf(s.ask('send_message', send(OPEN)))) === 'HELD_BACK') waits.push(level)
    }
    expect(waits).toEqual(expected)
  })
})

it('says for how long somebody is timed out', async () => {
  await expect(deputyOf('timed out').ask('send_message', send(OPEN))).rejects.toMatchObject({ retryAfter: 90 })
})

it('says which permissions are missing', async () => {
  await expect(deputyOf('member').ask('delete_message', message(NO_HISTORY))).rejects.toMatchObject({
    missing: ['ReadMessageHistory', 'ManageMessages'],
  })
})
