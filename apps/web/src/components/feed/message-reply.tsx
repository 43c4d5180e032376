import type { APIMessage } from 'discord-api-types/v10'
import { findMessage } from '../../live/view/message-list.ts'
import { useGuild } from '../../hooks/use-guild-store.ts'
import { plainText } from './markdown/plain-text.ts'

/** What a message answers, in one line. A deleted one is not quoted. */
export function ReplyTo({ payload }: { payload: APIMessage }) {
  const id = payload.message_reference?.message_id
  const list = useGuild((snapshot) => snapshot.view.messages[payload.channel_id])
  const people = useGuild((snapshot) => snapshot.view.people)
  const nameOf = useNames()
  const shown = id === undefined || list === undefined ? undefined : findMessage(list, id)
  const gone = payload.referenced_message === null || (shown !== undefined && shown.deletedAt !== null)
  const original = gone ? undefined : (shown?.payload ?? payload.referenced_message ?? undefined)
  const author = original?.author
  return (
    <div className="reply-elbow flex min-w-0 items-center gap-1.5 pb-0.5 text-xs/[1.125rem] text-ink-3">
      {author === undefined ? (
        <span className="truncate">{gone ? 'The message was deleted' : 'A message that is not loaded'}</span>
      ) : (
        <>
          <b dir="auto" className="max-w-full flex-none truncate text-ink-2">
            {people[author.id]?.name ?? author.global_name ?? author.username}
          </b>
          <span dir="auto" className="min-w-0 truncate">
            {plainText(original?.content ?? '', nameOf) || inAWord(original)}
          </span>
        </>
      )}
    </div>
  )
}

/** What a message without text is. */
export function inAWord(message: APIMessage | undefined): string {
  if (message?.poll !== undefined) return `Poll: ${message.poll.question.text ?? ''}`
  const [sticker] = message?.sticker_items ?? []
  if (sticker !== undefined) return `Sticker: ${sticker.name}`
  if ((message?.message_snapshots ?? []).length > 0) return 'Forwarded message'
  if ((message?.attachments ?? []).length > 0) return 'Attachment'
  return (message?.embeds ?? []).length > 0 ? 'Embed' : 'Message'
}

/** What a bot says is mostly an answer: who asked, and by which command. */
export function CommandBy({ payload }: { payload: APIMessage }) {
  const user = payload.interaction_metadata?.user ?? payload.interaction?.user
  const person = useGuild((snapshot) => (user === undefined ? undefined : snapshot.view.people[user.id]))
  if (user === undefined) return null
  const name = payload.interaction?.name
  return (
    <div className="reply-elbow flex min-w-0 items-center gap-1.5 pb-0.5 text-xs/[1.125rem] text-ink-3">
      <b dir="auto" className="min-w-0 truncate text-ink-2">
        {person?.name ?? user.global_name ?? user.username}
      </b>
      <span className="min-w-0 truncate">
        used {name === undefined ? 'a command' : <span className="font-code text-live">/{name}</span>}
      </span>
    </div>
  )
}

/** The names of what a text mentions, as they are on the page. */
export function useNames() {
  const people = useGuild((snapshot) => snapshot.view.people)
  const roles = useGuild((snapshot) => snapshot.view.roles)
  const channels = useGuild((snapshot) => snapshot.view.channels)
  return (kind: 'user' | 'role' | 'channel', id: string): string => {
    if (kind === 'user') return `@${people[id]?.name ?? 'unknown user'}`
    return kind === 'role' ? `@${roles[id]?.name ?? 'unknown role'}` : `#${channels[id]?.name ?? 'unknown channel'}`
  }
}
