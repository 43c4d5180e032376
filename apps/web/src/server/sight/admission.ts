import { MembershipUnknown } from '../membership/membership.ts'
import type { Member, Membership } from '../membership/membership.ts'

/**
 * What can be said at this moment to somebody who asks for a guild. A `stranger` hears the same of a guild that is not there
 * and of one that is somebody else's. `waits`: there may be such a guild, and nobody knows yet who is in it. `asks`: it is not
 * known whether they are a member, and can be asked.
 */
export type Standing = { is: 'stranger' | 'waits' | 'asks' } | { is: 'member'; member: Member }

/** Somebody who is let in, and the private threads that they are in: both as they are at one moment. */
export type Entrant = { readonly member: Member; readonly threads: ReadonlySet<string> }

export type AdmissionOptions = {
  membership: Pick<Membership, 'known' | 'memberOf' | 'onForget'>
  /** Counts that Discord is asked who somebody is. Null: go on; else how many seconds they are to wait. */
  takeAsking: (userId: string) => number | null
  /** Of a member, the private threads that they are in; it may take its time. */
  threadsOf: (guildId: string, member: Member) => Promise<ReadonlySet<string>>
  /** Whether something is known of that guild, and it is what the gateway knows now. */
  stateOf: (guildId: string) => { isKnown: boolean; isCurrent: boolean }
  /** False: there is surely no such guild. */
  mayHave: (guildId: string) => boolean
  /** Calls back when what is known of a guild may be another. Returns what ends that. */
  onChange: (guildId: string, listener: () => void) => () => void
}

/** Who is let in to see anything of a guild at all: its members. */
export class Admission {
  readonly #options: AdmissionOptions

  constructor(options: AdmissionOptions) {
    this.#options = options
  }

  standing(guildId: string, userId: string): Standing {
    const { mayHave, stateOf, membership } = this.#options
    if (!mayHave(guildId)) return { is: 'stranger' }
    const { isKnown, isCurrent } = stateOf(guildId)
    if (!isKnown) return { is: 'waits' }
    const member = membership.known(guildId, userId)
    if (member) return { is: 'member', member }
    // While the gateway is away nobody is turned away for good: they may have joined.
    if (!isCurrent) return { is: 'waits' }
    return { is: member === null ? 'stranger' : 'asks' }
  }

  /**
   * The same, asked where it is not known: never `asks`.
   *
   * @throws {MembershipUnknown}
   */
  async ask(guildId: string, userId: string): Promise<Standing> {
    const standing = this.standing(guildId, userId)
    if (standing.is !== 'asks') return standing
    const wait = this.#options.takeAsking(userId)
    if (wait !== null) throw new MembershipUnknown('TOO_MANY_REQUESTS', wait)
    const member = await this.#options.membership.memberOf(guildId, userId)
    return member ? { is: 'member', member } : { is: 'stranger' }
  }

  /**
   * Waits until it can be told, or the signal says that nobody waits any more: then null, as for a stranger. What was said
   * while it was asked is heard.
   *
   * @throws {MembershipUnknown}
   */
  async wait(guildId: string, userId: string, signal: AbortSignal): Promise<Entrant | null> {
    for (;;) {
      const member = await this.#member(guildId, userId, signal)
      if (!member) return null
      const { threads, isOvertaken } = await this.#threads(guildId, member)
      // They may have lost a role since, or be gone.
      const standing = this.standing(guildId, userId)
      if (!isOvertaken && standing.is === 'member') return { member: standing.member, threads }
    }
  }

  async #member(guildId: string, userId: string, signal: AbortSignal): Promise<Member | null> {
    while (!signal.aborted) {
      const standing = this.standing(guildId, userId)
      if (standing.is === 'waits') await this.#change(guildId, signal)
      else {
        const told = await this.ask(guildId, userId)
        if (told.is === 'member') return told.member
        if (told.is === 'stranger') return null
      }
    }
    return null
  }

  async #threads(guildId: string, member: Member): Promise<{ threads: ReadonlySet<string>; isOvertaken: boolean }> {
    const { membership, threadsOf } = this.#options
    let isOvertaken = false
    const stop = membership.onForget((forgotten) => {
      const isTheirs = forgotten.userId === null || forgotten.userId === member.user.id
      if (isTheirs && (forgotten.guildId === null || forgotten.guildId === guildId)) isOvertaken = true
    })
    try {
      const threads = await threadsOf(guildId, member)
      return { threads, isOvertaken }
    } finally {
      stop()
    }
  }

  #change(guildId: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        stop()
        signal.removeEventListener('abort', done)
        resolve()
      }
      const stop = this.#options.onChange(guildId, done)
      if (signal.aborted) done()
      else signal.addEventListener('abort', done)
    })
  }
}
