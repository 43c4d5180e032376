import { expect } from 'vitest'
import { nobody, type Scene, type TopicCases } from './scene.ts'

export function threadsCases({ threadBegun, botId }: Scene): TopicCases<'threads'> {
  return {
    get_thread_member: {
      payload: async () => ({ channel_id: await threadBegun(), user_id: botId }),
      done: ({ member: read }, { channel_id, user_id }) => expect(read).toMatchObject({ id: channel_id, user_id }),
      refused: {
        UNKNOWN_CHANNEL: () => ({ channel_id: nobody, user_id: nobody }),
        INVALID_PAYLOAD: () => ({ channel_id: nobody }),
      },
    },
  }
}
