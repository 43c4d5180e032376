import { commands, type CommandDefinition } from '@repo/discord-integration/types'
import { expect } from 'vitest'
import { type Scene, type TopicCases } from './scene.ts'

export function gatewayCases({ simulator, answer }: Scene): TopicCases<'gateway'> {
  return {
    get_status: {
      payload: () => ({}),
      done: ({ shards }) => expect(shards).toMatchObject([{ id: 0, state: 'ready' }]),
      refused: { INVALID_PAYLOAD: () => ({ verbose: true }) },
    },
    get_figures: {
      payload: () => ({ history: '15m' }),
      done: (figures) =>
        expect(figures).toMatchObject({
          consumers: [{ name: 'token 1', state: 'live', behind: 0, streams: null }],
          shards: [{ id: 0, state: 'ready', guilds: simulator.world.guilds().length, identifies: 1 }],
          history: { range: '15m', step_ms: 10_000 },
        }),
      refused: { INVALID_PAYLOAD: () => ({ history: '1y' }) },
    },
    report_figures: {
      payload: () => ({ process: 'web-1', streams: 12, latency: [[20, 3]] }),
      done: () => {},
      refused: {
        RATE_LIMITED: async () => {
          const report = { process: 'web-1', streams: 12, latency: [] }
          await answer('report_figures', report)
          return report
        },
        INVALID_PAYLOAD: () => ({ process: 'web-1', streams: 12, latency: [[72, 1]] }),
      },
    },
    list_commands: {
      payload: () => ({}),
      done: ({ commands: listed }) => {
        const open = Object.entries<CommandDefinition>(commands).filter(([, { namedOnly }]) => !namedOnly)
        expect((listed as { name: string }[]).map(({ name }) => name)).toEqual(open.map(([name]) => name))
      },
      refused: { INVALID_PAYLOAD: () => ({ filter: 'x' }) },
    },
  }
}
