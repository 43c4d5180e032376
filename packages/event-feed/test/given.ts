import { setImmediate as nextTurn } from 'node:timers/promises'
import { vi } from 'vitest'
import { EventFeed, MemoryLog } from '../src/index.ts'
import type { EventFeedOptions, EventLog, GuildState, NewDispatch, NewLogEntry } from '../src/index.ts'
import { Clock } from './clock.ts'

type Given = { maxBytes?: number; maxAgeMs?: number; log?: EventLog } & Pick<
  EventFeedOptions,
  'ready' | 'aheadPatienceMs' | 'behind' | 'payloadMaxBytes' | 'tooLarge'
>

export function given(options: Given = {}) {
  const clock = new Clock()
  const { maxBytes = 1e9, maxAgeMs = 1e9, log: own, ...rest } = options
  const log = own ?? new MemoryLog({ maxAgeMs, maxBytes, now: clock.now, epoch: 'e' })
  const feed = new EventFeed({ log, timers: clock, ...rest })
  return { clock, log, feed, [Symbol.asyncDispose]: () => feed.close() }
}

export function dispatch(event: string, guildId: string | null, payload: object = {}): NewDispatch {
  const guild = event.startsWith('GUILD_') && !event.startsWith('GUILD_M') ? { id: guildId } : { guild_id: guildId }
  return { kind: 'dispatch', event, guildId, payload: JSON.stringify({ ...payload, ...guild }), ts: Date.now() }
}
export const guild = (id: string, name = `guild ${id}`) =>
  dispatch('GUILD_CREATE', id, { name, channels: [{ id: `${id}1` }] })
export const message = (guildId: string | null, id = '5') =>
  dispatch('MESSAGE_CREATE', guildId, { id, channel_id: `${guildId}1` })
export const only = (...guilds: string[]) => ({ guilds: new Set(guilds), events: null, guildless: false })

/** Publishes them as one append. */
export async function publish(feed: EventFeed, ...entries: NewLogEntry[]) {
  await Promise.all(entries.map((entry) => feed.publish(entry)))
}

export function texts(state: GuildState): Record<string, string | null> {
  const ids = [...state.guildIds(), ...state.unavailableGuilds].sort()
  return Object.fromEntries(ids.map((id) => [id, state.guildCreateText(id) ?? 'unavailable']))
}

/** All that can happen without new input has happened. */
export async function settled() {
  for (let turn = 0; turn < 20; turn++) await nextTurn()
}

/** The next call of that method is carried out, and answered only when it is released. */
export function hold(log: MemoryLog, method: 'append' | 'read' | 'reset') {
  const { promise, resolve: release } = Promise.withResolvers<void>()
  const original = log[method].bind(log) as (...args: unknown[]) => Promise<unknown>
  const held = async (...args: unknown[]) => {
    const answer = await original(...args)
    await promise
    return answer
  }
  vi.spyOn(log, method).mockImplementationOnce(held as never)
  return { release, [Symbol.dispose]: release }
}
