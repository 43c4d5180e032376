import { ContextMenu } from '@base-ui/react/context-menu'
import { Menu } from '@base-ui/react/menu'
import { useId, useRef, useState, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react'
import { useCommand } from '../../hooks/use-command.ts'
import { useDeeds } from '../../hooks/use-deeds.ts'
import { useGuild } from '../../hooks/use-guild-store.ts'
import { findMessage, type ViewMessage } from '../../live/view/message-list.ts'
import { personOf } from '../../live/view/view-types.ts'
import { MemberItems } from '../channels/member-menu.tsx'
import { buttonClass } from '../ui/button.tsx'
import { Icon, Turning, type IconName } from '../ui/icon.tsx'
import { MenuItem, MenuLine, MenuMore, MenuNote, MenuPanel } from '../ui/menu.tsx'
import { focusComposer, useConversation } from './conversation.tsx'
import { DeleteDialog } from './delete-dialog.tsx'
import { useAway } from '../hops/use-away.ts'
import { messageRefusals } from './message-rights.ts'

type About = { messageId: string }

/** One menu of each kind for all messages: a feed has hundreds. */
const actions = Menu.createHandle<About>()
const reactions = Menu.createHandle<About>()

/** Few, so that they are found at once; others are added in Discord. */
const EMOJI = [
  ['👍', 'thumbs up'],
  ['❤️', 'heart'],
  ['😂', 'tears of joy'],
  ['🎉', 'party'],
  ['🔥', 'fire'],
  ['👀', 'eyes'],
  ['✅', 'check'],
  ['🙏', 'thanks'],
] as const

const AS_BOT = 'Reacts as the bot: the reaction is the bot’s, not yours.'

/**
 * What can be done with a message. The pointer finds it above the message; the keyboard has one stop in the feed, at the newest
 * message, and goes up and down from there; the same is in the menu that the other mouse button, or a long press, opens.
 */
export function MessageActions({ message, hasHead }: { message: ViewMessage; hasHead: boolean }) {
  const { channel, reply, edit } = useConversation()
  const isNewest = useGuild(({ view }) => view.messages[channel.id]?.items.at(-1)?.id === message.id)
  const refusals = useRefusals(message)
  const payload = { messageId: message.id }
  const [moreId, reactId] = [useId(), useId()]
  if (message.deletedAt !== null) return null
  return (
    <div
      data-head={hasHead || undefined}
      className="message-actions absolute! end-5 -top-3.5 z-10 col-auto! flex rounded-2 border border-line-strong bg-raised touch:end-14 touch:top-0.5 touch:border-transparent touch:bg-transparent"
    >
      <Menu.Trigger
        id={reactId}
        handle={reactions}
        payload={payload}
        tabIndex={-1}
        aria-hidden="true"
        title={refusals.react ?? 'React as the bot'}
        className={`${quick} ${refusals.react === null ? '' : refusedInk}`}
      >
        <Icon name="react" />
      </Menu.Trigger>
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
      <Menu.Trigger
        id={moreId}
        handle={actions}
        payload={payload}
        data-message-actions
        tabIndex={isNewest ? 0 : -1}
        aria-label="Message actions"
        onKeyDown={moveAmongMessages}
        className={`${buttonClass('quiet', { small: true, icon: true })} touch-target touch:min-h-8! touch:min-w-8! data-popup-open:bg-hover`}
      >
        <Icon name="more" />
      </Menu.Trigger>
    </div>
  )
}

const quick = `${buttonClass('quiet', { small: true, icon: true })} touch:hidden data-popup-open:bg-hover`
const refusedInk = 'cursor-not-allowed text-ink-3'

/** A short way for the pointer: for everybody else it is in the menu beside it, so it is no stop and has no name. */
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
function moveAmongMessages(event: KeyboardEvent<HTMLElement> & { preventBaseUIHandler?: () => void }): void {
  if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
  event.preventBaseUIHandler?.()
  event.preventDefault()
  const stops = [...document.querySelectorAll<HTMLElement>('[data-message-actions]')]
  stops[stops.indexOf(event.currentTarget) + (event.key === 'ArrowDown' ? 1 : -1)]?.focus()
}

/** The menus of the messages within, and what asks before one is deleted. */
export function MessageMenus({ children }: { children: ReactNode }) {
  const [messageId, setMessageId] = useState<string | null>(null)
  const isNative = useRef(false)
  return (
    <>
      <ContextMenu.Root
        onOpenChange={(isOpen, details) => {
          if (isOpen && isNative.current) details.cancel()
        }}
      >
        <ContextMenu.Trigger
          render={<div className="contents" />}
          onContextMenuCapture={(event: MouseEvent) => {
            const about = messageUnder(event)
            isNative.current = about === null
            if (about === null) event.stopPropagation()
            else setMessageId(about)
          }}
        >
          {children}
        </ContextMenu.Trigger>
        <MenuPanel label="Message actions">{messageId !== null && <Items messageId={messageId} />}</MenuPanel>
      </ContextMenu.Root>
      <Menu.Root handle={actions} modal={false}>
        {({ payload }: { payload: About | undefined }) => (
          <MenuPanel align="end" label="Message actions">
            {payload && <Items messageId={payload.messageId} />}
          </MenuPanel>
        )}
      </Menu.Root>
      <Menu.Root handle={reactions} modal={false}>
        {({ payload }: { payload: About | undefined }) => (
          <MenuPanel align="end" label="React as the bot">
            {payload && <Emoji messageId={payload.messageId} />}
          </MenuPanel>
        )}
      </Menu.Root>
      <DeleteDialog />
    </>
  )
}

/** The message that is under the pointer; null where the browser's own menu has more to offer: links, pictures, what is selected. */
function messageUnder({ target }: MouseEvent): string | null {
  if (!(target instanceof Element)) return null
  if (target.closest('a, img, video, audio, textarea, input, [data-own-menu]') !== null) return null
  if (getSelection()?.isCollapsed === false) return null
  return target.closest<HTMLElement>('[data-message]')?.dataset['message'] ?? null
}

function useMessage(messageId: string): ViewMessage | undefined {
  const { channel } = useConversation()
  return useGuild(({ view }) => {
    const list = view.messages[channel.id]
    return list && findMessage(list, messageId)
  })
}

function useRefusals(message: ViewMessage) {
  const conversation = useConversation()
  return messageRefusals(message, conversation, useAway())
}

function Items({ messageId }: { messageId: string }) {
  const message = useMessage(messageId)
  return message === undefined ? <MenuNote>The message is there no more.</MenuNote> : <ItemsOf message={message} />
}

function ItemsOf({ message }: { message: ViewMessage }) {
  const { reply, edit, askToDelete } = useConversation()
  const refusals = useRefusals(message)
  const { content } = message.payload
  const known = useGuild(({ view }) => view.people[message.payload.author.id])
  const author = (known ?? personOf(message.payload.author)).name
  return (
    <>
      {refusals.react === null ? (
        <MenuMore icon="react" label="React as the bot">
          <EmojiOf message={message} refused={null} />
        </MenuMore>
      ) : (
        <MenuItem icon="react" refused={refusals.react}>
          React as the bot
        </MenuItem>
      )}
      <MenuItem
        icon="reply"
        refused={refusals.reply}
        onClick={() => {
          reply(message.id)
          focusComposer()
        }}
      >
        Reply
      </MenuItem>
      <MenuItem icon="edit" refused={refusals.edit} onClick={() => edit(message.id)}>
        Edit
      </MenuItem>
      {content !== '' && (
        <MenuItem icon="file" onClick={() => void navigator.clipboard.writeText(content).catch(() => {})}>
          Copy text
        </MenuItem>
      )}
      <MenuMore icon="you" label={`About ${author}`}>
        <MemberItems userId={message.payload.author.id} />
      </MenuMore>
      <MenuLine />
      <MenuItem icon="trash" danger refused={refusals.delete} onClick={() => askToDelete(message.id)}>
        Delete
      </MenuItem>
    </>
  )
}

function Emoji({ messageId }: { messageId: string }) {
  const message = useMessage(messageId)
  if (message === undefined) return <MenuNote>The message is there no more.</MenuNote>
  return <EmojiWithReason message={message} />
}

function EmojiWithReason({ message }: { message: ViewMessage }) {
  return <EmojiOf message={message} refused={useRefusals(message).react} />
}

function EmojiOf({ message, refused }: { message: ViewMessage; refused: string | null }) {
  const { channel, rights } = useConversation()
  const command = useCommand()
  const reacted = new Set(
    rights?.own.reactions.flatMap(({ messageId, emoji }) => (messageId === message.id ? [emoji] : [])),
  )
  return (
    <>
      <Menu.Group aria-label="Emoji" className="grid grid-cols-8 touch:grid-cols-4">
        {[...EMOJI, ...othersOn(message)].map(([emoji, name]) => {
          const isOn = reacted.has(emoji)
          const reaction = { channelId: channel.id, messageId: message.id, emoji }
          return (
            <Menu.CheckboxItem
              key={emoji}
              checked={isOn}
              closeOnClick
              disabled={refused !== null}
              aria-label={isOn ? `Take back ${name}` : name}
              title={refused ?? (isOn ? `Take back ${name}` : name)}
              onCheckedChange={(on) => void (on ? command.addReaction(reaction) : command.removeReaction(reaction))}
              className={`grid h-8 cursor-pointer place-items-center rounded-2 outline-0 select-none data-checked:bg-live-soft data-disabled:cursor-not-allowed data-disabled:opacity-60 data-highlighted:bg-hover touch:h-11 ${
                emoji.includes(':') ? 'col-span-4 text-2xs touch:col-span-2' : 'w-8 text-md touch:w-11'
              }`}
            >
              {emoji.includes(':') ? name : emoji}
            </Menu.CheckboxItem>
          )
        })}
      </Menu.Group>
      <MenuNote>{refused === null ? AS_BOT : `${refused}.`}</MenuNote>
    </>
  )
}

/** With what others have reacted already: one may join them, or take back what one asked for elsewhere. */
function othersOn({ reactions: shown }: ViewMessage): [emoji: string, name: string][] {
  const few: ReadonlySet<string> = new Set(EMOJI.map(([emoji]) => emoji))
  return shown.flatMap(({ emoji: { id, name } }): [string, string][] => {
    if (name === null || few.has(name)) return []
    return [id === null ? [name, name] : [`${name}:${id}`, `:${name}:`]]
  })
}

const saying = { edit: 'Saving', delete: 'Deleting', react: 'Reacting', unreact: 'Taking the reaction back' } as const

/** What is being done to a message. The word comes when there is a wait. */
export function MessagePending({ messageId }: { messageId: string }) {
  const kind = useDeeds((items) => {
    const doing = items.find(
      ({ state, deed }) => state === 'pending' && 'messageId' in deed && deed.messageId === messageId,
    )
    return doing && 'messageId' in doing.deed ? doing.deed.kind : null
  })
  // The editor says so itself.
  if (kind === null || kind === 'edit') return null
  return (
    <output className="after-400ms mt-0.5 flex items-center gap-2 text-xs text-ink-3">
      <Turning />
      {saying[kind]}
    </output>
  )
}
