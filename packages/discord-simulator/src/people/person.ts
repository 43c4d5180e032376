import { PermissionFlagsBits as Bit, RESTJSONErrorCodes as Code } from 'discord-api-types/v10'
import { isText, isVoice } from '../rest/access.ts'
import { DiscordError, refusal } from '../rest/errors.ts'
import type { Guild, Located, Member } from '../world/types.ts'
import type { World } from '../world/world.ts'

/** Somebody in a channel, and what they may do there. */
export interface Person extends Located {
  member: Member
  bits: bigint
}

export const nameOf = ({ nick, user }: Member): string => nick ?? user.global_name ?? user.username

/** Why somebody may not, with Discord's code, and in words that name the permission: a person reads them. */
export const refuse = {
  nobody: (guild: Guild) => new DiscordError(404, Code.UnknownMember, `Nobody in ${guild.name} has that user id.`),
  bot: (name: string) =>
    new DiscordError(403, Code.BotsCannotUseThisEndpoint, `${name} is the bot: it acts through REST and the gateway.`),
  unseen: (who: Member, channel: string) =>
    new DiscordError(403, Code.MissingAccess, `${nameOf(who)} cannot view ${channel}.`),
  missing: (who: Member, channel: string, permission: string) =>
    new DiscordError(403, Code.MissingPermissions, `${nameOf(who)} lacks ${permission} in ${channel}.`),
  /** Discord tells how long, as with any 429: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json-json-error-codes */
  tooSoon: (who: Member, channel: string, leftMs: number) => {
    const message = `${nameOf(who)} may write in ${channel} again in ${Math.ceil(leftMs / 1_000)} s: slowmode.`
    const more = { retry_after: leftMs / 1_000, global: false }
    return new DiscordError(429, Code.ActionCannotBePerformedDueToSlowmodeRateLimit, message, undefined, more)
  },
  full: (channel: string) => new DiscordError(403, Code.MissingPermissions, `${channel} is full.`),
  noRoom: (channel: string) =>
    new DiscordError(400, Code.CannotExecuteActionOnThisChannelType, `${channel} is no voice channel.`),
  notInVoice: (who: Member) =>
    new DiscordError(400, Code.TargetUserIsNotConnectedToVoice, `${nameOf(who)} is not in voice there.`),
} as const

/** A member of a guild who is not the bot, or a refusal. */
export function personIn(world: World, guild: Guild, userId: string): Member {
  const member = world.member(guild.id, userId)
  if (!member) throw refuse.nobody(guild)
  if (userId === world.bot.id) throw refuse.bot(nameOf(member))
  return member
}

/** `Send Messages`, as Discord's settings call it, of a bit of PermissionFlagsBits. */
function titleOf(bit: bigint): string {
  const name = Object.entries(Bit).find(([, value]) => value === bit)?.[0] ?? String(bit)
  return name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
}

/** Refuses, naming the first of these permissions that somebody lacks. */
export function need({ member, channel, bits }: Person, ...wanted: readonly bigint[]): void {
  const lacked = wanted.find((bit) => !(bits & bit))
  if (lacked !== undefined) throw refuse.missing(member, channel.name ?? channel.id, titleOf(lacked))
}

/** Somebody at a channel's messages, or a refusal. */
export function personAt(world: World, channelId: string, userId: string): Person {
  const located = world.channel(channelId)
  if (!located) throw refusal.unknownChannel()
  const member = personIn(world, located.guild, userId)
  const person = { ...located, member, bits: world.permissions(located, userId) }
  const { channel, bits } = person
  if (!(bits & Bit.ViewChannel)) throw refuse.unseen(member, channel.name ?? channel.id)
  if (!isText(channel.type)) throw refusal.nonTextChannel()
  // The text of a voice channel is for those who may connect.
  if (isVoice(channel.type)) need(person, Bit.Connect)
  return person
}
