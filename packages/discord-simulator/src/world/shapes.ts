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

/** A new message, or what an edit changes of it. */
export const message = z.looseObject({
  id,
  channel_id: id,
  author: user.optional(),
  type: z.int().optional(),
  content: z.string().optional(),
  flags: z.int().optional(),
  pinned: z.boolean().optional(),
  timestamp: z.string().optional(),
  embeds: z.array(z.looseObject({})).optional(),
  attachments: z.array(withId).optional(),
  components: z.array(z.looseObject({})).optional(),
  message_reference: z.looseObject({ channel_id: id.optional(), message_id: id.optional() }).nullish(),
})

/** Somebody of whom nothing else is known. */
const newUser = (value: z.infer<typeof user>) => ({
  username: value.id,
  discriminator: '0',
  global_name: null,
  avatar: null,
  ...value,
})

/** What is new, with all that whoever reads it relies on. */
export const newMessage = (value: z.infer<typeof message>) => ({
  content: '',
  attachments: [],
  embeds: [],
  ...value,
  // Of whom nothing was said.
  author: newUser(value.author ?? { id: '0', username: 'nobody' }),
})
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

const LISTS = {
  roles: role.transform(newRole),
  emojis: withId,
  stickers: withId,
  channels: channel.transform(newChannel),
  threads: thread,
  members: member.transform(newMember),
  voice_states: z.looseObject({ user_id: id, channel_id: id.nullable() }),
  presences: z.looseObject({ user: withId, status: z.string() }),
  stage_instances: withId,
  guild_scheduled_events: withId,
  soundboard_sounds: z.looseObject({ sound_id: id }),
} as const satisfies Readonly<Record<string, z.ZodType>>

/** Those of a list that fit. */
export function fitting<T>(shape: z.ZodType<T>, list: unknown): T[] {
  if (!Array.isArray(list)) return []
  return list.flatMap((entry) => {
    const read = shape.safeParse(entry)
    return read.success ? [read.data] : []
  })
}

export const guild = z.looseObject({
  id,
  name: z.string().optional(),
  owner_id: id.optional(),
  member_count: z.int().optional(),
})

/** The lists of a guild, each without what does not fit: all of them, or those that a payload has. */
export function guildLists(payload: object, which: 'all' | 'given'): Record<string, unknown[]> {
  const names = Object.entries(LISTS).filter(([name]) => which === 'all' || name in payload)
  return Object.fromEntries(names.map(([name, shape]) => [name, fitting<unknown>(shape, Reflect.get(payload, name))]))
}
