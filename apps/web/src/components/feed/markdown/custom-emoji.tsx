import { useState } from 'react'
import { hueOf, initials } from '../../ui/avatar.tsx'

const CDN = 'https://cdn.discordapp.com'

/** https://docs.discord.com/developers/reference#image-formatting: webp, which browsers can hold still. */
const pictureOf = (id: string, size: number, moves: boolean): string =>
  `${CDN}/emojis/${id}.webp?size=${size}${moves ? '&animated=true' : ''}`

/**
 * A server's own emoji. It has its place before it is there; where its picture cannot be had, its initials stand in it. Who asked
 * for less motion gets it still.
 *
 * @param size in px, at the usual size of text.
 */
export function CustomEmoji({
  id,
  name,
  animated,
  size,
}: {
  id: string
  name: string
  animated: boolean
  size: number
}) {
  const [failed, setFailed] = useState(false)
  const side = `${size / 16}rem`
  const label = `:${name}:`
  if (failed) {
    return (
      // The picture could not be had.
      <span
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
        role="img"
        aria-label={label}
        title={label}
        data-hue={hueOf(id)}
        style={{ width: side, height: side, fontSize: `${size / 40}rem` }}
        className="face mx-px inline-grid place-items-center rounded-1 align-text-bottom leading-none font-title"
      >
        <span aria-hidden="true">{initials(name)}</span>
      </span>
    )
  }
  const picture = (
    <img
      src={pictureOf(id, size * 2, animated)}
      alt={label}
      title={label}
      loading="lazy"
      decoding="async"
      draggable={false}
      onError={() => setFailed(true)}
      style={{ width: side, height: side }}
      // What it is called has no room in it while it is not there.
      className="mx-px inline-block overflow-hidden object-contain align-text-bottom text-[0px]"
    />
  )
  if (!animated) return picture
  return (
    <picture>
      <source media="(prefers-reduced-motion: reduce)" srcSet={pictureOf(id, size * 2, false)} />
      {picture}
    </picture>
  )
}
