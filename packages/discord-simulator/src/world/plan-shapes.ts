import {
  AutoModerationRuleTriggerType,
  GuildScheduledEventEntityType,
  StageInstancePrivacyLevel,
} from 'discord-api-types/v10'
import { GuildScheduledEventStatus } from 'discord-api-types/v10'
import { z } from 'zod'
import { timestampOf } from '../snowflake.ts'
import { id, moment } from './shapes.ts'

/*
 * What the world needs of what a guild has planned, opened and ruled, as `shapes.ts` has it of the rest: what an update may
 * leave out is optional, and what is new is completed.
 */

/** https://docs.discord.com/developers/resources/guild-scheduled-event#guild-scheduled-event-object */
export const scheduledEvent = z.looseObject({
  id,
  channel_id: id.nullish(),
  creator_id: id.nullish(),
  name: z.string().optional(),
  status: z.enum(GuildScheduledEventStatus).optional(),
  entity_type: z.enum(GuildScheduledEventEntityType).optional(),
  entity_metadata: z.looseObject({ location: z.string().optional() }).nullish(),
  scheduled_start_time: moment.optional(),
  scheduled_end_time: moment.nullish(),
  user_count: z.int().optional(),
})
export const newScheduledEvent = (value: z.infer<typeof scheduledEvent>) => ({
  channel_id: null,
  creator_id: null,
  name: 'new event',
  description: null,
  image: null,
  status: GuildScheduledEventStatus.Scheduled,
  entity_type: GuildScheduledEventEntityType.External,
  entity_id: null,
  entity_metadata: null,
  privacy_level: 2,
  recurrence_rule: null,
  scheduled_start_time: new Date(timestampOf(value.id)).toISOString(),
  scheduled_end_time: null,
  ...value,
})

/** https://docs.discord.com/developers/resources/stage-instance#stage-instance-object */
export const stage = z.looseObject({ id, channel_id: id.optional(), topic: z.string().optional() })
export const newStage = (value: z.infer<typeof stage>) => ({
  topic: 'new stage',
  privacy_level: StageInstancePrivacyLevel.GuildOnly,
  discoverable_disabled: true,
  guild_scheduled_event_id: null,
  ...value,
})

/** https://docs.discord.com/developers/resources/auto-moderation#auto-moderation-rule-object */
export const rule = z.looseObject({
  id,
  name: z.string().optional(),
  creator_id: id.optional(),
  trigger_type: z.enum(AutoModerationRuleTriggerType).optional(),
  trigger_metadata: z.looseObject({}).optional(),
  actions: z.array(z.looseObject({ type: z.int(), metadata: z.looseObject({}).nullish() })).optional(),
  enabled: z.boolean().optional(),
  exempt_roles: z.array(id).optional(),
  exempt_channels: z.array(id).optional(),
})
export const newRule = (value: z.infer<typeof rule>) => ({
  name: 'new rule',
  creator_id: '0',
  event_type: 1,
  trigger_type: AutoModerationRuleTriggerType.Keyword,
  trigger_metadata: {},
  actions: [],
  enabled: false,
  exempt_roles: [],
  exempt_channels: [],
  ...value,
})
