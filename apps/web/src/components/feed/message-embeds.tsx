import type { APIEmbed } from 'discord-api-types/v10'
import { useState, type CSSProperties, type ReactNode } from 'react'
import { timeText } from './markdown/time-text.ts'
import { MarkdownText } from './markdown/markdown-text.tsx'
import { sizeOf, sourceOf, webAddress } from './media/media-size.ts'
import { PictureLink } from './media/picture-link.tsx'
import { Picture } from './media/picture.tsx'
import { Icon } from '../ui/icon.tsx'

/** Cards: of bots, and of what links lead to. */
export function Embeds({ embeds }: { embeds: readonly APIEmbed[] }) {
  return embeds.map((embed, index) => (
    // Embeds have no ids and are replaced as a whole.
    // oxlint-disable-next-line react/no-array-index-key
    <Embed key={index} embed={embed} />
  ))
}

/** Of links to nothing but a picture: https://docs.discord.com/developers/resources/message#embed-object-embed-types */
const bareTypes: ReadonlySet<string> = new Set(['image', 'gifv'])

function Embed({ embed }: { embed: APIEmbed }) {
  const { title, url, description, fields = [], color, author, footer, timestamp, provider, image, thumbnail } = embed
  const isPicture = bareTypes.has(embed.type ?? 'rich')
  if (isPicture && thumbnail !== undefined) return <BarePicture embed={embed} media={thumbnail} />
  const words = [title, description, author?.name, footer?.text, provider?.name].some(Boolean) || fields.length > 0
  return (
    <div className="mt-[5px] w-fit max-w-[34rem] min-w-[24rem] rounded-3 border border-line bg-canvas px-3.5 pt-2.5 pb-3 max-md:w-auto max-md:min-w-0">
      <div className="flex gap-4">
        <div className="min-w-0 flex-1">
          {provider?.name !== undefined && (
            <p dir="auto" className="text-xs text-ink-3">
              <MaybeLink href={provider.url}>{provider.name}</MaybeLink>
            </p>
          )}
          {author !== undefined && <Author author={author} color={title === undefined ? color : null} />}
          {title !== undefined && (
            <div className="flex items-baseline gap-2 text-sm font-title">
              <Swatch color={color} />
              <MaybeLink href={url}>
                <MarkdownText text={title} scope="inline" />
              </MaybeLink>
            </div>
          )}
          {description !== undefined && <MarkdownText text={description} className="mt-1 text-sm text-ink-2" />}
        </div>
        {/* A video's thumbnail is where it is played from. */}
        {thumbnail !== undefined && embed.video === undefined && (
          <EmbedPicture media={thumbnail} alt={title ?? author?.name ?? 'Picture'} className="size-16 rounded-2" />
        )}
      </div>
      {fields.length > 0 && <Fields fields={fields} />}
      {embed.video !== undefined && <VideoLink embed={embed} className={words ? 'mt-2' : ''} />}
      {image !== undefined && (
        <EmbedPicture
          media={image}
          alt={title ?? description ?? 'Picture'}
          className={`h-auto max-h-72 w-full rounded-2 ${words ? 'mt-2' : ''}`}
        />
      )}
      {(footer !== undefined || timestamp !== undefined) && (
        <p className="mt-1.5 flex items-center gap-1.5 text-xs text-ink-3">
          {footer?.icon_url !== undefined && <SmallIcon src={footer.proxy_icon_url ?? footer.icon_url} />}
          {footer !== undefined && (
            <span dir="auto" className="min-w-0 wrap-anywhere">
              {footer.text}
            </span>
          )}
          {footer !== undefined && timestamp !== undefined && <span aria-hidden="true">·</span>}
          {timestamp !== undefined && <Moment iso={timestamp} />}
        </p>
      )}
    </div>
  )
}

/** A square in the embed's colour; decoration, since a colour says nothing by itself. */
function Swatch({ color }: { color: number | undefined }) {
  const style = color === undefined ? {} : ({ '--embed': `#${color.toString(16).padStart(6, '0')}` } as CSSProperties)
  return <i aria-hidden="true" className="size-2 flex-none rounded-[2px] bg-(--embed,var(--wait))" style={style} />
}

