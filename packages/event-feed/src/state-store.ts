import type { LogEntry } from './event-log.ts'

/** A guild as it was saved: its GUILD_CREATE, with everything up to a position in it. */
export type SavedGuild = { id: string; position: number; payload: string }

/** The same, read again; `data` is its payload, parsed. */
export type RestoredGuild = { id: string; position: number; data: unknown }

/** The place of what concerns no single guild, among the ids of guilds. */
export const NO_GUILD = ''

/**
 * What a log keeps so that the state survives a restart without asking Discord: guilds as they were, and the entries
 * since. It is a part of the log, since retention must not delete what is needed to go on from there.
 */
export interface StateStore {
  /** Everything up to here is in the saved guilds; what comes after is to be applied. */
  readonly savedThrough: number

  /** From now on entries after `savedThrough` are kept, also when no consumer may have them any more. */
  savedGuilds(): Iterable<RestoredGuild>

  /** The entries after a position, oldest first, also those that no consumer may have any more. */
  entriesAfter(position: number, limit: number): readonly LogEntry[]

  /**
   * In one transaction: these guilds are so, those are gone, and with that all is saved up to `through`.
   *
   * @param through below the position of the first entry that changed a guild which is not saved since.
   */
  saveGuilds(saved: readonly SavedGuild[], gone: readonly string[], through: number): Promise<void>
}

/** Small texts that outlive the process, beside the log: sessions, counts. Synchronous, and rarely used. */
export interface Notes {
  get(key: string): string | null
  set(key: string, value: string): void
  delete(key: string): void
}

/** Small texts that outlive the process until a moment of their own, in ms since the epoch. Synchronous. */
export interface Expiring {
  /** Null for one that is not there or whose time is up. */
  get(key: string): string | null
  /**
   * Throws when it cannot be kept: the disk is full. Of very many, those make room that end first of who has most.
   *
   * @param holder whose it is; without it, whose it was.
   */
  set(key: string, value: string, until: number, holder?: string): void
  delete(key: string): void
  /** Those whose text begins so. It looks at all there are: for the start of the process. */
  beginningWith(text: string): { key: string; value: string; until: number }[]
}
