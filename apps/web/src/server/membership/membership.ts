import type { LinkMessage } from '../init/gateway-mirror.ts'

/**
 * A guild member object, to be read only.
 * https://docs.discord.com/developers/resources/guild#guild-member-object
 */
export type Member = {
  readonly [field: string]: unknown
  readonly user: { readonly id: string }
  readonly roles: readonly unknown[]
}

/** Nobody can tell whether somebody is a member, so nothing is granted. */
export class MembershipUnknown extends Error {
  override readonly name = 'MembershipUnknown'
  /** As of a LinkError: NOT_CONNECTED, RATE_LIMITED, DISCORD_UNAVAILABLE… */
  readonly code: string
  /** In seconds. */
  readonly retryAfter: number | undefined

  constructor(code: string, retryAfter?: number) {
    super(`it is not known who is a member: ${code}`)
    this.code = code
    this.retryAfter = retryAfter
  }
}

/** By its shape, since a development server may hold the class twice. */
export function isMembershipUnknown(error: unknown): error is MembershipUnknown {
  return error instanceof Error && error.name === 'MembershipUnknown' && 'code' in error
}

/** What was forgotten: all, a guild's, or one person's there. */
export type Forgotten = { readonly guildId: string | null; readonly userId: string | null }

/**
 * Who is in which guild, and with which roles. From the guild's state where the members intent keeps that current, to the
 * second; else from REST, at most `MEMBER_MAX_AGE_MS` old, and read anew after a gap and when an event names the member.
 */
export interface Membership {
  /** Whether events keep it current; false also while that is not known. */
  readonly keepsCurrent: boolean
  /**
   * Null: they are no member, or the bot is not in that guild, of which then nothing is asked. All who ask at once have one
   * answer, and a read that an event has overtaken is done again.
   *
   * @throws {MembershipUnknown}
   */
  memberOf(guildId: string, userId: string): Promise<Member | null>
  /** The same without asking anybody: undefined where it is not known, or is too old. */
  known(guildId: string, userId: string): Member | null | undefined
  /**
   * Until when `known` says what it says, in ms since the epoch: Infinity where events keep it current; undefined where it is
   * not known.
   */
  goodUntil(guildId: string, userId: string): number | undefined
  /**
   * Whether they are known to be in a private thread.
   *
   * @throws {MembershipUnknown}
   */
  isInThread(guildId: string, threadId: string, userId: string): Promise<boolean>
  /** A message of the link, told before the state has it. */
  receive(message: LinkMessage): void
  /** Forgets one person's, a guild's, or all that was read. */
  forget(guildId?: string, userId?: string): void
  /** Told of whatever is forgotten, though not of what grows too old. Returns what ends that. */
  onForget(handler: (forgotten: Forgotten) => void): () => void
}
