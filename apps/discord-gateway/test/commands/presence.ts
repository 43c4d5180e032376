import { PresenceUpdateStatus } from 'discord-api-types/v10'
import { until } from '../../../../test/lib/child.ts'
import type { Scene, TopicCases } from './scene.ts'

export function presenceCases({ guild, botId }: Scene): TopicCases<'presence'> {
  return {
    update_presence: {
      payload: () => ({ status: 'idle', since: 1_700_000_000_000, activities: [{ name: 'over the kilns', type: 3 }] }),
      // Discord answers nothing: it is shown a moment later.
      done: async () => {
        await until('it to be shown', () => {
          const shown = guild.presences.find(({ user }) => user.id === botId)
          return shown?.status === PresenceUpdateStatus.Idle && shown.activities?.[0]?.name === 'over the kilns'
        })
      },
      refused: { INVALID_PAYLOAD: () => ({ status: 'away' }) },
    },
  }
}
