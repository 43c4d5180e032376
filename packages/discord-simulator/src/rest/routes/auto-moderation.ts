import { AutoModerationRuleTriggerType as Trigger, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import type { APIAutoModerationRule } from 'discord-api-types/v10'
import { z } from 'zod'
import { guildPermissions } from '../../world/permissions.ts'
import type { Guild } from '../../world/types.ts'
import type { World } from '../../world/world.ts'
import { guildWith, need } from '../access.ts'
import { TRIGGERS, changeRuleBody, createRuleBody } from '../auto-moderation/rule-body.ts'
import type { RuleAction } from '../auto-moderation/rule-body.ts'
import { refusal } from '../errors.ts'
import { readForm } from '../form.ts'
import { none, ok, param } from '../route.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'

const path = '/guilds/:guild_id/auto-moderation/rules'

/** https://docs.discord.com/developers/resources/auto-moderation#auto-moderation-permission-requirements */
const guildOfRules = (world: World, request: RestRequest) =>
  guildWith(world, param(request, 'guild_id'), Bit.ManageGuild)

const rulesOf = (world: World, guild: Guild) => world.autoModeration.get(guild.id) ?? []

function ruleOf(world: World, request: RestRequest): { guild: Guild; rule: APIAutoModerationRule } {
  const guild = guildOfRules(world, request)
  const rule = rulesOf(world, guild).find(({ id }) => id === param(request, 'rule_id'))
  // Discord's table of codes has none for rules: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
  if (!rule) throw refusal.notFound()
  return { guild, rule }
}

/** What a rule of this kind looks for, as far as a body says it; faults are named by where they stand in it. */
const metadataOf = (kind: Trigger, said: unknown) =>
  readForm(z.object({ trigger_metadata: TRIGGERS[kind].metadata }), { trigger_metadata: said ?? {} }).trigger_metadata

/** Refuses actions that the bot may not have taken, that this kind of rule cannot take, or that lead nowhere. */
function checkActions(world: World, guild: Guild, kind: Trigger, actions: readonly RuleAction[]): void {
  for (const [index, { type, metadata }] of actions.entries()) {
    if (type === 3) {
      need(guildPermissions(guild, world.bot.id), Bit.ModerateMembers)
      if (kind !== Trigger.Keyword && kind !== Trigger.MentionSpam) {
        const message = 'This trigger type does not support this action.'
        throw refusal.invalidForm([{ path: ['actions', index], code: 'AUTO_MODERATION_INVALID_ACTION', message }])
      }
    }
    if (type === 2 && !guild.channels.some(({ id }) => id === metadata.channel_id)) throw refusal.unknownChannel()
  }
}

/** https://docs.discord.com/developers/resources/auto-moderation#create-auto-moderation-rule */
function create({ world, emit }: RestContext, request: RestRequest) {
  const guild = guildOfRules(world, request)
  const body = readForm(createRuleBody, request.body ?? {})
  const kind: Trigger = body.trigger_type
  const trigger_metadata = metadataOf(kind, body.trigger_metadata)
  checkActions(world, guild, kind, body.actions)
  const { max } = TRIGGERS[kind]
  if (rulesOf(world, guild).filter(({ trigger_type }) => trigger_type === kind).length >= max) {
    const message = `Maximum number of rules of this type reached (${max})`
    throw refusal.invalidForm([{ path: [], code: 'AUTO_MODERATION_MAX_RULES_OF_TYPE_EXCEEDED', message }])
  }
  const rule = {
    id: world.nextId(),
    guild_id: guild.id,
    creator_id: world.bot.id,
    name: body.name,
    event_type: body.event_type,
    trigger_type: kind,
    trigger_metadata,
    actions: body.actions.map(({ type, metadata }) => ({ type, metadata })),
    enabled: body.enabled ?? false,
    exempt_roles: body.exempt_roles ?? [],
    exempt_channels: body.exempt_channels ?? [],
  }
  emit({ event: 'AUTO_MODERATION_RULE_CREATE', payload: rule })
  return ok(rule)
}

/** https://docs.discord.com/developers/resources/auto-moderation#modify-auto-moderation-rule */
function change({ world, emit }: RestContext, request: RestRequest) {
  const { guild, rule } = ruleOf(world, request)
  const body = readForm(changeRuleBody, request.body ?? {})
  const kind = rule.trigger_type
  if (body.actions) checkActions(world, guild, kind, body.actions)
  const next = {
    ...rule,
    name: body.name ?? rule.name,
    event_type: body.event_type ?? rule.event_type,
    enabled: body.enabled ?? rule.enabled,
    exempt_roles: body.exempt_roles ?? rule.exempt_roles,
    exempt_channels: body.exempt_channels ?? rule.exempt_channels,
    actions: body.actions?.map(({ type, metadata }) => ({ type, metadata })) ?? rule.actions,
    ...(body.trigger_metadata != null && { trigger_metadata: metadataOf(kind, body.trigger_metadata) }),
  }
  emit({ event: 'AUTO_MODERATION_RULE_UPDATE', payload: next })
  return ok(next)
}

/** Rules are kept and told; nothing here is moderated by them. https://docs.discord.com/developers/resources/auto-moderation */
export const autoModerationRoutes: readonly Route[] = [
  {
    method: 'GET',
    path,
    handle: ({ world }, request) => ok(rulesOf(world, guildOfRules(world, request))),
  },
  { method: 'POST', path, handle: create },
  { method: 'GET', path: `${path}/:rule_id`, handle: ({ world }, request) => ok(ruleOf(world, request).rule) },
  { method: 'PATCH', path: `${path}/:rule_id`, handle: change },
  {
    method: 'DELETE',
    path: `${path}/:rule_id`,
    handle: ({ world, emit }, request) => {
      emit({ event: 'AUTO_MODERATION_RULE_DELETE', payload: ruleOf(world, request).rule })
      return none()
    },
  },
]
