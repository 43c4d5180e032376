import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { GatewayServiceV2Message } from '@repo/discord-integration/types'
import { startSimulator, type Simulator } from '@repo/discord-simulator'
import { afterEach, beforeEach } from 'vitest'
import { GatewayProcess } from './gateway-process.ts'

export const linkUrl = (port: number) => `ws://127.0.0.1:${port}`

/** A simulated Discord and a data folder for each test of a file, and gateway processes over them that end with the test. */
export function useGateways(seed: string) {
  let simulator: Simulator
  let dataDir: string
  const started: GatewayProcess[] = []

  beforeEach(async () => {
    simulator = await startSimulator({ seed })
    dataDir = mkdtempSync(join(tmpdir(), `${seed}-`))
  })

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') console.log(started.map(({ output }) => output).join('\n———\n'))
    for (const one of started.splice(0)) await one.end('SIGKILL')
    await simulator.close()
    rmSync(dataDir, { recursive: true, force: true })
  })

  return {
    get simulator() {
      return simulator
    },
    get dataDir() {
      return dataDir
    },
    start: (environment: Record<string, string> = {}): GatewayProcess => {
      const gateway = new GatewayProcess({
        DISCORD_TOKEN: simulator.botToken,
        DISCORD_API_URL: simulator.apiUrl,
        GATEWAY_DATA_DIR: dataDir,
        ...environment,
      })
      started.push(gateway)
      return gateway
    },
    /** Instead of the one that there was. */
    anotherDiscord: async (options: Parameters<typeof startSimulator>[0]): Promise<void> => {
      await simulator.close()
      simulator = await startSimulator({ seed, ...options })
    },
    guildId: () => simulator.world.guilds()[0]?.id ?? '',
    /** How each connection to Discord began. */
    opened: () => simulator.connections().map(({ opened_by }) => opened_by),
    /** Discord dispatches a numbered event. */
    type: (n: number) =>
      simulator.dispatch('TYPING_START', {
        guild_id: simulator.world.guilds()[0]?.id ?? '',
        channel_id: '1',
        user_id: '1',
        timestamp: n,
      }),
  }
}

/** The numbers of the numbered events. */
export const numbers = (messages: readonly GatewayServiceV2Message[]) =>
  messages.flatMap<unknown>((message) =>
    message.type === 'event' && message.data.event === 'TYPING_START'
      ? [(message.data.payload as { timestamp: number }).timestamp]
      : [],
  )

export const isNumber = (n: number) => (message: GatewayServiceV2Message) => numbers([message]).includes(n)

/** The id of the last thing that a backend was told. */
export const lastId = (messages: readonly GatewayServiceV2Message[]) =>
  messages.flatMap((message) => ('id' in message && message.id !== undefined ? [message.id] : [])).at(-1) ?? ''
