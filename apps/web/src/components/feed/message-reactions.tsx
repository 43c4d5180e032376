import { isMine, type ViewReaction } from '../../live/view/message-reactions.ts'
import { useGuild } from '../../hooks/use-guild-store.ts'
import { CustomEmoji } from './markdown/custom-emoji.tsx'

/** "Including you" is said where an event showed it: history is the bot's, and its `me` is not the viewer. */
export function Reactions({ reactions }: { reactions: readonly ViewReaction[] }) {
  const viewerId = useGuild((snapshot) => snapshot.view.viewerId)
  if (reactions.length === 0) return null
  return (
    <ul aria-label="Reactions" className="flex flex-wrap gap-1 pt-[5px]">
      {reactions.map((reaction) => {
        const { key, emoji, count } = reaction
        const mine = isMine(reaction, viewerId)
        return (
          <li
            key={key}
            className={`inline-flex min-h-6 items-center gap-[5px] rounded-2 border px-[7px] text-xs tabular-nums ${
              mine ? 'border-live bg-live-soft font-title text-live' : 'border-line bg-canvas text-ink-2'
            }`}
          >
            {emoji.id === null ? (
              emoji.name
            ) : (
              <CustomEmoji id={emoji.id} name={emoji.name ?? 'emoji'} animated={emoji.animated === true} size={16} />
            )}{' '}
            {count}
            {mine && <span className="sr-only">, including you</span>}
          </li>
        )
      })}
    </ul>
  )
}
