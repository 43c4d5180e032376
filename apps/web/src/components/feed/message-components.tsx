import type { APIMessageComponent } from 'discord-api-types/v10'
import type { CSSProperties } from 'react'
import { byteSize } from '../../live/format.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { CustomEmoji } from './markdown/custom-emoji.tsx'
import { MarkdownText } from './markdown/markdown-text.tsx'
import { Covered } from './media/covered.tsx'
import { sizeOf, sourceOf, webAddress } from './media/media-size.ts'
import { Picture } from './media/picture.tsx'

/** https://docs.discord.com/developers/components/reference#component-object-component-types */
const componentType = {
  row: 1,
  button: 2,
  stringSelect: 3,
  userSelect: 5,
  roleSelect: 6,
  mentionableSelect: 7,
  channelSelect: 8,
  section: 9,
  text: 10,
  thumbnail: 11,
  gallery: 12,
  file: 13,
  separator: 14,
  container: 17,
} as const

const LINK_STYLE = 5
const IN_DISCORD = 'Answers in Discord, not here'
/** What Discord takes has four levels at most. */
const DEPTH_MAX = 6

type Media = { url: string; proxy_url?: string; width?: number | null; height?: number | null }
type Emoji = { id?: string | null; name?: string | null; animated?: boolean }

/** The parts of all components that are shown; what a later Discord adds has none of them, and is passed over. */
type Component = {
  type: number
  components?: Component[]
  accessory?: Component
  content?: string
  style?: number
  label?: string
  emoji?: Emoji
  url?: string
  disabled?: boolean
  placeholder?: string
  media?: Media
  description?: string | null
  spoiler?: boolean
  items?: { media: Media; description?: string | null; spoiler?: boolean }[]
  file?: Media
  name?: string
  size?: number
  divider?: boolean
  accent_color?: number | null
}

/** What a bot's message is made of besides its text. What one would press there is shown and named, and not to be pressed here. */
export function MessageComponents({ components }: { components: readonly APIMessageComponent[] }) {
  if (components.length === 0) return null
  return (
    <div className="mt-1.5 grid max-w-[34rem] justify-items-start gap-2">
      <Parts parts={components} depth={0} />
    </div>
  )
}

function Parts({ parts, depth }: { parts: readonly Component[] | undefined; depth: number }) {
  return (parts ?? []).map((part, index) => (
    // oxlint-disable-next-line react/no-array-index-key
    <Part key={index} part={part} depth={depth} />
  ))
}

function Part({ part, depth }: { part: Component; depth: number }) {
  if (depth > DEPTH_MAX) return null
  switch (part.type) {
    case componentType.row:
      return (
        <div className="flex max-w-full flex-wrap gap-2">
          <Parts parts={part.components} depth={depth + 1} />
        </div>
      )
    case componentType.button:
      return <ButtonPart part={part} />
    case componentType.stringSelect:
    case componentType.userSelect:
    case componentType.roleSelect:
    case componentType.mentionableSelect:
    case componentType.channelSelect:
      return (
        <Button refused={IN_DISCORD} aria-label={`Choice: ${part.placeholder ?? 'make a selection'}`}>
          <span dir="auto" className="min-w-0 truncate">
            {part.placeholder ?? 'Make a selection'}
          </span>
          <Icon name="chevronDown" size={14} />
        </Button>
      )
    case componentType.section:
      return (
        <div className="flex w-full items-start gap-3">
          <div className="grid min-w-0 flex-1 gap-1">
            <Parts parts={part.components} depth={depth + 1} />
          </div>
          {part.accessory !== undefined && <Part part={part.accessory} depth={depth + 1} />}
        </div>
      )
    case componentType.text:
      return <MarkdownText text={part.content ?? ''} className="max-w-full text-md" />
    case componentType.thumbnail:
      return part.media === undefined ? null : (
        <Shown media={part.media} description={part.description} spoiler={part.spoiler} className="size-20 rounded-2" />
      )
    case componentType.gallery:
      return (
        <div className="flex flex-wrap gap-2">
          {(part.items ?? []).map((item) => (
            <Shown
              key={item.media.url}
              media={item.media}
              description={item.description}
              spoiler={item.spoiler}
              className="max-h-64 w-46 rounded-3"
            />
          ))}
        </div>
      )
    case componentType.file:
      return <FilePart part={part} />
    case componentType.separator:
      return <hr className={`w-full border-0 ${part.divider === false ? 'h-1' : 'my-1 h-px bg-line'}`} />
    case componentType.container:
      return <Container part={part} depth={depth} />
    default:
      return null
  }
}

