import { expect } from 'vitest'
import { nobody, type Scene, type TopicCases } from './scene.ts'

export function stagesCases({ guild, rest, channel, stageMade }: Scene): TopicCases<'stages'> {
  const stageIn = (channelId: string) => guild.stage_instances.find(({ channel_id }) => channel_id === channelId)
  /** A stage that is open. */
  const opened = async () => {
    const channel_id = await stageMade()
    await rest('POST', '/stage-instances', { channel_id, topic: 'Before' })
    return { channel_id }
  }
  return {
    create_stage: {
      payload: async () => ({ channel_id: await stageMade(), topic: 'Glazes', reason: 'a test' }),
      done: ({ stage }, { channel_id, topic }) => {
        expect(stage).toMatchObject({ channel_id, topic, guild_id: guild.id })
        expect(stageIn(channel_id)).toMatchObject({ topic })
      },
      refused: {
        THE_STAGE_IS_ALREADY_OPEN: async () => ({ ...(await opened()), topic: 'x' }),
        CANNOT_EXECUTE_ACTION_ON_THIS_CHANNEL_TYPE: () => ({ channel_id: channel('Loft'), topic: 'x' }),
        UNKNOWN_CHANNEL: () => ({ channel_id: nobody, topic: 'x' }),
        INVALID_PAYLOAD: () => ({ channel_id: channel('Friday demo'), topic: '' }),
      },
    },
    get_stage: {
      payload: opened,
      done: ({ stage }, { channel_id }) => expect(stage).toMatchObject({ channel_id, topic: 'Before' }),
      refused: {
        UNKNOWN_STAGE_INSTANCE: async () => ({ channel_id: await stageMade() }),
        UNKNOWN_CHANNEL: () => ({ channel_id: nobody }),
        INVALID_PAYLOAD: () => ({}),
      },
    },
    edit_stage: {
      payload: async () => ({ ...(await opened()), topic: 'After', reason: 'a test' }),
      done: ({ stage }, { channel_id, topic }) => {
        expect(stage).toMatchObject({ channel_id, topic })
        expect(stageIn(channel_id)).toMatchObject({ topic })
      },
      refused: {
        UNKNOWN_STAGE_INSTANCE: async () => ({ channel_id: await stageMade(), topic: 'x' }),
        INVALID_PAYLOAD: () => ({ channel_id: channel('Friday demo'), privacy_level: 3 }),
      },
    },
    delete_stage: {
      payload: async () => ({ ...(await opened()), reason: 'a test' }),
      done: (_data, { channel_id }) => expect(stageIn(channel_id)).toBeUndefined(),
      refused: {
        UNKNOWN_STAGE_INSTANCE: async () => ({ channel_id: await stageMade() }),
        INVALID_PAYLOAD: () => ({ channel_id: channel('Friday demo'), topic: 'x' }),
      },
    },
  }
}
