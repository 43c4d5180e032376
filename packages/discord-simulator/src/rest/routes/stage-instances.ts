import { ChannelType, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import type { APIStageInstance } from 'discord-api-types/v10'
import { z } from 'zod'
import type { World } from '../../world/world.ts'
import { channelOf, need } from '../access.ts'
import type { ReachedInGuild } from '../access.ts'
import { refusal } from '../errors.ts'
import { maybe, readForm, snowflake, text } from '../form.ts'
import { none, ok, param } from '../route.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'

const privacy = maybe(z.literal([1, 2]))
const createBody = z.looseObject({
  channel_id: snowflake,
  topic: text(120, 1),
  privacy_level: privacy.transform((level) => level ?? 2),
  send_start_notification: maybe(z.boolean()),
  guild_scheduled_event_id: maybe(snowflake).transform((id) => id ?? null),
})
const changeBody = z.looseObject({ topic: maybe(text(120, 1)), privacy_level: privacy })

/** Who may open, change and close a stage: https://docs.discord.com/developers/resources/stage-instance#definitions */
export const MODERATOR = [Bit.ManageChannels, Bit.MuteMembers, Bit.MoveMembers]

function stageChannel(world: World, id: string): ReachedInGuild {
  const at = channelOf(world, id)
  if (at.channel.type !== ChannelType.GuildStageVoice) throw refusal.wrongChannelType()
  return at
}

/** What is on in a stage channel, or 10067. */
function stageOf(world: World, request: RestRequest): ReachedInGuild & { stage: APIStageInstance } {
  const at = channelOf(world, param(request, 'channel_id'))
  const stage = at.guild.stage_instances.find(({ channel_id }) => channel_id === at.channel.id)
  if (!stage) throw refusal.unknownStage()
  return { ...at, stage }
}

/** https://docs.discord.com/developers/resources/stage-instance#create-stage-instance */
function open({ world, emit }: RestContext, request: RestRequest) {
  const body = readForm(createBody, request.body ?? {})
  const { guild, channel, bits } = stageChannel(world, body.channel_id)
  need(bits, ...MODERATOR)
  if (guild.stage_instances.some(({ channel_id }) => channel_id === channel.id)) throw refusal.stageOpen()
  const { guild_scheduled_event_id } = body
  const isKnown = guild.guild_scheduled_events.some(({ id }) => id === guild_scheduled_event_id)
  if (guild_scheduled_event_id !== null && !isKnown) throw refusal.unknownEvent()
  const stage = {
    id: world.nextId(),
    guild_id: guild.id,
    channel_id: channel.id,
    topic: body.topic,
    privacy_level: body.privacy_level,
    discoverable_disabled: true,
    guild_scheduled_event_id,
  }
  emit({ event: 'STAGE_INSTANCE_CREATE', payload: stage })
  return ok(stage)
}

const path = '/stage-instances/:channel_id'

/** https://docs.discord.com/developers/resources/stage-instance */
export const stageRoutes: readonly Route[] = [
  { method: 'POST', path: '/stage-instances', handle: open },
  { method: 'GET', path, handle: ({ world }, request) => ok(stageOf(world, request).stage) },
  {
    method: 'PATCH',
    path,
    handle: ({ world, emit }, request) => {
      const { stage, bits } = stageOf(world, request)
      const { topic = stage.topic, privacy_level = stage.privacy_level } = readForm(changeBody, request.body ?? {})
      need(bits, ...MODERATOR)
      const next = { ...stage, topic, privacy_level }
      emit({ event: 'STAGE_INSTANCE_UPDATE', payload: next })
      return ok(next)
    },
  },
  {
    method: 'DELETE',
    path,
    handle: ({ world, emit }, request) => {
      const { stage, bits } = stageOf(world, request)
      need(bits, ...MODERATOR)
      emit({ event: 'STAGE_INSTANCE_DELETE', payload: stage })
      return none()
    },
  },
]
