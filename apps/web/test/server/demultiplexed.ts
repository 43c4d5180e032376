import type { EventSourceMessage } from 'eventsource-parser'
import { NO_PLACE } from '../../src/server/realtime/stream-bytes.ts'

/** Frames of a stream of several guilds that are of the whole of it. */
const OF_ALL: ReadonlySet<string> = new Set(['hops'])

/**
 * What a stream of several guilds said of each, as `OpenStream.heard` has it: `sync live e-1`, `MESSAGE_CREATE e-2`, `ended LATER`.
 *
 * @throws {Error} for a frame of which it was not said whose it is, and for one after the end of its guild.
 */
export function demultiplexed(messages: readonly EventSourceMessage[]): Map<string, string[]> {
  const guilds = new Map<string, string[]>()
  const ended = new Set<string>()
  let current: string | null = null
  for (const { event = 'message', data, id } of messages) {
    if (OF_ALL.has(event)) continue
    if (event === 'guild') {
      const { guild_id: guildId = '', ended: end } = JSON.parse(data) as { guild_id?: string; ended?: string }
      if (current === guildId && end === undefined) throw new Error(`guild ${guildId} was said twice`)
      if (ended.has(guildId)) throw new Error(`guild ${guildId} was said after its end`)
      current = end === undefined ? guildId : null
      const lines = guilds.get(guildId) ?? []
      guilds.set(guildId, lines)
      if (end === undefined) continue
      lines.push(`ended ${end}`)
      ended.add(guildId)
      continue
    }
    if (current === null) throw new Error(`whose is ${event} ${id}?`)
    const state = event === 'sync' ? ` ${(JSON.parse(data) as { state: string }).state}` : ''
    guilds.get(current)?.push(`${event}${state}${id === undefined || id === NO_PLACE ? '' : ` ${id}`}`)
  }
  return guilds
}
