import { isDeepStrictEqual } from 'node:util'
import { ChannelType, GuildFeature, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import type { APIOverwrite } from 'discord-api-types/v10'
import { z } from 'zod'
import { voiceEvent } from '../../world/compose.ts'
import type { Guild, GuildChannel, Located } from '../../world/types.ts'
import { channelOf, guildWith, need } from '../access.ts'
import { CREATABLE, channelBody, checkGrant, checkOverwrites, checkRoom, fieldsOf } from '../channel-body.ts'
import { checkParent, lastPosition, parentFault, pushedAside } from '../channel-order.ts'
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
/** https://docs.discord.com/developers/topics/opcodes-and-status-codes#json-json-error-codes; threads do not count */
const CHANNELS_PER_GUILD = 500

function createChannel(context: RestContext, request: RestRequest) {
  const { world, emit } = context
  const guild = guildWith(world, param(request, 'guild_id'), Bit.ManageChannels)
  const body = readForm(channelBody.extend({ name: text(100, 1) }), request.body ?? {})
  if (guild.channels.length >= CHANNELS_PER_GUILD) throw refusal.tooManyChannels(CHANNELS_PER_GUILD)
  if (body.permission_overwrites) {
    checkOverwrites(world, guild, body.permission_overwrites)
    const whole = world.permissions({ guild, channel: { type: 0 } as GuildChannel }, world.bot.id)
    checkGrant(whole, body.permission_overwrites)
  }
  const type = body.type ?? ChannelType.GuildText
  checkType(type, hasNews(guild) ? CREATABLE : CREATABLE.filter((each) => !NEWS.has(each)))
  checkRoom(body, type)
  if (body.parent_id) checkParent(guild, { type }, body.parent_id)
  const parent = guild.channels.find((channel) => channel.id === body.parent_id)
  const isForum = type === ChannelType.GuildForum
  const inherited = parent && 'permission_overwrites' in parent ? parent.permission_overwrites : []
  const channel = {
    id: world.nextId(),
    guild_id: guild.id,
    flags: 0,
    nsfw: false,
    parent_id: null,
    position: lastPosition(guild, type),
    permission_overwrites: inherited,
    ...(type !== ChannelType.GuildCategory && { topic: null, last_message_id: null, rate_limit_per_user: 0 }),
    ...(SPOKEN.has(type) && { bitrate: 64_000, user_limit: 0, rtc_region: null }),
    ...fieldsOf(body, type),
    ...(isForum && forumFields(world, body, undefined)),
    type,
    name: named(type, body.name),
  }
  const aside = body.position === undefined ? [] : pushedAside(guild, [channel as GuildChannel], new Set([channel.id]))
  emit({ event: 'CHANNEL_CREATE', payload: channel })
  tellChannels(context, guild, aside)
  return { status: 201, body: channel }
}

const overwritesOf = (channel: Located['channel']): APIOverwrite[] =>
  ('permission_overwrites' in channel && channel.permission_overwrites) || []

const CONVERTIBLE: readonly ChannelType[] = [ChannelType.GuildText, ChannelType.GuildAnnouncement]

const NEWS: ReadonlySet<number> = new Set([ChannelType.GuildAnnouncement])

const hasNews = ({ features }: Guild): boolean => features.includes(GuildFeature.News)

function checkType(type: ChannelType, choices: readonly ChannelType[]): void {
  if (choices.includes(type)) return
  const message = `Value must be one of {${choices.join(', ')}}.`
  throw refusal.invalidForm([{ path: ['type'], code: 'BASE_TYPE_CHOICES', message }])
}

/**
 * Only what is written in becomes news, and back, where the guild has the feature NEWS:
 * https://docs.discord.com/developers/resources/channel#modify-channel
 */
const conversions = (guild: Guild, from: ChannelType): readonly ChannelType[] =>
  CONVERTIBLE.includes(from) && hasNews(guild) ? CONVERTIBLE : [from]

function tellChannels({ emit }: RestContext, guild: Guild, channels: readonly GuildChannel[]): void {
  for (const channel of channels) emit({ event: 'CHANNEL_UPDATE', payload: { ...channel, guild_id: guild.id } })
}

/** https://docs.discord.com/developers/resources/channel#modify-channel */
function editChannel(context: RestContext, request: RestRequest) {
  const { world } = context
  const { channel, guild, bits: has } = channelOf(world, param(request, 'channel_id'))
  if ('thread_metadata' in channel) return editThread(context, request, { guild, thread: channel, has })
  const isForum = channel.type === ChannelType.GuildForum
  const fields = fieldsOf(readForm(channelBody, request.body ?? {}), channel.type)
  need(has, Bit.ManageChannels)
  if (fields.permission_overwrites) {
    need(has, Bit.ManageRoles)
    checkOverwrites(world, guild, fields.permission_overwrites, overwritesOf(channel))
    checkGrant(has, fields.permission_overwrites)
  }
  if (fields.type !== undefined) checkType(fields.type, conversions(guild, channel.type))
  checkRoom(fields, channel.type)
  if (fields.parent_id) checkParent(guild, channel, fields.parent_id)
  if (fields.name !== undefined) fields.name = named(channel.type, fields.name)
  const next = { ...channel, ...fields, ...(isForum && forumFields(world, fields, channel)) } as GuildChannel
  const aside = fields.position === undefined ? [] : pushedAside(guild, [next], new Set([channel.id]))
  tellChannels(context, guild, [next, ...aside])
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

const moveBody = z.looseObject({
  id: snowflake,
  position: z.int().min(0).nullish(),
  lock_permissions: z.boolean().nullish(),
  parent_id: snowflake.nullish(),
})

/** A channel where a move puts it, with the overwrites of its new category if it is to take them over. */
function moved(guild: Guild, channel: GuildChannel, move: z.infer<typeof moveBody>): GuildChannel {
  const { position, parent_id, lock_permissions } = move
  const parent = guild.channels.find(({ id }) => id === parent_id)
  return {
    ...channel,
    ...(position != null && { position }),
    ...(parent_id !== undefined && { parent_id }),
    ...(lock_permissions && parent && { permission_overwrites: overwritesOf(parent) }),
  } as GuildChannel
}

const differs = (a: GuildChannel, b: GuildChannel) =>
  a.position !== b.position ||
  Reflect.get(a, 'parent_id') !== Reflect.get(b, 'parent_id') ||
  !isDeepStrictEqual(overwritesOf(a), overwritesOf(b))

/** All is checked before anything is told. https://docs.discord.com/developers/resources/guild#modify-guild-channel-positions */
function moveChannels(context: RestContext, request: RestRequest) {
  const { world } = context
  const guild = guildWith(world, param(request, 'guild_id'), Bit.ManageChannels)
  const moves = readForm(z.array(moveBody), request.body ?? [])
  const after = moves.map((move, index) => {
    const channel = guild.channels.find(({ id }) => id === move.id)
    if (!channel) throw refusal.unknownChannel()
    const fault = move.parent_id ? parentFault(guild, channel, move.parent_id) : undefined
    if (fault) throw refusal.invalidForm([{ ...fault, path: [index, ...fault.path] }])
    return moved(guild, channel, move)
  })
  const placed = new Set(moves.filter(({ position }) => position != null).map(({ id }) => id))
  const changed = after.filter((next) =>
    guild.channels.some((channel) => channel.id === next.id && differs(channel, next)),
  )
  // A list that only says what is so moves nobody.
  const aside = changed.length > 0 ? pushedAside(guild, after, placed) : []
  tellChannels(context, guild, [...changed, ...aside])
  return none()
}

export const editChannelRoutes: readonly Route[] = [
  { method: 'POST', path: '/guilds/:guild_id/channels', handle: createChannel },
  { method: 'PATCH', path: '/guilds/:guild_id/channels', handle: moveChannels },
  { method: 'PATCH', path: '/channels/:channel_id', handle: editChannel },
  { method: 'DELETE', path: '/channels/:channel_id', handle: deleteChannel },
]
