import { AutoModerationRuleTriggerType as Trigger } from 'discord-api-types/v10'
import { z } from 'zod'
import { list, maybe, snowflake, text } from '../form.ts'

/** Reads a list that may be left out. */
const upTo = <T>(of: z.ZodType<T>, max: number) => maybe(z.array(of).max(max)).transform((value) => value ?? [])

/** https://docs.discord.com/developers/resources/auto-moderation#auto-moderation-rule-object-trigger-metadata-field-limits */
const keywords = z
  .looseObject({
    keyword_filter: upTo(text(60, 1), 1_000),
    regex_patterns: upTo(text(260, 1), 10),
    allow_list: upTo(text(60, 1), 100),
  })
  .transform(({ keyword_filter, regex_patterns, allow_list }) => ({ keyword_filter, regex_patterns, allow_list }))
const presets = z
  .looseObject({ presets: z.array(z.literal([1, 2, 3])).max(3), allow_list: upTo(text(60, 1), 1_000) })
  .transform(({ presets: chosen, allow_list }) => ({ presets: chosen, allow_list }))
const mentions = z
  .looseObject({
    mention_total_limit: z.int().min(0).max(50),
    mention_raid_protection_enabled: maybe(z.boolean()).transform((value) => value ?? false),
  })
  .transform(({ mention_total_limit, mention_raid_protection_enabled }) => ({
    mention_total_limit,
    mention_raid_protection_enabled,
  }))

/** What a rule of each kind looks for, and how many of the kind a guild may have. */
export const TRIGGERS: Readonly<Record<Trigger, { metadata: z.ZodType; max: number }>> = {
  [Trigger.Keyword]: { metadata: keywords, max: 6 },
  [Trigger.Spam]: { metadata: z.unknown().transform(() => ({})), max: 1 },
  [Trigger.KeywordPreset]: { metadata: presets, max: 1 },
  [Trigger.MentionSpam]: { metadata: mentions, max: 1 },
  [Trigger.MemberProfile]: { metadata: keywords, max: 1 },
}

/** https://docs.discord.com/developers/resources/auto-moderation#auto-moderation-action-object */
const action = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal(1),
    metadata: maybe(z.looseObject({ custom_message: maybe(text(150)) })).transform((value) => ({
      ...(value?.custom_message !== undefined && { custom_message: value.custom_message }),
    })),
  }),
  z.looseObject({
    type: z.literal(2),
    metadata: z.looseObject({ channel_id: snowflake }).transform(({ channel_id }) => ({ channel_id })),
  }),
  z.looseObject({
    type: z.literal(3),
    metadata: z
      .looseObject({ duration_seconds: z.int().min(1).max(2_419_200) })
      .transform(({ duration_seconds }) => ({ duration_seconds })),
  }),
  z.looseObject({
    type: z.literal(4),
    metadata: z
      .unknown()
      .optional()
      .transform(() => ({})),
  }),
])
export type RuleAction = z.infer<typeof action>

const fields = {
  name: text(100, 1),
  event_type: z.literal([1, 2]),
  actions: list(action, 1, 5),
  enabled: maybe(z.boolean()),
  exempt_roles: maybe(z.array(snowflake).max(20)),
  exempt_channels: maybe(z.array(snowflake).max(50)),
  trigger_metadata: z.unknown().optional(),
}

export const createRuleBody = z.looseObject({ ...fields, trigger_type: z.literal([1, 3, 4, 5, 6]) })
export const changeRuleBody = z.looseObject({
  ...fields,
  name: maybe(fields.name),
  event_type: maybe(fields.event_type),
  actions: maybe(fields.actions),
})
