import { messageType } from '../../live/view/discord-values.ts'
import { clockTime } from '../../live/format.ts'
import type { ViewMessage } from '../../live/view/message-list.ts'
import { usePageState } from '../frame/page-state.tsx'
import { useGuild } from '../../hooks/use-guild-store.ts'
import { isNarrow } from '../ui/use-layout.ts'
import { personOf, type GuildView, type Person } from '../../live/view/view-types.ts'
import { Avatar, userPicture } from '../ui/avatar.tsx'
import { Icon } from '../ui/icon.tsx'
import { Attachments } from './message-attachments.tsx'
import { Embeds } from './message-embeds.tsx'
import { Reactions } from './message-reactions.tsx'
import { ReplyTo } from './message-reply.tsx'
import { MessageText } from './message-text.tsx'
import { Tag } from '../ui/tag.tsx'

/** What a person or a bot wrote. */
export function Message({ message, continued }: { message: ViewMessage; continued: boolean }) {
  const { payload, at, eventId, restored, deletedAt } = message
  const known = useGuild((snapshot) => snapshot.view.people[payload.author.id])
  const role = useGuild((snapshot) => roleName(snapshot.view, payload.author.id))
  const viewerId = useGuild((snapshot) => snapshot.view.viewerId)
  const person = known ?? personOf(payload.author)
  const chosenId = usePageState().eventId
  const chosen = eventId !== null && eventId === chosenId
  const namesViewer = viewerId !== null && (payload.mentions ?? []).some((user) => user.id === viewerId)
  const isReply = (payload.type as number) === messageType.reply && deletedAt === null
  const time = (
    <time dateTime={new Date(at).toISOString()} className="text-xs text-ink-3 tabular-nums">
      {clockTime(at)}
    </time>
  )
  return (
    <article
      data-message={message.id}
      className={`group/message relative grid grid-cols-[2.25rem_minmax(0,1fr)] gap-x-3 px-5 *:col-start-2 max-md:px-3.5 touch:pe-11 ${
        continued ? 'py-px' : 'mt-2 py-1'
      } ${ground(chosen, namesViewer)} ${restored ? 'before:absolute before:inset-y-0 before:start-[9px] before:border-s-2 before:border-dotted before:border-unknown' : ''}`}
    >
      {isReply && <ReplyTo payload={payload} />}
      {continued ? (
        <>
          <span dir="auto" className="sr-only">
            {person.name}
          </span>
          <time
            dateTime={new Date(at).toISOString()}
            className="col-start-1! row-start-1 text-end text-2xs/[1.375rem] text-ink-3 tabular-nums opacity-0 group-hover/message:opacity-100"
          >
            {clockTime(at)}
          </time>
          {eventId !== null && (
            <EventLink
              eventId={eventId}
              chosen={chosen}
              className="absolute! end-5 top-1 rounded-1 bg-panel p-1 max-md:end-3.5"
            />
          )}
        </>
      ) : (
        <>
          <Avatar
            of={{ id: person.id, name: person.name, src: userPicture(person.id, person.avatar), solid: person.bot }}
            className={`col-start-1! mt-0.5 row-end-9 ${isReply ? 'row-start-2' : 'row-start-1'}`}
          />
          <div className="flex min-w-0 items-baseline gap-x-2 leading-5 max-sm:flex-wrap">
            <span
              dir="auto"
              title={person.username}
              className="min-w-0 truncate text-sm font-title tracking-[-0.005em]"
            >
              {person.name}
            </span>
            {role !== null && (
              <span dir="auto" className="min-w-0 shrink-[9] truncate text-xs text-ink-3">
                {role}
              </span>
            )}
            <span className="flex-none">{time}</span>
            {person.bot && <Tag>BOT</Tag>}
            {restored && (
              <Tag tone="unknown">
                <Icon name="restored" size={11} />
                restored
              </Tag>
            )}
            {eventId !== null && (
              <EventLink
                eventId={eventId}
                chosen={chosen}
                className="ms-auto touch:absolute! touch:end-5 touch:top-1.5 touch:p-1 max-md:end-3.5"
              />
            )}
          </div>
        </>
      )}
      {deletedAt === null ? (
        <MessageBody message={message} />
      ) : (
        <p className="text-md text-ink-3">Message deleted at {clockTime(deletedAt)}</p>
      )}
    </article>
  )
}

function MessageBody({ message }: { message: ViewMessage }) {
  const { payload, reactions } = message
  const stickers = payload.sticker_items ?? []
  return (
    <>
      {payload.content !== '' && <MessageText payload={payload} />}
      {payload.poll !== undefined && (
        <p dir="auto" className="text-md text-ink-2">
          Poll: {payload.poll.question.text ?? ''}
        </p>
      )}
      {stickers.length > 0 && (
        <p dir="auto" className="text-md text-ink-2">
          Sticker: {stickers.map((sticker) => sticker.name).join(', ')}
        </p>
      )}
      <Attachments attachments={payload.attachments ?? []} />
      <Embeds embeds={payload.embeds ?? []} />
      <Reactions reactions={reactions} />
    </>
  )
}

/** One id, seen end to end: choosing it here chooses its event in the inspector. */
function EventLink({ eventId, chosen, className }: { eventId: string; chosen: boolean; className: string }) {
  const { choose, setInspector, setView } = usePageState()
  return (
    <button
      type="button"
      title="Show this event in the inspector"
      aria-pressed={chosen}
      onClick={() => {
        choose(chosen ? null : eventId)
        if (chosen) return
        setInspector(true)
        if (isNarrow()) setView('events')
      }}
      className={`touch-target inline-flex flex-none items-center gap-[5px] font-code text-2xs/none whitespace-nowrap ${className} ${
        chosen
          ? 'font-semibold text-live'
          : 'text-ink-2 opacity-0 group-hover/message:opacity-100 hover:text-ink focus-visible:opacity-100 touch:opacity-100'
      }`}
    >
      <Icon name="events" size={12} className="touch:size-4" />
      <span className="touch:sr-only">{eventId}</span>
    </button>
  )
}

function ground(chosen: boolean, namesViewer: boolean): string {
  if (chosen) {
    return 'bg-selected after:absolute after:inset-y-0 after:start-0 after:w-[3px] after:bg-live'
  }
  if (namesViewer) return 'bg-mention'
  return 'hover:bg-[color-mix(in_oklab,var(--hover)_45%,transparent)]'
}

/** The name of a person's highest role that Discord lists apart, or that they own the place. */
function roleName({ guild, roles, people }: GuildView, userId: string): string | null {
  if (guild?.ownerId === userId) return 'owner'
  const person: Person | undefined = people[userId]
  if (person === undefined || person.bot) return null
  let highest: { name: string; position: number } | null = null
  for (const id of person.roles) {
    const role = roles[id]
    if (role?.hoist === true && role.position > (highest?.position ?? -1)) highest = role
  }
  return highest?.name ?? null
}
