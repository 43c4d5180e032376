import { expect } from 'vitest'
import { nobody, unknownChannel, type Scene, type TopicCases } from './scene.ts'

export function reactionsCases({ answer, channel, messagesOf, written }: Scene): TopicCases<'reactions'> {
  return {
    add_reaction: {
      payload: async () => ({ channel_id: channel('build-log'), message_id: await written('nice'), emoji: '🔥' }),
      done: (_data, { message_id }) => {
        const message = messagesOf('build-log').find(({ id }) => id === message_id)
        expect(message?.reactions).toMatchObject([{ emoji: { name: '🔥' }, count: 1, me: true }])
      },
      refused: {
        UNKNOWN_MESSAGE: () => ({ channel_id: channel('build-log'), message_id: nobody, emoji: '🔥' }),
        UNKNOWN_EMOJI: () => ({
          channel_id: channel('build-log'),
          message_id: messagesOf('build-log')[0]?.id,
          emoji: 'x',
        }),
        INVALID_PAYLOAD: () => ({ ...unknownChannel(), emoji: '../..' }),
      },
    },
    remove_reaction: {
      payload: async () => {
        const payload = { channel_id: channel('build-log'), message_id: await written('less nice'), emoji: '🔥' }
        await answer('add_reaction', payload)
        return payload
      },
      done: (_data, { message_id }) =>
        expect(messagesOf('build-log').find(({ id }) => id === message_id)?.reactions ?? []).toEqual([]),
      refused: {
        UNKNOWN_MESSAGE: () => ({ channel_id: channel('build-log'), message_id: nobody, emoji: '🔥' }),
        UNKNOWN_EMOJI: async () => ({
          channel_id: channel('build-log'),
          message_id: await written('never liked'),
          emoji: '🔥',
        }),
        INVALID_PAYLOAD: () => ({ ...unknownChannel(), emoji: '../..' }),
      },
    },
  }
}
