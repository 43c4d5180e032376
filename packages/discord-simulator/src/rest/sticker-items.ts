import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import type { APIStickerItem } from 'discord-api-types/v10'
import type { World } from '../world/world.ts'
import { need } from './access.ts'
import type { Reached } from './access.ts'
import { refusal } from './errors.ts'
import { standardSticker } from './standard-stickers.ts'

/**
 * The stickers of a message. Those of other guilds need USE_EXTERNAL_STICKERS, those that everybody has nothing; one that the
 * bot does not know is 50081.
 */
export const stickerItems = (world: World, { guild, bits }: Reached, ids: readonly string[]): APIStickerItem[] =>
  ids.map((id) => {
    const standard = standardSticker(id)
    if (standard) return { id, name: standard.name, format_type: standard.format_type }
    const home = world.guilds().find(({ stickers }) => stickers.some((sticker) => sticker.id === id))
    const sticker = home?.stickers.find((candidate) => candidate.id === id)
    if (!sticker) throw refusal.invalidSticker()
    if (home !== guild) need(bits, Bit.UseExternalStickers)
    return { id, name: sticker.name, format_type: sticker.format_type }
  })
