import { ChannelType, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { z } from 'zod'
import { voiceEvent } from '../../world/compose.ts'
import type { World } from '../../world/world.ts'
import { guildOf, need } from '../access.ts'
import { refusal } from '../errors.ts'
import { maybe, moment, readForm, snowflake } from '../form.ts'
import { none, ok, param } from '../route.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'

const stateBody = z.looseObject({
  channel_id: maybe(snowflake),
  suppress: maybe(z.boolean()),
  request_to_speak_timestamp: moment.nullish(),
})

function stateOf(world: World, request: RestRequest, userId: string) {
  const guild = guildOf(world, param(request, 'guild_id'))
  const state = guild.voice_states.find((candidate) => candidate.user_id === userId)
  if (!state) throw refusal.unknownVoiceState()
  return { guild, state }
}

/** https://docs.discord.com/developers/resources/voice#get-user-voice-state */
function show({ world }: RestContext, request: RestRequest, userId: string) {
  const { guild, state } = stateOf(world, request, userId)
  const member = world.member(guild.id, userId)
  return ok({ self_stream: false, ...state, guild_id: guild.id, ...(member && { member }) })
}

/** https://docs.discord.com/developers/resources/voice#modify-user-voice-state: of stages only */
function change({ world, emit }: RestContext, request: RestRequest, userId: string) {
  const { guild, state } = stateOf(world, request, userId)
  const channel = guild.channels.find((candidate) => candidate.id === state.channel_id)
  const body = readForm(stateBody, request.body ?? {})
  if (channel?.type !== ChannelType.GuildStageVoice) throw refusal.wrongChannelType()
  const has = world.permissions({ guild, channel }, world.bot.id)
  const isSelf = userId === world.bot.id
  if (body.suppress !== undefined && !(isSelf && body.suppress)) need(has, Bit.MuteMembers)
  if (body.request_to_speak_timestamp) need(has, Bit.RequestToSpeak)
  const { suppress, request_to_speak_timestamp } = body
  const said = {
    ...(suppress !== undefined && { suppress }),
    ...(request_to_speak_timestamp !== undefined && { request_to_speak_timestamp }),
  }
  emit({ event: 'VOICE_STATE_UPDATE', payload: { ...voiceEvent(world, guild, userId, {}), ...said } })
  return none()
}

const path = '/guilds/:guild_id/voice-states'

export const voiceStateRoutes: readonly Route[] = [
  { method: 'GET', path: `${path}/@me`, handle: (at, request) => show(at, request, at.world.bot.id) },
  { method: 'GET', path: `${path}/:user_id`, handle: (at, request) => show(at, request, param(request, 'user_id')) },
  { method: 'PATCH', path: `${path}/@me`, handle: (at, request) => change(at, request, at.world.bot.id) },
  {
    method: 'PATCH',
    path: `${path}/:user_id`,
    handle: (at, request) => change(at, request, param(request, 'user_id')),
  },
]
