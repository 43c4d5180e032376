import { PermissionFlagsBits as Bit, StickerFormatType, StickerType } from 'discord-api-types/v10'
import type { APISticker } from 'discord-api-types/v10'
import { z } from 'zod'
import { guildPermissions } from '../../world/permissions.ts'
import type { Guild } from '../../world/types.ts'
import { guildOf, guildWith, need } from '../access.ts'
import { refusal } from '../errors.ts'
import { blame, maybe, readForm, text } from '../form.ts'
import { none, ok, param } from '../route.ts'
import { STICKER_PACKS, standardSticker } from '../standard-stickers.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'

/** What a guild without boosts has room for: https://docs.discord.com/developers/resources/guild#guild-object-premium-tier */
const STICKERS_PER_GUILD = 5

const stickerBody = z.looseObject({
  name: text(30, 2),
  description: text(100).refine(
    (value) => value.length !== 1,
    blame('BASE_TYPE_BAD_LENGTH', 'Must be between 2 and 100 in length.'),
  ),
  tags: text(200),
})

const { shape } = stickerBody
const changeBody = z.looseObject({
  name: maybe(shape.name),
  description: shape.description.nullish(),
  tags: maybe(shape.tags),
})

/** What a file is by how it begins, whatever its sender calls it: libraries send bytes without a type. */
function formatOf(bytes: Buffer): StickerFormatType | undefined {
  const begins = bytes.toString('latin1', 0, 4)
  // An animated PNG says so in a chunk before its pixels: https://www.w3.org/TR/png-3/#acTL-chunk
  if (begins === '\x89PNG') return bytes.includes('acTL') ? StickerFormatType.APNG : StickerFormatType.PNG
  if (begins === 'GIF8') return StickerFormatType.GIF
  return begins.trimStart().startsWith('{') ? StickerFormatType.Lottie : undefined
}

function stickerOf(guild: Guild, id: string): APISticker {
  const sticker = guild.stickers.find((candidate) => candidate.id === id)
  if (!sticker) throw refusal.unknownSticker()
  return sticker
}

/** Whoever made one may change it, as may who manages all. */
function ownSticker({ world }: RestContext, request: RestRequest): { guild: Guild; sticker: APISticker } {
  const guild = guildOf(world, param(request, 'guild_id'))
  const has = guildPermissions(guild, world.bot.id)
  const sticker = stickerOf(guild, param(request, 'sticker_id'))
  const isOwn = sticker.user?.id === world.bot.id && (has & Bit.CreateGuildExpressions) !== 0n
  if (!isOwn) need(has, Bit.ManageGuildExpressions)
  return { guild, sticker }
}

/** https://docs.discord.com/developers/events/gateway-events#guild-stickers-update */
function tell({ emit }: RestContext, guild: Guild, stickers: readonly APISticker[]): void {
  emit({ event: 'GUILD_STICKERS_UPDATE', payload: { guild_id: guild.id, stickers } })
}

/** https://docs.discord.com/developers/resources/sticker#create-guild-sticker */
function create(context: RestContext, request: RestRequest) {
  const { world } = context
  const guild = guildWith(world, param(request, 'guild_id'), Bit.CreateGuildExpressions)
  const { name, description, tags } = readForm(stickerBody, request.body ?? {})
  const file = request.files.find(({ field }) => field === 'file')
  if (!file) {
    throw refusal.invalidForm([{ path: ['file'], code: 'BASE_TYPE_REQUIRED', message: 'This field is required' }])
  }
  const format_type = formatOf(file.bytes)
  if (format_type === undefined) throw refusal.invalidAsset()
  if (guild.stickers.length >= STICKERS_PER_GUILD) throw refusal.tooManyStickers()
  const about = { name, description, tags, format_type, type: StickerType.Guild as const }
  const sticker = { id: world.nextId(), guild_id: guild.id, available: true, ...about, user: world.bot }
  tell(context, guild, [...guild.stickers, sticker])
  return { status: 201, body: sticker }
}

const path = '/guilds/:guild_id/stickers'

/** https://docs.discord.com/developers/resources/sticker */
export const stickerRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/stickers/:sticker_id',
    handle: ({ world }, request) => {
      const id = param(request, 'sticker_id')
      const own = world.guilds().flatMap(({ stickers }) => stickers)
      const sticker = standardSticker(id) ?? own.find((candidate) => candidate.id === id)
      if (!sticker) throw refusal.unknownSticker()
      return ok(sticker)
    },
  },
  { method: 'GET', path: '/sticker-packs', handle: () => ok({ sticker_packs: STICKER_PACKS }) },
  {
    method: 'GET',
    path: '/sticker-packs/:pack_id',
    handle: (_, request) => {
      const pack = STICKER_PACKS.find(({ id }) => id === param(request, 'pack_id'))
      if (!pack) throw refusal.unknownStickerPack()
      return ok(pack)
    },
  },
  { method: 'GET', path, handle: ({ world }, request) => ok(guildOf(world, param(request, 'guild_id')).stickers) },
  { method: 'POST', path, handle: create },
  {
    method: 'GET',
    path: `${path}/:sticker_id`,
    handle: ({ world }, request) =>
      ok(stickerOf(guildOf(world, param(request, 'guild_id')), param(request, 'sticker_id'))),
  },
  {
    method: 'PATCH',
    path: `${path}/:sticker_id`,
    handle: (context, request) => {
      const { guild, sticker } = ownSticker(context, request)
      const { name, tags, description } = readForm(changeBody, request.body ?? {})
      const change = { ...(name !== undefined && { name }), ...(tags !== undefined && { tags }) }
      const next = { ...sticker, ...change, ...(description !== undefined && { description }) }
      tell(
        context,
        guild,
        guild.stickers.map((each) => (each.id === next.id ? next : each)),
      )
      return ok(next)
    },
  },
  {
    method: 'DELETE',
    path: `${path}/:sticker_id`,
    handle: (context, request) => {
      const { guild, sticker } = ownSticker(context, request)
      tell(
        context,
        guild,
        guild.stickers.filter(({ id }) => id !== sticker.id),
      )
      return none()
    },
  },
]
