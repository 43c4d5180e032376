import { GuildState } from '@repo/event-feed'
import { ChannelFlags, ChannelType, GatewayDispatchEvents, PermissionFlagsBits as P } from 'discord-api-types/v10'
import { describe, expect, it, test } from 'vitest'
import {
  cutGuild,
  GuildText,
  isPersonal,
  OTHER_MEMBERS_MAX,
  remember,
  show,
  sightOf,
  visibility,
} from '../src/index.ts'
import { textOf } from './lib/text-of.ts'
import type { JsonObject, Sight, TextParts } from '../src/index.ts'

const NOW = 1_800_000_000_000
const GUILD = '1'
const ME = '5'
const OPEN = '30'
const HIDDEN = '31'
const VOICE = '32'
const HIDDEN_VOICE = '33'
/** May be viewed, but nobody may connect. */
const CLOSED_VOICE = '34'
/** May be viewed, but what was said before may not. */
const NO_HISTORY = '35'
const OBFUSCATED = '36'
const GONE = '39'
const THREAD = '40'
const PRIVATE = '41'
const JOINED = '42'
const HIDDEN_THREAD = '43'

const bits = (...list: bigint[]) => String(list.reduce((sum, bit) => sum | bit, 0n))
const denying = (...list: bigint[]) => [{ id: GUILD, type: 0, allow: '0', deny: bits(...list) }]
const channel = (id: string, type: ChannelType, overwrites: unknown = [], more: object = {}) => ({
  id,
  type,
  name: `#${id}`,
  permission_overwrites: overwrites,
  ...more,
})
const thread = (id: string, type: ChannelType, parent: string) => ({
  id,
  type,
  parent_id: parent,
  member: { user_id: 'the bot' },
})

const guildPayload = {
  id: GUILD,
  owner_id: '2',
  name: 'guild',
  system_channel_id: HIDDEN,
  rules_channel_id: OPEN,
  afk_channel_id: HIDDEN_VOICE,
  welcome_screen: { welcome_channels: [{ channel_id: HIDDEN, description: 'secret' }] },
  embedded_activities: [{ channel_id: HIDDEN_VOICE }],
  roles: [
    { id: GUILD, permissions: bits(P.ViewChannel, P.ReadMessageHistory, P.Connect) },
    ...['BanMembers', 'ManageChannels', 'ManageGuild', 'ManageWebhooks', 'ViewAuditLog', 'Administrator'].map(
      (name) => ({
        id: name,
        permissions: bits(P[name as keyof typeof P]),
      }),
    ),
  ],
  members: [
    { user: { id: ME }, roles: [] },
    { user: { id: '6' }, roles: [] },
    { user: { id: '7' }, roles: [] },
  ],
  channels: [
    channel(OPEN, ChannelType.GuildText),
    channel(HIDDEN, ChannelType.GuildText, denying(P.ViewChannel)),
    channel(VOICE, ChannelType.GuildVoice),
    channel(HIDDEN_VOICE, ChannelType.GuildVoice, denying(P.ViewChannel)),
    channel(CLOSED_VOICE, ChannelType.GuildVoice, denying(P.Connect), { last_message_id: '1' }),
    channel(NO_HISTORY, ChannelType.GuildText, denying(P.ReadMessageHistory)),
    channel(OBFUSCATED, ChannelType.GuildText, [], { flags: ChannelFlags.ChannelObfuscated, name: '___hidden___' }),
  ],
  threads: [
    thread(THREAD, ChannelType.PublicThread, OPEN),
    thread(PRIVATE, ChannelType.PrivateThread, OPEN),
    thread(JOINED, ChannelType.PrivateThread, OPEN),
    thread(HIDDEN_THREAD, ChannelType.PublicThread, HIDDEN),
  ],
  emojis: [],
  stickers: [],
  soundboard_sounds: [],
  voice_states: [
    { user_id: '6', channel_id: VOICE, session_id: 's6' },
    { user_id: '7', channel_id: HIDDEN_VOICE, session_id: 's7' },
  ],
  presences: [{ user: { id: '6' }, activities: [{ name: 'x', secrets: { join: 'secret' } }] }],
  stage_instances: [
    { id: '60', channel_id: VOICE },
    { id: '61', channel_id: HIDDEN_VOICE },
  ],
  guild_scheduled_events: [
    { id: '50', channel_id: VOICE, entity_type: 2 },
    { id: '51', channel_id: HIDDEN_VOICE, entity_type: 2 },
    { id: '52', channel_id: null, entity_type: 3 },
    { id: '53', channel_id: null, entity_type: 2 },
  ],
}

