import type { KeyboardEvent } from 'react'
import { useDeeds } from '../../hooks/use-deeds.ts'
import type { Deed } from '../../live/deeds.ts'
import type { ViewMessage } from '../../live/view/message-list.ts'
import { emojiOf } from '../../live/view/message-reactions.ts'
import { buttonClass } from '../ui/button.tsx'
import { Icon, Turning, type IconName } from '../ui/icon.tsx'
import { focusComposer, useConversation, useIsNewest } from './conversation.tsx'
import { actionsMenu, reactionsMenu } from './message-menus.tsx'
import { useMessageRefusals } from './message-rights.ts'

/**
 * What can be done with a message. The pointer finds it above the message; the keyboard has one stop in the feed, at the newest
 * message, and goes up and down from there; the same is in the menu that the other mouse button, or a long press, opens.
 */
export function MessageActions({
  message,
  hasHead,
  hasQuote,
  isNear,
}: {
  message: ViewMessage
  hasHead: boolean
  /** Above its head stands what it answers. */
  hasQuote: boolean
  /** The pointer is over the message. */
  isNear: boolean
}) {
  const isNewest = useIsNewest(message.id)
  if (message.deletedAt !== null) return null
  return (
    <div
      data-head={hasHead || undefined}
      // Above the id of its event, which is pressed too. For fingers beside its first line.
      className={`message-actions absolute! end-5 -top-6 z-10 col-auto! flex rounded-2 border border-line-strong bg-raised touch:end-0 touch:border-0 touch:bg-transparent ${
        hasHead ? 'touch:-top-2' : 'touch:-top-2.5'
      } ${hasQuote ? 'touch:row-start-2' : ''}`}
    >
      {isNear && <QuickActions message={message} />}
      <button
        {...actionsMenu.opener(message.id)}
        data-message-actions
        tabIndex={isNewest ? 0 : -1}
        aria-label="Message actions"
        onKeyDown={moveAmongMessages}
        className={`${buttonClass('quiet', { small: true, icon: true })} data-popup-open:bg-hover`}
      >
        <Icon name="more" />
      </button>
    </div>
  )
}

/** Short ways for the pointer: for everybody else they are in the menu beside them, so they are no stops and have no names. */
function QuickActions({ message }: { message: ViewMessage }) {
  const { reply, edit } = useConversation()
  const refusals = useMessageRefusals(message)
  return (
    <>
      <button
        {...reactionsMenu.opener(message.id)}
        tabIndex={-1}
        aria-hidden="true"
        title={refusals.react ?? 'React as the bot'}
        className={`${quick} ${refusals.react === null ? '' : refusedInk}`}
      >
        <Icon name="react" />
      </button>
      <Quick
        icon="reply"
        title="Reply"
        refused={refusals.reply}
        onClick={() => {
          reply(message.id)
          focusComposer()
        }}
      />
      {refusals.edit === null && <Quick icon="edit" title="Edit" refused={null} onClick={() => edit(message.id)} />}
    </>
  )
}

const quick = `${buttonClass('quiet', { small: true, icon: true })} touch:hidden data-popup-open:bg-hover`
const refusedInk = 'cursor-not-allowed text-ink-3'

function Quick({
  icon,
  title,
  refused,
  onClick,
}: {
  icon: IconName
  title: string
  refused: string | null
  onClick: () => void
}) {
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-hidden="true"
      title={refused ?? title}
      onClick={() => refused === null && onClick()}
      className={`${quick} ${refused === null ? '' : refusedInk}`}
    >
      <Icon name={icon} />
    </button>
  )
}

/** From message to message; the menu opens by Enter and Space. */
function moveAmongMessages(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
  event.preventDefault()
  const stops = [...document.querySelectorAll<HTMLElement>('[data-message-actions]')]
  stops[stops.indexOf(event.currentTarget) + (event.key === 'ArrowDown' ? 1 : -1)]?.focus()
}

const saying = { edit: 'Saving', delete: 'Deleting', react: 'Reacting', unreact: 'Taking the reaction back' } as const

/** The editor, and the reaction where there is one already: a line more would move what stands below. */
const saysItself = (deed: Deed, { reactions: shown }: ViewMessage): boolean =>
  deed.kind === 'edit' || ('emoji' in deed && shown.some(({ emoji }) => emojiOf(emoji) === deed.emoji))

/** What is being done to a message. The word comes when there is a wait. */
export function MessagePending({ message }: { message: ViewMessage }) {
  const kind = useDeeds((items) => {
    for (const { state, deed } of items) {
      if (state !== 'pending' || !('messageId' in deed) || deed.messageId !== message.id) continue
      if (!saysItself(deed, message)) return deed.kind
    }
    return null
  })
  if (kind === null) return null
  return (
    <output className="after-400ms mt-0.5 flex items-center gap-2 text-xs text-ink-3">
      <Turning />
      {saying[kind]}
    </output>
  )
}
