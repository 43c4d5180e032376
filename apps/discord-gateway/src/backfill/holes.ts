import { randomUUID } from 'node:crypto'
import type { NewGap, Notes } from '@repo/event-feed'
import { z } from 'zod'
import { readNote } from '../notes.ts'

const MissedSchema = z.object({ guildId: z.string(), channelId: z.string(), after: z.string(), newest: z.string() })

const HoleSchema = z.object({
  id: z.string(),
  shard: z.object({ id: z.number(), count: z.number() }),
  botId: z.string(),
  /** When it began, in ms since the epoch: of one that is several, when the first did. */
  since: z.number(),
  /** As its gaps say it: several where holes were made one. */
  gaps: z.array(z.object({ fromTs: z.number(), toTs: z.number() })),
  /** Where the log stood when it ended. */
  position: z.number(),
  /** By channel, the last message before it. */
  last: z.record(z.string(), z.string()),
  /** What is to be read; null until the guilds are known anew. */
  plan: z
    .object({
      missed: z.array(MissedSchema),
      /** What cannot be: a channel, or (null) all of a guild. */
      closed: z.array(z.object({ guildId: z.string(), channelId: z.string().nullable() })),
    })
    .nullable(),
})

/** What Discord left out, and what of it is to be read. */
export type Hole = z.infer<typeof HoleSchema>
export type Plan = NonNullable<Hole['plan']>

const ProgressSchema = z.object({
  hole: z.string(),
  requests: z.number(),
  /** By channel, the message up to which it has been read. */
  after: z.record(z.string(), z.string()),
  /** Channels that Discord did not give. */
  refused: z.array(z.string()),
})

/** How far a hole has been filled. Small beside its plan: it has at most as many channels as requests were made. */
export type Progress = z.infer<typeof ProgressSchema>

/**
 * The holes of each shard that are to be filled, the oldest first, and how far the first has been: written down, so that a
 * process that ends in the middle leaves exactly the rest to the next. What was restored may have left the log by then.
 */
export class Holes {
  readonly #notes: Notes

  constructor(notes: Notes) {
    this.#notes = notes
  }

  /**
   * Adds a hole, or makes it one with the last, where that one has no plan and nobody is making it.
   *
   * @param isFilling somebody is at the first.
   */
  add(hole: Omit<Hole, 'id' | 'plan'>, { isFilling }: { isFilling: boolean }): void {
    const holes = this.#read(hole.shard.id)
    const last = holes.at(-1)
    const isTaken = isFilling && holes.length === 1
    const joined = last?.plan === null && !isTaken ? last : null
    // One that begins where this one does was told to nobody: the READY that it came before was not stored.
    const others = joined?.gaps.filter(({ fromTs }) => fromTs !== hole.since) ?? []
    this.#write(hole.shard.id, [
      ...(joined ? holes.slice(0, -1) : holes),
      {
        ...hole,
        id: randomUUID(),
        plan: null,
        ...(joined && {
          since: Math.min(hole.since, joined.since),
          position: Math.min(hole.position, joined.position),
          last: { ...hole.last, ...joined.last },
          gaps: [...others, ...hole.gaps],
        }),
      },
    ])
  }

  /** The one to be filled next; null when there is none. */
  first(shardId: number): Hole | null {
    return this.#read(shardId)[0] ?? null
  }

  /** From now on this is what is read, whatever else may happen in its channels. */
  setPlan({ id, shard }: Hole, plan: Plan): void {
    const holes = this.#read(shard.id).map((hole) => (hole.id === id ? { ...hole, plan, last: {} } : hole))
    this.#write(shard.id, holes)
  }

  progress({ id, shard }: Hole): Progress {
    const noted = readNote(this.#notes, progressKey(shard.id), ProgressSchema)
    return noted?.hole === id ? noted : { hole: id, requests: 0, after: {}, refused: [] }
  }

  setProgress({ shard }: Hole, progress: Progress): void {
    this.#notes.set(progressKey(shard.id), JSON.stringify(progress))
  }

  done({ id, shard }: Hole): void {
    const rest = this.#read(shard.id).filter((hole) => hole.id !== id)
    // In this order: of a progress whose hole is gone nobody takes note, without it a hole would be filled again.
    this.#write(shard.id, rest)
    this.#notes.delete(progressKey(shard.id))
  }

  #read(shardId: number): Hole[] {
    return readNote(this.#notes, key(shardId), z.array(HoleSchema)) ?? []
  }

  #write(shardId: number, holes: readonly Hole[]): void {
    if (holes.length === 0) this.#notes.delete(key(shardId))
    else this.#notes.set(key(shardId), JSON.stringify(holes))
  }
}

/** What is known of a hole when it is found. */
export function newHole(
  { fromTs, toTs }: NewGap,
  known: Pick<Hole, 'shard' | 'botId' | 'position' | 'last'>,
): Omit<Hole, 'id' | 'plan'> {
  return { ...known, since: fromTs, gaps: [{ fromTs, toTs }] }
}

const key = (shardId: number) => `hole ${shardId}`
const progressKey = (shardId: number) => `hole ${shardId} progress`