function setup(roles: string[] = [], userId = ME) {
  const state = new GuildState()
  state.apply('GUILD_CREATE', GUILD, structuredClone(guildPayload))
  const guild = () => {
    const known = state.get(GUILD)
    if (!known) throw new Error('the guild is gone')
    return known
  }
  const member = { user: { id: userId }, roles }
  const sight = sightOf({ userId, member, threads: new Set([JOINED]) }, guild(), NOW)
  if (!sight) throw new Error('a member has a sight')
  return { state, guild, sight }
}

/** What is shown of an event that happens now. */
function told(event: string, payload: JsonObject, { roles, userId }: { roles?: string[]; userId?: string } = {}) {
  const { state, guild, sight } = setup(roles, userId)
  const full = { guild_id: GUILD, ...payload }
  const before = remember(event, full, guild())
  state.apply(event, GUILD, full)
  return show(event, full, { guild: guild(), sight, before })
}

const NONE = 'nothing'
const asIs = (event: string, payload: JsonObject) => ({ event, payload: { guild_id: GUILD, ...payload } })

describe('a rule of the table', () => {
  const rows: [event: string, payload: JsonObject, roles: string[], isShown: boolean][] = [
    ['GUILD_MEMBER_ADD', { user: { id: '8' }, roles: [] }, [], true],
    ['TYPING_START', { channel_id: OPEN }, [], true],
    ['TYPING_START', { channel_id: HIDDEN }, [], false],
    ['TYPING_START', { channel_id: GONE }, ['Administrator'], false],
    ['TYPING_START', {}, ['Administrator'], false],
    ['TYPING_START', { channel_id: CLOSED_VOICE }, [], false],
    ['TYPING_START', { channel_id: OBFUSCATED }, ['Administrator'], false],
    ['MESSAGE_DELETE', { channel_id: HIDDEN_THREAD }, [], false],
    ['MESSAGE_DELETE', { channel_id: THREAD }, [], true],
    ['MESSAGE_DELETE', { channel_id: PRIVATE }, [], false],
    ['MESSAGE_DELETE', { channel_id: JOINED }, [], true],
    ['VOICE_CHANNEL_STATUS_UPDATE', { id: CLOSED_VOICE }, [], true],
    ['VOICE_CHANNEL_STATUS_UPDATE', { id: HIDDEN_VOICE }, [], false],
    ['THREAD_MEMBERS_UPDATE', { id: THREAD, member_count: 1 }, [], true],
    ['THREAD_MEMBERS_UPDATE', { id: PRIVATE, member_count: 1 }, [], false],
    ['THREAD_MEMBER_UPDATE', { id: THREAD, user_id: 'the bot' }, [], false],
    ['STAGE_INSTANCE_CREATE', { id: '69', channel_id: HIDDEN_VOICE }, [], false],
    ['GUILD_BAN_ADD', { user: {} }, ['BanMembers'], true],
    ['GUILD_BAN_ADD', { user: {} }, ['ManageGuild'], false],
    ['GUILD_AUDIT_LOG_ENTRY_CREATE', {}, ['ViewAuditLog'], true],
    ['GUILD_AUDIT_LOG_ENTRY_CREATE', {}, [], false],
    ['INVITE_CREATE', { channel_id: OPEN }, ['ManageChannels'], true],
    ['INVITE_CREATE', { channel_id: HIDDEN }, ['ManageChannels'], false],
    ['INVITE_CREATE', { channel_id: HIDDEN }, ['ManageGuild'], true],
    ['INVITE_DELETE', { channel_id: OPEN }, [], false],
    ['WEBHOOKS_UPDATE', { channel_id: OPEN }, ['ManageWebhooks'], true],
    ['WEBHOOKS_UPDATE', { channel_id: HIDDEN }, ['ManageWebhooks'], false],
    ['WEBHOOKS_UPDATE', {}, ['ManageWebhooks'], false],
    ['AUTO_MODERATION_RULE_CREATE', {}, ['ManageGuild'], true],
    ['AUTO_MODERATION_ACTION_EXECUTION', { channel_id: OPEN }, ['ManageGuild'], true],
    ['AUTO_MODERATION_ACTION_EXECUTION', { channel_id: HIDDEN }, ['ManageGuild'], false],
    ['AUTO_MODERATION_ACTION_EXECUTION', { channel_id: CLOSED_VOICE }, ['ManageGuild'], false],
    ['AUTO_MODERATION_ACTION_EXECUTION', { channel_id: OPEN }, [], false],
    ['INTERACTION_CREATE', { channel_id: OPEN }, ['Administrator'], false],
    ['SOMETHING_NEW', { channel_id: OPEN }, ['Administrator'], false],
    ['GUILD_SCHEDULED_EVENT_CREATE', { id: '59', channel_id: VOICE, entity_type: 2 }, [], true],
    ['GUILD_SCHEDULED_EVENT_CREATE', { id: '59', channel_id: HIDDEN_VOICE, entity_type: 2 }, [], false],
    ['GUILD_SCHEDULED_EVENT_CREATE', { id: '59', channel_id: null, entity_type: 3 }, [], true],
    ['GUILD_SCHEDULED_EVENT_CREATE', { id: '59', entity_type: 1 }, [], false],
    ['GUILD_SCHEDULED_EVENT_DELETE', { id: '51', channel_id: HIDDEN_VOICE, entity_type: 2 }, [], false],
    ['GUILD_SCHEDULED_EVENT_USER_ADD', { guild_scheduled_event_id: '50' }, [], true],
    ['GUILD_SCHEDULED_EVENT_USER_ADD', { guild_scheduled_event_id: '51' }, [], false],
    ['GUILD_SCHEDULED_EVENT_USER_REMOVE', { guild_scheduled_event_id: '52' }, [], true],
    ['GUILD_SCHEDULED_EVENT_USER_REMOVE', { guild_scheduled_event_id: '58' }, [], false],
  ]

  test.each(rows)('%s %j for one with %j: %s', (event, payload, roles, isShown) => {
    expect(told(event, payload, { roles })).toEqual(isShown ? asIs(event, payload) : null)
  })

  it('for those who are in a voice channel, is for nobody else', () => {
    const effect = { channel_id: VOICE, emoji: {} }
    expect(told('VOICE_CHANNEL_EFFECT_SEND', effect)).toBeNull()
    expect(told('VOICE_CHANNEL_EFFECT_SEND', effect, { userId: '6' })).toEqual(
      asIs('VOICE_CHANNEL_EFFECT_SEND', effect),
    )
    expect(told('VOICE_CHANNEL_EFFECT_SEND', { channel_id: HIDDEN_VOICE }, { userId: '7' })).toBeNull()
  })

  it('hands on the very payload that came in, where nothing of it is changed', () => {
    const { guild, sight } = setup()
    for (const event of ['MESSAGE_CREATE', 'TYPING_START', 'VOICE_STATE_UPDATE', 'GUILD_MEMBER_UPDATE']) {
      const payload = { guild_id: GUILD, channel_id: VOICE, user_id: '6' }
      expect(show(event, payload, { guild: guild(), sight })?.payload).toBe(payload)
    }
  })
})

