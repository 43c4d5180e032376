import { expect } from 'vitest'
import { nobody, type Scene, type TopicCases } from './scene.ts'

export function discordCases({ guild, channel, messagesOf }: Scene): TopicCases<'discord'> {
  const post = (name: string) => ({
    method: 'POST' as const,
    path: `/channels/${channel(name)}/messages`,
    body: { content: 'Said by hand' },
  })
  return {
    discord_api: {
      payload: () => post('build-log'),
      done: (data) => {
        expect(data).toMatchObject({ status: 200, body: { content: 'Said by hand', author: { bot: true } } })
        expect(messagesOf('build-log').some(({ id }) => id === data['body'].id)).toBe(true)
      },
      refused: {
        UNKNOWN_CHANNEL: () => ({ method: 'GET', path: `/channels/${nobody}` }),
        MISSING_PERMISSIONS: () => post('announcements'),
        INVALID_PAYLOAD: () => ({ method: 'GET', path: `/guilds/${guild.id}/../../gateway` }),
      },
    },
  }
}
