import type { Concerned } from '@repo/discord-permissions'

/** How many people's changes are kept of a guild before those that are too old to matter are looked for. */
const PEOPLE_MAX = 10_000

/**
 * Where in the log it last changed what somebody may see of one guild. Whoever comes back from before that is told the guild
 * anew, since nobody knows what they saw then.
 */
export class AccessTrail {
  #everybody = 0
  readonly #users = new Map<string, number>()
  readonly #roles = new Map<string, number>()

  note(concerned: Concerned, position: number): void {
    if (concerned.kind === 'everybody') this.#everybody = position
    else if (concerned.kind === 'role') this.#set(this.#roles, concerned.roleId, position)
    else for (const userId of concerned.userIds) this.#set(this.#users, userId, position)
  }

  /** The last that concerns one who has these roles; whoever lost one since was named for it. */
  lastFor(userId: string, roles: readonly unknown[]): number {
    const ofRoles = roles.map((role) => this.#roles.get(role as string) ?? 0)
    return Math.max(this.#everybody, this.#users.get(userId) ?? 0, ...ofRoles)
  }

  /** Where there are too many to keep, the oldest count for everybody: some are told more than they need. */
  #set(changes: Map<string, number>, key: string, position: number): void {
    changes.delete(key)
    changes.set(key, position)
    if (changes.size <= PEOPLE_MAX) return
    const [oldest] = changes
    if (!oldest) return
    changes.delete(oldest[0])
    this.#everybody = Math.max(this.#everybody, oldest[1])
  }
}
