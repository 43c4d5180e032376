import { byteSize } from '../../../live/format.ts'
import { Icon } from '../../ui/icon.tsx'

/** A file by its name. @param href where it is; without one it is on its way. */
export function FileCard({ name, size, href, title }: { name: string; size: number; href?: string; title?: string }) {
  const shape =
    'flex h-11 max-w-full min-w-0 items-center gap-2.5 rounded-3 border border-line bg-canvas px-3 text-ink-2 no-underline'
  const content = (
    <>
      <Icon name="file" />
      <span className="min-w-0">
        <b dir="auto" className={`block truncate leading-[1.125rem] ${href === undefined ? '' : 'text-link'}`}>
          {name}
        </b>
        <small className="block text-2xs/[0.875rem] text-ink-3">{byteSize(size)}</small>
      </span>
    </>
  )
  if (href === undefined) return <span className={shape}>{content}</span>
  return (
    <a href={href} target="_blank" rel="noopener noreferrer" title={title} className={shape}>
      {content}
    </a>
  )
}
