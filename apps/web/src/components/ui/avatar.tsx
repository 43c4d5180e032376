import { useState } from 'react'

const sizes = {
  20: 'size-5 rounded-2 text-[0.5625rem] tracking-normal',
  28: 'size-7 rounded-[6px] text-2xs tracking-[0.01em]',
  36: 'size-9 rounded-3 text-xs tracking-[0.01em]',
} as const

type Shown = { id: string; name: string; src: string | null; solid?: boolean }

/** A rounded square with two initials in a hue from the id; the picture covers them once it is there. Never has a name. */
export function Avatar({
  of: { id, name, src, solid = false },
  size = 36,
  className = '',
}: {
  of: Shown
  size?: keyof typeof sizes
  className?: string
}) {
  const [loaded, setLoaded] = useState<string | null>(null)
  return (
    <span
      aria-hidden="true"
      data-hue={hueOf(id)}
      className={`relative grid flex-none place-items-center overflow-hidden leading-none font-title ${sizes[size]} ${solid ? 'bg-ink-solid text-ink-solid-on' : 'face'} ${className}`}
    >
      {initials(name)}
      {src !== null && (
        <img
          src={src}
          alt=""
          decoding="async"
          onLoad={() => setLoaded(src)}
          className={`absolute inset-0 size-full object-cover ${loaded === src ? '' : 'invisible'}`}
        />
      )}
    </span>
  )
}

/**
 * One of eight hues, for good. Over all digits of the id: a snowflake's low bits count what was made in the same
 * millisecond, so nearly every id modulo 8 is 0.
 */
export function hueOf(id: string): number {
  let hash = 0
  for (const digit of id) hash = (hash * 31 + digit.charCodeAt(0)) >>> 0
  return (hash >>> 3) % 8
}

/** Two letters: of the first two words, else the first two of the one. */
export function initials(name: string): string {
  const words = name.split(/[\s_.-]+/u).filter((word) => word !== '')
  const [first = '?', second] = words
  const letters = second === undefined ? lettersOf(first).slice(0, 2) : [lettersOf(first)[0], lettersOf(second)[0]]
  return letters.join('').toUpperCase()
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
/** As a reader counts them: an emoji, or a letter with its accents, is one. */
const lettersOf = (word: string): string[] => Array.from(segmenter.segment(word), ({ segment }) => segment)

const CDN = 'https://cdn.discordapp.com'

export const userPicture = (id: string, avatar: string | null): string | null =>
  avatar === null ? null : `${CDN}/avatars/${id}/${avatar}.webp?size=80`

export const guildPicture = (id: string, icon: string | null): string | null =>
  icon === null ? null : `${CDN}/icons/${id}/${icon}.webp?size=64`
