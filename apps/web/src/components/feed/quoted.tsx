import { useGuild } from '../../hooks/use-guild-store.ts'
import { findMessage } from '../../live/view/message-list.ts'
import { personOf } from '../../live/view/view-types.ts'
import { plainText } from './markdown/plain-text.ts'
import { inAWord, useNames } from './message-reply.tsx'

/** Who wrote a message, and its beginning, in one line. */
export function Quoted({ channelId, messageId }: { channelId: string; messageId: string }) {
  const message = useGuild(({ view }) => {
    const list = view.messages[channelId]
    return list && findMessage(list, messageId)
  })
  const known = useGuild(({ view }) => (message === undefined ? undefined : view.people[message.payload.author.id]))
  const nameOf = useNames()
  if (message === undefined) return <span className="truncate">a message that is not loaded</span>
  const { name } = known ?? personOf(message.payload.author)
  return (
    <>
      <b dir="auto" className="max-w-[12rem] flex-none truncate text-ink-2">
        {name}
      </b>
      <span dir="auto" className="min-w-0 truncate">
        {message.deletedAt === null
          ? plainText(message.payload.content, nameOf) || inAWord(message.payload)
          : 'deleted'}
      </span>
    </>
  )
}
