import { setTimeout as sleep } from 'node:timers/promises'
import { startSimulator, type Guild } from '@repo/discord-simulator'
import { ChannelType } from 'discord-api-types/v10'
import { messages } from '../lib/messages.ts'
import { answerTo, setupOf } from '../lib/party.ts'
import { stamped } from './stamp.ts'
import type { Person } from './web.ts'

/* Discord, in a process of its own: messages of one guild at an even rate, each with the time at which it was sent. */

/** How large the guild is to be, where it is to be larger than that of the simulator's world: by copies of what it has. */
export type GuildSize = { channels: number; members: number }

const size = setupOf() as GuildSize | null

const simulator = await startSimulator()
const [guild] = simulator.world.guilds()
const channel = guild?.channels.find(({ type }) => type === ChannelType.GuildText)
if (!guild || !channel) throw new Error('the world has no guild with a channel')
if (size) grow(guild, size)
const parsed = messages.map((text) => JSON.parse(text) as { content: string })

function grow(small: Guild, { channels, members }: GuildSize): void {
  const { nextId } = simulator.world
  const texts = small.channels.filter(({ type }) => type === ChannelType.GuildText)
  const people = small.members.filter(({ user }) => !user.bot)
  for (const [index, text] of inTurn(texts, channels - small.channels.length).entries())
    small.channels.push({ ...text, id: nextId(), name: `channel-${index}` })
  for (const [index, person] of inTurn(people, members - small.members.length).entries())
    small.members.push({ ...person, user: { ...person.user, id: nextId(), username: `person-${index}` } })
  small.member_count = small.members.length
  simulator.world.indexChannels(small)
}

function inTurn<Item>(items: readonly Item[], count: number): Item[] {
  return Array.from({ length: count }, (_, index) => items[index % items.length]).filter((item) => item !== undefined)
}

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
