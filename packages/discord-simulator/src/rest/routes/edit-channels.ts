import { ChannelType, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { z } from 'zod'
import { voiceEvent } from '../../world/compose.ts'
import type { GuildChannel } from '../../world/types.ts'
import { channelOf, guildWith, need } from '../access.ts'
import { channelBody, checkGrant, fieldsOf } from '../channel-body.ts'
import { editThread } from '../edit-thread.ts'
import { refusal } from '../errors.ts'
import { forumFields } from '../forum.ts'
import { readForm, snowflake, text } from '../form.ts'
import { none, ok, param } from '../route.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'

const SPOKEN: ReadonlySet<ChannelType> = new Set([ChannelType.GuildVoice, ChannelType.GuildStageVoice])

const WRITTEN: ReadonlySet<ChannelType> = new Set([
  ChannelType.GuildText,
  ChannelType.GuildAnnouncement,
  ChannelType.GuildForum,
])

/** Text channels have names in lower case with dashes. */
const named = (type: ChannelType, name: string) =>
  WRITTEN.has(type) ? name.toLowerCase().replaceAll(/\s+/g, '-') : name

/** https://docs.discord.com/developers/resources/guild#create-guild-channel */
function createChannel({ world, emit }: RestContext, request: RestRequest) {
  const guild = guildWith(world, param(request, 'guild_id'), Bit.ManageChannels)
  const body = readForm(channelBody.extend({ name: text(100, 1) }), request.body ?? {})
  if (body.permission_overwrites) {
    const whole = world.permissions({ guild, channel: { type: 0 } as GuildChannel }, world.bot.id)
    checkGrant(whole, body.permission_overwrites)
  }
  const parent = guild.channels.find((channel) => channel.id === body.parent_id)
  if (body.parent_id && parent?.type !== ChannelType.GuildCategory) throw refusal.noCategory()
  const type = body.type ?? ChannelType.GuildText
  const isForum = type === ChannelType.GuildForum
  const inherited = parent && 'permission_overwrites' in parent ? parent.permission_overwrites : []
  const channel = {
    id: world.nextId(),
    guild_id: guild.id,
    flags: 0,
    nsfw: false,
    parent_id: null,
    position: Math.max(-1, ...guild.channels.map(({ position }) => position)) + 1,
    permission_overwrites: inherited,
    ...(type !== ChannelType.GuildCategory && { topic: null, last_message_id: null, rate_limit_per_user: 0 }),
    ...(SPOKEN.has(type) && { bitrate: 64_000, user_limit: 0, rtc_region: null }),
    ...fieldsOf(body, isForum),
    ...(isForum && forumFields(world, body, undefined)),
    type,
    name: named(type, body.name),
  }
  emit({ event: 'CHANNEL_CREATE', payload: channel })
  return { status: 201, body: channel }
}

/** https://docs.discord.com/developers/resources/channel#modify-channel */
function editChannel(context: RestContext, request: RestRequest) {
  const { world, emit } = context
  const { channel, guild, bits: has } = channelOf(world, param(request, 'channel_id'))
  if ('thread_metadata' in channel) return editThread(context, request, { guild, thread: channel, has })
  const isForum = channel.type === ChannelType.GuildForum
  const fields = fieldsOf(readForm(channelBody, request.body ?? {}), isForum)
  need(has, Bit.ManageChannels)
  if (fields.permission_overwrites) {
    need(has, Bit.ManageRoles)
    checkGrant(has, fields.permission_overwrites)
  }
  const isCategory = (id: string) =>
    guild.channels.some((candidate) => candidate.id === id && candidate.type === ChannelType.GuildCategory)
  if (fields.parent_id && !isCategory(fields.parent_id)) throw refusal.noCategory()
  if (fields.name !== undefined) fields.name = named(channel.type, fields.name)
  const change = { ...fields, ...(isForum && forumFields(world, fields, channel)) }
  emit({ event: 'CHANNEL_UPDATE', payload: { ...channel, guild_id: guild.id, ...change } })
  return ok(world.channel(channel.id)?.channel)
}

/** https://docs.discord.com/developers/resources/channel#deleteclose-channel */
function deleteChannel({ world, emit }: RestContext, request: RestRequest) {
  const direct = world.direct(param(request, 'channel_id'))
  // Closed for the bot, not gone: what was said is there when it is opened again.
  if (direct) return ok(direct.channel)
  const { channel, guild, bits: has } = channelOf(world, param(request, 'channel_id'))
  if ('thread_metadata' in channel) {
    need(has, Bit.ManageThreads)
    const { id, parent_id, type } = channel
    emit({ event: 'THREAD_DELETE', payload: { id, guild_id: guild.id, parent_id, type } })
    return ok(channel)
  }
  need(has, Bit.ManageChannels)
  for (const { user_id } of guild.voice_states.filter((state) => state.channel_id === channel.id)) {
    emit({ event: 'VOICE_STATE_UPDATE', payload: voiceEvent(world, guild, user_id, { channel_id: null }) })
  }
  for (const child of guild.channels.filter((each) => 'parent_id' in each && each.parent_id === channel.id)) {
    emit({ event: 'CHANNEL_UPDATE', payload: { ...child, guild_id: guild.id, parent_id: null } })
  }
  emit({ event: 'CHANNEL_DELETE', payload: { ...channel, guild_id: guild.id } })
  return ok(channel)
}

const positions = z.array(z.looseObject({ id: snowflake, position: z.int().nullish(), parent_id: snowflake.nullish() }))

/** https://docs.discord.com/developers/resources/guild#modify-guild-channel-positions */
function moveChannels({ world, emit }: RestContext, request: RestRequest) {
  const guild = guildWith(world, param(request, 'guild_id'), Bit.ManageChannels)
  const moves = readForm(positions, request.body ?? [])
  for (const { id, position, parent_id } of moves) {
    const channel = guild.channels.find((candidate) => candidate.id === id)
    if (!channel) throw refusal.unknownChannel()
    const change = { ...(position != null && { position }), ...(parent_id !== undefined && { parent_id }) }
    emit({ event: 'CHANNEL_UPDATE', payload: { ...channel, guild_id: guild.id, ...change } })
  }
  return none()
}

export const editChannelRoutes: readonly Route[] = [
  { method: 'POST', path: '/guilds/:guild_id/channels', handle: createChannel },
  { method: 'PATCH', path: '/guilds/:guild_id/channels', handle: moveChannels },
  { method: 'PATCH', path: '/channels/:channel_id', handle: editChannel },
  { method: 'DELETE', path: '/channels/:channel_id', handle: deleteChannel },
]
