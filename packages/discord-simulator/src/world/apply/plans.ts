import type { APIAutoModerationRule } from 'discord-api-types/v10'
import { z } from 'zod'
import { newRule, newScheduledEvent, newStage, rule, scheduledEvent, stage } from '../plan-shapes.ts'
import { id } from '../shapes.ts'
import type { Guild } from '../types.ts'
import type { World } from '../world.ts'
import { inGuildWithId, onGuild, remove, upsert } from './handler.ts'
import type { Handler, Handlers } from './handler.ts'

const inAGuild = { guild_id: id }

/** Adds one to a list of a guild's, or merges it into the one that has its id. */
function put<T extends { id: string }, V extends { id: string; guild_id: string }>(
  shape: z.ZodType<V>,
  listOf: (guild: Guild, world: World) => T[],
  made: (value: V) => object,
): Handler {
  return onGuild(shape, (guild, payload, world) => {
    const list = listOf(guild, world)
    const isThis = (entry: T) => entry.id === payload.id
    upsert(list, list.some(isThis) ? payload : made(payload), isThis)
  })
}

const taken = (listOf: (guild: Guild, world: World) => { id: string }[]): Handler =>
  onGuild(inGuildWithId, (guild, payload, world) => remove(listOf(guild, world), (entry) => entry.id === payload.id))

const eventsOf = (guild: Guild) => guild.guild_scheduled_events
const stagesOf = (guild: Guild) => guild.stage_instances
function rulesOf(guild: Guild, world: World): APIAutoModerationRule[] {
  const rules = world.autoModeration.get(guild.id) ?? []
  world.autoModeration.set(guild.id, rules)
  return rules
}

const eventPut = put(scheduledEvent.extend(inAGuild), eventsOf, newScheduledEvent)
const stagePut = put(stage.extend(inAGuild), stagesOf, newStage)
const rulePut = put(rule.extend(inAGuild), rulesOf, newRule)

const interest = z.looseObject({ guild_id: id, guild_scheduled_event_id: id, user_id: id })

/** Somebody becomes interested in an event, or is no more. */
const interested = (change: 'add' | 'delete') =>
  onGuild(interest, (guild, { guild_scheduled_event_id, user_id }, world) => {
    const event = guild.guild_scheduled_events.find((candidate) => candidate.id === guild_scheduled_event_id)
    const users = world.interested.get(guild_scheduled_event_id) ?? new Set<string>()
    world.interested.set(guild_scheduled_event_id, users)
    const known = users.size
    users[change](user_id)
    if (event) event.user_count = Math.max(0, (event.user_count ?? 0) + users.size - known)
  })

/**
 * What a guild has planned, opened and ruled.
 * https://docs.discord.com/developers/events/gateway-events#guild-scheduled-events
 */
export const planHandlers: Handlers = {
  STAGE_INSTANCE_CREATE: stagePut,
  STAGE_INSTANCE_UPDATE: stagePut,
  STAGE_INSTANCE_DELETE: taken(stagesOf),
  GUILD_SCHEDULED_EVENT_CREATE: eventPut,
  GUILD_SCHEDULED_EVENT_UPDATE: eventPut,
  GUILD_SCHEDULED_EVENT_DELETE: taken(eventsOf),
  GUILD_SCHEDULED_EVENT_USER_ADD: interested('add'),
  GUILD_SCHEDULED_EVENT_USER_REMOVE: interested('delete'),
  AUTO_MODERATION_RULE_CREATE: rulePut,
  AUTO_MODERATION_RULE_UPDATE: rulePut,
  AUTO_MODERATION_RULE_DELETE: taken(rulesOf),
}
