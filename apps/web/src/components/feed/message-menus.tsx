import { ContextMenu } from '@base-ui/react/context-menu'
import { Menu } from '@base-ui/react/menu'
import { useRef, useState, type MouseEvent, type ReactNode } from 'react'
import { useCommand } from '../../hooks/use-command.ts'
import { useGuild } from '../../hooks/use-guild-store.ts'
import { findMessage, type ViewMessage } from '../../live/view/message-list.ts'
import { emojiOf } from '../../live/view/message-reactions.ts'
import { personOf } from '../../live/view/view-types.ts'
import { useChooseEvent } from '../frame/use-choose-event.ts'
import { MemberItems } from '../channels/member-menu.tsx'
import { MenuItem, MenuLine, MenuMore, MenuNote, MenuPanel } from '../ui/menu.tsx'
import { SharedMenu, SharedMenuRoot } from '../ui/shared-menu.tsx'
import { focusComposer, useConversation, useOwnReactions } from './conversation.tsx'
import { DeleteDialog } from './delete-dialog.tsx'
import { useMessageRefusals } from './message-rights.ts'

/** One menu of each kind for all messages, about the id of one. */
export const actionsMenu = new SharedMenu()
export const reactionsMenu = new SharedMenu()

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

/** The menus of the messages within, and what asks before one is deleted. */
export function MessageMenus({ children }: { children: ReactNode }) {
  const [messageId, setMessageId] = useState<string | null>(null)
  /** The message that is pressed; null where the browser's own menu is to come. */
  const pressed = useRef<string | null>(null)
  return (
    <>
      <ContextMenu.Root
        onOpenChange={(isOpen, details) => {
          if (!isOpen) return
          if (pressed.current === null) details.cancel()
          else setMessageId(pressed.current)
        }}
      >
        <ContextMenu.Trigger
          render={<div className="contents" />}
          onContextMenuCapture={(event: MouseEvent) => {
            pressed.current = messageUnder(event)
            if (pressed.current === null) event.stopPropagation()
          }}
          // A long press opens it by a clock of its own; not every browser tells of it as of the other mouse button.
          onTouchStartCapture={(event) => {
            pressed.current = messageUnder(event)
          }}
        >
          {children}
        </ContextMenu.Trigger>
        <MenuPanel label="Message actions">{messageId !== null && <Items messageId={messageId} />}</MenuPanel>
      </ContextMenu.Root>
      <SharedMenuRoot menu={actionsMenu} label="Message actions" align="end">
        {(about) => <Items messageId={about} />}
      </SharedMenuRoot>
      <SharedMenuRoot menu={reactionsMenu} label="React as the bot" align="end">
        {(about) => <Emoji messageId={about} />}
      </SharedMenuRoot>
      <DeleteDialog />
    </>
  )
}

/** The message that is under the pointer; null where the browser's own menu has more to offer: links, pictures, what is selected. */
function messageUnder({ target }: Pick<MouseEvent, 'target'>): string | null {
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

function Items({ messageId }: { messageId: string }) {
  const message = useMessage(messageId)
  return message === undefined ? <MenuNote>The message is there no more.</MenuNote> : <ItemsOf message={message} />
}

function ItemsOf({ message }: { message: ViewMessage }) {
  const { reply, edit, askToDelete } = useConversation()
  const refusals = useMessageRefusals(message)
  const { eventId } = message
  const { content } = message.payload
  const chooseEvent = useChooseEvent()
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
      {eventId !== null && (
        <MenuItem icon="events" onClick={() => chooseEvent(eventId)}>
          Show its event
        </MenuItem>
      )}
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
  return <EmojiOf message={message} refused={useMessageRefusals(message).react} />
}

function EmojiOf({ message, refused }: { message: ViewMessage; refused: string | null }) {
  const { channel } = useConversation()
  const command = useCommand()
  const reacted = useOwnReactions(message.id)
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
              className={`focus-inside grid h-8 cursor-pointer place-items-center rounded-2 select-none data-checked:bg-live-soft data-disabled:cursor-not-allowed data-disabled:opacity-60 data-highlighted:bg-hover touch:h-11 ${
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
  return shown.flatMap(({ emoji: { id, name }, emoji }): [string, string][] => {
    const named = emojiOf(emoji)
    if (named === null || few.has(named)) return []
    return [[named, id === null ? named : `:${name}:`]]
  })
}
