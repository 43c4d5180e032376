import { setImmediate as nextTurn } from 'node:timers/promises'
import type { LogEntry } from './event-log.ts'
import { GuildState, unavailableText } from './guild-state.ts'
import { parsed } from './guild-state/json.ts'
import { NO_GUILD } from './state-store.ts'
import type { SavedGuild, StateStore } from './state-store.ts'
import { systemTimers } from './timers.ts'
import type { Timers } from './timers.ts'

/**
 * How many entries a restart may have to apply: some tenths of a second. Less would write busy guilds more often.
 */
const REPLAYED_ENTRIES = 20_000

/** How often it is looked which guilds are to be saved, and how much of them is written at once: some ms of work. */
const ROUND_MS = 1_000
const ROUND_BYTES = 1024 * 1024

/** Entries that are applied at once while restoring. */
const PAGE_ENTRIES = 1_000

/** A guild that is to be saved as it is now: the position of its first change since, and its text; null for one that is gone. */
type Due = { position: number; payload: string | null }

export type StateKeeperOptions = {
  store: StateStore
  /** Where the log begins for its readers: what lies before it is kept for the state alone. */
  from: () => number
  /**
   * So many bytes of entries at most go by between two saves, since what is not saved is not deleted: a flood would fill
   * the disk before its time comes. Default: as time alone has it.
   */
  saveEveryBytes?: number
  /** It could not be saved; it will be tried again. */
  onError?: (error: unknown) => void
  timers?: Timers
}

/**
 * Saves guilds as they change, so that a restart builds the state from what it has: no question to Discord, no IDENTIFY.
 * The guild whose first unsaved change is the oldest is saved first, so what a restart has to apply stays short.
 */
export class StateKeeper {
  readonly state: GuildState
  readonly #options: StateKeeperOptions
  /** By guild, the position of the first change that is not saved; in their order, as they are entered in it. */
  #unsaved = new Map<string, number>()
  /** The position that the state stands at. */
  #tip: number
  #stop: (() => void) | null = null
  /** Of entries since the last save. */
  #bytes = 0
  #saving: Promise<void> = Promise.resolve()

  private constructor(options: StateKeeperOptions, state: GuildState) {
    this.#options = options
    this.state = state
    this.#tip = options.store.savedThrough
  }

  /** With the state as the store has it: the guilds that were saved, and the entries since. */
  static async restore(options: StateKeeperOptions): Promise<StateKeeper> {
    const keeper = new StateKeeper(options, new GuildState())
    await keeper.#restore()
    keeper.#stop = keeper.#later()
    return keeper
  }

  /** An entry has been applied to the state, which changed by it or not. */
  applied(entry: LogEntry): void {
    this.#tip = entry.position
    this.#bytes += entry.kind === 'dispatch' ? entry.payload.length : 0
    if (this.#stop && this.#bytes > (this.#options.saveEveryBytes ?? Infinity)) void this.save()
    if (entry.kind === 'gap' || !this.state.follows(entry.event)) return
    if (this.state.concernsAll(entry.event)) for (const id of this.state.guildIds()) this.#changed(id)
    else if (entry.guildId !== null) this.#changed(entry.guildId)
    else this.#changed(NO_GUILD)
  }

  /** Saves what is due now, and not only when its time comes. */
  save(): Promise<void> {
    // One after the other: what a failed one takes back must be back before the next looks.
    this.#bytes = 0
    this.#saving = this.#saving.then(() => this.#save())
    return this.#saving
  }

  /** Saves what is due, then ends. */
  async close(): Promise<void> {
    this.#stop?.()
    this.#stop = null
    await this.save()
  }

  #changed(id: string): void {
    if (!this.#unsaved.has(id)) this.#unsaved.set(id, this.#tip)
  }

  async #restore(): Promise<void> {
    const { store } = this.#options
    const savedAt = new Map<string, number>()
    let pending: readonly string[] = []
    for (const { id, position, data } of store.savedGuilds()) {
      savedAt.set(id, position)
      if (id === NO_GUILD) pending = data as string[]
      else this.state.apply('GUILD_CREATE', id, data)
    }
    // Saved in every round, so no guild was saved later: behind this place all entries are to be applied, READY too.
    const pendingAt = savedAt.get(NO_GUILD) ?? 0
    let isPendingSet = false
    for (let entries = this.#page(); entries.length > 0; entries = this.#page()) {
      for (const entry of entries) {
        if (!isPendingSet && entry.position > pendingAt) {
          this.state.expect(pending)
          isPendingSet = true
        }
        const { position } = entry
        const lacks = (id: string) => position > (savedAt.get(id) ?? 0)
        // What concerns every guild is new to some of them, and in others since they were saved.
        const isNew =
          entry.kind === 'dispatch' && (this.state.concernsAll(entry.event) || lacks(entry.guildId ?? NO_GUILD))
        if (isNew) {
          this.state.apply(entry.event, entry.guildId, parsed(entry.payload), lacks)
          this.applied(entry)
        } else this.#tip = position
      }
      await nextTurn()
    }
    if (!isPendingSet) this.state.expect(pending)
  }

