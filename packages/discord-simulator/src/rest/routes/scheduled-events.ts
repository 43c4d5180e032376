import {
  ChannelType,
  GuildScheduledEventEntityType as Kind,
  GuildScheduledEventStatus as Status,
} from 'discord-api-types/v10'
import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import type { APIGuildScheduledEvent } from 'discord-api-types/v10'
import { z } from 'zod'
import { compareSnowflakes } from '../../snowflake.ts'
import { isoTime } from '../../world/compose.ts'
import { guildPermissions } from '../../world/permissions.ts'
import type { Guild } from '../../world/types.ts'
import type { World } from '../../world/world.ts'
import { channelOf, guildOf, need } from '../access.ts'
import { refusal } from '../errors.ts'
import { changeEventBody, checkEvent, checkStart, createEventBody } from '../events/event-body.ts'
import { shownEvent } from '../events/shown.ts'
import { integer, readForm, snowflake } from '../form.ts'
import { none, ok, param } from '../route.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'
import { MODERATOR } from './stage-instances.ts'

/** How many may be ahead or on: https://docs.discord.com/developers/resources/guild-scheduled-event#create-guild-scheduled-event */
const EVENTS_PER_GUILD = 100

/** https://docs.discord.com/developers/resources/guild-scheduled-event#guild-scheduled-event-object-valid-guild-scheduled-event-status-transitions */
const NEXT: Readonly<Record<Status, readonly Status[]>> = {
  [Status.Scheduled]: [Status.Active, Status.Canceled],
  [Status.Active]: [Status.Completed],
  [Status.Completed]: [],
  [Status.Canceled]: [],
}
const HOSTS: Readonly<Record<number, ChannelType>> = {
  [Kind.StageInstance]: ChannelType.GuildStageVoice,
  [Kind.Voice]: ChannelType.GuildVoice,
}

const withCount = (request: RestRequest) => request.query.get('with_user_count') === 'true'

function eventOf(world: World, request: RestRequest): { guild: Guild; event: APIGuildScheduledEvent } {
  const guild = guildOf(world, param(request, 'guild_id'))
  const event = guild.guild_scheduled_events.find(({ id }) => id === param(request, 'event_id'))
  if (!event) throw refusal.unknownEvent()
  return { guild, event }
}

/**
 * Whoever planned it may change it, as may who manages all, where it is to be open to them:
 * https://docs.discord.com/developers/resources/guild-scheduled-event#guild-scheduled-event-permissions-requirements
 */
function ownEvent(world: World, request: RestRequest) {
  const found = eventOf(world, request)
  const has = guildPermissions(found.guild, world.bot.id)
  const isOwn = found.event.creator_id === world.bot.id && (has & Bit.CreateEvents) !== 0n
  if (!isOwn) need(has, Bit.ManageEvents)
  const { channel_id, entity_type } = found.event
  // It may be gone since.
  if (channel_id && world.channel(channel_id)) checkHost(world, found.guild, entity_type, channel_id)
  return found
}

/** Where it is to be must fit what it is, and be open to the bot; a stage to its moderators. */
function checkHost(world: World, guild: Guild, kind: number, channelId: string | null | undefined): void {
  if (!channelId) return
  const at = channelOf(world, channelId)
  if (at.guild.id !== guild.id) throw refusal.unknownChannel()
  if (at.channel.type !== HOSTS[kind]) throw refusal.wrongChannelType()
  need(at.bits, Bit.Connect, ...(at.channel.type === ChannelType.GuildStageVoice ? MODERATOR : []))
}

const asMoment = (moment: string | null | undefined) => (moment ? isoTime(Date.parse(moment)) : null)

/** https://docs.discord.com/developers/resources/guild-scheduled-event#create-guild-scheduled-event */
function create({ world, emit }: RestContext, request: RestRequest) {
  const guild = guildOf(world, param(request, 'guild_id'))
  const body = readForm(createEventBody, request.body ?? {})
  need(guildPermissions(guild, world.bot.id), Bit.CreateEvents)
  checkEvent(body)
  checkStart(body.scheduled_start_time, world.clock.now())
  checkHost(world, guild, body.entity_type, body.channel_id)
  const ahead = guild.guild_scheduled_events.filter(({ status }) => NEXT[status].length > 0)
  if (ahead.length >= EVENTS_PER_GUILD) throw refusal.tooManyEvents()
  const kind: Kind = body.entity_type
  const event = {
    id: world.nextId(),
    guild_id: guild.id,
    channel_id: body.channel_id ?? null,
    creator_id: world.bot.id,
    name: body.name,
    description: body.description ?? null,
    image: null,
    scheduled_start_time: asMoment(body.scheduled_start_time),
    scheduled_end_time: asMoment(body.scheduled_end_time),
    privacy_level: 2,
    status: Status.Scheduled,
    entity_type: body.entity_type,
    entity_id: null,
    entity_metadata: kind === Kind.External ? { location: body.entity_metadata?.location } : null,
    recurrence_rule: body.recurrence_rule ?? null,
    user_count: 0,
  } as APIGuildScheduledEvent
  emit({ event: 'GUILD_SCHEDULED_EVENT_CREATE', payload: shownEvent(world, event, true) })
  return ok(shownEvent(world, event, false))
}