describe('any event', () => {
  const all = [...Object.values(GatewayDispatchEvents).map(String), 'SOMETHING_NEW', '__proto__', '']
  const show1 = (event: string, payload: unknown, sight: Sight, more: object = {}) =>
    show(event, payload, { guild: setup().guild(), sight, ...more })
  const { sight } = setup(['Administrator'])

  it.each(all)('%s that is no object, or of another guild, or without one, is shown to nobody', (event) => {
    for (const payload of [null, undefined, 'text', 5, [], [{}], {}, { guild_id: '2', id: '2', channel_id: OPEN }]) {
      expect(show1(event, payload, sight)).toBeNull()
    }
    if (event !== 'GUILD_DELETE') {
      expect(show1(event, { guild_id: GUILD, id: GUILD, channel_id: OPEN }, sight, { guild: null })).toBeNull()
    }
  })

  it.each(all)('%s about nothing that is known is shown to nobody, unless it is for all or for the guild', (event) => {
    const rule = Object.hasOwn(visibility, event) ? visibility[event as keyof typeof visibility] : null
    const isForAll = rule?.kind === 'member' || (rule?.kind === 'permission' && rule.in === 'guild')
    // An administrator manages the guild, and so its invites.
    if (isForAll || event.startsWith('INVITE_')) return
    const odd = { guild_id: GUILD, id: 'x', channel_id: 7, user_id: [], type: '0', permission_overwrites: 3 }
    expect(show1(event, odd, sight)).toBeNull()
  })

  it('is shown to nobody by what they may see of another guild', () => {
    const state = new GuildState()
    state.apply('GUILD_CREATE', '2', { ...structuredClone(guildPayload), id: '2' })
    const other = state.get('2')
    if (!other) throw new Error('the guild is gone')
    for (const event of ['GUILD_MEMBER_ADD', 'MESSAGE_CREATE', 'GUILD_BAN_ADD']) {
      expect(show(event, { guild_id: '2', channel_id: OPEN }, { guild: other, sight })).toBeNull()
    }
  })

  it('is shown to nobody of whom it is not known that they are a member', () => {
    const guild = setup().guild()
    for (const member of [
      null,
      {},
      { user: { id: ME } },
      { user: { id: '6' }, roles: [] },
      { user: ME, roles: [] },
      { roles: [] },
    ]) {
      expect(sightOf({ userId: ME, member }, guild, NOW)).toBeNull()
    }
  })
})

