import { z } from 'zod'
import { SnowflakeSchema } from '../snowflake.ts'
import { textSchema } from '../text.ts'
import type { CommandDefinition } from './definition.ts'
import { RawSchema, ReasonSchema, success } from './fields.ts'

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
    result: z.object({ success, member: RawSchema }),
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
      communication_disabled_until: z.iso.datetime({ offset: true }).nullable(),
      reason: ReasonSchema.optional(),
    }),
    result: z.object({ success, member: RawSchema }),
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
