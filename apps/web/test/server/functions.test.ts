import { LinkError } from '@repo/discord-integration/types'
import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10'
import { describe, expect, it } from 'vitest'
import { goesOnlyTo } from '../../src/live/log/withheld-words.ts'
import { UserLimits } from '../../src/server/auth/user-limits.ts'
import { FunctionError } from '../../src/server/function-error.ts'
import * as deeds from '../../src/server/deeds.server.ts'
import {
  ChannelInput,
  ChannelMessagesInput,
  DeafenMemberInput,
  DeleteMessageInput,
  EditMessageInput,
  input,
  MemberInput,
  MoveMemberInput,
  MuteMemberInput,
  ReactionInput,
  SendMessageInput,
  TimeoutMemberInput,
} from '../../src/server/function-inputs.ts'
import type { DeedOutcome } from '../../src/server/function-results.ts'
import { getChannelMessages, listGuilds, sendMessage } from '../../src/server/functions.server.ts'
import { MembershipUnknown } from '../../src/server/membership/membership.ts'
import { channelRights, memberRights } from '../../src/server/rights.server.ts'
import { UploadSeal } from '../../src/server/uploads/upload-seal.ts'
import { withheldEvents } from '../../src/server/withheld.server.ts'
import { deputyOf, NOW, OWN_MESSAGE } from './deputy-scene.ts'
import type { Who } from './deputy-scene.ts'

const message = { id: '9', channel_id: '11', content: 'hi', timestamp: '2026', author: { id: '5', username: 'ada' } }

const seal = new UploadSeal('a link token')
const SEALED = `upload_${'a'.repeat(22)}.${'b'.repeat(43)}`

/** The functions, for one of the scene's people; what is sent is answered with `answer`. */
function context(answer: unknown, who: Who = 'staff', perMinute = 1_000) {
  const s = deputyOf(who, { answer })
  const limits = new UserLimits({ READS_PER_MINUTE: perMinute, WRITES_PER_MINUTE: perMinute, UPLOAD_MIB: 10 }, () => 0)
  const waits: number[] = []
  const candidates = () => ['2', '1']
  const retryAfter = (seconds: number) => void waits.push(seconds)
  return Object.assign(s, {
    user: { id: s.id },
    limits,
    uploads: seal,
    waits,
    candidates,
    retryAfter,
  })
}

describe('listGuilds', () => {
  it.each<[Who, number]>([
    ['staff', 2],
    ['member', 1],
  ])('tells the %s of what they see: %i in voice', async (who, inVoice) => {
    expect(await listGuilds(context(null, who))).toEqual([
      { id: '1', name: 'Ark', icon: 'abc', memberCount: 12, inVoice, unavailable: false },
    ])
  })

  it('says of which one Discord has an outage', async () => {
    const c = context(null)
    c.state.apply('GUILD_DELETE', '1', { id: '1', unavailable: true })
    expect(await listGuilds(c)).toMatchObject([{ id: '1', name: 'Ark', unavailable: true }])
  })

  it('tells a stranger of nothing, wherever Discord once said that they were', async () => {
    expect(await listGuilds(context(null, 'stranger'))).toEqual([])
  })

  it('is no list where it is not known who is in one', async () => {
    const c = context(null)
    c.member = new MembershipUnknown('DISCORD_UNAVAILABLE')
    await expect(listGuilds(c)).rejects.toThrow(/^GATEWAY_AWAY$/)
  })
})

