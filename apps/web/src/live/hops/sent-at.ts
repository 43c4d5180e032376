import { snowflakeTime } from '@repo/discord-integration/types'

/**
 * When Discord made what an event tells of, in ms since the epoch by Discord's clock; null where the event does not say.
 * Only of what was made in the moment in which it is told: of an older thing its id says nothing about the event.
 * https://docs.discord.com/developers/reference#snowflakes
 */
export function sentAt(eventName: string, payload: unknown): number | null {
  const says = sayings[eventName]
  if (says === undefined || typeof payload !== 'object' || payload === null) return null
  const at = says(payload)
  return Number.isFinite(at) ? at : null
}

type Said = {
  id?: unknown
  type?: unknown
  edited_timestamp?: unknown
  joined_at?: unknown
  newly_created?: unknown
  user?: { bot?: unknown }
}

const made = ({ id }: Said): number => (typeof id === 'string' ? snowflakeTime(id) : Number.NaN)
const moment = (time: unknown): number => (typeof time === 'string' ? Date.parse(time) : Number.NaN)

const sayings: { readonly [event: string]: ((payload: Said) => number) | undefined } = {
  MESSAGE_CREATE: made,
  /** Only an edit says when; an embed that was loaded does not. */
  MESSAGE_UPDATE: ({ edited_timestamp: edited }) => moment(edited),
  CHANNEL_CREATE: made,
  /** Also told to one who was added to an older thread. */
  THREAD_CREATE: (payload) => (payload.newly_created === true ? made(payload) : Number.NaN),
  GUILD_MEMBER_ADD: ({ joined_at: joined }) => moment(joined),
  GUILD_SCHEDULED_EVENT_CREATE: made,
  GUILD_AUDIT_LOG_ENTRY_CREATE: made,
  STAGE_INSTANCE_CREATE: made,
}
