import { ChannelType } from 'discord-api-types/v10'
import { z } from 'zod'
import { isSnowflake } from '../snowflake.ts'
import { role as plainRole } from './role.ts'

/*
 * What the world needs of what it is told. Whoever reads the world relies on this much: sums of permissions, orders by id
 * and names in lower case must not fail over a dispatch that was sent to be wrong. The rest is kept as it came.
 */

export const id = z.string().refine(isSnowflake, 'must be a snowflake')
/** https://docs.discord.com/developers/topics/permissions: a decimal number in a string */
const bits = z.string().regex(/^\d{1,20}$/, 'must be a number in a string')
/** As Discord writes moments: https://docs.discord.com/developers/reference#iso8601-datetime */
export const moment = z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'must be a moment')
export const withId = z.looseObject({ id })

export const role = z.looseObject({ id, permissions: bits.optional(), position: z.int().optional() })

const overwrite = z.looseObject({ id, type: z.literal([0, 1]), allow: bits, deny: bits })

export const channel = z.looseObject({
  id,
  type: z.int().optional(),
  name: z.string().nullish(),
  position: z.int().optional(),
  parent_id: id.nullish(),
  last_message_id: id.nullish(),
  user_limit: z.int().optional(),
  permission_overwrites: z.array(overwrite).optional(),
})

export const thread = channel.extend({
  thread_metadata: z.looseObject({}).optional(),
  member_count: z.int().optional(),
  message_count: z.int().optional(),
  total_message_sent: z.int().optional(),
})

export const user = z.looseObject({ id, username: z.string().optional(), global_name: z.string().nullish() })

export const member = z.looseObject({
  user,
  roles: z.array(id).optional(),
  nick: z.string().nullish(),
  communication_disabled_until: z.string().nullish(),
})

/** Somebody of whom nothing else is known. */
export const newUser = (value: z.infer<typeof user>) => ({
  username: value.id,
  discriminator: '0',
  global_name: null,
  avatar: null,
  ...value,
})

/** What is new, with all that whoever reads it relies on. */
export const newRole = (value: z.infer<typeof role>) => ({ ...plainRole(value.id, 'new role', 1), ...value })
export const newChannel = (value: z.infer<typeof channel>) => ({
  type: ChannelType.GuildText,
  permission_overwrites: [],
  position: 0,
  ...value,
})
export const newMember = (value: z.infer<typeof member>) => ({
  roles: [],
  deaf: false,
  mute: false,
  flags: 0,
  joined_at: null,
  ...value,
  user: newUser(value.user),
})

/** https://docs.discord.com/developers/resources/emoji#emoji-object */
export const emoji = z.looseObject({ id, name: z.string().nullish(), user: user.optional() })
export const sticker = z.looseObject({ id, name: z.string().optional(), user: user.optional() })

/** https://docs.discord.com/developers/resources/soundboard#soundboard-sound-object */
export const sound = z.looseObject({
  sound_id: id,
  name: z.string().optional(),
  volume: z.number().optional(),
  emoji_id: id.nullish(),
  emoji_name: z.string().nullish(),
  user: user.optional(),
})
export const newSound = (value: z.infer<typeof sound>) => ({
  name: 'new sound',
  volume: 1,
  emoji_id: null,
  emoji_name: null,
  available: true,
  ...value,
})

export const presence = z.looseObject({
  user: withId,
  status: z.string().optional(),
  activities: z.array(z.looseObject({})).optional(),
})
export const voiceState = z.looseObject({ user_id: id, channel_id: id.nullable() })

/** Those of a list that fit. */
export function fitting<T>(shape: z.ZodType<T>, list: unknown): T[] {
  if (!Array.isArray(list)) return []
  return list.flatMap((entry) => {
    const read = shape.safeParse(entry)
    return read.success ? [read.data] : []
  })
}
