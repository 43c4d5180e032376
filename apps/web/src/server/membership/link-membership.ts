import { shardOf } from '@repo/discord-integration/types'
import { isDeepStrictEqual } from 'node:util'
import { guildIdOf } from '@repo/event-feed'
import type { GuildState } from '@repo/event-feed'
import { GatewayIntentBits } from 'discord-api-types/v10'
import { isLinkError } from '../is-link-error.ts'
import type { LinkMessage } from '../init/gateway-mirror.ts'
import { concernedBy, isFields } from './concerned.ts'
import { FreshReads } from './fresh-reads.ts'
import { MembershipUnknown } from './membership.ts'
import type { Forgotten, Member, Membership } from './membership.ts'

/** How old what REST said of a member may be. */
export const MEMBER_MAX_AGE_MS = 60_000

/** Some 20 MB of members; a person who looks has one for each of their guilds. */
const ENTRIES_MAX = 20_000

/** Between two questions to a gateway that does not know its intents yet. */
const ASK_INTENTS_EVERY_MS = 1_000

/** Discord's names for that somebody is not there, or that the bot is not. */
const NO_MEMBER: ReadonlySet<string> = new Set([
  'UNKNOWN_MEMBER',
  'UNKNOWN_USER',
  'UNKNOWN_GUILD',
  'UNKNOWN_CHANNEL',
  'MISSING_ACCESS',
])

export type LinkMembershipOptions = {
  /** The state as it is now, and whether it is one. */
  state: () => GuildState
  isReady: () => boolean
  /** Questions to the gateway, which throw as `sendCommand` does. */
  ask: {
    /** Of the sessions; null where the gateway does not know. */
    intents: () => Promise<number | null>
    member: (guildId: string, userId: string) => Promise<unknown>
    threadMember: (threadId: string, userId: string) => Promise<unknown>
  }
  now?: () => number
}

/** Who is in which guild, as the link says it. */
export class LinkMembership implements Membership {
  readonly #options: LinkMembershipOptions
  readonly #now: () => number
  readonly #members: FreshReads<Member | null>
  /** By guild, person, thread. */
  readonly #threads: FreshReads<boolean>
  readonly #handlers = new Set<(forgotten: Forgotten) => void>()
  /** Null: not known. */
  #isCurrent: boolean | null = null
  #asking: Promise<void> | null = null
  #askedAt = Number.NEGATIVE_INFINITY
  #links = 0
  #again: NodeJS.Timeout | null = null

