import { setTimeout as sleep } from 'node:timers/promises'
import { startSimulator } from '@repo/discord-simulator'
import { ChannelType } from 'discord-api-types/v10'
import { messages } from '../lib/messages.ts'
import { answerTo } from '../lib/party.ts'
import { stamped } from './stamp.ts'
import type { Person } from './web.ts'

/* Discord, in a process of its own: messages of one guild at an even rate, each with the time at which it was sent. */

const simulator = await startSimulator()
const [guild] = simulator.world.guilds()
const channel = guild?.channels.find(({ type }) => type === ChannelType.GuildText)
if (!guild || !channel) throw new Error('the world has no guild with a channel')
const parsed = messages.map((text) => JSON.parse(text) as { content: string })

let sent = 0
function send(): void {
  const message = parsed[sent++ % parsed.length]
  const place = { guild_id: guild?.id, channel_id: channel?.id }
  const payload = { ...message, ...place, id: simulator.world.nextId(), content: stamped(message?.content ?? '') }
  simulator.dispatch('MESSAGE_CREATE', payload)
}

const answers = {
  where: (): Where => ({
    apiUrl: simulator.apiUrl,
    token: simulator.botToken,
    guildId: guild.id,
    people: guild.members.filter(({ user }) => !user.bot).map(({ user: { id, username } }) => ({ id, username })),
  }),
  /** Answers how many were sent. */
  async pace({ perSecond, forMs }: { perSecond: number; forMs: number }): Promise<number> {
    const [before, from] = [sent, performance.now()]
    for (let passed = 0; passed < forMs; passed = performance.now() - from) {
      while (sent - before < (Math.min(passed, forMs) / 1_000) * perSecond) send()
      await sleep(1)
    }
    return sent - before
  },
}

export type Where = { apiUrl: string; token: string; guildId: string; people: Person[] }
export type Discord = typeof answers

answerTo(answers, () => simulator.close())