describe('getChannelMessages', () => {
  it('asks for a page, and passes on what is a message of that channel', async () => {
    const foreign = { ...message, channel_id: '12' }
    const c = context({ success: true, messages: [message, { id: 5 }, foreign] })
    const { messages } = await getChannelMessages(c, { guildId: '1', channelId: '11', before: '8', limit: 20 })
    expect(messages).toEqual([message])
    expect(c.sent).toEqual([
      {
        command: 'get_channel_messages',
        payload: { channel_id: '11', before: '8', limit: 20 },
        requestId: undefined,
        actor: '53',
      },
    ])
  })

  it('leaves out what a message quotes from where they may not look', async () => {
    const quoting = { ...message, referenced_message: { ...message, id: '7', channel_id: '12' } }
    const read = async (who: Who) =>
      (await getChannelMessages(context({ messages: [quoting] }, who), { guildId: '1', channelId: '11' })).messages
    expect(await read('staff')).toEqual([quoting])
    expect(await read('member')).toEqual([message])
  })

  it('says the same of what is not there, what is elsewhere, and what is not theirs', async () => {
    for (const [guildId, channelId] of [
      ['1', '77'],
      ['1', '31'],
      ['1', '12'],
      ['2', '31'],
      ['3', '31'],
    ] as const) {
      const c = context({ success: true, messages: [] }, 'member')
      await expect(getChannelMessages(c, { guildId, channelId })).rejects.toEqual(new FunctionError('NOT_FOUND'))
      expect(c.sent).toEqual([])
    }
  })

  it('says so where they see it, and may not read what was', async () => {
    const c = context({ messages: [message] })
    await expect(getChannelMessages(c, { guildId: '1', channelId: '14' })).rejects.toThrow(/^MISSING_PERMISSIONS$/)
    expect(c.sent).toEqual([])
  })

  it.each([
    ['MISSING_ACCESS', 'MISSING_PERMISSIONS'],
    ['NOT_CONNECTED', 'GATEWAY_AWAY'],
    ['SOMETHING_NEW', 'INTERNAL_ERROR'],
  ])('says %s as %s and nothing of the rest', async (code, said) => {
    const failing = context(new LinkError(code, 'inner workings'))
    await expect(getChannelMessages(failing, { guildId: '1', channelId: '11' })).rejects.toThrow(said)
  })

  it('says when to ask again', async () => {
    const c = context({ messages: [] }, 'staff', 2)
    await getChannelMessages(c, { guildId: '1', channelId: '11' })
    await expect(getChannelMessages(c, { guildId: '1', channelId: '11' })).rejects.toMatchObject({ status: 429 })
    await expect(listGuilds(c)).rejects.toThrow(/^TOO_MANY_REQUESTS$/)
    expect(c.waits).toEqual([30, 30])
    expect(c.sent).toHaveLength(1)
  })
})

