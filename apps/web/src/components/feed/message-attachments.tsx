import type { APIAttachment } from 'discord-api-types/v10'
import { byteSize } from '../../live/format.ts'
import { Icon } from '../ui/icon.tsx'

export function Attachments({ attachments }: { attachments: readonly APIAttachment[] }) {
  if (attachments.length === 0) return null
  return (
    <div className="mt-1.5 flex flex-wrap items-end gap-2">
      {attachments.map((attachment) =>
        isPicture(attachment) ? (
          <Picture key={attachment.id} attachment={attachment} />
        ) : (
          <File key={attachment.id} attachment={attachment} />
        ),
      )}
    </div>
  )
}

const isPicture = ({ content_type, width, height }: APIAttachment): boolean =>
  (content_type ?? '').startsWith('image/') && (width ?? 0) > 0 && (height ?? 0) > 0

/** Its size is known before it is there: loading it moves nothing. */
function Picture({ attachment: { url, width, height, description, filename } }: { attachment: APIAttachment }) {
  return (
    <a
      href={url}
      target="_blank"
      rel="noopener noreferrer"
      className="w-46 overflow-hidden rounded-3 border border-line bg-sunken"
    >
      <img
        src={url}
        alt={description ?? filename}
        width={width ?? undefined}
        height={height ?? undefined}
        loading="lazy"
        decoding="async"
        className="block h-auto max-h-64 w-full object-cover"
      />
    </a>
  )
}

function File({ attachment: { url, filename, size } }: { attachment: APIAttachment }) {
  return (
    <a
      href={url}
      target="_blank"
      rel="noopener noreferrer"
      className="flex h-11 max-w-full min-w-0 items-center gap-2.5 rounded-3 border border-line bg-canvas px-3 text-ink-2 no-underline"
    >
      <Icon name="file" />
      <span className="min-w-0">
        <b dir="auto" className="block truncate leading-[1.125rem] text-link">
          {filename}
        </b>
        <small className="block text-2xs/[0.875rem] text-ink-3">{byteSize(size)}</small>
      </span>
    </a>
  )
}
