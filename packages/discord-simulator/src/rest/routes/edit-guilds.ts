import { ChannelType, GuildFeature, Locale, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import type { APIEmoji } from 'discord-api-types/v10'
import { z } from 'zod'
import type { Guild } from '../../world/types.ts'
import type { World } from '../../world/world.ts'
import { guildOf, guildWith, need } from '../access.ts'
import { refusal } from '../errors.ts'
import { blame, maybe, readForm, snowflake, text } from '../form.ts'
import { hashed, image } from '../images.ts'
import { none, ok, param } from '../route.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'
import { isExtra, shownGuild } from './guilds.ts'

const guildBody = z.looseObject({
  name: maybe(text(100, 2)),
  description: text(120).nullish(),
  icon: image.nullish(),
  splash: image.nullish(),
  discovery_splash: image.nullish(),
  banner: image.nullish(),
  owner_id: maybe(snowflake),
  afk_channel_id: snowflake.nullish(),
  afk_timeout: maybe(z.literal([60, 300, 900, 1_800, 3_600])),
  system_channel_id: snowflake.nullish(),
  system_channel_flags: maybe(z.int().nonnegative()),
  rules_channel_id: snowflake.nullish(),
  public_updates_channel_id: snowflake.nullish(),
  safety_alerts_channel_id: snowflake.nullish(),
  preferred_locale: z.enum(Locale).nullish(),
  verification_level: maybe(z.int().min(0).max(4)),
  default_message_notifications: maybe(z.int().min(0).max(1)),
  explicit_content_filter: maybe(z.int().min(0).max(2)),
  premium_progress_bar_enabled: maybe(z.boolean()),
})
type GuildBody = z.infer<typeof guildBody>

/** Pictures, and what a guild must have to show them. Any may have an icon. */
const PICTURES = {
  icon: undefined,
  splash: GuildFeature.InviteSplash,
  discovery_splash: GuildFeature.Discoverable,
  banner: GuildFeature.Banner,
} as const

/** What kind of channel each of these must be. */
const CHANNELS = {
  afk_channel_id: ChannelType.GuildVoice,
  system_channel_id: ChannelType.GuildText,
  rules_channel_id: ChannelType.GuildText,
  public_updates_channel_id: ChannelType.GuildText,
  safety_alerts_channel_id: ChannelType.GuildText,
} as const

function checkChannels({ channels }: Guild, body: GuildBody): void {
  const wrong = Object.entries(CHANNELS).filter(([field, type]) => {
    const id = body[field as keyof typeof CHANNELS]
    return id && channels.find((channel) => channel.id === id)?.type !== type
  })
  const fault = { code: 'CHANNEL_INVALID', message: 'Invalid channel' }
  if (wrong.length > 0) throw refusal.invalidForm(wrong.map(([field]) => ({ path: [field], ...fault })))
}

/** The pictures of a body, each as what stands for it. */
function picturesOf({ features }: Guild, body: GuildBody): Partial<Guild> {
  return Object.fromEntries(
    Object.entries(PICTURES).flatMap(([name, feature]) => {
      const data = body[name as keyof typeof PICTURES]
      if (data && feature && !features.includes(feature)) throw refusal.needsBoosts()
      return data === undefined ? [] : [[name, hashed(data)]]
    }),
  )
}

/** Only the owner gives a guild away, and only to who is in it. */
function checkOwner(world: World, guild: Guild, ownerId: string): void {
  if (guild.owner_id !== world.bot.id) throw refusal.missingPermissions()
  if (!world.member(guild.id, ownerId)) throw refusal.unknownMember()
}

/** https://docs.discord.com/developers/resources/guild#modify-guild */
function editGuild({ world, emit }: RestContext, request: RestRequest) {
  const guild = guildWith(world, param(request, 'guild_id'), Bit.ManageGuild)
  const body = readForm(guildBody, request.body ?? {})
  if (body.owner_id !== undefined) checkOwner(world, guild, body.owner_id)
  checkChannels(guild, body)
  const known = Object.keys(guildBody.shape)
  const change = Object.fromEntries(
    Object.entries(body).filter(([key, value]) => value !== undefined && known.includes(key)),
  )
  // Null stands for what Discord takes when nothing is said.
  const locale = body.preferred_locale === null && { preferred_locale: Locale.EnglishUS }
  const fields = Object.entries(guild).filter(([key]) => !isExtra(key))
  const payload = { ...Object.fromEntries(fields), ...change, ...locale, ...picturesOf(guild, body) }
  emit({ event: 'GUILD_UPDATE', payload })
  return ok(shownGuild(guild))
}

const emojiBody = z.looseObject({
  name: text(32, 2).refine((name) => /^\w+$/.test(name), blame('STRING_TYPE_REGEX', 'String value did not match.')),
  image,
  roles: maybe(z.array(snowflake)),
})

function tellEmojis({ emit }: RestContext, guild: Guild, emojis: readonly APIEmoji[]): void {
  emit({ event: 'GUILD_EMOJIS_UPDATE', payload: { guild_id: guild.id, emojis } })
}

function emojiOf(guild: Guild, id: string): APIEmoji {
  const emoji = guild.emojis.find((candidate) => candidate.id === id)
  if (!emoji) throw refusal.unknownGuildEmoji()
  return emoji
}

/** Whoever made one may change it, as may who manages all: https://docs.discord.com/developers/resources/emoji */
function ownEmoji({ world }: RestContext, request: RestRequest): { guild: Guild; emoji: APIEmoji } {
  const guild = guildOf(world, param(request, 'guild_id'))
  const has = world.guildPermissions(guild, world.bot.id)
  const emoji = emojiOf(guild, param(request, 'emoji_id'))
  const isOwn = emoji.user?.id === world.bot.id && (has & Bit.CreateGuildExpressions) !== 0n
  if (!isOwn) need(has, Bit.ManageGuildExpressions)
  return { guild, emoji }
}

const emojis = '/guilds/:guild_id/emojis'

export const editGuildRoutes: readonly Route[] = [
  { method: 'PATCH', path: '/guilds/:guild_id', handle: editGuild },
  {
    method: 'DELETE',
    path: '/users/@me/guilds/:guild_id',
    handle: ({ world, emit }, request) => {
      const { id } = guildOf(world, param(request, 'guild_id'))
      emit({ event: 'GUILD_DELETE', payload: { id } })
      return none()
    },
  },
  {
    method: 'GET',
    path: emojis,
    handle: ({ world }, request) => ok(guildOf(world, param(request, 'guild_id')).emojis),
  },
  {
    method: 'GET',
    path: `${emojis}/:emoji_id`,
    handle: ({ world }, request) => ok(emojiOf(guildOf(world, param(request, 'guild_id')), param(request, 'emoji_id'))),
  },
  {
    method: 'POST',
    path: emojis,
    handle: (context, request) => {
      const guild = guildWith(context.world, param(request, 'guild_id'), Bit.CreateGuildExpressions)
      const { name, image: picture, roles = [] } = readForm(emojiBody, request.body ?? {})
      const emoji = {
        id: context.world.nextId(),
        name,
        roles,
        user: context.world.bot,
        require_colons: true,
        managed: false,
        animated: picture.startsWith('data:image/gif'),
        available: true,
      }
      tellEmojis(context, guild, [...guild.emojis, emoji])
      return { status: 201, body: emoji }
    },
  },
  {
    method: 'PATCH',
    path: `${emojis}/:emoji_id`,
    handle: (context, request) => {
      const { guild, emoji: before } = ownEmoji(context, request)
      const { name, roles } = readForm(emojiBody.omit({ image: true }).partial(), request.body ?? {})
      const emoji = { ...before, ...(name !== undefined && { name }), ...(roles && { roles }) }
      tellEmojis(
        context,
        guild,
        guild.emojis.map((each) => (each.id === emoji.id ? emoji : each)),
      )
      return ok(emoji)
    },
  },
  {
    method: 'DELETE',
    path: `${emojis}/:emoji_id`,
    handle: (context, request) => {
      const { guild, emoji } = ownEmoji(context, request)
      const { id } = emoji
      tellEmojis(
        context,
        guild,
        guild.emojis.filter((each) => each.id !== id),
      )
      return none()
    },
  },
]
