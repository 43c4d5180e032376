import { ChannelType, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { rolesInOrder } from '../world/role.ts'
import type { Guild, Located, Place } from '../world/types.ts'
import type { World } from '../world/world.ts'
import { refusal } from './errors.ts'

const VOICE: ReadonlySet<ChannelType> = new Set([ChannelType.GuildVoice, ChannelType.GuildStageVoice])

/** What can hold messages, of what a guild has. */
const TEXT: ReadonlySet<ChannelType> = new Set([
  ChannelType.GuildText,
  ChannelType.GuildAnnouncement,
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
  ChannelType.AnnouncementThread,
  ...VOICE,
])

/** Whether a channel can hold messages. */
export const isText = (type: ChannelType): boolean => TEXT.has(type)

/** Whether one can talk in a channel, with one's voice. */
export const isVoice = (type: ChannelType): boolean => VOICE.has(type)

/** Refuses, with 50001, what is asked of another application than the bot's. */
export function ownApplication(world: World, id: string): void {
  if (id !== world.bot.id) throw refusal.missingAccess()
}

/** A guild that the bot is in, or 10004. */
export function guildOf(world: World, id: string): Guild {
  const guild = world.guild(id)
  if (!guild) throw refusal.unknownGuild()
  return guild
}

/** What the bot may do where nobody can be given permissions: https://docs.discord.com/developers/topics/permissions */
const IN_DIRECT =
  Bit.ViewChannel |
  Bit.SendMessages |
  Bit.ReadMessageHistory |
  Bit.AddReactions |
  Bit.EmbedLinks |
  Bit.AttachFiles |
  Bit.PinMessages |
  Bit.SendPolls |
  Bit.SendVoiceMessages |
  Bit.UseExternalEmojis |
  Bit.UseExternalStickers

/** A place, and what the bot may do there. */
export type Reached = Place & { bits: bigint }
export type ReachedInGuild = Located & { bits: bigint }

/** A channel of a guild that the bot may view, with what it may do there; else 10003, 50001, or 50003 for a direct one. */
export function channelOf(world: World, id: string): ReachedInGuild {
  const located = world.channel(id)
  if (!located) throw world.direct(id) ? refusal.directChannel() : refusal.unknownChannel()
  const bits = world.permissions(located, world.bot.id)
  if (!(bits & Bit.ViewChannel)) throw refusal.missingAccess()
  return { ...located, bits }
}

/** The same for a channel whose messages are asked for. The text of a voice channel is for those who may connect. */
export function messagesOf(world: World, id: string): Reached {
  const direct = world.direct(id)
  if (direct) return { ...direct, bits: IN_DIRECT }
  const found = channelOf(world, id)
  if (!isText(found.channel.type)) throw refusal.nonTextChannel()
  if (isVoice(found.channel.type) && !(found.bits & Bit.Connect)) throw refusal.missingAccess()
  return found
}

/** Only for channels of guilds: 50003 for a direct one. */
export function inGuild(reached: Reached): ReachedInGuild {
  if (!reached.guild) throw refusal.directChannel()
  return reached
}

/** Refuses with 50013 unless all these bits are among a member's. */
export function need(bits: bigint, ...wanted: readonly bigint[]): void {
  if (wanted.some((bit) => !(bits & bit))) throw refusal.missingPermissions()
}

/** A guild in which the bot may do all this, or 50013. */
export function guildWith(world: World, id: string, ...wanted: readonly bigint[]): Guild {
  const guild = guildOf(world, id)
  need(world.guildPermissions(guild, world.bot.id), ...wanted)
  return guild
}

/** Where in the order of roles somebody stands: 0 for who has none, above all for the owner. */
export function rankOf(guild: Guild, userId: string): number {
  if (guild.owner_id === userId) return Infinity
  const held = guild.members.find((member) => member.user.id === userId)?.roles ?? []
  return Math.max(0, ...held.map((id) => rankOfRole(guild, id)))
}

/** The same for a role: 0 for @everyone. */
export const rankOfRole = (guild: Guild, roleId: string): number =>
  rolesInOrder(guild).findIndex(({ id }) => id === roleId)

/** Refuses with 50013 to act on somebody who stands as high: https://docs.discord.com/developers/topics/permissions#permission-hierarchy */
export function outrank(world: World, guild: Guild, userId: string): void {
  if (rankOf(guild, userId) >= rankOf(guild, world.bot.id)) throw refusal.missingPermissions()
}
