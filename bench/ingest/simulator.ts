import { setTimeout as sleep } from 'node:timers/promises'
import { startSimulator } from '@repo/discord-simulator'
import { answerTo, setupOf } from '../lib/party.ts'

/* Discord, in a process of its own, that sends at a rate or as fast as its one client takes it, over all guilds in turn. */

/** All guilds are on one shard. */
export type SimulatorSetup = { guilds: number; bytes: number }

const { guilds, bytes } = setupOf() as SimulatorSetup
const simulator = await startSimulator({ guilds, guildsPerShard: guilds })

const answers = {
  where: (): Where => ({ apiUrl: simulator.apiUrl, token: simulator.botToken }),
  /** How large one of the small guilds is as GUILD_CREATE says it. */
  guildBytes: () => Buffer.byteLength(JSON.stringify(simulator.world.guilds().at(-1))),
  /** How the newest connection began. */
  openedBy: () => simulator.connections().at(-1)?.opened_by ?? null,
  /** Answers how many were sent. */
  async load({ forMs, perSecond }: { forMs: number; perSecond: number | 'max' }): Promise<number> {
    simulator.load.start({ events_per_s: perSecond, bytes })
    await sleep(forMs)
    simulator.load.stop()
    return simulator.load.sent
  },
}

export type Where = { apiUrl: string; token: string }
export type Simulator = typeof answers

answerTo(answers, () => simulator.close())
