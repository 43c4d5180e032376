import { useMemo, useState, type ReactNode } from 'react'
import { messageType } from '../../live/view/discord-values.ts'
import { clockTime } from '../../live/format.ts'
import { isMessage, messageOf, type ViewMessage } from '../../live/view/message-list.ts'
import { usePageState } from '../frame/page-state.tsx'
import { useChooseEvent } from '../frame/use-choose-event.ts'
import { useGuild, useGuildStore } from '../../hooks/use-guild-store.ts'
import { personOf, type GuildView, type Person } from '../../live/view/view-types.ts'
import { MemberMenuTrigger } from '../channels/member-menu.tsx'
import { Avatar, userPicture } from '../ui/avatar.tsx'
import { Icon } from '../ui/icon.tsx'
import { chosenGround } from './chosen-ground.ts'
import { DeletedEdit } from './deleted-edit.tsx'
import { MessageBody } from './message-body.tsx'
import { KeepHeight } from './keep-height.tsx'
import { CommandBy, ReplyTo } from './message-reply.tsx'
import { writerTags } from './writer-tags.ts'
import { useConversation } from './conversation.tsx'
import { MessageActions, MessagePending } from './message-actions.tsx'
import { MessageEditor } from './message-editor.tsx'
import { Tag } from '../ui/tag.tsx'

/** What a person or a bot wrote. @param own the bot, for the viewer. */
export function Message({
  message: given,
  continued,
  own,
}: {
  message: ViewMessage
  continued: boolean
  own: boolean
}) {
  const message = useMemo(() => shownFor(given), [given])
  const { payload, at, eventId, restored, deletedAt } = message
  const known = useGuild((snapshot) => snapshot.view.people[payload.author.id])
  const role = useGuild((snapshot) => roleName(snapshot.view, payload.author.id))
  const viewerId = useGuild((snapshot) => snapshot.view.viewerId)
  const person = known ?? personOf(payload.author)
  const [isNear, setNear] = useState(false)
  const chosenId = usePageState().eventId
  const chosen = eventId !== null && eventId === chosenId
  const { isByTouch } = useConversation()
  // For the keyboard and for fingers it is in the menu. Each that is there and not seen is a layer of its own to be drawn.
  const linked = (isNear || chosen) && !isByTouch ? eventId : null
  const namesViewer = viewerId !== null && (payload.mentions ?? []).some((user) => user.id === viewerId)
  const isReply = (payload.type as number) === messageType.reply && deletedAt === null
  const isAnswer = deletedAt === null && (payload.interaction_metadata ?? payload.interaction) !== undefined
  const time = (
    <time dateTime={new Date(at).toISOString()} className="text-xs text-ink-3 tabular-nums">
      {clockTime(at)}
    </time>
  )
  return (
    <article
      data-message={message.id}
      data-anchor=""
      onPointerEnter={() => setNear(true)}
      // What a menu hangs on stays while that is open.
      onPointerLeave={({ currentTarget }) => setNear(currentTarget.querySelector('[data-popup-open]') !== null)}
      className={`group/message relative grid contain-layout contain-style grid-cols-[2.25rem_minmax(0,1fr)] gap-x-3 px-5 *:col-start-2 max-md:px-3.5 touch:pe-11 ${
        continued ? 'py-px' : 'mt-2 py-1'
      } ${ground(chosen, namesViewer)} ${restored ? 'before:absolute before:inset-y-0 before:start-[9px] before:border-s-2 before:border-dotted before:border-unknown' : ''}`}
    >
      {isReply && <ReplyTo payload={payload} />}
      {isAnswer && !isReply && <CommandBy payload={payload} />}
      {continued ? (
        <>
          <span dir="auto" className="sr-only">
            {person.name} {own && <ForYou />} {time}
          </span>
          {isNear && (
            <span
              aria-hidden="true"
              className="col-start-1! row-start-1 text-end text-2xs/[1.375rem] text-ink-3 tabular-nums"
            >
              {clockTime(at)}
            </span>
          )}
          {linked !== null && (
            <EventLink eventId={linked} chosen={chosen} className="absolute end-5 top-1 rounded-1 bg-panel p-1" />
          )}
        </>
      ) : (
        <>
          <Avatar
            of={{ id: person.id, name: person.name, src: userPicture(person.id, person.avatar), solid: person.bot }}
            className={`col-start-1! mt-0.5 row-end-9 ${isReply || isAnswer ? 'row-start-2' : 'row-start-1'}`}
          />
          <div className="flex min-w-0 items-baseline gap-x-2 leading-5 max-sm:flex-wrap">
            <MemberMenuTrigger
              userId={person.id}
              tabIndex={-1}
              title={person.name === person.username ? person.name : `${person.name} (${person.username})`}
              data-own-menu
              className="touch-target min-w-0 text-start text-sm font-title tracking-[-0.005em] hover:underline"
            >
              <bdi className="block truncate">{person.name}</bdi>
            </MemberMenuTrigger>
            {role !== null && (
              <span dir="auto" className="min-w-0 shrink-[9] truncate text-xs text-ink-3">
                {role}
              </span>
            )}
            {own && <ForYou />}
            <span className="flex-none">{time}</span>
            {writerTags(payload, person.bot).map((tag) => (
              <Tag key={tag}>{tag}</Tag>
            ))}
            {payload.pinned && deletedAt === null && (
              <Tag>
                <Icon name="pin" size={11} />
                pinned
              </Tag>
            )}
            {restored && (
              <Tag tone="unknown">
                <Icon name="restored" size={11} />
                restored
              </Tag>
            )}
            {linked !== null && <EventLink eventId={linked} chosen={chosen} className="ms-auto" />}
          </div>
        </>
      )}
      <KeepHeight held={deletedAt !== null}>
        <Editable message={message}>
          {deletedAt === null ? (
            <MessageBody message={message} />
          ) : (
            <p className="text-md text-ink-3">Message deleted at {clockTime(deletedAt)}</p>
          )}
        </Editable>
      </KeepHeight>
      <MessagePending message={message} />
      <MessageActions message={message} hasHead={!continued} hasQuote={isReply || isAnswer} isNear={isNear} />
    </article>
  )
}

