import { GuildStore, type StoreEnvironment } from './guild-store.ts'
import { hasEnded } from './stream/stream-types.ts'
import type { UnsentByGuild } from './unsent.ts'
import { isUnread } from './view/view-types.ts'

/** How many guilds stay live: the one that is shown, and those that one looked at before. Each keeps up to 10,000 events. */
const KEPT = 5

export type UnreadSum = { count: number; mentions: number }

/** The guilds that this page has looked at: the last few stay live, so that coming back is at once and what is new is counted. */
export class GuildStores {
  readonly unsent: UnsentByGuild
  readonly #env: StoreEnvironment
  /** By when they were shown, the last last. */
  readonly #stores = new Map<string, GuildStore>()
  readonly #shown = new Map<GuildStore, number>()
  readonly #listeners = new Set<() => void>()
  readonly #unsubscribe = new Map<GuildStore, () => void>()
  #viewerId: string | null = null
  #isLookedAt = true

  constructor(env: StoreEnvironment, unsent: UnsentByGuild) {
    this.#env = env
    this.unsent = unsent
  }

  /** That guild's, which does nothing before it is shown. */
  of(guildId: string): GuildStore {
    const known = this.#stores.get(guildId)
    if (known !== undefined) return known
    const store = new GuildStore(guildId, this.#env, this.unsent.of(guildId), this.#viewerId)
    store.setLookedAt(this.#isLookedAt)
    this.#stores.set(guildId, store)
    return store
  }

  /** Whose mentions are counted, and whose messages are not unread. */
  setViewer(viewerId: string | null): void {
    this.#viewerId = viewerId
    for (const store of this.#stores.values()) store.setViewer(viewerId)
  }

  /** Whether the page is looked at. */
  setLookedAt(isLookedAt: boolean): void {
    this.#isLookedAt = isLookedAt
    for (const store of this.#stores.values()) {
      store.setLookedAt(isLookedAt)
      if (!isLookedAt) store.keepMarks()
    }
  }

  /** From now on it is live, and the one that was shown last. Returns what says that nobody looks at it any more. */
  show(store: GuildStore): () => void {
    this.#shown.set(store, (this.#shown.get(store) ?? 0) + 1)
    this.#stores.delete(store.guildId)
    this.#stores.set(store.guildId, store)
    if (!this.#unsubscribe.has(store)) this.#unsubscribe.set(store, store.subscribe(this.#tell))
    store.start()
    this.#trim()
    return () => {
      const left = (this.#shown.get(store) ?? 1) - 1
      if (left > 0) this.#shown.set(store, left)
      else this.#shown.delete(store)
      this.#trim()
    }
  }

  retryNow = (): void => {
    for (const store of this.#stores.values()) store.retryNow()
  }

  /** What is new in a guild, at least, as far as this page knows: null where it does not listen. */
  unreadOf(guildId: string): UnreadSum | null {
    const store = this.#stores.get(guildId)
    if (store === undefined || !this.#unsubscribe.has(store)) return null
    const { view } = store.getSnapshot()
    const sum = { count: 0, mentions: 0 }
    for (const unread of Object.values(view.unread)) {
      // Of a channel of which no number is known, one at least.
      sum.count += Math.max(unread.count, isUnread(unread) ? 1 : 0)
      sum.mentions += unread.mentions
    }
    return view.guild === null ? null : sum
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly #tell = (): void => {
    for (const listener of this.#listeners) listener()
  }

  /** Those that nobody looks at go where there are too many, and where nothing more comes of them. */
  #trim(): void {
    for (const store of this.#stores.values()) {
      if (this.#shown.has(store)) continue
      const { status, view } = store.getSnapshot()
      if (this.#stores.size <= KEPT && !hasEnded(status) && !view.removed) continue
      this.#stores.delete(store.guildId)
      this.#unsubscribe.get(store)?.()
      this.#unsubscribe.delete(store)
      store.stop()
    }
    this.#tell()
  }
}
