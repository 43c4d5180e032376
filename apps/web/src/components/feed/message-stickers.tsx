import type { APIStickerItem } from 'discord-api-types/v10'
import { Picture } from './media/picture.tsx'

/** https://docs.discord.com/developers/resources/sticker#sticker-object-sticker-format-types */
const format = { png: 1, apng: 2, lottie: 3, gif: 4 } as const

const SIZE = { width: 160, height: 160 }

export function Stickers({ stickers }: { stickers: readonly APIStickerItem[] }) {
  return stickers.map((sticker) => <Sticker key={sticker.id} sticker={sticker} />)
}

function Sticker({ sticker: { id, name, format_type } }: { sticker: APIStickerItem }) {
  const label = `Sticker: ${name}`
  const src = addressOf(id, format_type)
  return (
    <figure title={label} className="m-0 mt-1.5 w-30">
      {src === null ? (
        <span className="grid aspect-square place-items-center rounded-3 border border-line bg-canvas px-2 text-center text-xs text-ink-2">
          <span dir="auto" className="line-clamp-3 wrap-anywhere">
            {label}
          </span>
        </span>
      ) : (
        <Picture src={src} alt={label} size={SIZE} className="size-30 rounded-3 object-contain!" />
      )}
    </figure>
  )
}

/** Lottie is a program, and needs a player of its own: such a sticker goes by its name. */
function addressOf(id: string, type: number): string | null {
  if (type === format.lottie) return null
  if (type === format.gif) return `https://media.discordapp.net/stickers/${id}.gif`
  return `https://cdn.discordapp.com/stickers/${id}.png`
}
