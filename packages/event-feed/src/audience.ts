import { filterKey, isHeldBack, passes } from './entry-filter.ts'
import type { EntryFilter, LogEntry } from './event-log.ts'
import { itemOf } from './feed-item.ts'
import type { FeedItem } from './feed-item.ts'
import { Group } from './group.ts'
import type { Source } from './group.ts'

const NOBODY: ReadonlySet<Group> = new Set()

/**
 * All groups, and for an entry those that it concerns: by guild, so that an event costs what its own guild's consumers
 * cost, however many guilds there are.
 */
export class Audience {
  readonly #source: Source
  readonly #groups = new Map<string, Group>()
  readonly #byGuild = new Map<string, Set<Group>>()
  readonly #everyGuild = new Set<Group>()
  readonly #guildless = new Set<Group>()

  constructor(source: Source) {
    this.#source = source
  }

  /** The group of that filter, with one member more. */
  enter(filter: EntryFilter): Group {
    const key = filterKey(filter)
    const group = this.#groups.get(key) ?? this.#found(key, filter)
    group.members++
    return group
  }

  leave(group: Group): void {
    if (--group.members > 0) return
    this.#groups.delete(filterKey(group.filter))
    this.#everyGuild.delete(group)
    this.#guildless.delete(group)
    for (const guildId of group.filter.guilds ?? []) {
      const groups = this.#byGuild.get(guildId)
      groups?.delete(group)
      if (groups?.size === 0) this.#byGuild.delete(guildId)
    }
  }

  /** To every live consumer what concerns it, in one batch that is the same object for all who see the same. */
  deliver(entries: readonly LogEntry[], tip: number): void {
    const inboxes = new Map<Group, { items: FeedItem[]; told: number }>()
    const everything: FeedItem[] = []
    for (const entry of entries) {
      let item: FeedItem | undefined
      for (const groups of this.#concerned(entry)) {
        for (const group of groups) {
          if (group.live.size === 0 || !passes(entry, group.filter)) continue
          item ??= itemOf(entry, group.idAt(entry.position))
          const inbox = inboxes.get(group) ?? { items: [], told: 0 }
          inbox.items.push(item)
          if (!isHeldBack(entry)) inbox.told = entry.position
          inboxes.set(group, inbox)
        }
      }
      if (item) everything.push(item)
    }
    const whole = { items: everything }
    const way = { from: (entries[0]?.position ?? tip) - 1, tip }
    for (const [group, { items, told }] of inboxes) {
      const batch = items.length === everything.length ? whole : { items }
      for (const reader of group.live) reader.deliver(batch, told, way)
    }
  }

  #concerned(entry: LogEntry): readonly Iterable<Group>[] {
    if (entry.kind === 'gap') return [this.#groups.values()]
    if (entry.guildId === null) return [this.#guildless]
    return [this.#byGuild.get(entry.guildId) ?? NOBODY, this.#everyGuild]
  }

  #found(key: string, { guilds, events, guildless }: EntryFilter): Group {
    const copy = { guilds: guilds && new Set(guilds), events: events && new Set(events), guildless }
    const group = new Group(this.#source, copy)
    this.#groups.set(key, group)
    if (guildless) this.#guildless.add(group)
    if (!guilds) this.#everyGuild.add(group)
    for (const guildId of guilds ?? []) {
      this.#byGuild.set(guildId, (this.#byGuild.get(guildId) ?? new Set()).add(group))
    }
    return group
  }
}
