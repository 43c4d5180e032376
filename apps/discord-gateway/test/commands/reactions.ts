import { compareSnowflakes } from '@repo/discord-integration/types'
import { expect } from 'vitest'
import { nobody, unknownChannel, type Scene, type TopicCases } from './scene.ts'

export function reactionsCases({
  simulator,
  botId,
  channel,
  member,
  messagesOf,
  written,
  rest,
}: Scene): TopicCases<'reactions'> {
  const channel_id = channel('build-log')
  const reactionsOf = (message_id: string) => {
    const message = messagesOf('build-log').find(({ id }) => id === message_id)
    if (!message) throw new Error('the message is gone')
    return message.reactions ?? []
  }
  /** A message of the bot's own, with a 🔥 of the bot's and of brackish, and a 👍 of brackish. */
  const liked = async (content: string) => {
    const message_id = await written(content)
    await rest('PUT', `/channels/${channel_id}/messages/${message_id}/reactions/${encodeURIComponent('🔥')}/@me`)
    for (const emoji of ['🔥', '👍']) {
      simulator.people.react({ channel_id, message_id, user_id: member('brackish'), emoji })
    }
    return { channel_id, message_id, emoji: '🔥' }
  }
  /** Who likes those. */
  const inOrder = () => [member('brackish'), botId].toSorted(compareSnowflakes) as [string, string]
  const unliked = async () => ({ channel_id, message_id: await written('never liked'), emoji: '🔥' })
  const unknownMessage = () => ({ channel_id, message_id: nobody, emoji: '🔥' })
  const noEmoji = async () => ({ ...(await unliked()), emoji: 'x' })
  const invalid = () => ({ ...unknownChannel(), emoji: '../..' })
  const refused = { UNKNOWN_MESSAGE: unknownMessage, UNKNOWN_EMOJI: noEmoji, INVALID_PAYLOAD: invalid }
  return {
    add_reaction: {
      payload: async () => ({ channel_id, message_id: await written('nice'), emoji: '🔥' }),
      done: (_data, { message_id }) =>
        expect(reactionsOf(message_id)).toMatchObject([{ emoji: { name: '🔥' }, count: 1, me: true }]),
      refused,
    },
    remove_reaction: {
      payload: () => liked('less nice'),
      done: (_data, { message_id }) =>
        expect(reactionsOf(message_id)).toMatchObject([
          { emoji: { name: '🔥' }, count: 1, me: false },
          { emoji: { name: '👍' } },
        ]),
      refused: { ...refused, UNKNOWN_EMOJI: unliked },
    },
    remove_user_reaction: {
      payload: async () => ({ ...(await liked('nice, they said')), user_id: member('brackish') }),
      done: (_data, { message_id }) =>
        expect(reactionsOf(message_id)).toMatchObject([
          { emoji: { name: '🔥' }, count: 1, me: true },
          { emoji: { name: '👍' } },
        ]),
      refused: {
        UNKNOWN_MESSAGE: () => ({ ...unknownMessage(), user_id: nobody }),
        UNKNOWN_EMOJI: async () => ({ ...(await unliked()), user_id: member('brackish') }),
        INVALID_PAYLOAD: unknownMessage,
      },
    },
    remove_emoji_reactions: {
      payload: () => liked('no fire'),
      done: (_data, { message_id }) => expect(reactionsOf(message_id)).toMatchObject([{ emoji: { name: '👍' } }]),
      refused,
    },
    remove_all_reactions: {
      payload: async () => {
        const { emoji: _emoji, ...message } = await liked('no opinions')
        return message
      },
      done: (_data, { message_id }) => expect(reactionsOf(message_id)).toEqual([]),
      refused: {
        UNKNOWN_MESSAGE: () => ({ channel_id, message_id: nobody }),
        INVALID_PAYLOAD: unknownMessage,
      },
    },
    get_reactions: {
      payload: async () => ({ ...(await liked('nice to whom?')), type: 0 as const, after: inOrder()[0], limit: 1 }),
      done: ({ users }) => expect(users).toMatchObject([{ id: inOrder()[1] }]),
      refused: { ...refused, INVALID_PAYLOAD: () => ({ ...unknownMessage(), limit: 101 }) },
    },
  }
}
