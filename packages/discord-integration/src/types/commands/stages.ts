import { z } from 'zod'
import { SnowflakeSchema } from '../snowflake.ts'
import { textSchema } from '../text.ts'
import type { CommandDefinition, Permission } from './definition.ts'
import { StageInstanceObjectSchema } from './discord-objects.ts'
import { ok, ReasonSchema, success } from './fields.ts'

const TopicSchema = textSchema(1, 120)

/** 2 is for members alone; 1, for everybody, Discord has given up: https://docs.discord.com/developers/resources/stage-instance */
const PrivacyLevelSchema = z.literal([1, 2])

/** https://docs.discord.com/developers/resources/stage-instance#definitions */
export const MODERATOR = ['ManageChannels', 'MuteMembers', 'MoveMembers'] as const satisfies readonly Permission[]

export const stages = {
  create_stage: {
    method: 'stages.create',
    summary: 'Open a stage in its channel, with what it is about.',
    repeatable: 'no',
    guild: 'channel_id',
    permissions: MODERATOR,
    errors: ['THE_STAGE_IS_ALREADY_OPEN', 'CANNOT_EXECUTE_ACTION_ON_THIS_CHANNEL_TYPE', 'UNKNOWN_CHANNEL'],
    example: { channel_id: '733488538393510049', topic: 'Questions and answers' },
    rest: { route: 'POST /stage-instances', answer: 'stage' },
    payload: z.strictObject({
      channel_id: SnowflakeSchema,
      topic: TopicSchema,
      privacy_level: PrivacyLevelSchema.optional(),
      guild_scheduled_event_id: SnowflakeSchema.optional(),
      /** Everybody is notified. Without MentionEveryone nobody is, and the stage is opened all the same. */
      send_start_notification: z.boolean().optional(),
      reason: ReasonSchema.optional(),
    }),
    result: z.object({ success, stage: StageInstanceObjectSchema }),
  },
  get_stage: {
    method: 'stages.get',
    summary: 'Read which stage is open in a channel.',
    repeatable: 'read',
    guild: 'channel_id',
    errors: ['UNKNOWN_STAGE_INSTANCE', 'UNKNOWN_CHANNEL'],
    example: { channel_id: '733488538393510049' },
    rest: { route: 'GET /stage-instances/{channel_id}', answer: 'stage' },
    payload: z.strictObject({ channel_id: SnowflakeSchema }),
    result: z.object({ success, stage: StageInstanceObjectSchema }),
  },
  edit_stage: {
    method: 'stages.edit',
    summary: 'Say that an open stage is about something else.',
    repeatable: 'idempotent',
    guild: 'channel_id',
    permissions: MODERATOR,
    errors: ['UNKNOWN_STAGE_INSTANCE'],
    example: { channel_id: '733488538393510049', topic: 'Last questions' },
    rest: { route: 'PATCH /stage-instances/{channel_id}', answer: 'stage' },
    payload: z.strictObject({
      channel_id: SnowflakeSchema,
      topic: TopicSchema.optional(),
      privacy_level: PrivacyLevelSchema.optional(),
      reason: ReasonSchema.optional(),
    }),
    result: z.object({ success, stage: StageInstanceObjectSchema }),
  },
  delete_stage: {
    method: 'stages.delete',
    summary: 'Close the stage that is open in a channel.',
    repeatable: 'idempotent',
    guild: 'channel_id',
    permissions: MODERATOR,
    errors: ['UNKNOWN_STAGE_INSTANCE'],
    example: { channel_id: '733488538393510049' },
    rest: { route: 'DELETE /stage-instances/{channel_id}', done: 'UNKNOWN_STAGE_INSTANCE' },
    payload: z.strictObject({ channel_id: SnowflakeSchema, reason: ReasonSchema.optional() }),
    result: ok,
  },
} as const satisfies Record<string, CommandDefinition>
