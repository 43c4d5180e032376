import { ChannelType, OverwriteType } from 'discord-api-types/v10'
import type { APIOverwrite } from 'discord-api-types/v10'
import { z } from 'zod'
import type { Guild } from '../world/types.ts'
import type { World } from '../world/world.ts'
import { refusal } from './errors.ts'
import { blame, maybe, snowflake, text } from './form.ts'
import { REGION_IDS } from './regions.ts'

/** Permission bits, in a string or as a number. */
const bits = z
  .union([z.string(), z.int().nonnegative().transform(String)])
  .refine((value) => /^\d{1,20}$/.test(value), blame('NUMBER_TYPE_COERCE', 'Value is not int.'))

export const overwriteBody = z.looseObject({
  type: z.literal([OverwriteType.Role, OverwriteType.Member]),
  allow: maybe(bits).transform((value) => value ?? '0'),
  deny: maybe(bits).transform((value) => value ?? '0'),
})

/** https://docs.discord.com/developers/resources/channel#default-reaction-object: one of the two */
const emojiBody = z.looseObject({
  emoji_id: maybe(snowflake).transform((id) => id ?? null),
  emoji_name: maybe(text(50)).transform((name) => name ?? null),
})

/** https://docs.discord.com/developers/resources/channel#forum-tag-object */
const tagBody = emojiBody.extend({
  id: maybe(snowflake),
  name: text(20, 1),
  moderated: maybe(z.boolean()).transform((value) => value ?? false),
})

/** What types there can be made: https://docs.discord.com/developers/resources/guild#create-guild-channel */
export const CREATABLE = [0, 2, 4, 5, 13, 15] as const satisfies readonly ChannelType[]

export const channelBody = z.looseObject({
  name: text(100, 1).optional(),
  type: maybe(z.literal(CREATABLE)),
  topic: text(1_024).nullish(),
  position: maybe(z.int().min(0).max(10_000)),
  nsfw: maybe(z.boolean()),
  rate_limit_per_user: maybe(z.int().min(0).max(21_600)),
  bitrate: maybe(z.int().min(8_000).max(384_000)),
  user_limit: maybe(z.int().min(0).max(10_000)),
  parent_id: snowflake.nullish(),
  rtc_region: z.literal(REGION_IDS).nullish(),
  default_auto_archive_duration: maybe(z.literal([60, 1_440, 4_320, 10_080])),
  flags: maybe(z.int().nonnegative()),
  available_tags: maybe(z.array(tagBody).max(20)),
  default_reaction_emoji: emojiBody.nullish(),
  default_sort_order: z.literal([0, 1]).nullish(),
  default_forum_layout: maybe(z.literal([0, 1, 2])),
  default_thread_rate_limit_per_user: maybe(z.int().min(0).max(21_600)),
  permission_overwrites: maybe(z.array(overwriteBody.extend({ id: snowflake })).max(100)),
})

const FORUM = [ChannelType.GuildForum, ChannelType.GuildMedia]
const SPOKEN = [ChannelType.GuildVoice, ChannelType.GuildStageVoice]
const TALKED_IN = [ChannelType.GuildText, ChannelType.GuildAnnouncement, ...FORUM]

/** Which types have what not all have: https://docs.discord.com/developers/resources/channel#modify-channel-json-params-guild-channel */
const ONLY: Readonly<Record<string, readonly ChannelType[]>> = {
  flags: FORUM,
  available_tags: FORUM,
  default_reaction_emoji: FORUM,
  default_sort_order: FORUM,
  default_forum_layout: FORUM,
  bitrate: SPOKEN,
  user_limit: SPOKEN,
  rtc_region: SPOKEN,
  default_auto_archive_duration: TALKED_IN,
  default_thread_rate_limit_per_user: TALKED_IN,
}

/** What a body says of a channel, without what it does not say and what no channel of this type has. */
export function fieldsOf(body: z.infer<typeof channelBody>, type: ChannelType): Partial<z.infer<typeof channelBody>> {
  const known = new Set(Object.keys(channelBody.shape).filter((key) => ONLY[key]?.includes(type) ?? true))
  return Object.fromEntries(Object.entries(body).filter(([key, value]) => value !== undefined && known.has(key)))
}

/** How many fit into a voice channel; on a stage it is 10,000: https://docs.discord.com/developers/resources/channel#modify-channel-json-params-guild-channel */
const MOST_IN_VOICE = 99

/** Refuses to let in more than the channel's type allows. */
export function checkRoom({ user_limit = 0 }: { user_limit?: number | undefined }, type: ChannelType): void {
  if (type !== ChannelType.GuildVoice || user_limit <= MOST_IN_VOICE) return
  const message = `int value should be less than or equal to ${MOST_IN_VOICE}.`
  throw refusal.invalidForm([{ path: ['user_limit'], code: 'NUMBER_TYPE_MAX', message }])
}

/** An overwrite is for a role or for somebody there is: 10009. */
export function checkOverwrites(
  world: World,
  guild: Guild,
  overwrites: readonly Pick<APIOverwrite, 'id' | 'type'>[],
  before: readonly APIOverwrite[] = [],
): void {
  const isSomebody = ({ id, type }: Pick<APIOverwrite, 'id' | 'type'>) =>
    type === OverwriteType.Role ? guild.roles.some((role) => role.id === id) : world.user(id) !== undefined
  // Who has gone keeps what they had.
  const isKnown = (id: string) => before.some((overwrite) => overwrite.id === id)
  if (overwrites.some((overwrite) => !isKnown(overwrite.id) && !isSomebody(overwrite))) throw refusal.unknownOverwrite()
}

/** Nobody gives or takes what they do not have: https://docs.discord.com/developers/topics/permissions */
export function checkGrant(has: bigint, overwrites: readonly { allow: string; deny: string }[]): void {
  for (const { allow, deny } of overwrites) {
    if ((BigInt(allow) | BigInt(deny)) & ~has) throw refusal.missingPermissions()
  }
}