/** Beside the bot's name, where it wrote what the viewer had it write. */
export function ForYou() {
  return <span className="flex-none text-xs text-ink-3">you</span>
}

/** Its body, or, while it is changed, what it is changed to. */
function Editable({ message, children }: { message: ViewMessage; children: ReactNode }) {
  const { id, deletedAt } = message
  const isEdited = useConversation().editing === id
  const { edits } = useGuildStore()
  // Also what was left half done: nobody could come back to it.
  if (!isEdited && (deletedAt === null || edits.get(id) === undefined)) return children
  if (deletedAt === null) return <MessageEditor message={message} />
  return (
    <DeletedEdit messageId={id} deletedAt={deletedAt}>
      {children}
    </DeletedEdit>
  )
}

/** A thread's first message shows the one that it began with, in the channel around it. */
function shownFor(message: ViewMessage): ViewMessage {
  const { type, referenced_message: began } = message.payload
  if ((type as number) !== messageType.threadStarter || !isMessage(began)) return message
  return { ...messageOf(began, message.eventId, message.restored), id: message.id }
}

/** One id, seen end to end: choosing it here chooses its event in the inspector. */
function EventLink({ eventId, chosen, className }: { eventId: string; chosen: boolean; className: string }) {
  const { choose } = usePageState()
  const chooseEvent = useChooseEvent()
  return (
    <button
      type="button"
      title="Show this event in the inspector"
      aria-pressed={chosen}
      onClick={() => (chosen ? choose(null) : chooseEvent(eventId))}
      className={`inline-flex flex-none items-center gap-[5px] font-code text-2xs/none whitespace-nowrap ${className} ${
        chosen ? 'font-semibold text-live' : 'text-ink-2 hover:text-ink'
      }`}
    >
      <Icon name="events" size={12} />
      {eventId}
    </button>
  )
}

function ground(chosen: boolean, namesViewer: boolean): string {
  if (chosen) return chosenGround
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
