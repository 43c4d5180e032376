import { OverwriteType, PermissionFlagsBits } from 'discord-api-types/v10'
import type { APIOverwrite } from 'discord-api-types/v10'
import type { Guild, GuildChannel, Located, Member, Place, Thread } from './types.ts'

const ALL = Object.values(PermissionFlagsBits).reduce((sum, bit) => sum | bit, 0n)

/** What is left to a member who is timed out: https://docs.discord.com/developers/topics/permissions */
const TIMED_OUT = PermissionFlagsBits.ViewChannel | PermissionFlagsBits.ReadMessageHistory

/** What means nothing without SEND_MESSAGES. */
const NEEDS_SEND =
  PermissionFlagsBits.MentionEveryone |
  PermissionFlagsBits.SendTTSMessages |
  PermissionFlagsBits.AttachFiles |
  PermissionFlagsBits.EmbedLinks

/** What it takes to write in a channel or thread. */
export const sendBit = (channel: Place['channel']): bigint =>
  'thread_metadata' in channel ? PermissionFlagsBits.SendMessagesInThreads : PermissionFlagsBits.SendMessages

const memberOf = (guild: Guild, userId: string): Member | undefined => guild.members.find((m) => m.user.id === userId)

const isTimedOut = ({ communication_disabled_until: until }: Member, now: number): boolean =>
  !!until && Date.parse(until) > now

/** A member's permissions in the guild as a whole by their roles, before any channel or timeout has its say. */
export function guildPermissions(guild: Guild, userId: string): bigint {
  if (guild.owner_id === userId) return ALL
  const member = memberOf(guild, userId)
  if (!member) return 0n
  // The @everyone role has the guild's id and is in nobody's list.
  const held = guild.roles.filter((role) => role.id === guild.id || member.roles.includes(role.id))
  const sum = held.reduce((bits, role) => bits | BigInt(role.permissions), 0n)
  return sum & PermissionFlagsBits.Administrator ? ALL : sum
}

function apply(base: bigint, overwrites: readonly APIOverwrite[]): bigint {
  const deny = overwrites.reduce((bits, overwrite) => bits | BigInt(overwrite.deny), 0n)
  const allow = overwrites.reduce((bits, overwrite) => bits | BigInt(overwrite.allow), 0n)
  return (base & ~deny) | allow
}

/** Threads have no overwrites of their own: their parent's hold. */
function overwritesOf(guild: Guild, channel: GuildChannel | Thread): readonly APIOverwrite[] {
  const isThread = 'thread_metadata' in channel
  const owner = isThread ? guild.channels.find((candidate) => candidate.id === channel.parent_id) : channel
  return (owner && 'permission_overwrites' in owner ? owner.permission_overwrites : undefined) ?? []
}

/**
 * A member's permissions in a channel or thread: the guild's, then the overwrite for @everyone, then those of the
 * member's roles taken together, then the member's own.
 * https://docs.discord.com/developers/topics/permissions#permission-overwrites
 *
 * @param now milliseconds since the Unix epoch, against which a timeout is held
 */
export function channelPermissions({ guild, channel }: Located, userId: string, now: number): bigint {
  const base = guildPermissions(guild, userId)
  if (base === ALL) return ALL
  const member = memberOf(guild, userId)
  if (!member) return 0n

  const overwrites = overwritesOf(guild, channel)
  const ofRoles = overwrites.filter((o) => o.type === OverwriteType.Role)
  let bits = apply(
    base,
    ofRoles.filter((o) => o.id === guild.id),
  )
  bits = apply(
    bits,
    ofRoles.filter((o) => o.id !== guild.id && member.roles.includes(o.id)),
  )
  bits = apply(
    bits,
    overwrites.filter((o) => o.type === OverwriteType.Member && o.id === userId),
  )

  if (!(bits & PermissionFlagsBits.ViewChannel)) return 0n
  if (!(bits & sendBit(channel))) bits &= ~NEEDS_SEND
  return isTimedOut(member, now) ? bits & TIMED_OUT : bits
}

/** What a member may do in the guild as a whole now: less while they are timed out, unless they are administrators. */
export function presentPermissions(guild: Guild, userId: string, now: number): bigint {
  const bits = guildPermissions(guild, userId)
  const member = memberOf(guild, userId)
  return bits !== ALL && member && isTimedOut(member, now) ? bits & TIMED_OUT : bits
}