describe('sendMessage', () => {
  const wanted = { guildId: '1', channelId: '11', content: '@everyone hi', requestId: 'r1' }

  it('sends named fields only, for whoever asks, and notifies whom they may', async () => {
    const c = context({ success: true, message_id: '99' })
    expect(await sendMessage(c, { ...wanted, replyTo: '9' })).toEqual({ ok: true, messageId: '99' })
    const allowed_mentions = { parse: ['users'], replied_user: true }
    const payload = { channel_id: '11', content: '@everyone hi', reply_to: '9', allowed_mentions }
    expect(c.sent).toEqual([{ command: 'send_message', payload, requestId: '53:r1', actor: '53' }])
  })

  it.each<[Who, string, object]>([
    ['member', '77', { code: 'UNKNOWN_CHANNEL' }],
    ['member', '12', { code: 'UNKNOWN_CHANNEL' }],
    ['stranger', '11', { code: 'UNKNOWN_CHANNEL' }],
    ['member', '13', { code: 'MISSING_PERMISSIONS', message: 'You may not write in this channel.' }],
    ['timed out', '11', { code: 'MISSING_PERMISSIONS', message: 'You are timed out in this server.', retryAfter: 90 }],
    ['not screened yet', '11', { code: 'MISSING_PERMISSIONS', message: 'This server does not let you write yet.' }],
  ])('sends nothing for the %s into %s, and says why', async (who, channelId, refusal) => {
    const c = context({ success: true, message_id: '99' }, who)
    const answer = await sendMessage(c, { ...wanted, channelId })
    expect(answer).toMatchObject({ ok: false, kept: false, ...refusal })
    expect(c.sent).toEqual([])
  })

  it('answers the same of a channel that is not there and of one that is not theirs', async () => {
    const c = context({ success: true, message_id: '99' }, 'member')
    const [nowhere, hidden] = [
      await sendMessage(c, { ...wanted, channelId: '77' }),
      await sendMessage(c, { ...wanted, channelId: '12' }),
    ]
    expect(nowhere).toEqual(hidden)
  })

  it('sends nothing while it is not known who they are', async () => {
    const c = context({ success: true, message_id: '99' })
    c.member = new MembershipUnknown('RATE_LIMITED', 3)
    expect(await sendMessage(c, wanted)).toMatchObject({ code: 'RATE_LIMITED', kept: false, retryAfter: 3 })
    c.member = new MembershipUnknown('DISCORD_ERROR')
    expect(await sendMessage(c, wanted)).toMatchObject({ code: 'GATEWAY_AWAY', kept: false })
    expect(c.sent).toEqual([])
  })

  it.each([
    ['MISSING_PERMISSIONS', 'MISSING_PERMISSIONS', true],
    ['MISSING_ACCESS', 'MISSING_PERMISSIONS', true],
    ['UNKNOWN_CHANNEL', 'UNKNOWN_CHANNEL', true],
    ['RATE_LIMITED', 'RATE_LIMITED', false],
    ['DISCORD_UNAVAILABLE', 'DISCORD_UNAVAILABLE', false],
    ['NOT_CONNECTED', 'GATEWAY_AWAY', false],
    ['DEADLINE_EXCEEDED', 'OUTCOME_UNKNOWN', false],
    ['OUTCOME_UNKNOWN', 'OUTCOME_UNKNOWN', true],
    ['CLOSED', 'OUTCOME_UNKNOWN', false],
    ['INVALID_PAYLOAD', 'INVALID_PAYLOAD', true],
    ['MAXIMUM_NUMBER_OF_PINS', 'MAXIMUM_NUMBER_OF_PINS', true],
  ])('answers %s as %s, kept for the id: %s', async (code, said, kept) => {
    const outcome = await sendMessage(context(new LinkError(code, 'inner workings')), wanted)
    expect(outcome).toEqual({ ok: false, code: said, kept, message: expect.not.stringContaining('inner') })
  })

  describe('with files', () => {
    const handles = ['upload_3q2-7wEjRb6kX0sYv9TfLg', 'upload_4q2-7wEjRb6kX0sYv9TfLg']
    const sealed = async (userId: string, guildId = '1') =>
      await Promise.all(handles.map((handle) => seal.seal(handle, { userId, guildId })))
    const { content: _content, ...place } = wanted

    it('sends those that whoever asks has uploaded there, and needs no words', async () => {
      const c = context({ success: true, message_id: '99' }, 'owner')
      const files = await sealed('50')
      expect(await sendMessage(c, { ...place, content: '', files })).toEqual({ ok: true, messageId: '99' })
      await sendMessage(c, { ...place, content: 'Cone 6', files })
      const payload = { channel_id: '11', files: handles.map((upload) => ({ upload })) }
      expect(c.sent).toMatchObject([{ payload }, { payload: { ...payload, content: 'Cone 6' } }])
      expect(c.sent[0]?.payload).not.toHaveProperty('content')
    })

    it.each<[string, string, string]>([
      ['of somebody else', '51', '1'],
      ['of another server', '50', '2'],
    ])('sends nothing %s', async (_whose, userId, guildId) => {
      const c = context({ success: true, message_id: '99' }, 'owner')
      const [own = ''] = await sealed('50')
      const [, foreign = ''] = await sealed(userId, guildId)
      const outcome = await sendMessage(c, { ...place, content: 'x', files: [own, foreign] })
      expect(outcome).toMatchObject({ ok: false, code: 'UNKNOWN_UPLOAD', kept: false })
      expect(c.sent).toEqual([])
    })

    it('sends nothing for who may write there and not attach, and says so', async () => {
      const c = context({ success: true, message_id: '99' }, 'member')
      const outcome = await sendMessage(c, { ...place, content: 'x', files: await sealed('52') })
      expect(outcome).toMatchObject({
        code: 'MISSING_PERMISSIONS',
        message: 'You may not write with files in this channel.',
        missing: ['AttachFiles'],
        kept: false,
      })
      expect(c.sent).toEqual([])
    })

    it('says that they are there no more, as the gateway goes on saying', async () => {
      const c = context(new LinkError('UNKNOWN_UPLOAD', 'inner workings'), 'owner')
      const outcome = await sendMessage(c, { ...place, content: '', files: await sealed('50') })
      expect(outcome).toEqual({
        ok: false,
        code: 'UNKNOWN_UPLOAD',
        kept: true,
        message: 'Its files are kept for 15 minutes, and are there no more.',
      })
    })
  })

  it('says when to try again', async () => {
    const outcome = await sendMessage(context(new LinkError('RATE_LIMITED', 'slow', { retryAfter: 4 })), wanted)
    expect(outcome).toMatchObject({ code: 'RATE_LIMITED', retryAfter: 4 })
    const c = context({ success: true, message_id: '99' }, 'staff', 2)
    await sendMessage(c, wanted)
    const text = 'You write faster than may be written here.'
    expect(await sendMessage(c, wanted)).toMatchObject({
      code: 'RATE_LIMITED',
      message: text,
      kept: false,
      retryAfter: 30,
    })
    expect(c.sent).toHaveLength(1)
  })
})

