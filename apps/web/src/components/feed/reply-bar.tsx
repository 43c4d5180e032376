import { useGuild } from '../../hooks/use-guild-store.ts'
import { findMessage, type ViewMessage } from '../../live/view/message-list.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { focusComposer, useConversation } from './conversation.tsx'
import { Quoted } from './quoted.tsx'

/** The message that one answers, as the feed has it. */
export function useAnswered(): ViewMessage | undefined {
  const { channel, replyTo } = useConversation()
  return useGuild(({ view }) => {
    const list = view.messages[channel.id]
    return list === undefined || replyTo === null ? undefined : findMessage(list, replyTo)
  })
}

/** Over the field while one answers: whom, and the way back. */
export function ReplyBar() {
  const { channel, replyTo, reply } = useConversation()
  if (replyTo === null) return null
  return (
    <div className="flex min-h-8 items-center gap-2 border-b border-line ps-3 pe-1 text-xs text-ink-3">
      <Icon name="reply" size={14} />
      <span className="flex-none">Answering</span>
      <Quoted channelId={channel.id} messageId={replyTo} />
      <span className="flex-1" />
      <Button
        kind="quiet"
        small
        icon
        aria-label="Answer nobody"
        title="Answer nobody"
        onClick={() => {
          reply(null)
          focusComposer()
        }}
      >
        <Icon name="close" size={14} />
      </Button>
    </div>
  )
}