  #page(): readonly LogEntry[] {
    return this.#options.store.entriesAfter(this.#tip, PAGE_ENTRIES)
  }

  #later(): () => void {
    return (this.#options.timers ?? systemTimers).after(ROUND_MS, () => {
      void this.#saveAndGoOn()
    })
  }

  async #saveAndGoOn(): Promise<void> {
    await this.save()
    if (this.#stop) this.#stop = this.#later()
  }

  async #save(): Promise<void> {
    const { store, onError } = this.#options
    await this.#encodeDue()
    const due = this.#takeDue()
    const oldest = this.#unsaved.values().next()
    const through = oldest.done ? this.#tip : oldest.value - 1
    if (due.size === 0 && through === store.savedThrough) return
    const saved: SavedGuild[] = []
    const gone: string[] = []
    for (const [id, { payload }] of due) {
      if (payload !== null) saved.push({ id, position: this.#tip, payload })
      else if (id !== NO_GUILD) gone.push(id)
    }
    saved.push({ id: NO_GUILD, position: this.#tip, payload: JSON.stringify([...this.state.pendingGuilds]) })
    // Putting a large guild together and storing it take the loop one after the other; what happens in between comes after
    // this place.
    await nextTurn()
    try {
      await store.saveGuilds(saved, gone, through)
    } catch (error) {
      const before = Array.from(due, ([id, { position }]) => [id, position] as const)
      this.#unsaved = new Map([...before, ...[...this.#unsaved].filter(([id]) => !due.has(id))])
      onError?.(error)
    }
  }

  /** A large guild takes the loop for some hundredths of a second when it is encoded at once. */
  async #encodeDue(): Promise<void> {
    const before = this.#dueBefore()
    let characters = 0
    for (const [id, position] of this.#unsaved) {
      if (position > before || characters >= ROUND_BYTES) return
      for (const more of this.state.get(id)?.encoding() ?? []) {
        characters += more
        await nextTurn()
      }
    }
  }

  #dueBefore(): number {
    return Math.max(this.#tip - REPLAYED_ENTRIES, this.#options.from())
  }

  /** The oldest changes, until a round's bytes are full; they no longer count as unsaved. */
  #takeDue(): Map<string, Due> {
    const due = new Map<string, Due>()
    const before = this.#dueBefore()
    let bytes = 0
    for (const [id, position] of this.#unsaved) {
      if (position > before || bytes >= ROUND_BYTES) break
      const known = this.state.guildCreateText(id)
      const payload = known ?? (this.state.unavailableGuilds.has(id) ? unavailableText(id) : null)
      due.set(id, { position, payload })
      this.#unsaved.delete(id)
      bytes += known?.length ?? 0
    }
    return due
  }
}
