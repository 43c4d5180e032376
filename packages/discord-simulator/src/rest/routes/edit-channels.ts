import { ChannelType, OverwriteType, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { z } from 'zod'
import { isoTime, voiceEvent } from '../../world/compose.ts'
import type { GuildChannel, Thread } from '../../world/types.ts'
import { channelOf, guildWith, need } from '../access.ts'
import { refusal } from '../errors.ts'
import { blame, maybe, readForm, snowflake, text } from '../form.ts'
import { none, ok, param } from '../route.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'

/** Permission bits, in a string or as a number. */
const bits = z
  .union([z.string(), z.int().nonnegative().transform(String)])
  .refine((value) => /^\d{1,20}$/.test(value), blame('NUMBER_TYPE_COERCE', 'Value is not int.'))

const overwriteBody = z.looseObject({
  type: z.literal([OverwriteType.Role, OverwriteType.Member]),
  allow: maybe(bits).transform((value) => value ?? '0'),
  deny: maybe(bits).transform((value) => value ?? '0'),
})

const channelBody = z.looseObject({
  name: text(100, 1).optional(),
  type: maybe(z.literal([0, 2, 4, 5, 13])),
  topic: text(1_024).nullish(),
  position: maybe(z.int().min(0).max(10_000)),
  nsfw: maybe(z.boolean()),
  rate_limit_per_user: maybe(z.int().min(0).max(21_600)),
  bitrate: maybe(z.int().min(8_000).max(384_000)),
  user_limit: maybe(z.int().min(0).max(10_000)),
  parent_id: snowflake.nullish(),
  rtc_region: text(100).nullish(),
  default_auto_archive_duration: maybe(z.literal([60, 1_440, 4_320, 10_080])),
  permission_overwrites: maybe(z.array(overwriteBody.extend({ id: snowflake })).max(100)),
})

/** What a body says of a channel, without what it does not say and what no channel has. */
function fieldsOf(body: z.infer<typeof channelBody>): Partial<z.infer<typeof channelBody>> {
  const known = Object.keys(channelBody.shape)
  return Object.fromEntries(Object.entries(body).filter(([key, value]) => value !== undefined && known.includes(key)))
}

const SPOKEN: ReadonlySet<ChannelType> = new Set([ChannelType.GuildVoice, ChannelType.GuildStageVoice])

/** Text channels have names in lower case with dashes. */
const named = (type: ChannelType, name: string) =>
  type === ChannelType.GuildText || type === ChannelType.GuildAnnouncement
    ? name.toLowerCase().replaceAll(/\s+/g, '-')
    : name

/** Nobody gives or takes what they do not have: https://docs.discord.com/developers/topics/permissions */
function checkGrant(has: bigint, overwrites: readonly { allow: string; deny: string }[]): void {
  for (const { allow, deny } of overwrites) {
    if ((BigInt(allow) | BigInt(deny)) & ~has) throw refusal.missingPermissions()
  }
}

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
    ...fieldsOf(body),
    type,
    name: named(type, body.name),
  }
  emit({ event: 'CHANNEL_CREATE', payload: channel })
  return { status: 201, body: channel }
}

const threadBody = z.looseObject({
  name: maybe(text(100, 1)),
  archived: maybe(z.boolean()),
  locked: maybe(z.boolean()),
  auto_archive_duration: maybe(z.literal([60, 1_440, 4_320, 10_080])),
  rate_limit_per_user: maybe(z.int().min(0).max(21_600)),
  invitable: maybe(z.boolean()),
})

/** https://docs.discord.com/developers/resources/channel#modify-channel (thread) */
function editThread({ world, emit }: RestContext, request: RestRequest, thread: Thread, has: bigint) {
  const { name, rate_limit_per_user, ...meta } = readForm(threadBody, request.body ?? {})
  const isOwner = thread.owner_id === world.bot.id
  if (!isOwner || meta.locked !== undefined) need(has, Bit.ManageThreads)
  const before = thread.thread_metadata
  if (before?.archived && meta.archived !== false) throw refusal.threadArchived()
  const { archived, locked, auto_archive_duration, invitable } = meta
  const said = { archived, locked, auto_archive_duration, invitable }
  const change = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined))
  const archive_timestamp =
    archived !== undefined && archived !== before?.archived ? isoTime(world.clock.now()) : before?.archive_timestamp
  const payload = {
    ...thread,
    ...(name !== undefined && { name }),
    ...(rate_limit_per_user !== undefined && { rate_limit_per_user }),
    thread_metadata: { ...before, ...change, archive_timestamp },
  }
  emit({ event: 'THREAD_UPDATE', payload })
  return ok(world.channel(thread.id)?.channel)
}

/** https://docs.discord.com/developers/resources/channel#modify-channel */
function editChannel(context: RestContext, request: RestRequest) {
  const { world, emit } = context
  const { channel, guild, bits: has } = channelOf(world, param(request, 'channel_id'))
  if ('thread_metadata' in channel) return editThread(context, request, channel, has)
  const fields = fieldsOf(readForm(channelBody, request.body ?? {}))
  need(has, Bit.ManageChannels)
  if (fields.permission_overwrites) {
    need(has, Bit.ManageRoles)
    checkGrant(has, fields.permission_overwrites)
  }
  const isCategory = (id: string) =>
    guild.channels.some((candidate) => candidate.id === id && candidate.type === ChannelType.GuildCategory)
  if (fields.parent_id && !isCategory(fields.parent_id)) throw refusal.noCategory()
  if (fields.name !== undefined) fields.name = named(channel.type, fields.name)
  emit({ event: 'CHANNEL_UPDATE', payload: { ...channel, guild_id: guild.id, ...fields } })
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

/** https://docs.discord.com/developers/resources/channel#edit-channel-permissions */
function setOverwrite({ world, emit }: RestContext, request: RestRequest, isRemoval: boolean) {
  const { channel, guild, bits: has } = channelOf(world, param(request, 'channel_id'))
  if (!('permission_overwrites' in channel)) throw refusal.wrongChannelType()
  need(has, Bit.ManageRoles)
  const id = param(request, 'overwrite_id')
  const others = (channel.permission_overwrites ?? []).filter((overwrite) => overwrite.id !== id)
  let added: object[] = []
  if (isRemoval) {
    if (others.length === channel.permission_overwrites?.length) throw refusal.unknownOverwrite()
  } else {
    const { type, allow, deny } = readForm(overwriteBody, request.body ?? {})
    checkGrant(has, [{ allow, deny }])
    added = [{ id, type, allow, deny }]
  }
  const payload = { ...channel, guild_id: guild.id, permission_overwrites: [...others, ...added] }
  emit({ event: 'CHANNEL_UPDATE', payload })
  return none()
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
  {
    method: 'PUT',
    path: '/channels/:channel_id/permissions/:overwrite_id',
    handle: (context, request) => setOverwrite(context, request, false),
  },
  {
    method: 'DELETE',
    path: '/channels/:channel_id/permissions/:overwrite_id',
    handle: (context, request) => setOverwrite(context, request, true),
  },
]
