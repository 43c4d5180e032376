import { z } from 'zod'
import { SnowflakeSchema } from '../snowflake.ts'
import { textSchema } from '../text.ts'
import type { CommandDefinition } from './definition.ts'
import { MemberObjectSchema } from './discord-objects.ts'
import { ImageSchema, ok, ReasonSchema, success, TimeSchema } from './fields.ts'

/** Null for none: the user's own name is shown then. */
const NickSchema = textSchema(1, 32).nullable()

const RoleOfMemberSchema = z.strictObject({
  guild_id: SnowflakeSchema,
  user_id: SnowflakeSchema,
  role_id: SnowflakeSchema,
  reason: ReasonSchema.optional(),
})

export const members = {
  get_member: {
    method: 'members.get',
    summary: 'Read a member of a server: who has left it is `UNKNOWN_MEMBER`.',
    repeatable: 'read',
    guild: 'guild_id',
    errors: ['UNKNOWN_USER'],
    example: { guild_id: '197038439483310086', user_id: '80351110224678912' },
    rest: { route: 'GET /guilds/{guild_id}/members/{user_id}', answer: 'member' },
    payload: z.strictObject({ guild_id: SnowflakeSchema, user_id: SnowflakeSchema }),
    result: z.object({ success, member: MemberObjectSchema }),
  },
  list_members: {
    method: 'members.list',
    summary: 'Read the members of a server by their ids, which takes the privileged intent for members.',
    repeatable: 'read',
    guild: 'guild_id',
    errors: ['UNKNOWN_GUILD'],
    example: { guild_id: '197038439483310086', limit: 1000, after: '80351110224678912' },
    rest: { route: 'GET /guilds/{guild_id}/members', answer: 'members' },
    payload: z.strictObject({
      guild_id: SnowflakeSchema,
      /** 1 to 1,000; Discord's default is 1. */
      limit: z.int().min(1).max(1_000).optional(),
      after: SnowflakeSchema.optional(),
    }),
    result: z.object({ success, members: z.array(MemberObjectSchema) }),
  },
  search_members: {
    method: 'members.search',
    summary: 'Find members of a server whose name or nickname begins so.',
    repeatable: 'read',
    guild: 'guild_id',
    errors: ['UNKNOWN_GUILD'],
    example: { guild_id: '197038439483310086', query: 'nel', limit: 10 },
    rest: { route: 'GET /guilds/{guild_id}/members/search', answer: 'members' },
    payload: z.strictObject({
      guild_id: SnowflakeSchema,
      query: textSchema(1, 100),
      /** 1 to 1,000; Discord's default is 1. */
      limit: z.int().min(1).max(1_000).optional(),
    }),
    result: z.object({ success, members: z.array(MemberObjectSchema) }),
  },
  edit_member: {
    method: 'members.edit',
    summary: 'Change a member of a server: nickname, roles, voice, timeout.',
    repeatable: 'idempotent',
    guild: 'guild_id',
    permissionsIf: {
      'with `nick`': ['ManageNicknames'],
      'with `roles`': ['ManageRoles'],
      'with `mute`': ['MuteMembers'],
      'with `deaf`': ['DeafenMembers'],
      'with `channel_id`': ['MoveMembers'],
      'with `communication_disabled_until`': ['ModerateMembers'],
      'with `flags`': ['ManageGuild', 'ManageRoles'],
    },
    errors: ['UNKNOWN_MEMBER', 'MISSING_PERMISSIONS', 'TARGET_USER_IS_NOT_CONNECTED_TO_VOICE'],
    example: {
      guild_id: '197038439483310086',
      user_id: '80351110224678912',
      nick: 'Nelly',
      roles: ['41771983423143936'],
      reason: 'asked for it',
    },
    rest: { route: 'PATCH /guilds/{guild_id}/members/{user_id}', answer: 'member' },
    payload: z.strictObject({
      guild_id: SnowflakeSchema,
      user_id: SnowflakeSchema,
      nick: NickSchema.optional(),
      /** All that the member has then. */
      roles: z.array(SnowflakeSchema).max(250).nullable().optional(),
      /** Of who is in voice. */
      mute: z.boolean().nullable().optional(),
      /** Of who is in voice. */
      deaf: z.boolean().nullable().optional(),
      /** To where somebody in voice is moved; null for out of it. */
      channel_id: SnowflakeSchema.nullable().optional(),
      /** At most 28 days away; null for no longer. */
      communication_disabled_until: TimeSchema.nullable().optional(),
      /** BYPASSES_VERIFICATION, 4, or 0: https://docs.discord.com/developers/resources/guild#modify-guild-member */
      flags: z.int().min(0).optional(),
      reason: ReasonSchema.optional(),
    }),
    result: z.object({ success, member: MemberObjectSchema }),
  },
  edit_own_member: {
    method: 'members.editOwn',
    summary: 'Change how the bot itself looks in a server: nickname, pictures, what it says of itself.',
    repeatable: 'idempotent',
    guild: 'guild_id',
    permissionsIf: { 'with `nick`': ['ChangeNickname'] },
    errors: ['UNKNOWN_GUILD'],
    example: { guild_id: '197038439483310086', nick: 'Workshop bot' },
    rest: { route: 'PATCH /guilds/{guild_id}/members/@me', answer: 'member' },
    payload: z.strictObject({
      guild_id: SnowflakeSchema,
      nick: NickSchema.optional(),
      avatar: ImageSchema.nullable().optional(),
      banner: ImageSchema.nullable().optional(),
      /** As long as a bot's description may be: for this one Discord documents no bound. */
      bio: textSchema(0, 400).nullable().optional(),
      reason: ReasonSchema.optional(),
    }),
    result: z.object({ success, member: MemberObjectSchema }),
  },
  set_nickname: {
    method: 'members.setNickname',
    summary: 'Give a member a nickname in a server; with `null`, none.',
    repeatable: 'idempotent',
    guild: 'guild_id',
    permissions: ['ManageNicknames'],
    errors: ['UNKNOWN_MEMBER', 'MISSING_PERMISSIONS'],
    example: { guild_id: '197038439483310086', user_id: '80351110224678912', nick: 'Nelly' },
    rest: { route: 'PATCH /guilds/{guild_id}/members/{user_id}', answer: 'member' },
    payload: z.strictObject({
      guild_id: SnowflakeSchema,
      user_id: SnowflakeSchema,
      nick: NickSchema,
      reason: ReasonSchema.optional(),
    }),
    result: z.object({ success, member: MemberObjectSchema }),
  },
  kick_member: {
    method: 'members.kick',
    summary: 'Remove a member from a server, who may come back with an invite.',
    repeatable: 'idempotent',
    guild: 'guild_id',
    permissions: ['KickMembers'],
    errors: ['UNKNOWN_MEMBER', 'MISSING_PERMISSIONS'],
    example: { guild_id: '197038439483310086', user_id: '80351110224678912', reason: 'spam' },
    rest: { route: 'DELETE /guilds/{guild_id}/members/{user_id}', done: 'UNKNOWN_MEMBER' },
    payload: z.strictObject({
      guild_id: SnowflakeSchema,
      user_id: SnowflakeSchema,
      reason: ReasonSchema.optional(),
    }),
    result: ok,
  },
  add_member_role: {
    method: 'members.addRole',
    summary: 'Give a member a role.',
    repeatable: 'idempotent',
    guild: 'guild_id',
    permissions: ['ManageRoles'],
    errors: ['UNKNOWN_MEMBER', 'UNKNOWN_ROLE', 'MISSING_PERMISSIONS'],
    example: { guild_id: '197038439483310086', user_id: '80351110224678912', role_id: '41771983423143936' },
    rest: { route: 'PUT /guilds/{guild_id}/members/{user_id}/roles/{role_id}' },
    payload: RoleOfMemberSchema,
    result: ok,
  },
  remove_member_role: {
    method: 'members.removeRole',
    summary: 'Take a role from a member.',
    repeatable: 'idempotent',
    guild: 'guild_id',
    permissions: ['ManageRoles'],
    errors: ['UNKNOWN_MEMBER', 'UNKNOWN_ROLE', 'MISSING_PERMISSIONS'],
    example: { guild_id: '197038439483310086', user_id: '80351110224678912', role_id: '41771983423143936' },
    rest: { route: 'DELETE /guilds/{guild_id}/members/{user_id}/roles/{role_id}' },
    payload: RoleOfMemberSchema,
    result: ok,
  },
  timeout_member: {
    method: 'members.timeout',
    summary: 'Keep a member from writing and speaking until a moment, at most 28 days away; with `null`, no longer.',
    repeatable: 'idempotent',
    guild: 'guild_id',
    permissions: ['ModerateMembers'],
    errors: ['MISSING_PERMISSIONS', 'INVALID_FORM_BODY_OR_CONTENT_TYPE', 'UNKNOWN_USER'],
    example: {
      guild_id: '197038439483310086',
      user_id: '80351110224678912',
      communication_disabled_until: '2027-01-01T12:00:00Z',
      reason: 'cool down',
    },
    rest: { route: 'PATCH /guilds/{guild_id}/members/{user_id}', answer: 'member' },
    payload: z.strictObject({
      guild_id: SnowflakeSchema,
      user_id: SnowflakeSchema,
      communication_disabled_until: TimeSchema.nullable(),
      reason: ReasonSchema.optional(),
    }),
    result: z.object({ success, member: MemberObjectSchema }),
  },
  request_members: {
    method: 'members.request',
    summary: 'Have Discord send members of a server, as GUILD_MEMBERS_CHUNK to this connection alone.',
    repeatable: 'read',
    guild: 'guild_id',
    errors: ['UNKNOWN_GUILD', 'RATE_LIMITED'],
    example: { guild_id: '197038439483310086', user_ids: ['80351110224678912'] },
    payload: z
      .strictObject({
        guild_id: SnowflakeSchema,
        /** Members whose name begins so; empty for all, which takes the privileged intent. */
        query: textSchema(0, 100).optional(),
        /** How many the query may bring; 0 for all. */
        limit: z.int().min(0).max(100).optional(),
        user_ids: z.array(SnowflakeSchema).min(1).max(100).optional(),
        presences: z.boolean().optional(),
      })
      .refine((payload) => (payload.query === undefined) !== (payload.user_ids === undefined), {
        error: 'expected either query or user_ids',
        path: ['query'],
      }),
    /** When all chunks have come. `not_found`: those of `user_ids` that are no members. */
    result: z.object({ success, nonce: z.string(), chunk_count: z.int(), not_found: z.array(SnowflakeSchema) }),
  },
} as const satisfies Record<string, CommandDefinition>
