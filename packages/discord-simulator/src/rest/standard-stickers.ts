import { StickerFormatType, StickerType } from 'discord-api-types/v10'
import type { APISticker, APIStickerPack } from 'discord-api-types/v10'

/*
 * Stickers that everybody has. Discord's own are pictures of Discord's; these stand for them, and have none either.
 * https://docs.discord.com/developers/resources/sticker#sticker-pack-object
 */

const PACK_ID = '1187340376982159401'

const sticker = (id: string, sort_value: number, name: string, tags: string): APISticker => ({
  id,
  pack_id: PACK_ID,
  name,
  tags,
  description: `A potter: ${name.toLowerCase()}`,
  type: StickerType.Standard,
  format_type: StickerFormatType.Lottie,
  sort_value,
})

const POTTER: APIStickerPack = {
  id: PACK_ID,
  sku_id: '1187340376982159402',
  name: 'Potter at Work',
  description: 'Clay, wheel and fire',
  cover_sticker_id: '1187340376982159411',
  stickers: [
    sticker('1187340376982159411', 1, 'Hello', 'wave, hi, 👋'),
    sticker('1187340376982159412', 2, 'Cracked', 'oh no, broken, 😭'),
    sticker('1187340376982159413', 3, 'Kiln is Hot', 'fire, done, 🔥'),
  ],
}

export const STICKER_PACKS: readonly APIStickerPack[] = [POTTER]

/** One that everybody has, if it is one. */
export const standardSticker = (id: string): APISticker | undefined =>
  STICKER_PACKS.flatMap(({ stickers }) => stickers).find((candidate) => candidate.id === id)
