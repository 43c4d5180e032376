import type { APIGuildScheduledEvent } from 'discord-api-types/v10'
import type { World } from '../../world/world.ts'

/** An event as it is shown; how many are interested only to who asks for it. */
export function shownEvent(world: World, { user_count, ...event }: APIGuildScheduledEvent, withCount: boolean): object {
  const creator = world.user(event.creator_id ?? '')
  return {
    ...event,
    guild_scheduled_event_exceptions: [],
    ...(creator && { creator }),
    ...(withCount && { user_count: user_count ?? 0 }),
  }
}
