import { expect } from 'vitest'
import { nobody, unknownChannel, type Scene, type TopicCases } from './scene.ts'

export function messagesCases({ channel, messagesOf, written }: Scene): TopicCases<'messages'> {
  return {
    send_message: {
      payload: () => ({ channel_id: channel('build-log'), content: 'Cone 6' }),
      done: ({ message_id }) =>
        expect(messagesOf('build-log').find(({ id }) => id === message_id)?.content).toBe('Cone 6'),
      refused: {
        UNKNOWN_CHANNEL: () => ({ channel_id: nobody, content: 'x' }),
        MISSING_PERMISSIONS: () => ({ channel_id: channel('announcements'), content: 'x' }),
        INVALID_PAYLOAD: () => ({ channel_id: channel('build-log') }),
      },
    },
    edit_message: {
      payload: async () => ({
        channel_id: channel('build-log'),
        message_id: await written('first'),
        content: 'second',
      }),
      done: ({ message }, { message_id }) => {
        expect(message).toMatchObject({ id: message_id, content: 'second' })
        expect(messagesOf('build-log').find(({ id }) => id === message_id)?.content).toBe('second')
      },
      refused: {
        UNKNOWN_MESSAGE: () => ({ channel_id: channel('build-log'), message_id: nobody, content: 'x' }),
        UNKNOWN_CHANNEL: () => ({ ...unknownChannel(), content: 'x' }),
        INVALID_PAYLOAD: () => ({ ...unknownChannel(), content: '' }),
      },
    },
    delete_message: {
      payload: async () => ({
        channel_id: channel('build-log'),
        message_id: await written('gone soon'),
        reason: 'a test',
      }),
      done: (_data, { message_id }) => expect(messagesOf('build-log').some(({ id }) => id === message_id)).toBe(false),
      refused: {
        UNKNOWN_MESSAGE: () => ({ channel_id: channel('build-log'), message_id: nobody }),
        INVALID_PAYLOAD: () => ({ ...unknownChannel(), reason: '' }),
      },
    },
    get_channel_messages: {
      payload: () => ({ channel_id: channel('build-log'), limit: 2 }),
      done: ({ messages }) => expect(messages).toHaveLength(2),
      refused: {
        UNKNOWN_CHANNEL: () => ({ channel_id: nobody }),
        INVALID_PAYLOAD: () => ({ channel_id: channel('build-log'), before: '1', after: '1' }),
      },
    },
  }
}
