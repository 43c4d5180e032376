import { LinkError } from '@repo/discord-integration/types'
import type { CommandName } from '@repo/discord-integration/types'
import { GuildState } from '@repo/event-feed'
import { describe, expect, it } from 'vitest'
import { ChannelMessagesInput, input, SendMessageInput } from '../../src/server/function-inputs.ts'
import { getChannelMessages, listGuilds, sendMessage } from '../../src/server/functions.server.ts'
import type { FunctionContext } from '../../src/server/functions.server.ts'

const message = { id: '9', channel_id: '11', content: 'hi', timestamp: '2026', author: { id: '5', username: 'ada' } }

/** Two guilds; everything that is sent is kept, and answered with `answer`. */
function context(answer: unknown): FunctionContext & { sent: unknown[] } {
  const state = new GuildState()
  state.apply('GUILD_CREATE', '2', { id: '2', name: 'Zoo', channels: [{ id: '21' }] })
  state.apply('GUILD_CREATE', '3', { id: '3', name: 'Not theirs', channels: [{ id: '31' }] })
  state.apply('GUILD_CREATE', '1', {
    id: '1',
    name: 'Ark',
    icon: 'abc',
    member_count: 12,
    channels: [{ id: '11' }],
    threads: [{ id: '12' }],
    voice_states: [{ user_id: '5', channel_id: '13' }],
  })
  const sent: unknown[] = []
  const send = (command: CommandName, payload: unknown, requestId?: string) => {
    sent.push([command, payload, requestId])
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
  }
  return { state, mayEnter: (id) => id !== '3', sent, send: send as FunctionContext['send'] }
}

describe('listGuilds', () => {
  it('tells of each guild what a list shows, and null for what Discord has not said', () => {
    expect(listGuilds(context(null))).toEqual([
      { id: '1', name: 'Ark', icon: 'abc', memberCount: 12, inVoice: 1 },
      { id: '2', name: 'Zoo', icon: null, memberCount: null, inVoice: 0 },
    ])
  })
})

describe('getChannelMessages', () => {
  it.each(['11', '12'])('reads channel or thread %s', async (channelId) => {
    const c = context({ success: true, messages: [message] })
    expect(await getChannelMessages(c, { guildId: '1', channelId, before: '9', limit: 20 })).toEqual({
      messages: [message],
    })
    expect(c.sent).toEqual([['get_channel_messages', { channel_id: channelId, before: '9', limit: 20 }, undefined]])
  })

  it.each([
    ['1', '21'],
    ['3', '11'],
    ['3', '31'],
    ['4', '11'],
  ])('asks nothing for a channel that is not of that guild: %s, %s', async (guildId, channelId) => {
    const c = context({ success: true, messages: [] })
    await expect(getChannelMessages(c, { guildId, channelId })).rejects.toThrow(/^NOT_FOUND$/)
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
})

describe('sendMessage', () => {
  const wanted = { guildId: '1', channelId: '11', content: '@everyone hi', requestId: 'r1' }

  it('sends named fields only, and lets users alone be mentioned', async () => {
    const c = context({ success: true, message_id: '99' })
    expect(await sendMessage(c, { ...wanted, replyTo: '9' })).toEqual({ ok: true, messageId: '99' })
    const allowed_mentions = { parse: ['users'], replied_user: true }
    const payload = { channel_id: '11', content: '@everyone hi', reply_to: '9', allowed_mentions }
    expect(c.sent).toEqual([['send_message', payload, 'r1']])
  })

  it('sends nothing into a channel that is not of that guild', async () => {
    const c = context({ success: true, message_id: '99' })
    expect(await sendMessage(c, { ...wanted, channelId: '21' })).toMatchObject({
      code: 'UNKNOWN_CHANNEL',
      kept: false,
    })
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

  it('says when to try again', async () => {
    const outcome = await sendMessage(context(new LinkError('RATE_LIMITED', 'slow', { retryAfter: 4 })), wanted)
    expect(outcome).toMatchObject({ code: 'RATE_LIMITED', retryAfter: 4 })
  })
})

describe('inputs', () => {
  it.each([
    [ChannelMessagesInput, { guildId: '1', channelId: '../1' }],
    [ChannelMessagesInput, { guildId: '1', channelId: '1', limit: 101 }],
    [SendMessageInput, { guildId: '1', channelId: '1', content: '', requestId: 'a' }],
    [SendMessageInput, { guildId: '1', channelId: '1', content: 'a'.repeat(2001), requestId: 'a' }],
    [SendMessageInput, { guildId: '1', channelId: '1', content: 'a', requestId: 'a b' }],
    [SendMessageInput, { guildId: '1', channelId: '1', content: 'a', requestId: 'a', tts: true }],
  ])('refuse what is not of their shape without saying why (%#)', (schema, data) => {
    const validate = input(schema) as (data: unknown) => unknown
    expect(() => validate(data)).toThrow(/^INVALID_INPUT$/)
  })
})
