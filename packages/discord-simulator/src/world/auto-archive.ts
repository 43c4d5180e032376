import type { Clock, Timer } from '../clock.ts'
import { isSnowflake, timestampOf } from '../snowflake.ts'
import { isoTime } from './compose.ts'
import type { Dispatch, Thread } from './types.ts'
import type { World } from './world.ts'

const MINUTE_MS = 60_000

/**
 * When a thread is archived if nothing more happens in it. What counts is a message, and what moves `archive_timestamp`:
 * that it was opened, or that its duration was changed.
 */
function dueAt({ id, last_message_id, thread_metadata: state }: Thread): number {
  const minutes: unknown = state?.auto_archive_duration
  if (!state || state.archived || typeof minutes !== 'number') return Infinity
  const opened = Date.parse(state.archive_timestamp) || 0
  return Math.max(timestampOf(last_message_id ?? id), opened) + minutes * MINUTE_MS
}

/**
 * Archives threads in which nothing happens: https://docs.discord.com/developers/topics/threads#active-archived-threads.
 * A thread's timer is not moved by each message: it looks, when it is over, whether there was one.
 */
export class AutoArchive {
  readonly #world: World
  readonly #clock: Clock
  readonly #emit: (dispatch: Dispatch & { payload: object }) => void
  readonly #timers = new Map<string, Timer>()

  constructor(world: World, emit: (dispatch: Dispatch & { payload: object }) => void) {
    this.#world = world
    this.#clock = world.clock
    this.#emit = emit
    for (const { threads } of world.guilds()) for (const { id } of threads) this.#wait(id)
  }

  /** Hears of what has happened. */
  note({ event, payload }: Dispatch & { payload: object }): void {
    const id: unknown = Reflect.get(payload, 'id')
    if (typeof id !== 'string' || !isSnowflake(id)) return
    if (event.startsWith('THREAD_')) this.#wait(id)
    if (event === 'GUILD_CREATE') for (const thread of this.#world.guild(id)?.threads ?? []) this.#wait(thread.id)
  }

  stop(): void {
    for (const timer of this.#timers.values()) timer.cancel()
    this.#timers.clear()
  }

  #thread(id: string): Thread | undefined {
    const channel = this.#world.channel(id)?.channel
    return channel && 'thread_metadata' in channel ? channel : undefined
  }

  #wait(id: string): void {
    this.#timers.get(id)?.cancel()
    this.#timers.delete(id)
    const thread = this.#thread(id)
    const due = thread ? dueAt(thread) : Infinity
    if (due === Infinity) return
    const ms = Math.max(0, due - this.#clock.now())
    this.#timers.set(
      id,
      this.#clock.after(ms, () => this.#look(id)),
    )
  }

  #look(id: string): void {
    const thread = this.#thread(id)
    if (!thread || dueAt(thread) > this.#clock.now()) return this.#wait(id)
    const archive_timestamp = isoTime(this.#clock.now())
    const thread_metadata = { ...thread.thread_metadata, archived: true, archive_timestamp }
    this.#emit({ event: 'THREAD_UPDATE', payload: { ...thread, thread_metadata } })
  }
}
