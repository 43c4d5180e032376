import { Link } from '@tanstack/react-router'
import type { APIMessage } from 'discord-api-types/v10'
import { plural } from '../../live/format.ts'
import { messageFlag } from '../../live/view/discord-values.ts'
import type { ViewMessage } from '../../live/view/message-list.ts'
import { useGuild, useGuildStore } from '../../hooks/use-guild-store.ts'
import { Icon, Turning } from '../ui/icon.tsx'
import { MentionedUsers } from './markdown/mention.tsx'
import { Content } from './message-content.tsx'
import { Forwarded } from './message-forwarded.tsx'
import { Poll } from './message-poll.tsx'
import { Reactions } from './message-reactions.tsx'

/** All that a message says. */
export function MessageBody({ message }: { message: ViewMessage }) {
  const { payload, poll } = message
  return (
    <MentionedUsers value={payload.mentions}>
      {isThinking(payload) && (
        <p className="flex items-center gap-2 text-md text-ink-3">
          <Turning /> Thinking
        </p>
      )}
      <Content payload={payload} />
      <Forwarded payload={payload} />
      {poll !== null && <Poll poll={poll} />}
      <Reactions message={message} />
      <ThreadOf messageId={message.id} />
    </MentionedUsers>
  )
}

/** A bot has taken a command and not answered yet. */
const isThinking = ({ flags, content }: APIMessage): boolean =>
  ((flags ?? 0) & messageFlag.loading) !== 0 && content === ''

/** The thread that began with a message has its id. */
function ThreadOf({ messageId }: { messageId: string }) {
  const store = useGuildStore()
  const thread = useGuild((snapshot) => snapshot.view.channels[messageId])
  if (thread === undefined) return null
  return (
    <Link
      to="/guilds/$guildId/channels/$channelId"
      params={{ guildId: store.guildId, channelId: thread.id }}
      className="mt-1.5 flex w-fit max-w-full items-center gap-2 rounded-2 border border-line bg-canvas px-2.5 py-1 text-xs text-ink-2 no-underline hover:bg-hover touch:min-h-11"
    >
      <Icon name="thread" size={14} />
      <b dir="auto" className="min-w-0 truncate text-link">
        {thread.name}
      </b>
      {thread.messageCount !== null && (
        <span className="flex-none text-ink-3">{plural(thread.messageCount, 'message')}</span>
      )}
    </Link>
  )
}