function ButtonPart({ part }: { part: Component }) {
  const href = part.style === LINK_STYLE ? webAddress(part.url) : undefined
  const inside = (
    <>
      {part.emoji !== undefined && <EmojiPart emoji={part.emoji} />}
      {part.label !== undefined && (
        <span dir="auto" className="min-w-0 truncate">
          {part.label}
        </span>
      )}
    </>
  )
  if (href !== undefined) {
    return (
      <a
        href={href}
        target="_blank"
        rel="noopener noreferrer nofollow ugc"
        title={href}
        className={`${buttonClass()} max-w-full text-link`}
      >
        {inside}
        <Icon name="forward" size={12} />
      </a>
    )
  }
  return (
    <Button refused={IN_DISCORD} aria-label={part.label ?? part.emoji?.name ?? 'Button'} className="max-w-full">
      {inside}
    </Button>
  )
}

function EmojiPart({ emoji: { id, name, animated } }: { emoji: Emoji }) {
  if (id === undefined || id === null) return name
  return <CustomEmoji id={id} name={name ?? 'emoji'} animated={animated === true} size={16} />
}

function Shown({
  media,
  description,
  spoiler,
  className,
}: {
  media: Media
  description: string | null | undefined
  spoiler: boolean | undefined
  className: string
}) {
  const size = sizeOf(media)
  if (size === null) return null
  return (
    <Covered by={spoiler === true}>
      <Picture src={sourceOf(media)} alt={description ?? 'Picture'} size={size} className={className} />
    </Covered>
  )
}

function FilePart({ part }: { part: Component }) {
  const href = webAddress(part.file?.url)
  if (href === undefined) return null
  const name = part.name ?? new URL(href).pathname.split('/').at(-1) ?? 'file'
  return (
    <Covered by={part.spoiler === true}>
      <a
        href={href}
        target="_blank"
        rel="noopener noreferrer"
        className="flex h-11 max-w-full min-w-0 items-center gap-2.5 rounded-3 border border-line bg-canvas px-3 text-ink-2 no-underline"
      >
        <Icon name="file" />
        <span className="min-w-0">
          <b dir="auto" className="block truncate leading-[1.125rem] text-link">
            {name}
          </b>
          {part.size !== undefined && (
            <small className="block text-2xs/[0.875rem] text-ink-3">{byteSize(part.size)}</small>
          )}
        </span>
      </a>
    </Covered>
  )
}

function Container({ part, depth }: { part: Component; depth: number }) {
  const color = part.accent_color
  const style =
    typeof color === 'number' ? ({ '--embed': `#${color.toString(16).padStart(6, '0')}` } as CSSProperties) : {}
  return (
    <Covered by={part.spoiler === true}>
      <div className="flex w-full gap-2.5 rounded-3 border border-line bg-canvas px-3.5 pt-2.5 pb-3">
        {typeof color === 'number' && (
          <i aria-hidden="true" style={style} className="mt-1.5 size-2 flex-none rounded-[2px] bg-(--embed)" />
        )}
        <div className="grid min-w-0 flex-1 justify-items-start gap-2">
          <Parts parts={part.components} depth={depth + 1} />
        </div>
      </div>
    </Covered>
  )
}
