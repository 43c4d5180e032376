import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { clockTime } from '../../live/format.ts'
import type { Outgoing } from '../../live/outbox.ts'
import { useGuildStore } from '../../hooks/use-guild-store.ts'
import { Avatar, userPicture } from '../ui/avatar.tsx'
import { Icon, Turning, type IconName } from '../ui/icon.tsx'
import { FileCard } from './media/file-card.tsx'
import { ForYou } from './message.tsx'
import { MessageText } from './message-text.tsx'
import { Quoted } from './quoted.tsx'
import { viewerQuery } from '../frame/viewer-card.tsx'

const grounds: Record<Outgoing['state'], string> = {
  pending: '',
  sent: '',
  failed: 'before:absolute before:inset-y-0 before:start-0 before:w-[3px] before:bg-down',
  unknown: 'hatch-gutter-feed',
}

/**
 * What one wrote and the feed does not show yet: on its way, not sent, or nobody knows. On its way it is as high as the message
 * that it becomes.
 *
 * @param continued it will stand under the name above it.
 */
export function OutgoingMessage({ item, continued }: { item: Outgoing; continued: boolean }) {
  const waits = item.state === 'pending' || item.state === 'sent'
  return (
    <article
      data-anchor=""
      aria-busy={item.state === 'pending'}
      className={`relative grid grid-cols-[2.25rem_minmax(0,1fr)] gap-x-3 px-5 *:col-start-2 max-md:px-3.5 touch:pe-11 ${
        continued ? 'py-px' : 'mt-2 py-1'
      } ${grounds[item.state]}`}
    >
      {item.replyTo !== null && (
        <div className="reply-elbow flex min-w-0 items-center gap-1.5 pb-0.5 text-xs/[1.125rem] text-ink-3">
          <Quoted channelId={item.channelId} messageId={item.replyTo} />
        </div>
      )}
      {continued ? (
        <OnItsWay
          item={item}
          className="col-start-1! row-start-1 justify-self-end text-2xs/[1.375rem] whitespace-nowrap"
        />
      ) : (
        <Head item={item} />
      )}
      <div className={`min-w-0 ${waits ? 'text-ink-2' : ''}`}>
        {item.content !== '' && <MessageText payload={{ content: item.content, edited_timestamp: null }} />}
        <Files files={item.files} />
      </div>
      <Undone item={item} />
    </article>
  )
}

function Files({ files }: { files: Outgoing['files'] }) {
  if (files.length === 0) return null
  return (
    <ul aria-label="Files" className="mt-1.5 flex flex-wrap items-end gap-2">
      {files.map(({ upload, filename, size }) => (
        <li key={upload} className="max-w-full min-w-0">
          <FileCard name={filename} size={size} />
        </li>
      ))}
    </ul>
  )
}

function Head({ item }: { item: Outgoing }) {
  const user = useQuery(viewerQuery).data?.user ?? null
  const place = `col-start-1! mt-0.5 row-end-9 ${item.replyTo === null ? 'row-start-1' : 'row-start-2'}`
  return (
    <>
      {user === null ? (
        <span className={`${place} grid size-9 place-items-center rounded-3 bg-sunken text-ink-2`}>
          <Icon name="you" />
        </span>
      ) : (
        <Avatar of={{ id: user.id, name: user.username, src: userPicture(user.id, user.avatar) }} className={place} />
      )}
      <div className="flex min-w-0 items-baseline gap-x-2 leading-5">
        <span dir="auto" className="min-w-0 truncate text-sm font-title tracking-[-0.005em]">
          {user?.username ?? 'You'}
        </span>
        {user !== null && <ForYou />}
        <time className="flex-none text-xs text-ink-3 tabular-nums">{clockTime(item.at)}</time>
        <OnItsWay item={item} className="flex flex-none items-center gap-1.5 text-xs" icon={<Turning />} />
      </div>
    </>
  )
}

/** The word comes when there is a wait, beside what is there: nothing moves for it. */
function OnItsWay({ item, className, icon }: { item: Outgoing; className: string; icon?: ReactNode }) {
  if (item.state === 'sent') return <span className={`text-ink-3 ${className}`}>Sent</span>
  if (item.state !== 'pending') return null
  return (
    <output className={`after-400ms text-ink-3 ${className}`}>
      {icon}
      Sending
    </output>
  )
}

function Undone({ item }: { item: Outgoing }) {
  const store = useGuildStore()
  const again = () => void store.outbox.retry(item.requestId)
  if (item.state === 'failed') {
    return (
      <NotSent ink="text-down" icon="refused" text={`Not sent: ${item.failure?.text ?? ''}`}>
        <Act onClick={again}>Try again</Act>
        <Act onClick={() => store.outbox.discard(item.requestId)}>Discard</Act>
        <code className="font-code text-2xs text-ink-3">{item.failure?.code}</code>
      </NotSent>
    )
  }
  if (item.state !== 'unknown') return null
  return (
    <NotSent ink="text-unknown" icon="unknown" text="May or may not have been sent.">
      <a
        href={`https://discord.com/channels/${store.guildId}/${item.channelId}`}
        target="_blank"
        rel="noopener noreferrer"
        className="font-strong text-inherit touch-target underline"
      >
        Look in Discord
      </a>
      <Act onClick={again}>Send again</Act>
      <Act onClick={() => store.outbox.discard(item.requestId)}>Discard</Act>
    </NotSent>
  )
}

/** What became of it, and what one can do about that. */
function NotSent({ ink, icon, text, children }: { ink: string; icon: IconName; text: string; children: ReactNode }) {
  return (
    <span
      role="alert"
      className={`mt-0.5 flex flex-wrap items-center gap-x-2 text-xs touch:gap-x-6 touch:gap-y-2 touch:py-3 ${ink}`}
    >
      <span className="flex items-center gap-2">
        <Icon name={icon} size={14} />
        <span>{text}</span>
      </span>
      {children}
    </span>
  )
}

function Act({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <button type="button" onClick={onClick} className="font-strong touch-target underline underline-offset-2">
      {children}
    </button>
  )
}