describe('what is done to messages and members', () => {
  const ids = { guildId: '1', requestId: 'r1' }
  const own = { ...ids, channelId: '11', messageId: OWN_MESSAGE }
  const member = { ...ids, userId: '52' }
  const until = new Date(NOW + 60_000).toISOString()

  type Deed = (c: ReturnType<typeof context>) => Promise<DeedOutcome>
  it.each<[string, Deed, object]>([
    [
      'edit_message',
      (c) => deeds.editMessage(c, { ...own, content: 'hi' }),
      { channel_id: '11', message_id: OWN_MESSAGE, content: 'hi', allowed_mentions: expect.anything() as object },
    ],
    ['delete_message', (c) => deeds.deleteMessage(c, own), { channel_id: '11', message_id: OWN_MESSAGE }],
    [
      'add_reaction',
      (c) => deeds.addReaction(c, { ...own, emoji: '🔥' }),
      { channel_id: '11', message_id: OWN_MESSAGE, emoji: '🔥' },
    ],
    [
      'remove_reaction',
      (c) => deeds.removeReaction(c, { ...own, emoji: '🔥' }),
      { channel_id: '11', message_id: OWN_MESSAGE, emoji: '🔥' },
    ],
    [
      'move_member',
      (c) => deeds.moveMember(c, { ...member, channelId: null }),
      { guild_id: '1', user_id: '52', channel_id: null },
    ],
    [
      'mute_member',
      (c) => deeds.muteMember(c, { ...member, mute: true }),
      { guild_id: '1', user_id: '52', mute: true },
    ],
    [
      'deafen_member',
      (c) => deeds.deafenMember(c, { ...member, deaf: false }),
      { guild_id: '1', user_id: '52', deaf: false },
    ],
    [
      'timeout_member',
      (c) => deeds.timeoutMember(c, { ...member, until }),
      { guild_id: '1', user_id: '52', communication_disabled_until: until },
    ],
  ])('%s sends named fields only, for whoever asks, once a minute’s worth', async (command, act, payload) => {
    const c = context({ success: true }, 'owner', 2)
    expect(await act(c)).toEqual({ ok: true })
    expect(c.sent).toEqual([{ command, payload, requestId: '50:r1', actor: '50' }])
    expect(await act(c)).toMatchObject({ ok: false, code: 'RATE_LIMITED', kept: false, retryAfter: 30 })
    expect(c.sent).toHaveLength(1)
  })

  it('says what is missing', async () => {
    const c = context({ success: true }, 'member')
    expect(await deeds.muteMember(c, { ...member, mute: true })).toEqual({
      ok: false,
      code: 'MISSING_PERMISSIONS',
      message: 'You may not do that here.',
      kept: false,
      missing: ['MuteMembers'],
    })
    expect(c.sent).toEqual([])
  })

  it.each([
    ['MISSING_PERMISSIONS', 'BOT_MISSING_PERMISSIONS', true],
    ['TARGET_USER_IS_NOT_CONNECTED_TO_VOICE', 'NOT_IN_VOICE', true],
    ['NOT_CONNECTED', 'GATEWAY_AWAY', false],
    ['CLOSED', 'OUTCOME_UNKNOWN', false],
    ['OUTCOME_UNKNOWN', 'OUTCOME_UNKNOWN', true],
    ['else', 'else', true],
    ['toString', 'toString', true],
  ])('answers %s as %s, kept for the id: %s', async (code, said, kept) => {
    const outcome = await deeds.moveMember(context(new LinkError(code, 'inner workings'), 'owner'), {
      ...member,
      channelId: null,
    })
    expect(outcome).toEqual({
      ok: false,
      code: said,
      kept,
      message: expect.stringMatching(/^(?!.*inner).+\.$/) as string,
    })
  })
})

