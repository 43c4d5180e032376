import type { ShardStatus } from '@repo/discord-integration/clients'
import { FIGURE_SHARDS_MAX, formatEventId, shardOf, type FigureShard } from '@repo/discord-integration/types'
import type { EventLog, LogEntry, Notes } from '@repo/event-feed'
import { z } from 'zod'
import { readNote } from '../notes.ts'

const DAY_MS = 24 * 60 * 60_000
/** Of each kind and shard; more in a day is a shard that cannot hold a session, and a thousand say so. */
const TIMES_MAX = 1_000

const RecordSchema = z.object({
  sessionId: z.string().nullable(),
  sessionSince: z.number().nullable(),
  resumes: z.array(z.number()),
  identifies: z.array(z.number()),
})
const NOTE = 'figures shards'
const NotedSchema = z.record(z.string(), RecordSchema)
type ShardRecord = z.infer<typeof RecordSchema>

export type ShardBookOptions = {
  log: Pick<EventLog, 'epoch'>
  notes: Notes
  shards: () => readonly ShardStatus[]
  /** 0 until Discord has said. Asked for with every event, so apart from `shards`. */
  shardCount: () => number
  guildIds: () => Iterable<string>
  /** Told of what could not be written down. */
  onUnkept: (error: unknown) => void
  now: () => number
}

/** What becomes of each shard over the day: its session, how often it was resumed, how often begun. Outlives the process. */
export class ShardBook {
  readonly #options: ShardBookOptions
  readonly #records: Map<string, ShardRecord>
  readonly #states = new Map<number, ShardStatus['state']>()
  /** Why a connection ended last, by shard, for a person. */
  readonly #ends = new Map<number, { at: number; detail: string }>()
  readonly #last = new Map<number, number>()
  readonly #shardOfGuild = new Map<string, number>()
  #count = 0

  constructor(options: ShardBookOptions) {
    this.#options = options
    this.#records = new Map(Object.entries(readNote(options.notes, NOTE, NotedSchema) ?? {}))
  }

  /** Something about a shard has changed. */
  changed(shards: readonly ShardStatus[]): void {
    let isNew = false
    for (const { id, state, sessionId, detail } of shards) {
      if (detail !== undefined) this.#ends.set(id, { at: this.#options.now(), detail })
      const before = this.#states.get(id)
      this.#states.set(id, state)
      if (state === before || !this.#moved(id, state, before, sessionId)) continue
      isNew = true
    }
    if (isNew) this.#save()
  }

  /** An entry has been stored. */
  stored({ guildId, position }: Pick<LogEntry, 'guildId' | 'position'>): void {
    if (guildId === null || guildId === undefined) return
    const shard = this.#shardOf(guildId)
    if (shard !== null) this.#last.set(shard, position)
  }

  /** What was said when that shard's connection ended, in that time; null where it was not this process that saw it. */
  endOf(shardId: number, from: number): string | null {
    const end = this.#ends.get(shardId)
    return end && end.at >= from ? end.detail : null
  }

  /** Those that are not ready first, where there are more than can be listed. */
  list(): { shards: FigureShard[]; total: number } {
    const all = [...this.#options.shards()]
    const listed =
      all.length > FIGURE_SHARDS_MAX
        ? all.sort((a, b) => Number(a.state === 'ready') - Number(b.state === 'ready')).slice(0, FIGURE_SHARDS_MAX)
        : all
    const guilds = new Map<number, number>()
    for (const guildId of this.#options.guildIds()) {
      const shard = this.#shardOf(guildId)
      if (shard !== null) guilds.set(shard, (guilds.get(shard) ?? 0) + 1)
    }
    return { shards: listed.map((status) => this.#figuresOf(status, guilds.get(status.id) ?? 0)), total: all.length }
  }

  #figuresOf({ id, state, since, pingMs, sessionId }: ShardStatus, guilds: number): FigureShard {
    const record = this.#records.get(String(id))
    const day = this.#options.now() - DAY_MS
    const ofDay = (times: readonly number[] = []) => times.filter((at) => at > day).length
    const position = this.#last.get(id)
    const isOpen = sessionId !== null && record?.sessionId === sessionId
    return {
      id,
      state,
      since,
      ping_ms: pingMs,
      resumes: ofDay(record?.resumes),
      identifies: ofDay(record?.identifies),
      guilds,
      session_since: isOpen ? record.sessionSince : null,
      last_event_id: position === undefined ? null : formatEventId({ epoch: this.#options.log.epoch, position }),
    }
  }

  /** Whether something is to be written down. */
  #moved(id: number, state: ShardStatus['state'], before: ShardStatus['state'] | undefined, sessionId: string | null) {
    const record = this.#record(id)
    const now = this.#options.now()
    if (state === 'identifying') {
      record.identifies = added(record.identifies, now)
      return true
    }
    if (state !== 'ready') return false
    if (before === 'resuming') record.resumes = added(record.resumes, now)
    if (record.sessionId !== sessionId) {
      // Of one that was resumed it is not known when it began, unless it stands here.
      record.sessionSince = before === 'resuming' ? null : now
      record.sessionId = sessionId
    }
    return true
  }

  #record(id: number): ShardRecord {
    const record = this.#records.get(String(id)) ?? { sessionId: null, sessionSince: null, resumes: [], identifies: [] }
    this.#records.set(String(id), record)
    return record
  }

  #shardOf(guildId: string): number | null {
    const count = this.#options.shardCount()
    if (count <= 1) return count === 1 ? 0 : null
    if (count !== this.#count) this.#shardOfGuild.clear()
    this.#count = count
    const known = this.#shardOfGuild.get(guildId) ?? shardOf(guildId, count)
    if (known !== null) this.#shardOfGuild.set(guildId, known)
    return known
  }

  #save(): void {
    try {
      this.#options.notes.set(NOTE, JSON.stringify(Object.fromEntries(this.#records)))
    } catch (error) {
      this.#options.onUnkept(error)
    }
  }
}

function added(times: readonly number[], now: number): number[] {
  return [...times.filter((at) => at > now - DAY_MS), now].slice(-TIMES_MAX)
}