  constructor(options: LinkMembershipOptions) {
    this.#options = options
    this.#now = options.now ?? Date.now
    const unread = (why: string) => new MembershipUnknown(why === 'busy' ? 'TOO_MANY_COMMANDS' : 'DISCORD_UNAVAILABLE')
    const common = { maxAgeMs: MEMBER_MAX_AGE_MS, entriesMax: ENTRIES_MAX, unread, now: this.#now }
    this.#members = new FreshReads({
      ...common,
      read: ([guildId = '', userId = '']) => this.#readMember(guildId, userId),
    })
    this.#threads = new FreshReads({
      ...common,
      read: async ([, userId = '', threadId = '']) =>
        (await answerOf(options.ask.threadMember(threadId, userId))) !== null,
    })
  }

  get keepsCurrent(): boolean {
    return this.#isCurrent === true
  }

  async memberOf(guildId: string, userId: string): Promise<Member | null> {
    if (!this.#options.isReady()) throw new MembershipUnknown('NOT_CONNECTED')
    if (this.#isCurrent === null) await this.#askIntents()
    const known = this.known(guildId, userId)
    return known === undefined ? await this.#members.get([guildId, userId]) : known
  }

  known(guildId: string, userId: string): Member | null | undefined {
    return this.#find(guildId, userId)?.value
  }

  goodUntil(guildId: string, userId: string): number | undefined {
    return this.#find(guildId, userId)?.until
  }

  async isInThread(guildId: string, threadId: string, userId: string): Promise<boolean> {
    return await this.#threads.get([guildId, userId, threadId])
  }

  receive(message: LinkMessage): void {
    if (message.type === 'event') this.#hear(message.data.event, message.data.payload)
    else if (message.data.state === 'snapshot') this.forget()
    else if (message.data.state === 'gap') {
      const { guild_id: guildId, shard } = message.data
      if (guildId !== undefined) this.forget(guildId)
      else this.#forgetGap(shard)
    }
  }

  /**
   * The link is up, perhaps to a gateway that has other intents. Until it says so those of before hold: what there is of the
   * guilds came by them, and while Discord is away that is as good as it was.
   */
  linked(): void {
    this.close()
    this.#asking = null
    this.#askedAt = Number.NEGATIVE_INFINITY
    void this.#askIntents()
  }

  /** Asks no more about the gateway's intents. */
  close(): void {
    this.#links++
    if (this.#again) clearTimeout(this.#again)
    this.#again = null
  }

  forget(guildId?: string, userId?: string): void {
    const begin = [guildId, userId].filter((part) => part !== undefined)
    this.#members.forget(begin)
    this.#threads.forget(begin)
    this.#told({ guildId: guildId ?? null, userId: userId ?? null })
  }

  onForget(handler: (forgotten: Forgotten) => void): () => void {
    this.#handlers.add(handler)
    return () => void this.#handlers.delete(handler)
  }

  #find(guildId: string, userId: string): { value: Member | null; until: number } | undefined {
    const { state, isReady } = this.#options
    if (!isReady()) return undefined
    if (!state().lists(guildId)) return { value: null, until: Number.POSITIVE_INFINITY }
    const member = this.keepsCurrent ? state().get(guildId)?.collections.members.get(userId) : undefined
    // Of a large guild, Discord does not tell all members: who is not among them may be one.
    return isMember(member, userId)
      ? { value: member, until: Number.POSITIVE_INFINITY }
      : this.#members.known([guildId, userId])
  }

  async #readMember(guildId: string, userId: string): Promise<Member | null> {
    const member = await answerOf(this.#options.ask.member(guildId, userId))
    if (member === null) return null
    if (!isMember(member, userId)) throw new MembershipUnknown('DISCORD_ERROR')
    return member
  }

  #hear(event: string, payload: unknown): void {
    const guildId = guildIdOf(event, payload)
    const concerned = guildId === null ? null : concernedBy(event, payload)
    if (guildId === null || !concerned) return
    if (concerned.kind === 'guild') this.forget(guildId)
    else if (concerned.kind === 'users') for (const userId of concerned.userIds) this.forget(guildId, userId)
    else if (concerned.kind === 'threads') {
      for (const userId of concerned.userIds) {
        this.#threads.forget([guildId, userId])
        this.#told({ guildId, userId })
      }
    } else {
      const { userId, member } = concerned
      const known = this.#members.known([guildId, userId])?.value
      if (known !== undefined && !(known && isSame(known, member))) this.forget(guildId, userId)
    }
  }

  #forgetGap(shard: [id: number, count: number] | undefined): void {
    if (!shard) return this.forget()
    const [id, count] = shard
    for (const guildId of this.#options.state().guildIds()) if (shardOf(guildId, count) === id) this.forget(guildId)
  }

  #told(forgotten: Forgotten): void {
    for (const handler of this.#handlers) handler(forgotten)
  }

  /** Never throws: where it is not answered, events do not count as keeping anything current. */
  #askIntents(): Promise<void> {
    if (this.#asking) return this.#asking
    if (this.#now() - this.#askedAt < ASK_INTENTS_EVERY_MS) return Promise.resolve()
    this.#askedAt = this.#now()
    const asking = this.#learn(this.#links).finally(() => {
      if (this.#asking === asking) this.#asking = null
    })
    this.#asking = asking
    return asking
  }

  async #learn(link: number): Promise<void> {
    const intents = await this.#options.ask.intents().catch(() => null)
    if (link !== this.#links) return
    if (intents === null) {
      this.#again = setTimeout(() => void this.#learn(link), ASK_INTENTS_EVERY_MS).unref()
      return
    }
    this.#isCurrent = (intents & GatewayIntentBits.GuildMembers) !== 0
  }
}

/** Null for who is not there. */
async function answerOf(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer
  } catch (error) {
    if (!isLinkError(error)) throw error
    if (NO_MEMBER.has(error.code)) return null
    throw new MembershipUnknown(error.code, error.retryAfter)
  }
}

function isMember(member: unknown, userId: string): member is Member {
  if (!isFields(member) || !Array.isArray(member['roles'])) return false
  return isFields(member['user']) && member['user']['id'] === userId
}

/** What decides about what they may. Events may bring less of a member than there is. */
function isSame(known: Member, brought: { readonly [field: string]: unknown }): boolean {
  return ['roles', 'communication_disabled_until', 'pending', 'flags'].every(
    (field) => brought[field] === undefined || isDeepStrictEqual(known[field] ?? null, brought[field] ?? null),
  )
}