describe('what somebody may do', () => {
  const inChannel = (who: Who, channelId: string) => channelRights(context(null, who), { guildId: '1', channelId })
  const missing = (...names: string[]) => ({ code: 'MISSING_PERMISSIONS', missing: names, until: null })

  it('in a channel is told with why not, and what is their own', async () => {
    expect(await inChannel('member', '13')).toEqual({
      send: missing('SendMessages'),
      reply: missing('SendMessages'),
      attach: missing('SendMessages', 'AttachFiles'),
      react: missing('AddReactions'),
      manage: missing('ManageMessages'),
      own: { messages: [], reactions: [] },
    })
    expect(await inChannel('moderator', '11')).toMatchObject({
      send: null,
      reply: null,
      react: null,
      manage: null,
      own: { messages: [OWN_MESSAGE], reactions: [{ messageId: '9', emoji: '🚣' }] },
    })
    expect(await inChannel('member', '11')).toMatchObject({ send: null, attach: missing('AttachFiles') })
    expect(await inChannel('owner', '11')).toMatchObject({ send: null, attach: null })
    expect(await inChannel('member', '23')).toMatchObject({ send: { code: 'LOCKED' } })
    expect(await inChannel('timed out', '11')).toMatchObject({
      send: { code: 'TIMED_OUT', until: expect.any(Number) as number },
    })
  })

  it.each(['12', '77', '31'])('is nothing in a channel that they do not see, or that is not there: %s', async (id) => {
    await expect(inChannel('member', id)).rejects.toThrow(/^NOT_FOUND$/)
  })

  it('to a member is told with where they are, and where they may be moved', async () => {
    const rights = await memberRights(context(null, 'moderator'), { guildId: '1', userId: '52' })
    expect(rights).toEqual({
      voice: { channelId: '16', muted: false, deafened: false },
      timedOutUntil: null,
      // Nothing can be done in voice where one may not connect.
      move: { '15': missing('Connect', 'MoveMembers'), '16': null },
      disconnect: null,
      mute: null,
      deafen: missing('DeafenMembers'),
      timeout: null,
    })
  })

  it('does not say where somebody is whom they do not see there', async () => {
    const rights = await memberRights(context(null, 'member'), { guildId: '1', userId: '53' })
    expect(rights.voice).toBeNull()
    expect(await memberRights(context(null, 'member'), { guildId: '1', userId: '55' })).toEqual(rights)
  })

  it('is asked no more often than one person may ask', async () => {
    const c = context(null, 'member', 2)
    await channelRights(c, { guildId: '1', channelId: '11' })
    await expect(memberRights(c, { guildId: '1', userId: '52' })).rejects.toThrow(/^TOO_MANY_REQUESTS$/)
  })
})

