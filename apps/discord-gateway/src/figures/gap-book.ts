import {
  EVENT_ID_MAX_CHARS,
  FIGURE_GAP_REASONS,
  FIGURE_GAPS_MAX,
  FIGURE_GAPS_MS,
  formatEventId,
  snowflakeTime,
  shardOf,
  type FigureGap,
} from '@repo/discord-integration/types'
import type { EventLog, GapEntry, NewGap, Notes } from '@repo/event-feed'
import { z } from 'zod'
import { readNote } from '../notes.ts'

/** Longer is no reason that a person reads in a row of a table. */
const DETAIL_CHARS = 120

const GapSchema = z.object({
  id: z.string().max(EVENT_ID_MAX_CHARS),
  reason: z.enum(FIGURE_GAP_REASONS),
  detail: z.string().nullable(),
  from: z.number(),
  to: z.number(),
  shard: z.int().nullable(),
  restored: z.object({ messages: z.int(), done: z.boolean(), channels_left: z.int() }).nullable(),
})
const NOTE = 'figures gaps'

/** Why a gap is about to be stored, and what is known of it. */
export type GapWhy = Pick<FigureGap, 'reason'> & {
  /** What was said when the connection ended. */
  detail: string | null
  /** Whether its messages are read back from Discord. */
  isFilled: boolean
}

/** The gaps that one backfill fills together, as `Backfill` knows them. */
export type FilledHole = {
  readonly shard: { readonly id: number }
  readonly gaps: readonly { readonly fromTs: number; readonly toTs: number }[]
}

export type GapBookOptions = {
  log: Pick<EventLog, 'epoch'>
  notes: Notes
  shardCount: () => number
  /** Told of what could not be written down. */
  onUnkept: (error: unknown) => void
  now: () => number
}

/** The gaps of seven days, why there are, and what of each was read back. Outlives the process, and the entries in the log. */
export class GapBook {
  readonly #options: GapBookOptions
  /** The newest first. */
  #gaps: FigureGap[]
  /** Those that are about to be stored. */
  readonly #expected: { gap: NewGap; why: GapWhy }[] = []

  constructor(options: GapBookOptions) {
    this.#options = options
    this.#gaps = readNote(options.notes, NOTE, z.array(GapSchema)) ?? []
  }

  /** Says of a gap why there is one; before it is stored. */
  found(gap: NewGap, why: GapWhy): void {
    this.#expected.push({ gap, why })
    // One that was never stored must not be waited for.
    if (this.#expected.length > FIGURE_GAPS_MAX) this.#expected.shift()
  }

  /** A gap has been stored. What a backfill says of guilds that it could not read whole is none of its own. */
  stored(entry: GapEntry): void {
    const index = this.#expected.findIndex(({ gap }) => isSame(gap, entry))
    const why = this.#expected.splice(index, index === -1 ? 0 : 1)[0]?.why
    const isTooLarge = entry.reason === 'too_large'
    if (!why && !isTooLarge) return
    const { reason = 'too_large', detail = null, isFilled = false } = why ?? {}
    this.#add({
      id: formatEventId({ epoch: this.#options.log.epoch, position: entry.position }),
      reason,
      detail: detail?.slice(0, DETAIL_CHARS) ?? null,
      from: entry.fromTs,
      to: entry.toTs,
      shard:
        entry.shard?.id ?? (entry.guildId === undefined ? null : shardOf(entry.guildId, this.#options.shardCount())),
      restored: isFilled ? { messages: 0, done: false, channels_left: 0 } : null,
    })
  }

  /** Messages were read back; each belongs to the last gap that began before it was written. */
  restored(hole: FilledHole, messageIds: readonly string[]): void {
    if (messageIds.length === 0) return
    const gaps = this.#of(hole)
    for (const id of messageIds) {
      const at = snowflakeTime(id)
      const gap = gaps.find(({ from }) => from <= at) ?? gaps.at(-1)
      if (gap?.restored) gap.restored.messages++
    }
    this.#save()
  }

  /** All that can be was read back. */
  filled(hole: FilledHole, channelsLeft: number): void {
    for (const gap of this.#of(hole)) {
      if (gap.restored) gap.restored = { ...gap.restored, done: true, channels_left: channelsLeft }
    }
    this.#save()
  }

  list(): FigureGap[] {
    const since = this.#options.now() - FIGURE_GAPS_MS
    return this.#gaps.filter(({ to }) => to > since).map((gap) => structuredClone(gap))
  }

  #of({ shard, gaps }: FilledHole): FigureGap[] {
    return this.#gaps.filter(
      (gap) => gap.shard === shard.id && gaps.some(({ fromTs, toTs }) => gap.from === fromTs && gap.to === toTs),
    )
  }

  #add(gap: FigureGap): void {
    const since = this.#options.now() - FIGURE_GAPS_MS
    this.#gaps = [gap, ...this.#gaps.filter(({ to }) => to > since)].slice(0, FIGURE_GAPS_MAX)
    this.#save()
  }

  #save(): void {
    try {
      this.#options.notes.set(NOTE, JSON.stringify(this.#gaps))
    } catch (error) {
      this.#options.onUnkept(error)
    }
  }
}

const isSame = (gap: NewGap, entry: GapEntry): boolean =>
  gap.reason === entry.reason &&
  gap.fromTs === entry.fromTs &&
  gap.toTs === entry.toTs &&
  gap.shard?.id === entry.shard?.id &&
  gap.guildId === entry.guildId
