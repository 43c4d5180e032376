import type { APIAttachment } from 'discord-api-types/v10'
import { byteSize, clipLength } from '../../live/format.ts'
import { Covered } from './media/covered.tsx'
import { FileCard } from './media/file-card.tsx'
import { sizeOf, sourceOf } from './media/media-size.ts'
import { PictureLink } from './media/picture-link.tsx'

export function Attachments({ attachments }: { attachments: readonly APIAttachment[] }) {
  if (attachments.length === 0) return null
  return (
    <div className="mt-1.5 flex flex-wrap items-end gap-2">
      {attachments.map((attachment) => (
        <Covered key={attachment.id} by={isSpoiler(attachment)}>
          <Attachment attachment={attachment} />
        </Covered>
      ))}
    </div>
  )
}

/** https://docs.discord.com/developers/resources/message#attachment-object-attachment-flags */
const SPOILER_FLAG = 1 << 3

/** By its flag, or, as Discord's clients have always marked them, by its name. */
const isSpoiler = ({ filename, flags }: APIAttachment): boolean =>
  filename.startsWith('SPOILER_') || ((flags ?? 0) & SPOILER_FLAG) !== 0

function Attachment({ attachment }: { attachment: APIAttachment }) {
  const [kind] = (attachment.content_type ?? '').split('/')
  const size = sizeOf(attachment)
  const { url, description } = attachment
  if (kind === 'image' && size !== null) {
    return <PictureLink href={url} src={sourceOf(attachment)} alt={description ?? nameOf(attachment)} size={size} />
  }
  if (kind === 'video' && size !== null) return <Video attachment={attachment} size={size} />
  if (kind === 'audio') return <Audio attachment={attachment} />
  return (
    <FileCard
      name={nameOf(attachment)}
      size={attachment.size}
      href={url}
      {...(description !== undefined && { title: description })}
    />
  )
}

const nameOf = ({ title, filename }: APIAttachment): string => title ?? filename

/** Nothing of it is loaded before somebody plays it, and it has its size before. */
function Video({ attachment, size }: { attachment: APIAttachment; size: { width: number; height: number } }) {
  const { width, height } = size
  return (
    <figure className="m-0 w-92 max-w-full">
      {/* Who sent it gave no captions, and Discord keeps none. */}
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption */}
      <video
        src={sourceOf(attachment)}
        aria-label={attachment.description ?? nameOf(attachment)}
        controls
        preload="none"
        width={width}
        height={height}
        style={{ aspectRatio: `${width} / ${height}` }}
        className="block h-auto max-h-80 w-full rounded-3 border border-line bg-sunken"
      />
      <Caption attachment={attachment} />
    </figure>
  )
}

function Audio({ attachment }: { attachment: APIAttachment }) {
  return (
    <figure className="m-0 w-80 max-w-full">
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption */}
      <audio
        src={sourceOf(attachment)}
        aria-label={attachment.description ?? nameOf(attachment)}
        controls
        preload="none"
        className="block h-11 w-full"
      />
      <Caption attachment={attachment} />
    </figure>
  )
}

function Caption({ attachment }: { attachment: APIAttachment }) {
  const { size, duration_secs: length, waveform } = attachment
  return (
    <figcaption className="mt-0.5 flex min-w-0 gap-2 text-2xs text-ink-3 tabular-nums">
      <a
        href={attachment.url}
        target="_blank"
        rel="noopener noreferrer"
        dir="auto"
        className="min-w-0 truncate text-link touch-target"
      >
        {waveform === undefined ? nameOf(attachment) : 'Voice message'}
      </a>
      {length !== undefined && <span>{clipLength(length)}</span>}
      <span className="whitespace-nowrap">{byteSize(size)}</span>
    </figcaption>
  )
}