describe('channels', () => {
  const renamed = { ...channel(OPEN, ChannelType.GuildText), name: 'new' }
  const closed = { ...renamed, permission_overwrites: denying(P.ViewChannel) }

  it('are created for those who see them', () => {
    const made = channel('38', ChannelType.GuildText)
    expect(told('CHANNEL_CREATE', made)).toEqual(asIs('CHANNEL_CREATE', made))
    expect(told('CHANNEL_CREATE', { ...made, permission_overwrites: denying(P.ViewChannel) })).toBeNull()
    expect(told('CHANNEL_CREATE', { id: '38', type: 0 })).toBeNull()
  })

  it('change as they are seen: new to whoever comes to see them, gone to whoever ceases to', () => {
    expect(told('CHANNEL_UPDATE', renamed)).toEqual(asIs('CHANNEL_UPDATE', renamed))
    const opened = channel(HIDDEN, ChannelType.GuildText)
    expect(told('CHANNEL_UPDATE', opened)).toEqual(asIs('CHANNEL_CREATE', opened))
    // What it is called now, they do not know.
    expect(told('CHANNEL_UPDATE', closed)).toEqual(asIs('CHANNEL_DELETE', channel(OPEN, ChannelType.GuildText)))
    expect(
      told('CHANNEL_UPDATE', { ...channel(HIDDEN, ChannelType.GuildText, denying(P.ViewChannel)), name: 'x' }),
    ).toBeNull()
  })

  it('go as they were seen', () => {
    expect(told('CHANNEL_DELETE', renamed)).toEqual(asIs('CHANNEL_DELETE', renamed))
    expect(told('CHANNEL_DELETE', channel(HIDDEN, ChannelType.GuildText))).toBeNull()
    expect(told('CHANNEL_DELETE', channel(OBFUSCATED, ChannelType.GuildText), { roles: ['Administrator'] })).toBeNull()
  })

  it('are judged by what they say themselves where nobody remembers', () => {
    const { guild, sight } = setup()
    const gone = channel(GONE, ChannelType.GuildText)
    const of = (payload: object) => show('CHANNEL_DELETE', { guild_id: GUILD, ...payload }, { guild: guild(), sight })
    expect(of(gone)?.event).toBe('CHANNEL_DELETE')
    expect(of({ ...gone, permission_overwrites: denying(P.ViewChannel) })).toBeNull()
    expect(show('CHANNEL_UPDATE', { guild_id: GUILD, ...closed }, { guild: guild(), sight })?.event).toBe(
      'CHANNEL_UPDATE',
    )
  })

  it('say nothing of messages to whoever may not read them', () => {
    const payload = { ...channel(CLOSED_VOICE, ChannelType.GuildVoice, denying(P.Connect)), last_message_id: '99' }
    expect(told('CHANNEL_UPDATE', payload)?.payload).not.toHaveProperty('last_message_id')
  })
})

