import { z } from 'zod'
import { SnowflakeSchema } from '../snowflake.ts'
import { AutoArchiveSchema, ChannelFlagsSchema, ChannelNameSchema, SlowmodeSchema } from './channel-fields.ts'
import type { CommandDefinition } from './definition.ts'
import {
  ActiveThreadsObjectSchema,
  ArchivedThreadsObjectSchema,
  ForumPostObjectSchema,
  ThreadMemberObjectSchema,
  ThreadObjectSchema,
} from './discord-objects.ts'
import { ok, ReasonSchema, success, TimeSchema } from './fields.ts'
import {
  newMessageFields,
  nothingShown,
  SharedClientThemeSchema,
  showsSomething,
  StickerIdsSchema,
  permissionsOfMessage,
} from './message-fields.ts'

const newThreadFields = {
  name: ChannelNameSchema,
  /** Discord's default is the channel's. */
  auto_archive_duration: AutoArchiveSchema.optional(),
  rate_limit_per_user: SlowmodeSchema.optional(),
}

/** Those of the forum's that a post has. */
const AppliedTagsSchema = z.array(SnowflakeSchema).max(5)

/** https://docs.discord.com/developers/resources/channel#start-thread-in-forum-or-media-channel */
const FirstMessageSchema = z
  .strictObject({
    ...newMessageFields,
    sticker_ids: StickerIdsSchema.optional(),
    shared_client_theme: SharedClientThemeSchema.optional(),
  })
  .refine(showsSomething, nothingShown)

const thread = { channel_id: SnowflakeSchema }
const threadMember = { channel_id: SnowflakeSchema, user_id: SnowflakeSchema }

/** 2 to 100; Discord's default is 50. */
const ListLimitSchema = z.int().min(2).max(100)

const archivedPage = {
  channel_id: SnowflakeSchema,
  /** Those archived before a moment. */
  before: TimeSchema.optional(),
  limit: ListLimitSchema.optional(),
}

const threadResult = z.object({ success, thread: ThreadObjectSchema })

/** As `threads`, with the bot's own memberships as `members`, and whether there are more. */
const archivedResult = z.object({ success, list: ArchivedThreadsObjectSchema })

