import type { ChannelType } from 'discord-api-types/v10'
import { z } from 'zod'
import { SnowflakeSchema } from '../snowflake.ts'
import { textSchema } from '../text.ts'
import { AutoArchiveSchema, ChannelFlagsSchema, ChannelNameSchema, SlowmodeSchema } from './channel-fields.ts'
import type { CommandDefinition } from './definition.ts'
import { ChannelObjectSchema, FollowedChannelObjectSchema } from './discord-objects.ts'
import { ok, PermissionsSchema, ReasonSchema, success, typedToo } from './fields.ts'

/** What is not said of a permission is as it is without the overwrite. */
const overwriteFields = {
  /** 0 for a role, 1 for a member. */
  type: z.literal([0, 1]),
  allow: PermissionsSchema.nullable().optional(),
  deny: PermissionsSchema.nullable().optional(),
}

/** One of the two: that of a server's own emoji, or Unicode. */
const emojiFields = {
  emoji_id: SnowflakeSchema.nullable().optional(),
  emoji_name: textSchema(1, 100).nullable().optional(),
}

/** https://docs.discord.com/developers/resources/channel#forum-tag-object */
const tagFields = { name: textSchema(1, 20), moderated: z.boolean().optional(), ...emojiFields }

/** As text. discord-api-types has numbers too, for what is made with its server. */
const ExactIdSchema = typedToo<number>()(SnowflakeSchema)

export const PermissionOverwriteSchema = z.strictObject({ id: ExactIdSchema, ...overwriteFields })

export const DefaultReactionSchema = z.strictObject(emojiFields)

/**
 * What channels have that can be said when they are made and later. Which type has which Discord says, and passes over the
 * others; null is none. https://docs.discord.com/developers/resources/channel#modify-channel-json-params-guild-channel
 */
const channelFields = {
  position: z.int().min(0).optional(),
  parent_id: ExactIdSchema.nullable().optional(),
  permission_overwrites: z.array(PermissionOverwriteSchema).max(100).optional(),
  /** At most 1024 characters, but in forums. */
  topic: textSchema(0, 4_096).nullable().optional(),
  nsfw: z.boolean().optional(),
  rate_limit_per_user: SlowmodeSchema.optional(),
  /** In bits a second. How high it may be depends on the server's boosts. */
  bitrate: z.int().min(8_000).max(384_000).optional(),
  /** 0 for no limit. In voice at most 99, on a stage 10000. */
  user_limit: z.int().min(0).max(10_000).optional(),
  /** Null lets Discord choose. */
  rtc_region: textSchema(1, 100).nullable().optional(),
  /** 1 lets Discord choose, 2 is 720p. */
  video_quality_mode: z.literal([1, 2]).optional(),
  default_auto_archive_duration: AutoArchiveSchema.nullable().optional(),
  /** Of new threads. */
  default_thread_rate_limit_per_user: SlowmodeSchema.optional(),
  default_reaction_emoji: DefaultReactionSchema.nullable().optional(),
  /** 0 by the latest activity, 1 by when they were begun. */
  default_sort_order: z.literal([0, 1]).nullable().optional(),
  /** 0 none in particular, 1 a list, 2 tiles. */
  default_forum_layout: z.literal([0, 1, 2]).optional(),
  default_tag_setting: z.enum(['match_all', 'match_some']).optional(),
}

const overwrite = { channel_id: SnowflakeSchema, overwrite_id: SnowflakeSchema }