describe('threads', () => {
  test.each([
    [THREAD, ChannelType.PublicThread, OPEN, true],
    [PRIVATE, ChannelType.PrivateThread, OPEN, false],
    [JOINED, ChannelType.PrivateThread, OPEN, true],
    [HIDDEN_THREAD, ChannelType.PublicThread, HIDDEN, false],
    ['45', ChannelType.PublicThread, GONE, false],
    ['45', ChannelType.GuildText, OPEN, false],
  ])('%s of type %s in %s: %s', (id, type, parent, isShown) => {
    for (const event of ['THREAD_CREATE', 'THREAD_UPDATE', 'THREAD_DELETE']) {
      const archived = { ...thread(id, type, parent), thread_metadata: { archived: true } }
      const { member: _, ...open } = thread(id, type, parent)
      expect(told(event, thread(id, type, parent))).toEqual(isShown ? asIs(event, open) : null)
      expect(told(event, archived)?.event ?? NONE).toBe(isShown ? event : NONE)
    }
  })
})

describe('voice', () => {
  const move = (user: string, to: unknown) => ({
    user_id: user,
    channel_id: to,
    session_id: 'new',
    self_video: true,
    member: { user: { id: user }, roles: [] },
  })

  it('is shown where it is seen', () => {
    expect(told('VOICE_STATE_UPDATE', move('6', VOICE))).toEqual(asIs('VOICE_STATE_UPDATE', move('6', VOICE)))
    expect(told('VOICE_STATE_UPDATE', move('7', VOICE))).toEqual(asIs('VOICE_STATE_UPDATE', move('7', VOICE)))
    expect(told('VOICE_STATE_UPDATE', move('6', null))).toEqual(asIs('VOICE_STATE_UPDATE', move('6', null)))
  })

  it('looks like leaving where somebody goes into a hidden channel', () => {
    for (const to of [HIDDEN_VOICE, GONE, undefined, 5]) {
      expect(told('VOICE_STATE_UPDATE', move('6', to))?.payload).toEqual({
        guild_id: GUILD,
        channel_id: null,
        user_id: '6',
        member: { user: { id: '6' }, roles: [] },
        session_id: 's6',
        deaf: false,
        mute: false,
        self_deaf: false,
        self_mute: false,
        self_video: false,
        suppress: false,
        request_to_speak_timestamp: null,
      })
    }
  })

  it('is like nothing among hidden ones', () => {
    for (const to of [HIDDEN_VOICE, null, GONE]) expect(told('VOICE_STATE_UPDATE', move('7', to))).toBeNull()
    expect(told('VOICE_STATE_UPDATE', move('5', HIDDEN_VOICE))).toBeNull()
    expect(told('VOICE_STATE_UPDATE', move('5', null))).toBeNull()
  })

  it('is like nothing where nobody remembers', () => {
    const { guild, sight } = setup()
    const payload = { guild_id: GUILD, ...move('6', null) }
    expect(show('VOICE_STATE_UPDATE', payload, { guild: guild(), sight })).toBeNull()
  })
})