/** https://docs.discord.com/developers/resources/guild-scheduled-event#modify-guild-scheduled-event */
function change({ world, emit }: RestContext, request: RestRequest) {
  const { guild, event } = ownEvent(world, request)
  const body = readForm(changeEventBody, request.body ?? {})
  if (NEXT[event.status].length === 0) throw refusal.finishedEvent()
  const { status = event.status, scheduled_start_time, scheduled_end_time } = body
  if (status !== event.status && !NEXT[event.status].includes(status)) {
    const message = `Value must be one of {${NEXT[event.status].join(', ')}}.`
    throw refusal.invalidForm([{ path: ['status'], code: 'BASE_TYPE_CHOICES', message }])
  }
  if (scheduled_start_time !== undefined) checkStart(scheduled_start_time, world.clock.now())
  const known = ['name', 'description', 'channel_id', 'entity_type', 'entity_metadata', 'recurrence_rule'] as const
  const next = {
    ...event,
    ...Object.fromEntries(known.flatMap((key) => (body[key] === undefined ? [] : [[key, body[key]]]))),
    ...(scheduled_start_time !== undefined && { scheduled_start_time: asMoment(scheduled_start_time) }),
    ...(scheduled_end_time !== undefined && { scheduled_end_time: asMoment(scheduled_end_time) }),
    status,
  } as APIGuildScheduledEvent
  checkEvent(next)
  // Places other than channels are for external events only, and passed over for others.
  if (next.entity_type === Kind.External) next.entity_metadata = { location: next.entity_metadata.location ?? '' }
  else next.entity_metadata = null
  checkHost(world, guild, next.entity_type, next.channel_id)
  emit({ event: 'GUILD_SCHEDULED_EVENT_UPDATE', payload: shownEvent(world, next, true) })
  return ok(shownEvent(world, next, false))
}

const usersQuery = z.object({
  limit: integer(1, 100).default(100),
  with_member: z.string().optional(),
  before: snowflake.optional(),
  after: snowflake.optional(),
})

/** Of both `before` and `after` only the first counts: https://docs.discord.com/developers/resources/guild-scheduled-event#get-guild-scheduled-event-users */
function listUsers({ world }: RestContext, request: RestRequest) {
  const { guild, event } = eventOf(world, request)
  const { limit, with_member, before, after } = readForm(usersQuery, Object.fromEntries(request.query))
  const ids = [...(world.interested.get(event.id) ?? [])].toSorted(compareSnowflakes)
  const page =
    before === undefined
      ? ids.filter((id) => compareSnowflakes(id, after ?? '0') > 0).slice(0, limit)
      : ids.filter((id) => compareSnowflakes(id, before) < 0).slice(-limit)
  return ok(
    page.map((user_id) => {
      const member = with_member === 'true' ? world.member(guild.id, user_id) : undefined
      const user = world.user(user_id)
      return { guild_scheduled_event_id: event.id, user_id, user, response: 1, ...(member && { member }) }
    }),
  )
}

const path = '/guilds/:guild_id/scheduled-events'

/** https://docs.discord.com/developers/resources/guild-scheduled-event */
export const scheduledEventRoutes: readonly Route[] = [
  {
    method: 'GET',
    path,
    handle: ({ world }, request) => {
      const guild = guildOf(world, param(request, 'guild_id'))
      // What is over is in no list.
      const ahead = guild.guild_scheduled_events.filter(({ status }) => NEXT[status].length > 0)
      return ok(ahead.map((event) => shownEvent(world, event, withCount(request))))
    },
  },
  { method: 'POST', path, handle: create },
  {
    method: 'GET',
    path: `${path}/:event_id`,
    handle: ({ world }, request) => ok(shownEvent(world, eventOf(world, request).event, withCount(request))),
  },
  { method: 'PATCH', path: `${path}/:event_id`, handle: change },
  {
    method: 'DELETE',
    path: `${path}/:event_id`,
    handle: ({ world, emit }, request) => {
      const { event } = ownEvent(world, request)
      emit({ event: 'GUILD_SCHEDULED_EVENT_DELETE', payload: shownEvent(world, event, true) })
      return none()
    },
  },
  { method: 'GET', path: `${path}/:event_id/users`, handle: listUsers },
  {
    method: 'GET',
    path: `${path}/:event_id/users/counts`,
    handle: ({ world }, request) => {
      const { event } = eventOf(world, request)
      const guild_scheduled_event_count = world.interested.get(event.id)?.size ?? 0
      // Events recur without exceptions here.
      return ok({ guild_scheduled_event_count, guild_scheduled_event_exception_counts: {} })
    },
  },
]
