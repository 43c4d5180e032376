import { z } from 'zod'
import { SnowflakeSchema } from '../snowflake.ts'
import { textSchema } from '../text.ts'
import { byMaker, type CommandDefinition } from './definition.ts'
import { ScheduledEventObjectSchema, ScheduledEventUserObjectSchema } from './discord-objects.ts'
import { ImageSchema, ok, ReasonSchema, success, TimeSchema } from './fields.ts'
import { MODERATOR } from './stages.ts'

const EventSchema = z.strictObject({ guild_id: SnowflakeSchema, guild_scheduled_event_id: SnowflakeSchema })

/** 0 is Monday. */
const WeekdaySchema = z.int().min(0).max(6)

/** https://docs.discord.com/developers/resources/guild-scheduled-event#guild-scheduled-event-recurrence-rule-object */
export const RecurrenceRuleSchema = z.strictObject({
  start: TimeSchema,
  end: TimeSchema.nullable().optional(),
  /** 0 is yearly, 1 monthly, 2 weekly, 3 daily. */
  frequency: z.literal([0, 1, 2, 3]),
  interval: z.int().min(1).optional(),
  by_weekday: z.array(WeekdaySchema).max(7).nullable().optional(),
  /** The `n`th such day of a month. */
  by_n_weekday: z
    .array(z.strictObject({ n: z.int().min(1).max(5), day: WeekdaySchema }))
    .max(7)
    .nullable()
    .optional(),
  by_month: z.array(z.int().min(1).max(12)).max(12).nullable().optional(),
  by_month_day: z.array(z.int().min(-1).max(31)).max(33).nullable().optional(),
  by_year_day: z.array(z.int().min(-1).max(365)).max(367).nullable().optional(),
  /** How often it recurs in all. */
  count: z.int().min(1).nullable().optional(),
})

export const EntityMetadataSchema = z.strictObject({
  /** Where it is, if elsewhere. */
  location: textSchema(1, 100).optional(),
})

/** https://docs.discord.com/developers/resources/guild-scheduled-event#guild-scheduled-event-permissions-requirements */
const permissionsAllIf = { 'on a stage': MODERATOR }

/** https://docs.discord.com/developers/resources/guild-scheduled-event#create-guild-scheduled-event */
const fields = {
  name: textSchema(1, 100),
  description: textSchema(1, 1_000).nullable().optional(),
  image: ImageSchema.nullable().optional(),
  scheduled_start_time: TimeSchema,
  /** One that is elsewhere must have it. */
  scheduled_end_time: TimeSchema.nullable().optional(),
  /** For members alone: there is no other. */
  privacy_level: z.literal(2),
  /** 1 is on a stage, 2 in a voice channel, 3 elsewhere. */
  entity_type: z.literal([1, 2, 3]),
  /** Of who is not elsewhere. */
  channel_id: SnowflakeSchema.nullable().optional(),
  entity_metadata: EntityMetadataSchema.nullable().optional(),
  recurrence_rule: RecurrenceRuleSchema.nullable().optional(),
}

