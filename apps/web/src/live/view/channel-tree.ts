import { channelType, isThread, isVoice } from './discord-values.ts'
import { compareSnowflakes } from '@repo/discord-integration/types'
import type { GuildView, ViewChannel, ViewVoice } from './view-types.ts'

export type ChannelNode = { channel: ViewChannel; threads: ViewChannel[] }
export type ChannelGroup = { category: ViewChannel | null; nodes: ChannelNode[] }

/**
 * The channels as Discord orders them: those without a category first; in each category what is written before what is
 * spoken, each by position, and by id where positions tie.
 */
export function channelTree(channels: GuildView['channels']): ChannelGroup[] {
  const all = Object.values(channels)
  const threads = groupBy(
    all.filter((channel) => isThread(channel.type) && !channel.archived),
    (thread) => thread.parentId,
  )
  const categories = all.filter((channel) => channel.type === channelType.category).sort(byPosition)
  const known = new Set(categories.map((category) => category.id))
  const inCategory = groupBy(
    all.filter((channel) => channel.type !== channelType.category && !isThread(channel.type)),
    (channel) => (channel.parentId !== null && known.has(channel.parentId) ? channel.parentId : null),
  )
  const group = (category: ViewChannel | null): ChannelGroup => ({
    category,
    nodes: (inCategory.get(category?.id ?? null) ?? [])
      .sort((a, b) => Number(isVoice(a.type)) - Number(isVoice(b.type)) || byPosition(a, b))
      .map((channel) => ({ channel, threads: (threads.get(channel.id) ?? []).sort(newestFirst) })),
  })
  return [null, ...categories].map(group).filter((each) => each.nodes.length > 0)
}

/** The channel to open where none is named: the first that one reads. */
export function firstChannel(channels: GuildView['channels']): ViewChannel | undefined {
  const nodes = channelTree(channels).flatMap((group) => group.nodes)
  const readable = nodes.filter(({ channel }) => !isVoice(channel.type))
  return (readable.find(({ channel }) => channel.type === channelType.text) ?? readable[0] ?? nodes[0])?.channel
}

/** Who is in each voice channel, by name. */
export function voiceByChannel(
  voice: GuildView['voice'],
  people: GuildView['people'],
): Readonly<Record<string, readonly ViewVoice[]>> {
  const nameOf = (state: ViewVoice) => people[state.userId]?.name ?? ''
  const grouped = groupBy(Object.values(voice), (state) => state.channelId)
  return Object.fromEntries(
    [...grouped].map(([channelId, states]) => [
      channelId,
      states.sort((a, b) => nameOf(a).localeCompare(nameOf(b)) || compareSnowflakes(a.userId, b.userId)),
    ]),
  )
}

const byPosition = (a: ViewChannel, b: ViewChannel): number => a.position - b.position || compareSnowflakes(a.id, b.id)
const newestFirst = (a: ViewChannel, b: ViewChannel): number => compareSnowflakes(b.id, a.id)

function groupBy<T, K>(values: readonly T[], keyOf: (value: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const value of values) {
    const key = keyOf(value)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [value])
    else group.push(value)
  }
  return groups
}