/** @param color null where the title bears it. */
function Author({ author, color }: { author: NonNullable<APIEmbed['author']>; color: number | null | undefined }) {
  const icon = author.proxy_icon_url ?? author.icon_url
  return (
    <p className="flex items-center gap-2 text-sm font-title">
      {color !== null && <Swatch color={color} />}
      {icon !== undefined && <SmallIcon src={icon} />}
      <MaybeLink href={author.url}>
        <span dir="auto" className="wrap-anywhere">
          {author.name}
        </span>
      </MaybeLink>
    </p>
  )
}

/** Beside a name that says what it is of: where it cannot be had, nothing is missing. */
function SmallIcon({ src }: { src: string }) {
  const [failed, setFailed] = useState(false)
  if (failed) return <span className="size-5 flex-none rounded-1 bg-sunken" />
  return (
    <img
      src={src}
      alt=""
      loading="lazy"
      decoding="async"
      onError={() => setFailed(true)}
      className="size-5 flex-none rounded-1 bg-sunken"
    />
  )
}

function MaybeLink({ href, children }: { href: string | undefined; children: ReactNode }) {
  const address = webAddress(href)
  if (address === undefined) return children
  return (
    <a
      href={address}
      target="_blank"
      rel="noopener noreferrer nofollow ugc"
      className="inline-flex min-h-6 min-w-0 items-center text-link"
    >
      {children}
    </a>
  )
}

function Fields({ fields }: { fields: NonNullable<APIEmbed['fields']> }) {
  return (
    <dl className="mt-1.5 flex flex-wrap gap-x-6 gap-y-1.5 max-md:gap-x-[18px]">
      {fields.map((field, index) => (
        // oxlint-disable-next-line react/no-array-index-key
        <div key={index} className={`min-w-0 ${field.inline === true ? '' : 'basis-full'}`}>
          <dt className="text-xs text-ink-3">
            <MarkdownText text={field.name} scope="inline" />
          </dt>
          <dd className="text-sm tabular-nums">
            <MarkdownText text={field.value} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

type Media = NonNullable<APIEmbed['image']>

function EmbedPicture({ media, alt, className }: { media: Media; alt: string; className: string }) {
  const size = sizeOf(media)
  // Without a size it would move what stands below it when it comes.
  if (size === null) return null
  return <Picture src={sourceOf(media)} alt={alt} size={size} className={`flex-none ${className}`} />
}

/** A link to nothing but a picture. */
function BarePicture({ embed, media }: { embed: APIEmbed; media: Media }) {
  const size = sizeOf(media)
  const href = webAddress(embed.url ?? media.url)
  if (size === null || href === undefined) return null
  return (
    <div className="mt-1.5">
      <PictureLink
        href={href}
        src={sourceOf(media)}
        alt={embed.title ?? embed.provider?.name ?? 'Picture'}
        size={size}
        rel="nofollow ugc"
      />
    </div>
  )
}

/** Players are other people's pages: they are led to, not put into this one. */
function VideoLink({ embed, className }: { embed: APIEmbed; className: string }) {
  const href = webAddress(embed.url ?? embed.video?.url)
  if (href === undefined) return null
  const size = sizeOf(embed.thumbnail ?? {})
  return (
    <a
      href={href}
      target="_blank"
      rel="noopener noreferrer nofollow ugc"
      className={`relative block w-fit max-w-full overflow-hidden rounded-2 text-link ${className}`}
    >
      {embed.thumbnail !== undefined && size !== null && (
        <Picture
          src={sourceOf(embed.thumbnail)}
          alt={embed.title ?? 'Video'}
          size={size}
          className="h-auto max-h-60 w-92 max-w-full"
        />
      )}
      <span className="mt-1 flex items-center gap-1.5 text-xs font-strong">
        <Icon name="play" size={14} />
        Video{embed.provider?.name === undefined ? '' : ` on ${embed.provider.name}`}
      </span>
    </a>
  )
}

function Moment({ iso }: { iso: string }) {
  const at = Date.parse(iso)
  if (Number.isNaN(at)) return null
  return (
    <time dateTime={new Date(at).toISOString()} className="whitespace-nowrap tabular-nums">
      {timeText(at, 'f', at)}
    </time>
  )
}
