import { GuildState } from '@repo/event-feed'
import { accessChange, cutGuild, remember, show, sightOf } from '../../src/index.ts'
import type { AccessChange, Shown, Sight } from '../../src/index.ts'
import { GUILD, NOW, USERS } from './world.ts'
import type { Told, World } from './world.ts'

/** `group`: who is shown one event together, those who saw the same before it and see the same after it. */
export type Stream = { userId: string; sight: Sight; key: string; client: GuildState; isNew: boolean; group: string }
export type Sent = { stream: Stream; shown: Shown; isSnapshot: boolean }

/** What serves open streams does with this package, without the serving. */
export class Streams {
  readonly open = new Map<string, Stream>()
  /** What each was sent when it opened. */
  readonly opening: readonly Sent[]
  readonly #world: World

  constructor(world: World) {
    this.#world = world
    this.opening = USERS.flatMap((userId) => this.#enter(userId))
  }

  sight(userId: string): Sight | null {
    const { guild, threads } = this.#world
    const joined = [...threads].filter(([, { members }]) => members.has(userId)).map(([id]) => id)
    const member = guild.collections.members.get(userId) ?? null
    return sightOf({ userId, member, threads: new Set(joined) }, guild, NOW)
  }

  /** Applies the event, and answers what each stream is sent. */
  take(told: Told): { sent: Sent[]; change: AccessChange | null } {
    const before = remember(told.event, told.payload, this.#world.guild)
    const hadRoles = new Map(USERS.map((id) => [id, this.#roles(id)]))
    this.#world.apply(told)
    const { guild } = this.#world
    const change = accessChange(told.event, told.payload, before, guild)
    const sent: Sent[] = []
    for (const stream of this.open.values()) stream.group = `${stream.key} ${stream.key}`
    for (const stream of [...this.open.values()].filter(({ userId }) =>
      concerns(change, userId, hadRoles.get(userId) ?? []),
    )) {
      const sight = this.sight(stream.userId)
      if (!sight) {
        this.open.delete(stream.userId)
        continue
      }
      const key = sight.key(guild)
      const isSnapshot = change?.effect === 'snapshot' || (change?.effect === 'compare' && key !== stream.key)
      Object.assign(stream, { sight, key, isNew: isSnapshot, group: `${stream.key} ${key}` })
      if (isSnapshot) sent.push(this.#snapshot(stream))
    }
    for (const stream of this.open.values()) {
      if (stream.isNew) continue
      const shown = show(told.event, told.payload, { guild, sight: stream.sight, before })
      if (!shown) continue
      stream.client.apply(shown.event, GUILD, structuredClone(shown.payload))
      sent.push({ stream, shown, isSnapshot: false })
    }
    for (const stream of this.open.values()) stream.isNew = false
    for (const userId of USERS) if (!this.open.has(userId)) sent.push(...this.#enter(userId))
    return { sent, change }
  }

  #roles(userId: string): readonly unknown[] {
    return (this.#world.guild.collections.members.get(userId)?.['roles'] ?? []) as unknown[]
  }

  #enter(userId: string): Sent[] {
    const sight = this.sight(userId)
    if (!sight) return []
    const stream = {
      userId,
      sight,
      key: sight.key(this.#world.guild),
      client: new GuildState(),
      isNew: false,
      group: '',
    }
    this.open.set(userId, stream)
    return [this.#snapshot(stream)]
  }

  #snapshot(stream: Stream): Sent {
    const payload = cutGuild(this.#world.guild, stream.sight)
    stream.client.apply('GUILD_CREATE', GUILD, structuredClone(payload))
    return { stream, shown: { event: 'GUILD_CREATE', payload }, isSnapshot: true }
  }
}

function concerns(change: AccessChange | null, userId: string, hadRoles: readonly unknown[]): boolean {
  if (!change) return false
  const { concerned } = change
  if (concerned.kind === 'everybody') return true
  return concerned.kind === 'users' ? concerned.userIds.has(userId) : hadRoles.includes(concerned.roleId)
}
