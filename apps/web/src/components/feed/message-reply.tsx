import type { APIMessage } from 'discord-api-types/v10'
import { plainText } from './message-tokens.ts'
import { findMessage } from '../../live/view/message-list.ts'
import { useGuild } from '../../hooks/use-guild-store.ts'

/** What a message answers, in one line. A deleted one is not quoted. */
export function ReplyTo({ payload }: { payload: APIMessage }) {
  const id = payload.message_reference?.message_id
  const list = useGuild((snapshot) => snapshot.view.messages[payload.channel_id])
  const people = useGuild((snapshot) => snapshot.view.people)
  const roles = useGuild((snapshot) => snapshot.view.roles)
  const channels = useGuild((snapshot) => snapshot.view.channels)
  const shown = id === undefined || list === undefined ? undefined : findMessage(list, id)
  const gone = payload.referenced_message === null || (shown !== undefined && shown.deletedAt !== null)
  const original = gone ? undefined : (shown?.payload ?? payload.referenced_message ?? undefined)
  const author = original?.author
  const nameOf = (kind: 'user' | 'role' | 'channel', of: string) => {
    if (kind === 'user') return `@${people[of]?.name ?? 'unknown user'}`
    return kind === 'role' ? `@${roles[of]?.name ?? 'unknown role'}` : `#${channels[of]?.name ?? 'unknown channel'}`
  }
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
            {plainText(original?.content ?? '', nameOf) || 'Attachment'}
          </span>
        </>
      )}
    </div>
  )
}
