import { z } from 'zod'
import { id } from '../shapes.ts'
import { inGuildWithId, onGuild, remove, upsert } from './handler.ts'
import type { Handler, Handlers } from './handler.ts'

/** Adds or replaces in, or removes from, one of a guild's lists of things with an id. */
function listed(name: 'stage_instances' | 'guild_scheduled_events', what: 'put' | 'remove'): Handler {
  return onGuild(inGuildWithId, (guild, payload) => {
    const list: { id: string }[] = guild[name]
    if (what === 'put') upsert(list, payload, (entry) => entry.id === payload.id)
    else remove(list, (entry) => entry.id === payload.id)
  })
}

const rulePut = onGuild(inGuildWithId, (guild, rule, world) => {
  const rules = world.autoModeration.get(guild.id) ?? []
  world.autoModeration.set(guild.id, rules)
  upsert(rules, rule, (candidate) => candidate.id === rule.id)
})

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
  STAGE_INSTANCE_CREATE: listed('stage_instances', 'put'),
  STAGE_INSTANCE_UPDATE: listed('stage_instances', 'put'),
  STAGE_INSTANCE_DELETE: listed('stage_instances', 'remove'),
  GUILD_SCHEDULED_EVENT_CREATE: listed('guild_scheduled_events', 'put'),
  GUILD_SCHEDULED_EVENT_UPDATE: listed('guild_scheduled_events', 'put'),
  GUILD_SCHEDULED_EVENT_DELETE: listed('guild_scheduled_events', 'remove'),
  GUILD_SCHEDULED_EVENT_USER_ADD: interested('add'),
  GUILD_SCHEDULED_EVENT_USER_REMOVE: interested('delete'),
  AUTO_MODERATION_RULE_CREATE: rulePut,
  AUTO_MODERATION_RULE_UPDATE: rulePut,
  AUTO_MODERATION_RULE_DELETE: onGuild(inGuildWithId, (guild, rule, world) => {
    remove(world.autoModeration.get(guild.id) ?? [], (candidate) => candidate.id === rule.id)
  }),
}
