import { PermissionFlagsBits } from 'discord-api-types/v10'
import { ALL, bitsOf, NEEDS_SEND, TIMED_OUT } from './bits.ts'
import { kindOf } from './channel-kind.ts'
import { overwritesOf } from './overwrites.ts'
import type { Overwrites } from './overwrites.ts'

const { ViewChannel, SendMessages, SendMessagesInThreads, ManageThreads, Connect, Administrator } = PermissionFlagsBits

/** As much of a member as permissions follow from: https://docs.discord.com/developers/resources/guild#guild-member-object */
export type PermissionMember = {
  readonly user: { readonly id: string }
  readonly roles: readonly unknown[]
  readonly communication_disabled_until?: unknown
}

/** As much of a channel or thread: https://docs.discord.com/developers/resources/channel#channel-object */
export type PermissionChannel = { readonly type?: unknown; readonly permission_overwrites?: unknown }

export type PermissionRole = { readonly id?: unknown; readonly permissions?: unknown }

/** What one member brings into every channel of a guild. */
export type Standing = {
  readonly userId: string
  /** The owner or an administrator. */
  readonly hasAll: boolean
  readonly isTimedOut: boolean
  /** The sum of @everyone's permissions and the roles', before channels and timeouts have their say. */
  readonly base: bigint
  /** The ids of the roles that the member has and that exist, without @everyone. */
  readonly roles: ReadonlySet<string>
}

/**
 * @param guild `role` finds one by its id. Roles that it does not know, grant and mean nothing.
 * @param now in ms since the epoch.
 */
export function standingOf(
  member: PermissionMember,
  guild: { id: string; ownerId: unknown; role: (id: string) => PermissionRole | undefined },
  now: number,
): Standing {
  const roles = new Set<string>()
  let base = bitsOf(guild.role(guild.id)?.permissions) ?? 0n
  for (const id of member.roles) {
    const role = typeof id === 'string' ? guild.role(id) : undefined
    if (!role || id === guild.id) continue
    roles.add(id as string)
    base |= bitsOf(role.permissions) ?? 0n
  }
  const hasAll = guild.ownerId === member.user.id || (base & Administrator) !== 0n
  return { userId: member.user.id, hasAll, isTimedOut: !hasAll && timeoutEnds(member, now) !== null, base, roles }
}

/** When the member's timeout ends, in ms since the epoch; null: there is none. One that is not as documented has no end. */
export function timeoutEnds(member: { readonly communication_disabled_until?: unknown }, now: number): number | null {
  const until = member.communication_disabled_until
  if (until === undefined || until === null) return null
  const end = typeof until === 'string' ? Date.parse(until) : Number.NaN
  if (Number.isNaN(end)) return Number.POSITIVE_INFINITY
  return end > now ? end : null
}

/** In the guild as a whole. */
export function permissionsOfStanding({ hasAll, isTimedOut, base }: Standing): bigint {
  if (hasAll) return ALL
  return isTimedOut ? base & TIMED_OUT : base
}

/** In a channel that is no thread. */
export function permissionsInChannel(standing: Standing, guildId: string, channel: PermissionChannel): bigint {
  const kind = kindOf(channel)
  if (kind !== 'text' && kind !== 'voice') return 0n
  return standing.hasAll ? ALL : outcome(standing, guildId, channel.permission_overwrites, kind)
}

/** In a thread. `parent`: the channel that it is in, undefined where that is not known. */
export function permissionsInThread(
  standing: Standing,
  guildId: string,
  { thread, parent, isThreadMember }: Thread,
): bigint {
  const kind = kindOf(thread)
  if (!parent || kindOf(parent) !== 'text' || (kind !== 'thread' && kind !== 'private thread')) return 0n
  if (standing.hasAll) return ALL
  const bits = outcome(standing, guildId, parent.permission_overwrites, 'thread')
  return kind === 'thread' || isThreadMember || (bits & ManageThreads) !== 0n ? bits : 0n
}

type Thread = { thread: PermissionChannel; parent: PermissionChannel | undefined; isThreadMember: boolean }
type Kind = 'text' | 'voice' | 'thread'

/**
 * As many as a channel's overwrites may come to before they are reckoned anew: more sums of roles' permissions than members
 * who look have.
 */
const OUTCOMES_MAX = 1_000

/** The bits of a number, less the sign and two for the kind. */
const MASK_BITS = 28
const KIND_BITS: { readonly [K in Kind]: number } = { text: 0, voice: 1, thread: 2 }

/**
 * What comes of a channel's overwrites. The same for all with the same sum of permissions to whom the same overwrites apply,
 * so that it is reckoned once for most of a guild; this is asked for each viewer and channel.
 */
function outcome(standing: Standing, guildId: string, value: unknown, kind: Kind): bigint {
  const overwrites = overwritesOf(value)
  if (!overwrites) return 0n
  const { base, roles, userId, isTimedOut } = standing
  const { ofRoles, ofMembers, outcomes } = overwrites
  if (isTimedOut || ofRoles.length > MASK_BITS || ofMembers.has(userId)) {
    return withoutImplied(withOverwrites(standing, guildId, overwrites), isTimedOut, kind)
  }
  let applying = KIND_BITS[kind]
  ofRoles.forEach(({ id }, index) => {
    if (roles.has(id)) applying |= 4 << index
  })
  let known = outcomes.get(applying)
  const bits = known?.get(base)
  if (bits !== undefined) return bits
  if (!known || known.size === OUTCOMES_MAX) {
    if (outcomes.size === OUTCOMES_MAX) outcomes.clear()
    known = new Map()
    outcomes.set(applying, known)
  }
  const reckoned = withoutImplied(withOverwrites(standing, guildId, overwrites), false, kind)
  known.set(base, reckoned)
  return reckoned
}

/** Overwrites for @everyone, then those of the roles together, then the member's own; each denies before it allows. */
function withOverwrites({ base, roles, userId }: Standing, guildId: string, overwrites: Overwrites): bigint {
  let bits = base
  let allow = 0n
  let deny = 0n
  for (const overwrite of overwrites.ofRoles) {
    if (overwrite.id === guildId) bits = (bits & ~overwrite.deny) | overwrite.allow
    else if (roles.has(overwrite.id)) {
      allow |= overwrite.allow
      deny |= overwrite.deny
    }
  }
  // @everyone's may stand anywhere in the list, and what the roles say comes after it.
  bits = (bits & ~deny) | allow
  const own = overwrites.ofMembers.get(userId)
  return own ? (bits & ~own.deny) | own.allow : bits
}

/**
 * What is left when that is taken away which means nothing without something else.
 * https://docs.discord.com/developers/topics/permissions#implicit-permissions
 */
function withoutImplied(bits: bigint, isTimedOut: boolean, kind: Kind): bigint {
  if (!(bits & ViewChannel)) return 0n
  if (kind === 'voice' && !(bits & Connect)) return ViewChannel
  const left = kind === 'thread' ? bits & ~SendMessages : bits
  const maySend = (left & (kind === 'thread' ? SendMessagesInThreads : SendMessages)) !== 0n
  return (maySend ? left : left & ~NEEDS_SEND) & (isTimedOut ? TIMED_OUT : left)
}
