import type { GuildState } from '@repo/event-feed'
import type { Forgotten, Member, Membership } from '../../src/server/membership/membership.ts'

/**
 * Whoever a state has is a member, as with the members intent. `read`: what a test says is read of others from REST, and
 * then holds for as long.
 */
export class StateMembership implements Membership {
  keepsCurrent = true
  /** By `guild user`. */
  readonly read = new Map<string, { member: Member | null; until: number }>()
  /** Who is in which private thread, by `thread user`. */
  readonly inThreads = new Set<string>()
  /** Who was asked about. */
  readonly asked: string[] = []
  readonly #state: () => GuildState
  readonly #handlers = new Set<(forgotten: Forgotten) => void>()

  constructor(state: () => GuildState) {
    this.#state = state
  }

  known(guildId: string, userId: string): Member | null | undefined {
    if (!this.keepsCurrent) return this.read.get(`${guildId} ${userId}`)?.member
    return (this.#state().get(guildId)?.collections.members.get(userId) as Member | undefined) ?? null
  }

  goodUntil(guildId: string, userId: string): number | undefined {
    return this.keepsCurrent ? Number.POSITIVE_INFINITY : this.read.get(`${guildId} ${userId}`)?.until
  }

  memberOf(guildId: string, userId: string): Promise<Member | null> {
    this.asked.push(`${guildId} ${userId}`)
    const known = this.known(guildId, userId)
    return known === undefined ? Promise.reject(new Error('not known')) : Promise.resolve(known)
  }

  isInThread(_guildId: string, threadId: string, userId: string): Promise<boolean> {
    return Promise.resolve(this.inThreads.has(`${threadId} ${userId}`))
  }

  receive(): void {}

  forget(guildId?: string, userId?: string): void {
    for (const handler of this.#handlers) handler({ guildId: guildId ?? null, userId: userId ?? null })
  }

  onForget(handler: (forgotten: Forgotten) => void): () => void {
    this.#handlers.add(handler)
    return () => void this.#handlers.delete(handler)
  }
}
