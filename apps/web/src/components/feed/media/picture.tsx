import { useState } from 'react'
import { hueOf, initials } from '../../ui/avatar.tsx'

/**
 * A picture that has its place before it is there. Where it cannot be had, its initials stand in it, and it goes by its name.
 *
 * @param size in px: its shape.
 * @param className what it shows as; without one, as large as `size`, or as there is room for.
 */
export function Picture({
  src,
  alt,
  size,
  className,
}: {
  src: string
  alt: string
  size: { width: number; height: number }
  className?: string
}) {
  const [failed, setFailed] = useState(false)
  const shape = className ?? 'h-auto max-w-full'
  const ratio = `${size.width} / ${size.height}`
  if (failed) {
    return (
      // The picture could not be had.
      <span
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
        role="img"
        aria-label={alt}
        data-hue={hueOf(alt)}
        style={{ aspectRatio: ratio, ...(className === undefined && { width: size.width }) }}
        className={`face grid place-items-center text-md font-title ${shape}`}
      >
        <span aria-hidden="true">{initials(alt)}</span>
      </span>
    )
  }
  return (
    <img
      src={src}
      alt={alt}
      width={size.width}
      height={size.height}
      loading="lazy"
      decoding="async"
      onError={() => setFailed(true)}
      style={{ aspectRatio: ratio }}
      className={`block object-cover ${shape}`}
    />
  )
}