describe('messages', () => {
  const message = (channelId: string, more: object = {}) => ({
    id: '900',
    channel_id: channelId,
    content: 'hello',
    ...more,
  })

  test.each([
    ['MESSAGE_CREATE', OPEN, false, true],
    ['MESSAGE_CREATE', OPEN, true, true],
    ['MESSAGE_CREATE', HIDDEN, false, false],
    ['MESSAGE_CREATE', NO_HISTORY, false, true],
    ['MESSAGE_CREATE', NO_HISTORY, true, false],
    ['MESSAGE_UPDATE', NO_HISTORY, false, false],
    ['MESSAGE_UPDATE', OPEN, false, true],
    ['MESSAGE_CREATE', VOICE, false, true],
    ['MESSAGE_CREATE', CLOSED_VOICE, false, false],
  ])('%s in %s, old: %s, is shown: %s', (event, where, isOld, isShown) => {
    const { guild, sight } = setup()
    const payload = { guild_id: GUILD, ...message(where) }
    expect(show(event, payload, { guild: guild(), sight, isOld })).toEqual(isShown ? { event, payload } : null)
  })

  it.each([64, 64 | 4, '64', null, {}])('with flags %j is for one person, or may be', (flags) => {
    for (const event of ['MESSAGE_CREATE', 'MESSAGE_UPDATE']) {
      expect(told(event, message(OPEN, { flags }), { roles: ['Administrator'] })).toBeNull()
    }
  })

  it('answers another message only before who may read that', () => {
    const answer = (where: string, referenced: object) =>
      told('MESSAGE_CREATE', message(where, { referenced_message: referenced }))?.payload['referenced_message']
    expect(answer(OPEN, message(OPEN))).toEqual(message(OPEN))
    expect(answer(OPEN, { id: '1' })).toEqual({ id: '1', channel_id: OPEN })
    expect(answer(OPEN, message(HIDDEN))).toBeUndefined()
    expect(answer(OPEN, message(GONE))).toBeUndefined()
    expect(answer(OPEN, message(OPEN, { flags: 64 }))).toBeUndefined()
    expect(answer(NO_HISTORY, message(NO_HISTORY))).toBeUndefined()
    const nested = { ...message(OPEN), referenced_message: message(HIDDEN) }
    expect(answer(OPEN, nested)).toEqual(message(OPEN))
  })

  it('keeps that another message is deleted', () => {
    const payload = message(OPEN, { referenced_message: null })
    expect(told('MESSAGE_CREATE', payload)).toEqual(asIs('MESSAGE_CREATE', payload))
  })

  it('names no hidden channel that somebody has chosen, and not what the bot is in a thread', () => {
    const resolved = {
      users: { 6: {} },
      channels: {
        [OPEN]: { id: OPEN, name: 'open' },
        [HIDDEN]: { id: HIDDEN, name: 'secret' },
        [VOICE]: { id: HIDDEN },
      },
    }
    const { thread: shown, resolved: left } =
      told('MESSAGE_CREATE', message(OPEN, { resolved, thread: thread(THREAD, ChannelType.PublicThread, OPEN) }))
        ?.payload ?? {}
    expect(left).toEqual({ users: { 6: {} }, channels: { [OPEN]: { id: OPEN, name: 'open' } } })
    expect(shown).toEqual({ id: THREAD, type: ChannelType.PublicThread, parent_id: OPEN })
    const foreign = message(OPEN, { thread: thread(HIDDEN_THREAD, ChannelType.PublicThread, HIDDEN) })
    expect(told('MESSAGE_CREATE', foreign)?.payload).not.toHaveProperty('thread')
  })
})