export const events = {
  list_scheduled_events: {
    method: 'events.list',
    summary: 'Read which events of a server are ahead or on.',
    repeatable: 'read',
    guild: 'guild_id',
    errors: ['UNKNOWN_GUILD'],
    example: { guild_id: '197038439483310086', with_user_count: true },
    rest: { route: 'GET /guilds/{guild_id}/scheduled-events', answer: 'events' },
    payload: z.strictObject({
      guild_id: SnowflakeSchema,
      /** With how many are interested. */
      with_user_count: z.boolean().optional(),
    }),
    result: z.object({ success, events: z.array(ScheduledEventObjectSchema) }),
  },
  get_scheduled_event: {
    method: 'events.get',
    summary: 'Read an event of a server.',
    repeatable: 'read',
    guild: 'guild_id',
    errors: ['UNKNOWN_GUILD_SCHEDULED_EVENT'],
    example: { guild_id: '197038439483310086', guild_scheduled_event_id: '941089844125970512' },
    rest: { route: 'GET /guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}', answer: 'event' },
    payload: EventSchema.extend({ with_user_count: z.boolean().optional() }),
    result: z.object({ success, event: ScheduledEventObjectSchema }),
  },
  create_scheduled_event: {
    method: 'events.create',
    summary: 'Plan an event of a server: on a stage, in a voice channel, or elsewhere.',
    repeatable: 'no',
    guild: 'guild_id',
    permissions: ['CreateEvents'],
    permissionsAllIf,
    errors: ['INVALID_FORM_BODY_OR_CONTENT_TYPE', 'UNKNOWN_CHANNEL', 'CANNOT_EXECUTE_ACTION_ON_THIS_CHANNEL_TYPE'],
    example: {
      guild_id: '197038439483310086',
      name: 'Open workshop',
      privacy_level: 2,
      entity_type: 3,
      entity_metadata: { location: 'Harbour street 4' },
      scheduled_start_time: '2027-01-01T12:00:00Z',
      scheduled_end_time: '2027-01-01T16:00:00Z',
    },
    rest: { route: 'POST /guilds/{guild_id}/scheduled-events', answer: 'event' },
    payload: z.strictObject({ guild_id: SnowflakeSchema, ...fields, reason: ReasonSchema.optional() }),
    result: z.object({ success, event: ScheduledEventObjectSchema }),
  },
  edit_scheduled_event: {
    method: 'events.edit',
    summary: 'Change an event of a server, begin it, end it or call it off.',
    repeatable: 'idempotent',
    guild: 'guild_id',
    permissionsIf: byMaker('Events'),
    permissionsAllIf,
    errors: ['UNKNOWN_GUILD_SCHEDULED_EVENT', 'INVALID_FORM_BODY_OR_CONTENT_TYPE', 'CANNOT_UPDATE_A_FINISHED_EVENT'],
    example: { guild_id: '197038439483310086', guild_scheduled_event_id: '941089844125970512', status: 2 },
    rest: { route: 'PATCH /guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}', answer: 'event' },
    payload: EventSchema.extend({
      ...z.object(fields).partial().shape,
      /** 2 is on, 3 over, 4 called off; 1, ahead, is what it begins as. */
      status: z.literal([1, 2, 3, 4]).optional(),
      reason: ReasonSchema.optional(),
    }),
    result: z.object({ success, event: ScheduledEventObjectSchema }),
  },
  delete_scheduled_event: {
    method: 'events.delete',
    summary: 'Delete an event of a server.',
    repeatable: 'idempotent',
    guild: 'guild_id',
    permissionsIf: byMaker('Events'),
    permissionsAllIf,
    errors: ['UNKNOWN_GUILD_SCHEDULED_EVENT'],
    example: { guild_id: '197038439483310086', guild_scheduled_event_id: '941089844125970512' },
    rest: {
      route: 'DELETE /guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}',
      done: 'UNKNOWN_GUILD_SCHEDULED_EVENT',
    },
    payload: EventSchema.extend({ reason: ReasonSchema.optional() }),
    result: ok,
  },
  list_event_users: {
    method: 'events.users',
    summary: 'Read who is interested in an event, by their ids.',
    repeatable: 'read',
    guild: 'guild_id',
    errors: ['UNKNOWN_GUILD_SCHEDULED_EVENT'],
    example: { guild_id: '197038439483310086', guild_scheduled_event_id: '941089844125970512', limit: 100 },
    rest: { route: 'GET /guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}/users', answer: 'users' },
    payload: EventSchema.extend({
      /** 1 to 100, which is Discord's default. */
      limit: z.int().min(1).max(100).optional(),
      /** With the members that they are. */
      with_member: z.boolean().optional(),
      before: SnowflakeSchema.optional(),
      /** Passed over where there is `before`. */
      after: SnowflakeSchema.optional(),
    }),
    result: z.object({ success, users: z.array(ScheduledEventUserObjectSchema) }),
  },
} as const satisfies Record<string, CommandDefinition>
