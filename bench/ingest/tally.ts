import { answerTo } from '../lib/party.ts'
import { until } from '../lib/until.ts'

/** What a client's process answers to. */
export type ClientAnswers = {
  /** Answers when so many guilds have come. */
  ready: (guilds: number) => Promise<void>
  begin: () => void
  /** Answers when so many messages have been taken since: the CPU that took, in microseconds, of all threads. */
  reach: (messages: number) => Promise<number>
}

/** Counts what a client has taken, by the event's name, and says so to whoever measures. */
export function tally(close: () => unknown): (event: string) => void {
  let guilds = 0
  let messages = 0
  let cpu = process.cpuUsage()
  const answers: ClientAnswers = {
    async ready(count) {
      await until(() => guilds >= count)
    },
    begin() {
      messages = 0
      cpu = process.cpuUsage()
    },
    async reach(count) {
      await until(() => messages >= count)
      const { user, system } = process.cpuUsage(cpu)
      return user + system
    },
  }
  answerTo(answers, close)
  return (event) => {
    if (event === 'MESSAGE_CREATE') messages++
    else if (event === 'GUILD_CREATE') guilds++
  }
}

/** What every one of them asks for, so that none is spared anything: all intents. */
export const INTENTS = 53_608_447