export const threads = {
  create_thread: {
    method: 'threads.create',
    summary: 'Begin a thread in a channel, on no message.',
    repeatable: 'no',
    guild: 'channel_id',
    permissionsIf: { 'of a public one': ['CreatePublicThreads'], 'of a private one': ['CreatePrivateThreads'] },
    errors: ['UNKNOWN_CHANNEL', 'CANNOT_EXECUTE_ACTION_ON_THIS_CHANNEL_TYPE', 'MISSING_PERMISSIONS'],
    example: { channel_id: '81384788765712384', name: 'Cone 6 schedule', type: 11, auto_archive_duration: 1_440 },
    rest: { route: 'POST /channels/{channel_id}/threads', answer: 'thread' },
    payload: z.strictObject({
      channel_id: SnowflakeSchema,
      ...newThreadFields,
      /** 10 among announcements, 11 public, 12 private, which is Discord's default. */
      type: z.literal([10, 11, 12]).optional(),
      /** Of a private one: whether others than moderators may bring somebody in. */
      invitable: z.boolean().optional(),
      reason: ReasonSchema.optional(),
    }),
    result: threadResult,
  },
  create_thread_from_message: {
    method: 'threads.createFromMessage',
    summary: 'Begin a thread on a message: it has the message’s id.',
    repeatable: 'no',
    guild: 'channel_id',
    permissions: ['CreatePublicThreads'],
    errors: ['UNKNOWN_MESSAGE', 'THREAD_ALREADY_CREATED_FOR_MESSAGE', 'CANNOT_EXECUTE_ACTION_ON_THIS_CHANNEL_TYPE'],
    example: { channel_id: '81384788765712384', message_id: '1199482310284230656', name: 'About this glaze' },
    rest: { route: 'POST /channels/{channel_id}/messages/{message_id}/threads', answer: 'thread' },
    payload: z.strictObject({
      channel_id: SnowflakeSchema,
      message_id: SnowflakeSchema,
      ...newThreadFields,
      reason: ReasonSchema.optional(),
    }),
    result: threadResult,
  },
  create_forum_post: {
    method: 'threads.createPost',
    summary: 'Post in a forum: a thread with its first message.',
    repeatable: 'no',
    guild: 'channel_id',
    permissions: ['SendMessages'],
    permissionsIf: permissionsOfMessage,
    errors: ['UNKNOWN_CHANNEL', 'UNKNOWN_TAG', 'TAG_REQUIRED_TO_CREATE_A_FORUM_POST_IN_THIS_CHANNEL'],
    example: {
      channel_id: '127121515262115840',
      name: 'Which wood for a mallet?',
      message: { content: 'Beech, or something heavier?' },
      applied_tags: ['1199482310284230658'],
    },
    rest: { route: 'POST /channels/{channel_id}/threads', answer: 'thread' },
    payload: z.strictObject({
      channel_id: SnowflakeSchema,
      ...newThreadFields,
      applied_tags: AppliedTagsSchema.optional(),
      message: FirstMessageSchema,
      reason: ReasonSchema.optional(),
    }),
    /** With its first message. */
    result: z.object({ success, thread: ForumPostObjectSchema }),
  },
  edit_thread: {
    method: 'threads.edit',
    summary: 'Change a thread: archive or open it, lock it, rename it, tag it.',
    repeatable: 'idempotent',
    guild: 'channel_id',
    // Of one that the bot has begun it may do some without: https://docs.discord.com/developers/topics/threads
    permissions: ['ManageThreads'],
    errors: ['UNKNOWN_CHANNEL', 'INVALID_ACTION_ON_ARCHIVED_THREAD', 'UNKNOWN_TAG'],
    example: { channel_id: '1199482310284230656', archived: true, locked: true, reason: 'answered' },
    rest: { route: 'PATCH /channels/{channel_id}', answer: 'thread' },
    payload: z.strictObject({
      channel_id: SnowflakeSchema,
      name: ChannelNameSchema.optional(),
      archived: z.boolean().optional(),
      locked: z.boolean().optional(),
      /** Of a private one: whether others than moderators may bring somebody in. */
      invitable: z.boolean().optional(),
      auto_archive_duration: AutoArchiveSchema.optional(),
      rate_limit_per_user: SlowmodeSchema.optional(),
      /** 2 pins it in its forum. */
      flags: ChannelFlagsSchema.optional(),
      applied_tags: AppliedTagsSchema.optional(),
      reason: ReasonSchema.optional(),
    }),
    result: threadResult,
  },
  join_thread: {
    method: 'threads.join',
    summary: 'Have the bot join a thread.',
    repeatable: 'idempotent',
    guild: 'channel_id',
    errors: ['UNKNOWN_CHANNEL', 'INVALID_ACTION_ON_ARCHIVED_THREAD'],
    example: { channel_id: '1199482310284230656' },
    rest: { route: 'PUT /channels/{channel_id}/thread-members/@me' },
    payload: z.strictObject(thread),
    result: ok,
  },
  leave_thread: {
    method: 'threads.leave',
    summary: 'Have the bot leave a thread.',
    repeatable: 'idempotent',
    guild: 'channel_id',
    errors: ['UNKNOWN_CHANNEL', 'INVALID_ACTION_ON_ARCHIVED_THREAD'],
    example: { channel_id: '1199482310284230656' },
    rest: { route: 'DELETE /channels/{channel_id}/thread-members/@me' },
    payload: z.strictObject(thread),
    result: ok,
  },
  add_thread_member: {
    method: 'threads.addMember',
    summary: 'Bring a member into a thread.',
    repeatable: 'idempotent',
    guild: 'channel_id',
    permissions: ['SendMessagesInThreads'],
    errors: ['UNKNOWN_CHANNEL', 'UNKNOWN_MEMBER', 'INVALID_ACTION_ON_ARCHIVED_THREAD'],
    example: { channel_id: '1199482310284230656', user_id: '80351110224678912' },
    rest: { route: 'PUT /channels/{channel_id}/thread-members/{user_id}' },
    payload: z.strictObject(threadMember),
    result: ok,
  },
  remove_thread_member: {
    method: 'threads.removeMember',
    summary: 'Take somebody out of a thread.',
    repeatable: 'idempotent',
    guild: 'channel_id',
    permissionsIf: { 'but from a private one that it has begun': ['ManageThreads'] },
    errors: ['UNKNOWN_CHANNEL', 'INVALID_ACTION_ON_ARCHIVED_THREAD'],
    example: { channel_id: '1199482310284230656', user_id: '80351110224678912' },
    rest: { route: 'DELETE /channels/{channel_id}/thread-members/{user_id}' },
    payload: z.strictObject(threadMember),
    result: ok,
  },
  get_thread_member: {
    method: 'threads.getMember',
    summary: 'Read whether somebody is in a thread: who is not is `UNKNOWN_MEMBER`.',
    repeatable: 'read',
    guild: 'channel_id',
    errors: ['UNKNOWN_CHANNEL', 'UNKNOWN_MEMBER'],
    example: { channel_id: '81384788765712384', user_id: '80351110224678912' },
    rest: { route: 'GET /channels/{channel_id}/thread-members/{user_id}', answer: 'member' },
    payload: z.strictObject({
      ...threadMember,
      /** Besides, who they are in the server. */
      with_member: z.boolean().optional(),
    }),
    result: z.object({ success, member: ThreadMemberObjectSchema }),
  },
  list_thread_members: {
    method: 'threads.listMembers',
    summary: 'Read who is in a thread, which takes the privileged intent for members.',
    repeatable: 'read',
    guild: 'channel_id',
    errors: ['UNKNOWN_CHANNEL', 'CANNOT_EXECUTE_ACTION_ON_THIS_CHANNEL_TYPE'],
    example: { channel_id: '1199482310284230656', with_member: true, limit: 100 },
    rest: { route: 'GET /channels/{channel_id}/thread-members', answer: 'members' },
    payload: z.strictObject({
      channel_id: SnowflakeSchema,
      /** Besides, who they are in the server. Only then they come in pages. */
      with_member: z.boolean().optional(),
      /** Those whose id is higher. */
      after: SnowflakeSchema.optional(),
      /** 1 to 100, which is Discord's default. */
      limit: z.int().min(1).max(100).optional(),
    }),
    result: z.object({ success, members: z.array(ThreadMemberObjectSchema) }),
  },
  list_active_threads: {
    method: 'threads.listActive',
    summary: 'Read all threads of a server that are not archived.',
    repeatable: 'read',
    guild: 'guild_id',
    errors: ['UNKNOWN_GUILD'],
    example: { guild_id: '197038439483310086' },
    rest: { route: 'GET /guilds/{guild_id}/threads/active', answer: 'list' },
    payload: z.strictObject({ guild_id: SnowflakeSchema }),
    /** As `threads`, with the bot's own memberships as `members`. */
    result: z.object({ success, list: ActiveThreadsObjectSchema }),
  },
  list_public_archived_threads: {
    method: 'threads.listPublicArchived',
    summary: 'Read the public threads of a channel that are archived, the last archived first.',
    repeatable: 'read',
    guild: 'channel_id',
    permissions: ['ReadMessageHistory'],
    errors: ['UNKNOWN_CHANNEL'],
    example: { channel_id: '81384788765712384', limit: 50 },
    rest: { route: 'GET /channels/{channel_id}/threads/archived/public', answer: 'list' },
    payload: z.strictObject(archivedPage),
    result: archivedResult,
  },
  list_private_archived_threads: {
    method: 'threads.listPrivateArchived',
    summary: 'Read the private threads of a channel that are archived, the last archived first.',
    repeatable: 'read',
    guild: 'channel_id',
    permissions: ['ReadMessageHistory', 'ManageThreads'],
    errors: ['UNKNOWN_CHANNEL'],
    example: { channel_id: '81384788765712384', limit: 50 },
    rest: { route: 'GET /channels/{channel_id}/threads/archived/private', answer: 'list' },
    payload: z.strictObject(archivedPage),
    result: archivedResult,
  },
  list_own_archived_threads: {
    method: 'threads.listOwnArchived',
    summary: 'Read the private threads of a channel that are archived and that the bot is in, the latest begun first.',
    repeatable: 'read',
    guild: 'channel_id',
    permissions: ['ReadMessageHistory'],
    errors: ['UNKNOWN_CHANNEL'],
    example: { channel_id: '81384788765712384', limit: 50 },
    rest: { route: 'GET /channels/{channel_id}/users/@me/threads/archived/private', answer: 'list' },
    payload: z.strictObject({
      channel_id: SnowflakeSchema,
      /** Those whose id is lower. */
      before: SnowflakeSchema.optional(),
      limit: ListLimitSchema.optional(),
    }),
    result: archivedResult,
  },
} as const satisfies Record<string, CommandDefinition>
