import { compareSnowflakes } from '@repo/discord-integration/types'
import { ButtonStyle, ChannelType, ComponentType, MessageFlags } from 'discord-api-types/v10'
import { expect } from 'vitest'
import { nobody, unknownChannel, type Scene, type TopicCases } from './scene.ts'

export function messagesCases({
  simulator,
  guild,
  channel,
  member,
  messagesOf,
  written,
  threadBegun,
  uploaded,
  rest,
}: Scene): TopicCases<'messages'> {
  const buildLog = channel('build-log')
  const find = (id: unknown) => messagesOf('build-log').find((message) => message.id === id)
  const isThere = (id: unknown) => find(id) !== undefined
  const unknownMessage = () => ({ channel_id: buildLog, message_id: nobody })
  const noId = () => ({ channel_id: buildLog, message_id: 'the last' })
  const own = async (content: string) => ({ channel_id: buildLog, message_id: await written(content) })
  const pinned = async (content: string) => {
    const payload = await own(content)
    await rest('PUT', `/channels/${buildLog}/messages/pins/${payload.message_id}`)
    return payload
  }
  const poll = async () => {
    const answers = [{ poll_media: { text: 'Tenmoku' } }, { poll_media: { text: 'Celadon' } }]
    const asked = { poll: { question: { text: 'Which glaze?' }, answers } }
    const { id } = await rest('POST', `/channels/${buildLog}/messages`, asked)
    return { channel_id: buildLog, message_id: String(id) }
  }
  const voters = () => [member('brackish'), member('pikelet')].toSorted(compareSnowflakes) as [string, string]
  /** A moderator's, since the bot may not write there. */
  const announced = (content: string) => {
    const channel_id = channel('announcements')
    const { id } = simulator.people.speak({ channel_id, user_id: member('brackish'), content })
    return { channel_id, message_id: id }
  }
  /** The same, in a channel of announcements that the bot may write in too. */
  const news = async (content: string) => {
    const type = ChannelType.GuildAnnouncement
    const { id: channel_id } = await rest('POST', `/guilds/${guild.id}/channels`, { name: 'news', type })
    const { id } = simulator.people.speak({ channel_id: String(channel_id), user_id: member('brackish'), content })
    return { channel_id: String(channel_id), message_id: id }
  }
  return {
    send_message: {
      payload: async () => ({
        channel_id: buildLog,
        content: 'Cone 6',
        embeds: [{ title: 'Firing', color: 0xb4_53_09, fields: [{ name: 'Peak', value: '1222 °C', inline: true }] }],
        components: [
          {
            type: ComponentType.ActionRow,
            components: [{ type: ComponentType.Button, style: ButtonStyle.Primary, custom_id: 'open', label: 'Open' }],
          },
        ],
        message_reference: { message_id: await written('Which cone?') },
        flags: MessageFlags.SuppressNotifications,
      }),
      done: ({ message_id }, { message_reference }) =>
        expect(find(message_id)).toMatchObject({
          content: 'Cone 6',
          embeds: [{ title: 'Firing', fields: [{ value: '1222 °C' }] }],
          components: [{ components: [{ custom_id: 'open' }] }],
          message_reference: { message_id: message_reference?.message_id },
          flags: MessageFlags.SuppressNotifications,
        }),
      needing: {
        'in a channel': () => ({ channel_id: buildLog, content: 'x' }),
        'in a thread': async () => ({ channel_id: await threadBegun(), content: 'x' }),
        'as a reply': async () => ({
          channel_id: buildLog,
          content: 'x',
          message_reference: { message_id: await written('Which cone?') },
        }),
        'with `files`': async () => ({ channel_id: channel('general'), files: [{ upload: await uploaded() }] }),
        'with `embeds`': () => ({ channel_id: buildLog, embeds: [{ title: 'Firing' }] }),
        'with a `poll`': () => ({
          channel_id: buildLog,
          poll: { question: { text: 'Which glaze?' }, answers: [{ poll_media: { text: 'Tenmoku' } }] },
        }),
        'with `tts`': () => ({ channel_id: buildLog, content: 'x', tts: true }),
      },
      refused: {
        UNKNOWN_CHANNEL: () => ({ channel_id: nobody, content: 'x' }),
        MISSING_PERMISSIONS: () => ({ channel_id: channel('announcements'), content: 'x' }),
        INVALID_FORM_BODY_OR_CONTENT_TYPE: () => ({ channel_id: buildLog, content: 'x', reply_to: nobody }),
        INVALID_PAYLOAD: () => ({ channel_id: buildLog, embeds: [] }),
      },
    },
    edit_message: {
      payload: async () => ({ ...(await own('first')), content: 'second', embeds: [{ description: 'third' }] }),
      done: ({ message }, { message_id }) => {
        const expected = { id: message_id, content: 'second', embeds: [{ description: 'third' }] }
        expect(message).toMatchObject(expected)
        expect(find(message_id)).toMatchObject(expected)
      },
      needing: {
        'with `files`': async () => {
          const { id } = await rest('POST', `/channels/${channel('general')}/messages`, { content: 'first' })
          return { channel_id: channel('general'), message_id: id, files: [{ upload: await uploaded() }] }
        },
        'with `embeds`': async () => ({ ...(await own('first')), embeds: [{ title: 'Firing' }] }),
      },
      refused: {
        UNKNOWN_MESSAGE: () => ({ ...unknownMessage(), content: 'x' }),
        UNKNOWN_CHANNEL: () => ({ ...unknownChannel(), content: 'x' }),
        CANNOT_EDIT_MESSAGE_AUTHORED_BY_ANOTHER_USER: () => ({ ...announced('Open on Friday'), content: 'x' }),
        INVALID_PAYLOAD: () => unknownChannel(),
      },
    },
    delete_message: {
      payload: async () => ({ ...(await own('gone soon')), reason: 'a test' }),
      done: (_data, { message_id }) => expect(isThere(message_id)).toBe(false),
      needing: { 'of another’s message': () => announced('Closed on Friday') },
      refused: {
        UNKNOWN_MESSAGE: unknownMessage,
        INVALID_PAYLOAD: () => ({ ...unknownChannel(), reason: '' }),
      },
    },
    bulk_delete_messages: {
      payload: async () => ({
        channel_id: buildLog,
        messages: [await written('raid'), await written('and raid')],
        reason: 'a test',
      }),
      done: (_data, { messages }) => expect(messages.filter(isThere)).toEqual([]),
      refused: {
        UNKNOWN_CHANNEL: () => ({ channel_id: nobody, messages: [nobody, '2'] }),
        ONE_OF_THE_MESSAGES_PROVIDED_WAS_TOO_OLD_FOR_BULK_DELETE: () => ({
          channel_id: buildLog,
          messages: [nobody, '2'],
        }),
        INVALID_PAYLOAD: () => ({ channel_id: buildLog, messages: [nobody] }),
      },
    },
    get_message: {
      payload: () => own('to be read'),
      done: ({ message }, { message_id }) => expect(message).toMatchObject({ id: message_id, content: 'to be read' }),
      refused: { UNKNOWN_MESSAGE: unknownMessage, UNKNOWN_CHANNEL: unknownChannel, INVALID_PAYLOAD: noId },
    },
    get_channel_messages: {
      payload: () => ({ channel_id: buildLog, limit: 2 }),
      done: ({ messages }) => expect(messages).toHaveLength(2),
      refused: {
        UNKNOWN_CHANNEL: () => ({ channel_id: nobody }),
        INVALID_PAYLOAD: () => ({ channel_id: buildLog, before: '1', after: '1' }),
      },
    },
    search_messages: {
      payload: async () => ({
        guild_id: guild.id,
        content: 'raku',
        min_id: await written('raku, not saggar'),
        channel_id: [buildLog, channel('general')],
        pinned: false,
      }),
      done: async ({ found }, { min_id }) => {
        expect(found).toMatchObject({ total_results: 0 })
        const id = await written('raku again')
        const later = await rest('GET', `/guilds/${guild.id}/messages/search?content=raku&min_id=${min_id}`)
        expect(later).toMatchObject({ messages: [[{ id }]] })
      },
      refused: {
        UNKNOWN_GUILD: () => ({ guild_id: nobody, content: 'x' }),
        UNKNOWN_CHANNEL: () => ({ guild_id: guild.id, channel_id: [nobody] }),
        INVALID_PAYLOAD: () => ({ guild_id: guild.id, has: ['pictures'] }),
      },
    },
    crosspost_message: {
      payload: () => news('The kiln is back'),
      done: async (_data, { channel_id, message_id }) => {
        const { flags } = await rest('GET', `/channels/${channel_id}/messages/${message_id}`)
        expect(flags).toBe(MessageFlags.Crossposted)
      },
      needing: {
        'of another’s message': () => news('The kiln is cold'),
      },
      refused: {
        UNKNOWN_MESSAGE: unknownMessage,
        CANNOT_EXECUTE_ACTION_ON_THIS_CHANNEL_TYPE: () => own('no news'),
        THIS_MESSAGE_WAS_ALREADY_CROSSPOSTED: async () => {
          const payload = await news('The kiln is broken')
          await rest('POST', `/channels/${payload.channel_id}/messages/${payload.message_id}/crosspost`)
          return payload
        },
        INVALID_PAYLOAD: noId,
      },
    },
    pin_message: {
      payload: async () => ({ ...(await own('the rules')), reason: 'a test' }),
      done: (_data, { message_id }) => expect(find(message_id)?.pinned).toBe(true),
      refused: { UNKNOWN_MESSAGE: unknownMessage, INVALID_PAYLOAD: () => ({ ...unknownChannel(), reason: '' }) },
    },
    unpin_message: {
      payload: async () => ({ ...(await pinned('the old rules')), reason: 'a test' }),
      done: (_data, { message_id }) => expect(find(message_id)?.pinned).toBe(false),
      refused: { UNKNOWN_MESSAGE: unknownMessage, INVALID_PAYLOAD: () => ({ ...unknownChannel(), reason: '' }) },
    },
    get_pinned_messages: {
      payload: async () => {
        const { channel_id } = await pinned('glaze recipes')
        return { channel_id, limit: 1, before: new Date(Date.now() + 60_000).toISOString() }
      },
      done: ({ pins }) => expect(pins).toMatchObject({ items: [{ message: { content: 'glaze recipes' } }] }),
      refused: {
        UNKNOWN_CHANNEL: () => ({ channel_id: nobody }),
        INVALID_PAYLOAD: () => ({ channel_id: buildLog, before: nobody }),
      },
    },
    end_poll: {
      payload: poll,
      done: (_data, { message_id }) => expect(find(message_id)?.poll?.results?.is_finalized).toBe(true),
      refused: {
        UNKNOWN_MESSAGE: unknownMessage,
        CANNOT_EXPIRE_A_NON_POLL_MESSAGE: () => own('nothing is asked'),
        POLL_EXPIRED: async () => {
          const payload = await poll()
          await rest('POST', `/channels/${buildLog}/polls/${payload.message_id}/expire`)
          return payload
        },
        INVALID_PAYLOAD: noId,
      },
    },
    get_poll_voters: {
      payload: async () => {
        const payload = await poll()
        for (const id of voters()) simulator.people.vote(id, { ...payload, answer_ids: [2] })
        return { ...payload, answer_id: 2, after: voters()[0], limit: 1 }
      },
      done: ({ voters: { users } }) => expect(users).toMatchObject([{ id: voters()[1] }]),
      refused: {
        UNKNOWN_MESSAGE: () => ({ ...unknownMessage(), answer_id: 1 }),
        INVALID_PAYLOAD: () => ({ ...unknownMessage(), answer_id: 0 }),
      },
    },
  }
}
