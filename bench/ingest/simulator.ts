import { setTimeout as sleep } from 'node:timers/promises'
import { startSimulator } from '@repo/discord-simulator'
import { answerTo, setupOf } from '../lib/party.ts'

/* Discord, in a process of its own, that sends as fast as its one client takes it. */

export type SimulatorSetup = { guilds: number; bytes: number }

const { guilds, bytes } = setupOf() as SimulatorSetup
const simulator = await startSimulator({ guilds })

const answers = {
  where: (): Where => ({ apiUrl: simulator.apiUrl, token: simulator.botToken }),
  /** Answers how many were sent. */
  async load(forMs: number): Promise<number> {
    simulator.load.start({ events_per_s: 'max', bytes })
    await sleep(forMs)
    simulator.load.stop()
    return simulator.load.sent
  },
}

export type Where = { apiUrl: string; token: string }
export type Simulator = typeof answers

answerTo(answers, () => simulator.close())
