import { fitted } from './media-size.ts'
import { Picture } from './picture.tsx'

/** A picture in the feed, and the way to where it is whole. It is never larger than it is itself. */
export function PictureLink({
  href,
  src,
  alt,
  size,
  rel = '',
}: {
  href: string
  src: string
  alt: string
  /** Its own, in px. */
  size: { width: number; height: number }
  /** Beside what every link out of the page has. */
  rel?: string
}) {
  return (
    <a
      href={href}
      target="_blank"
      rel={`noopener noreferrer ${rel}`.trimEnd()}
      className="block w-fit max-w-full overflow-hidden rounded-3 border border-line bg-sunken"
    >
      <Picture src={src} alt={alt} size={fitted(size)} />
    </a>
  )
}