export const channels = {
  get_channel: {
    method: 'channels.get',
    summary: 'Read a channel, or a thread.',
    repeatable: 'read',
    guild: 'channel_id',
    errors: ['UNKNOWN_CHANNEL'],
    example: { channel_id: '81384788765712384' },
    rest: { route: 'GET /channels/{channel_id}', answer: 'channel' },
    payload: z.strictObject({ channel_id: SnowflakeSchema }),
    result: z.object({ success, channel: ChannelObjectSchema }),
  },
  create_channel: {
    method: 'channels.create',
    summary: 'Make a channel, or a category.',
    repeatable: 'no',
    guild: 'guild_id',
    permissions: ['ManageChannels'],
    errors: ['UNKNOWN_GUILD', 'INVALID_FORM_BODY_OR_CONTENT_TYPE', 'MISSING_PERMISSIONS'],
    example: {
      guild_id: '197038439483310086',
      name: 'glaze-lab',
      type: 0,
      topic: 'What happened in the kiln',
      reason: 'asked for at the meeting',
    },
    rest: { route: 'POST /guilds/{guild_id}/channels', answer: 'channel' },
    payload: z.strictObject({
      guild_id: SnowflakeSchema,
      name: ChannelNameSchema,
      /** Of https://docs.discord.com/developers/resources/channel#channel-object-channel-types; Discord's default is 0, text. */
      type: typedToo<ChannelType>()(z.literal([0, 2, 4, 5, 13, 15, 16])).optional(),
      ...channelFields,
      available_tags: z.array(z.strictObject(tagFields)).max(20).nullable().optional(),
      reason: ReasonSchema.optional(),
    }),
    result: z.object({ success, channel: ChannelObjectSchema }),
  },
  edit_channel: {
    method: 'channels.edit',
    summary: 'Change a channel; what is not said stays as it is.',
    repeatable: 'idempotent',
    guild: 'channel_id',
    permissions: ['ManageChannels'],
    permissionsIf: { 'with `permission_overwrites`': ['ManageRoles'] },
    errors: ['UNKNOWN_CHANNEL', 'INVALID_FORM_BODY_OR_CONTENT_TYPE', 'MISSING_PERMISSIONS'],
    example: { channel_id: '81384788765712384', topic: 'What happened in the kiln', rate_limit_per_user: 10 },
    rest: { route: 'PATCH /channels/{channel_id}', answer: 'channel' },
    payload: z.strictObject({
      channel_id: SnowflakeSchema,
      name: ChannelNameSchema.optional(),
      /** Text, 0, becomes announcements, 5, and back. */
      type: z.literal([0, 5]).optional(),
      ...channelFields,
      flags: ChannelFlagsSchema.optional(),
      /** All that there are then: those that stay with their ids. */
      available_tags: z
        .array(z.strictObject({ id: SnowflakeSchema.optional(), ...tagFields }))
        .max(20)
        .optional(),
      reason: ReasonSchema.optional(),
    }),
    result: z.object({ success, channel: ChannelObjectSchema }),
  },
  delete_channel: {
    method: 'channels.delete',
    summary: 'Delete a channel, or a thread, with all that was written there.',
    repeatable: 'idempotent',
    guild: 'channel_id',
    permissionsIf: { 'of a channel': ['ManageChannels'], 'of a thread': ['ManageThreads'] },
    errors: ['UNKNOWN_CHANNEL'],
    example: { channel_id: '81384788765712384', reason: 'nobody writes here' },
    rest: { route: 'DELETE /channels/{channel_id}', done: 'UNKNOWN_CHANNEL' },
    payload: z.strictObject({ channel_id: SnowflakeSchema, reason: ReasonSchema.optional() }),
    result: ok,
  },
  move_channels: {
    method: 'channels.move',
    summary: 'Put channels of a server in another order, or into other categories.',
    repeatable: 'idempotent',
    guild: 'guild_id',
    permissions: ['ManageChannels'],
    errors: ['UNKNOWN_GUILD', 'UNKNOWN_CHANNEL', 'INVALID_FORM_BODY_OR_CONTENT_TYPE'],
    example: { guild_id: '197038439483310086', channels: [{ id: '81384788765712384', position: 0 }] },
    rest: { route: 'PATCH /guilds/{guild_id}/channels', body: 'channels' },
    payload: z.strictObject({
      guild_id: SnowflakeSchema,
      channels: z
        .array(
          z.strictObject({
            id: SnowflakeSchema,
            position: z.int().min(0).nullable().optional(),
            parent_id: SnowflakeSchema.nullable().optional(),
            /** With the overwrites of its new category. */
            lock_permissions: z.boolean().nullable().optional(),
          }),
        )
        .min(1)
        .max(500),
      reason: ReasonSchema.optional(),
    }),
    result: ok,
  },
  set_channel_permission: {
    method: 'channels.setPermission',
    summary: 'Say what a role or a member may do in a channel, other than elsewhere.',
    repeatable: 'idempotent',
    guild: 'channel_id',
    permissions: ['ManageRoles'],
    errors: ['UNKNOWN_CHANNEL', 'UNKNOWN_PERMISSION_OVERWRITE', 'MISSING_PERMISSIONS'],
    example: {
      channel_id: '81384788765712384',
      overwrite_id: '80351110224678912',
      type: 1,
      allow: '2048',
      deny: '0',
      reason: 'to help with the shelves',
    },
    rest: { route: 'PUT /channels/{channel_id}/permissions/{overwrite_id}' },
    payload: z.strictObject({ ...overwrite, ...overwriteFields, reason: ReasonSchema.optional() }),
    result: ok,
  },
  delete_channel_permission: {
    method: 'channels.deletePermission',
    summary: 'Let a role or a member do in a channel what they may elsewhere.',
    repeatable: 'idempotent',
    guild: 'channel_id',
    permissions: ['ManageRoles'],
    errors: ['UNKNOWN_CHANNEL', 'UNKNOWN_PERMISSION_OVERWRITE'],
    example: { channel_id: '81384788765712384', overwrite_id: '80351110224678912', reason: 'the shelves are up' },
    rest: {
      route: 'DELETE /channels/{channel_id}/permissions/{overwrite_id}',
      done: 'UNKNOWN_PERMISSION_OVERWRITE',
    },
    payload: z.strictObject({ ...overwrite, reason: ReasonSchema.optional() }),
    result: ok,
  },
  follow_announcement_channel: {
    method: 'channels.follow',
    summary: 'Have what is published in an announcement channel carried into another channel.',
    repeatable: 'no',
    guild: 'channel_id',
    channels: ['webhook_channel_id'],
    // Where it is carried to.
    permissions: ['ManageWebhooks'],
    errors: ['UNKNOWN_CHANNEL', 'CANNOT_EXECUTE_ACTION_ON_THIS_CHANNEL_TYPE'],
    example: {
      channel_id: '81384788765712384',
      webhook_channel_id: '127121515262115840',
      reason: 'news for the workshop',
    },
    rest: { route: 'POST /channels/{channel_id}/followers', answer: 'followed_channel' },
    payload: z.strictObject({
      channel_id: SnowflakeSchema,
      webhook_channel_id: SnowflakeSchema,
      reason: ReasonSchema.optional(),
    }),
    result: z.object({ success, followed_channel: FollowedChannelObjectSchema }),
  },
  trigger_typing: {
    method: 'channels.type',
    summary: 'Show in a channel that the bot is typing, for ten seconds or until it has written.',
    repeatable: 'idempotent',
    guild: 'channel_id',
    permissions: ['SendMessages'],
    errors: ['UNKNOWN_CHANNEL', 'MISSING_PERMISSIONS'],
    example: { channel_id: '81384788765712384' },
    rest: { route: 'POST /channels/{channel_id}/typing' },
    payload: z.strictObject({ channel_id: SnowflakeSchema }),
    result: ok,
  },
} as const satisfies Record<string, CommandDefinition>