describe('events that somebody is never shown', () => {
  const withheld = (who: Who) => withheldEvents(context(null, who), { guildId: '1' })

  it('are those that take what they may nowhere', async () => {
    expect(await withheld('owner')).toEqual([])
    expect(await withheld('administrator')).toEqual([])
    expect(await withheld('member')).toEqual(Object.keys(goesOnlyTo))
    const c = context(null, 'member')
    const role = (...names: ('BanMembers' | 'ManageGuild')[]) =>
      c.state.apply('GUILD_ROLE_UPDATE', '1', {
        guild_id: '1',
        role: { id: '1', permissions: String(names.reduce((sum, name) => sum | PermissionFlagsBits[name], 1n << 10n)) },
      })
    role('BanMembers')
    expect(await withheldEvents(c, { guildId: '1' })).not.toContain('GUILD_BAN_ADD')
    role('ManageGuild')
    const left = await withheldEvents(c, { guildId: '1' })
    expect(left).toContain('GUILD_BAN_ADD')
    expect(left).not.toContain('INVITE_CREATE')
  })

  it('are not those that they are shown in one channel', async () => {
    const c = context(null, 'member')
    const overwrite = { id: '1', type: 0, allow: String(PermissionFlagsBits.ManageWebhooks), deny: '0' }
    const channel = { id: '11', guild_id: '1', type: ChannelType.GuildText, permission_overwrites: [overwrite] }
    c.state.apply('CHANNEL_UPDATE', '1', channel)
    const left = await withheldEvents(c, { guildId: '1' })
    expect(left).not.toContain('WEBHOOKS_UPDATE')
    expect(left).toContain('INVITE_CREATE')
  })

  it('are told to nobody who is not there, and no more often than they may ask', async () => {
    await expect(withheld('stranger')).rejects.toThrow(/^NOT_FOUND$/)
    const c = context(null, 'member', 1)
    await withheldEvents(c, { guildId: '1' })
    await expect(withheldEvents(c, { guildId: '1' })).rejects.toThrow(/^TOO_MANY_REQUESTS$/)
  })
})

describe('inputs', () => {
  const of = { guildId: '1', channelId: '1', messageId: '1', requestId: 'a' }
  it.each([
    [EditMessageInput, { ...of, content: '' }],
    [EditMessageInput, { ...of, content: 'a', flags: 4 }],
    [DeleteMessageInput, { ...of, messageId: '1/x' }],
    [ReactionInput, { ...of, emoji: '../@me' }],
    [ReactionInput, { ...of, emoji: '..' }],
    [MoveMemberInput, { guildId: '1', userId: '1', requestId: 'a' }],
    [MuteMemberInput, { guildId: '1', userId: '1', requestId: 'a', mute: 1 }],
    [DeafenMemberInput, { guildId: '1', userId: '1', requestId: 'a', deaf: null }],
    [TimeoutMemberInput, { guildId: '1', userId: '1', requestId: 'a', until: '2026-01-01' }],
    [TimeoutMemberInput, { guildId: '1', userId: '1', requestId: 'a', until: '2026-01-01T00:00:00' }],
    [ChannelInput, { guildId: '1' }],
    [MemberInput, { guildId: '1', userId: 'x' }],

    [ChannelMessagesInput, { guildId: '1', channelId: '../1' }],
    [ChannelMessagesInput, { guildId: '1', channelId: '1', limit: 101 }],
    [SendMessageInput, { guildId: '1', channelId: '1', content: '', requestId: 'a' }],
    [SendMessageInput, { guildId: '1', channelId: '1', content: 'a'.repeat(2001), requestId: 'a' }],
    [SendMessageInput, { guildId: '1', channelId: '1', content: 'a', requestId: 'a b' }],
    [SendMessageInput, { guildId: '1', channelId: '1', content: 'a', requestId: 'a', tts: true }],
    [SendMessageInput, { guildId: '1', channelId: '1', content: '', requestId: 'a', files: [] }],
    [
      SendMessageInput,
      { guildId: '1', channelId: '1', content: 'a', requestId: 'a', files: [`upload_${'a'.repeat(22)}`] },
    ],
    [SendMessageInput, { guildId: '1', channelId: '1', content: 'a', requestId: 'a', files: Array(11).fill(SEALED) }],
  ])('refuse what is not of their shape without saying why (%#)', (schema, data) => {
    const validate = input(schema) as (data: unknown) => unknown
    expect(() => validate(data)).toThrow(/^INVALID_INPUT$/)
  })
})