describe('scheduled events', () => {
  const at = (id: string, where: string) => ({ id, channel_id: where, entity_type: 2, name: 'new' })

  it('come and go with the channel that they move to', () => {
    expect(told('GUILD_SCHEDULED_EVENT_UPDATE', at('50', VOICE))?.event).toBe('GUILD_SCHEDULED_EVENT_UPDATE')
    expect(told('GUILD_SCHEDULED_EVENT_UPDATE', at('51', VOICE))?.event).toBe('GUILD_SCHEDULED_EVENT_CREATE')
    expect(told('GUILD_SCHEDULED_EVENT_UPDATE', at('51', HIDDEN_VOICE))).toBeNull()
    expect(told('GUILD_SCHEDULED_EVENT_UPDATE', at('50', HIDDEN_VOICE))).toEqual(
      asIs('GUILD_SCHEDULED_EVENT_DELETE', { id: '50', channel_id: VOICE, entity_type: 2 }),
    )
  })
})

describe('the guild', () => {
  it('is cut to the viewer', () => {
    const { guild, sight } = setup()
    const cut = cutGuild(guild(), sight)
    const ids = (name: string, key = 'id') => (cut[name] as JsonObject[]).map((entry) => entry[key])
    expect(ids('channels')).toEqual([OPEN, VOICE, CLOSED_VOICE, NO_HISTORY])
    expect(ids('threads')).toEqual([THREAD, JOINED])
    expect(ids('voice_states', 'user_id')).toEqual(['6'])
    expect(ids('stage_instances')).toEqual(['60'])
    expect(ids('guild_scheduled_events')).toEqual(['50', '52'])
    expect(cut).toMatchObject({
      id: GUILD,
      name: 'guild',
      system_channel_id: null,
      afk_channel_id: null,
      rules_channel_id: OPEN,
    })
    expect(cut).not.toHaveProperty('welcome_screen')
    expect(cut).not.toHaveProperty('embedded_activities')
    expect(cut).not.toHaveProperty('large')
    expect(cut['presences']).toEqual([{ user: { id: '6' }, activities: [{ name: 'x' }] }])
    expect(JSON.stringify(cut)).not.toMatch(/secret|the bot|___hidden___/)
  })

  it('is told by Discord itself with no more than that', () => {
    const { guild, sight } = setup()
    const shown = show('GUILD_CREATE', guildPayload, { guild: guild(), sight })
    expect(shown).toEqual({ event: 'GUILD_CREATE', payload: cutGuild(guild(), sight) })
    const unavailable = show('GUILD_CREATE', { id: GUILD, unavailable: true }, { guild: guild(), sight })
    expect(unavailable?.payload).toEqual({ id: GUILD, unavailable: true })
  })

  it('changes without hidden channels, and without arrays that it did not have', () => {
    const update = {
      id: GUILD,
      name: 'new',
      public_updates_channel_id: HIDDEN,
      safety_alerts_channel_id: OPEN,
      widget_channel_id: 7,
    }
    expect(told('GUILD_UPDATE', update)?.payload).toEqual({
      id: GUILD,
      name: 'new',
      public_updates_channel_id: null,
      safety_alerts_channel_id: OPEN,
      widget_channel_id: null,
    })
  })

  it('tells of the viewer, of those in voice and of so many others', () => {
    const { state, guild, sight } = setup()
    const many = Array.from({ length: 400 }, (_, index) => ({ user: { id: String(1_000 + index) }, roles: [] }))
    state.apply('GUILD_MEMBERS_CHUNK', GUILD, { members: many })
    state.apply('VOICE_STATE_UPDATE', GUILD, { user_id: '1399', channel_id: VOICE })
    state.apply('VOICE_STATE_UPDATE', GUILD, { user_id: '1398', channel_id: HIDDEN_VOICE })
    state.apply('GUILD_MEMBER_REMOVE', GUILD, { user: { id: ME } })
    const cut = cutGuild(guild(), sight)
    const members = (cut['members'] as { user: { id: string } }[]).map(({ user }) => user.id)
    expect(members.slice(0, 3)).toEqual([ME, '6', '1399'])
    expect(members).toHaveLength(3 + OTHER_MEMBERS_MAX)
    expect(members).not.toContain('1398')
    expect(cut['large']).toBe(true)
  })

  it.each([0, 1, OTHER_MEMBERS_MAX - 1, OTHER_MEMBERS_MAX, OTHER_MEMBERS_MAX + 1, OTHER_MEMBERS_MAX + 2])(
    'is told in one text to all who see the same, beside %i others',
    (count) => {
      const { state, guild } = setup()
      const { members } = guild().collections
      const were = Array.from(members.values(), ({ user }) => user)
      for (const user of were) state.apply('GUILD_MEMBER_REMOVE', GUILD, { user })
      const person = (id: number) => ({ user: { id: String(id) }, roles: [] })
      const listed = Array.from({ length: count }, (_, index) => person(1_000 + index))
      const heard = person(2_000)
      state.apply('GUILD_MEMBERS_CHUNK', GUILD, {
        members: [...listed, heard],
        presences: [{ user: heard.user }, ...listed.map(({ user }) => ({ user, status: 'idle' }))],
      })
      state.apply('VOICE_STATE_UPDATE', GUILD, { user_id: heard.user.id, channel_id: VOICE })
      const stranger = person(3_000)
      const sights = [stranger, heard, ...listed.slice(0, 2), ...listed.slice(-3)].map((member) =>
        sightOf({ userId: member.user.id, member }, guild(), NOW)!,
      )
      expect(new Set(sights.map((sight) => sight.key(guild()))).size).toBe(1)
      const text = new GuildText(guild(), sights[0]!)
      for (const sight of sights) {
        expect(JSON.parse(textOf(text.of(sight)))).toEqual(JSON.parse(JSON.stringify(cutGuild(guild(), sight))))
      }
    },
  )

  it('is told in pieces of which nearly all are the same also for those who are among its members', () => {
    const { state, guild } = setup()
    const people = Array.from({ length: 200 }, (_, index) => ({ user: { id: String(1_000 + index) }, roles: [] }))
    const presences = people.map(({ user }) => ({ user, status: 'idle' }))
    state.apply('GUILD_MEMBERS_CHUNK', GUILD, { members: people, presences })
    const sights = [people[0]!, people[100]!, people[199]!].map((member) =>
      sightOf({ userId: member.user.id, member }, guild(), NOW)!,
    )
    const text = new GuildText(guild(), sights[0]!)
    const [first, second, third] = sights.map((sight) => text.of(sight))
    const sharedWith = (others: TextParts, parts: TextParts) =>
      parts.filter((part) => typeof part !== 'string' && others.includes(part))
    for (const [parts, others] of [
      [first!, second!],
      [second!, third!],
      [third!, first!],
    ] as const)
      expect(textOf(sharedWith(others, parts)).length).toBeGreaterThan(0.7 * textOf(parts).length)
  })

  it('goes with its id and whether it comes again', () => {
    const { sight } = setup()
    const gone = (payload: unknown) => show('GUILD_DELETE', payload, { guild: null, sight })
    expect(gone({ id: GUILD, name: 'x' })).toEqual({ event: 'GUILD_DELETE', payload: { id: GUILD } })
    expect(gone({ id: GUILD, unavailable: true })?.payload).toEqual({ id: GUILD, unavailable: true })
    expect(gone({ id: '2' })).toBeNull()
  })
})

test('presences keep the secrets of parties', () => {
  const presence = (activities: unknown) => ({ user: { id: '6' }, status: 'idle', activities })
  const shown = (activities: unknown) => told('PRESENCE_UPDATE', presence(activities))?.payload['activities']
  expect(shown([{ name: 'x', secrets: {} }, { name: 'y' }])).toEqual([{ name: 'x' }, { name: 'y' }])
  expect(shown(['odd', { name: 'y' }])).toEqual([{ name: 'y' }])
  expect(shown({ secrets: {} })).toBeUndefined()
})

test('what is the viewer’s own cannot be shared', () => {
  const own = [...Object.keys(visibility), 'SOMETHING_NEW'].filter(isPersonal)
  expect(own.toSorted((a, b) => a.localeCompare(b))).toEqual([
    'GUILD_CREATE',
    'THREAD_MEMBER_UPDATE',
    'VOICE_CHANNEL_EFFECT_SEND',
  ])
})
