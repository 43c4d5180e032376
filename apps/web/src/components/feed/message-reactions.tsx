import { useCommand } from '../../hooks/use-command.ts'
import { useDeeds } from '../../hooks/use-deeds.ts'
import { useGuild } from '../../hooks/use-guild-store.ts'
import type { ViewMessage } from '../../live/view/message-list.ts'
import { emojiOf, isMine, type ViewReaction } from '../../live/view/message-reactions.ts'
import { useConversation, useIsNewest, useOwnReactions } from './conversation.tsx'
import { CustomEmoji } from './markdown/custom-emoji.tsx'
import { useMessageRefusals } from './message-rights.ts'

/** What others chose, each a button by which one joins them, as the bot. */
export function Reactions({ message }: { message: ViewMessage }) {
  return message.reactions.length === 0 ? null : <Pills message={message} />
}

function Pills({ message }: { message: ViewMessage }) {
  const { channel } = useConversation()
  const own = useOwnReactions(message.id)
  const isNewest = useIsNewest(message.id)
  const refused = useMessageRefusals(message).react
  return (
    <ul aria-label="Reactions" className="flex flex-wrap gap-1 pt-[5px] touch:gap-y-5 touch:py-2.5">
      {message.reactions.map((reaction) => {
        const emoji = emojiOf(reaction.emoji)
        return (
          <li key={reaction.key} className="flex">
            <Pill
              reaction={reaction}
              about={emoji === null ? null : { channelId: channel.id, messageId: message.id, emoji }}
              isOn={emoji !== null && own.has(emoji)}
              refused={refused}
              // A feed has hundreds. The keyboard has them all in the message's menu.
              tabIndex={isNewest ? 0 : -1}
            />
          </li>
        )
      })}
    </ul>
  )
}

/**
 * "Including you" is said where an event showed it: history is the bot's, and its `me` is not the viewer. Pressed is what the bot
 * chose for the viewer, which pressing again takes back; the number follows when the stream says so.
 */
function Pill({
  reaction,
  about,
  isOn,
  refused: mayNot,
  tabIndex,
}: {
  reaction: ViewReaction
  /** Null for an emoji that has no name any more, which nobody can choose. */
  about: { channelId: string; messageId: string; emoji: string } | null
  isOn: boolean
  refused: string | null
  tabIndex: number
}) {
  const { emoji, count } = reaction
  const command = useCommand()
  const mine = useGuild(({ view }) => isMine(reaction, view.viewerId))
  const isBusy = useDeeds((items) =>
    items.some(
      ({ state, deed }) =>
        state === 'pending' &&
        (deed.kind === 'react' || deed.kind === 'unreact') &&
        deed.messageId === about?.messageId &&
        deed.emoji === about.emoji,
    ),
  )
  const refused = about === null ? 'The emoji is there no more' : mayNot
  const press = () => {
    if (about === null || refused !== null || isBusy) return
    void (isOn ? command.removeReaction(about) : command.addReaction(about))
  }
  const notes = [
    ...(mine ? ['including you'] : []),
    ...(isBusy ? [isOn ? 'is taken back' : 'is added'] : []),
    ...(refused === null ? [] : [refused]),
  ]
  return (
    <button
      type="button"
      tabIndex={tabIndex}
      aria-pressed={isOn}
      aria-busy={isBusy || undefined}
      aria-disabled={refused !== null || undefined}
      title={refused ?? (isOn ? 'Take back what the bot chose for you' : 'React as the bot')}
      onClick={press}
      className={`touch-target inline-flex min-h-6 items-center gap-[5px] rounded-2 border px-[7px] text-xs tabular-nums aria-busy:border-dashed aria-disabled:cursor-not-allowed ${
        mine || isOn
          ? 'border-live bg-live-soft font-title text-live'
          : 'border-line bg-canvas text-ink-2 not-aria-disabled:hover:bg-hover aria-busy:border-line-strong'
      }`}
    >
      {emoji.id === null ? (
        emoji.name
      ) : (
        <CustomEmoji id={emoji.id} name={emoji.name ?? 'emoji'} animated={emoji.animated === true} size={16} />
      )}{' '}
      {count}
      {/* In brackets, since a space stands between two elements wherever they are read out. */}
      {notes.length > 0 && <span className="sr-only">({notes.join(', ')})</span>}
    </button>
  )
}
