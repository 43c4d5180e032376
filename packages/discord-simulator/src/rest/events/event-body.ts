import { GuildScheduledEventEntityType as Kind } from 'discord-api-types/v10'
import { z } from 'zod'
import { refusal } from '../errors.ts'
import type { FieldError } from '../errors.ts'
import { maybe, moment, snowflake, text } from '../form.ts'

/** https://docs.discord.com/developers/resources/guild-scheduled-event#guild-scheduled-event-recurrence-rule-object */
const recurrence = z
  .looseObject({
    start: moment,
    end: moment.nullish(),
    frequency: z.literal([0, 1, 2, 3]),
    interval: z.int().min(1).default(1),
    by_weekday: z.array(z.int().min(0).max(6)).nullish(),
    by_n_weekday: z.array(z.looseObject({ n: z.int().min(1).max(5), day: z.int().min(0).max(6) })).nullish(),
    by_month: z.array(z.int().min(1).max(12)).nullish(),
    by_month_day: z.array(z.int().min(1).max(31)).nullish(),
  })
  .transform(({ start, end, frequency, interval, by_weekday, by_n_weekday, by_month, by_month_day }) => ({
    start,
    end: end ?? null,
    frequency,
    interval,
    by_weekday: by_weekday ?? null,
    by_n_weekday: by_n_weekday?.map(({ n, day }) => ({ n, day })) ?? null,
    by_month: by_month ?? null,
    by_month_day: by_month_day ?? null,
  }))

const fields = {
  name: text(100, 1),
  description: text(1_000).nullish(),
  channel_id: snowflake.nullish(),
  entity_type: z.literal([1, 2, 3]),
  entity_metadata: z.looseObject({ location: maybe(text(100, 1)) }).nullish(),
  privacy_level: z.literal(2),
  scheduled_start_time: moment,
  scheduled_end_time: moment.nullish(),
  recurrence_rule: recurrence.nullish(),
}

export const createEventBody = z.looseObject(fields)
export const changeEventBody = z.looseObject({
  ...fields,
  name: maybe(fields.name),
  entity_type: maybe(fields.entity_type),
  privacy_level: maybe(fields.privacy_level),
  scheduled_start_time: maybe(fields.scheduled_start_time),
  status: maybe(z.literal([1, 2, 3, 4])),
})

export interface EventPlan {
  entity_type: Kind
  channel_id?: string | null | undefined
  entity_metadata?: { location?: string | undefined } | null | undefined
  scheduled_start_time: string
  scheduled_end_time?: string | null | undefined
}

/** What each kind of event needs: https://docs.discord.com/developers/resources/guild-scheduled-event#guild-scheduled-event-object-field-requirements-by-entity-type */
export function checkEvent(plan: EventPlan): void {
  const missing = (...path: string[]): FieldError => ({
    path,
    code: 'BASE_TYPE_REQUIRED',
    message: 'This field is required',
  })
  const faults: FieldError[] = []
  if (plan.entity_type === Kind.External) {
    if (!plan.entity_metadata?.location) faults.push(missing('entity_metadata', 'location'))
    if (!plan.scheduled_end_time) faults.push(missing('scheduled_end_time'))
    if (plan.channel_id) {
      const message = 'Must be null for external events.'
      faults.push({ path: ['channel_id'], code: 'BASE_TYPE_INVALID', message })
    }
  } else if (!plan.channel_id) faults.push(missing('channel_id'))
  const end = plan.scheduled_end_time
  if (end && Date.parse(end) <= Date.parse(plan.scheduled_start_time)) {
    const message = 'Cannot schedule event to end before it starts.'
    faults.push({ path: ['scheduled_end_time'], code: 'GUILD_SCHEDULED_EVENT_SCHEDULE_INVALID', message })
  }
  if (faults.length > 0) throw refusal.invalidForm(faults)
}

/** An event begins in the future. */
export function checkStart(start: string, nowMs: number): void {
  if (Date.parse(start) > nowMs) return
  const message = 'Cannot schedule event in the past.'
  const code = 'GUILD_SCHEDULED_EVENT_SCHEDULE_PAST'
  throw refusal.invalidForm([{ path: ['scheduled_start_time'], code, message }])
}
