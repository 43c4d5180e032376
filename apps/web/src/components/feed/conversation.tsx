import { createContext, use, useCallback, useMemo, useState, type ReactNode } from 'react'
import type { ChannelRights } from '../../server/function-results.ts'
import { useGuild, useGuildStore } from '../../hooks/use-guild-store.ts'
import { useChannelRights } from '../../hooks/use-rights.ts'
import { useCountdown } from '../ui/use-countdown.ts'
import { isTouch, useLayout } from '../ui/use-layout.ts'
import type { ViewChannel } from '../../live/view/view-types.ts'

/** What one is about to do in the channel that one reads. */
export type Conversation = {
  channel: ViewChannel
  /** What one may do here; null while that is not known. */
  rights: ChannelRights | null
  /** As near as the reasons need it, in ms since the epoch. */
  now: number
  /** Ids of the messages that the bot wrote for the viewer. */
  own: ReadonlySet<string>
  /** Nothing is found by a pointer that rests. */
  isByTouch: boolean
  /** The message that one answers, that one changes, and that one is asked about before it is deleted. */
  replyTo: string | null
  editing: string | null
  deleting: string | null
  reply: (messageId: string | null) => void
  edit: (messageId: string | null) => void
  askToDelete: (messageId: string | null) => void
}

const MINUTE_MS = 60_000

const ConversationContext = createContext<Conversation | null>(null)

/** @param channel with its id as the key: nothing of one channel is carried into another. */
export function ConversationProvider({ channel, children }: { channel: ViewChannel; children: ReactNode }) {
  const rights = useChannelRights(channel.id)
  const now = useCountdown(rights?.send?.until ?? null, MINUTE_MS)
  const isByTouch = useLayout(isTouch, false)
  const { answered } = useGuildStore()
  const [replyTo, setReplyTo] = useState(() => answered.get(channel.id) ?? null)
  const reply = useCallback(
    (messageId: string | null) => {
      setReplyTo(messageId)
      if (messageId === null) answered.delete(channel.id)
      else answered.set(channel.id, messageId)
    },
    [answered, channel.id],
  )
  const [editing, edit] = useState<string | null>(null)
  const [deleting, askToDelete] = useState<string | null>(null)
  const messages = rights?.own.messages
  const own = useMemo(() => new Set(messages), [messages])
  const conversation = useMemo(
    () => ({ channel, rights, now, own, isByTouch, replyTo, editing, deleting, reply, edit, askToDelete }),
    [channel, rights, now, own, isByTouch, replyTo, editing, deleting, reply],
  )
  return <ConversationContext value={conversation}>{children}</ConversationContext>
}

export function useConversation(): Conversation {
  const conversation = use(ConversationContext)
  if (conversation === null) throw new Error('useConversation needs a ConversationProvider above it')
  return conversation
}

/** Whether a message is the newest of the channel: what can be done with it is where the keyboard stops in the feed. */
export function useIsNewest(messageId: string): boolean {
  const { channel } = useConversation()
  return useGuild(({ view }) => view.messages[channel.id]?.items.at(-1)?.id === messageId)
}

/** What the bot chose under a message for the viewer, as commands name emoji. */
export function useOwnReactions(messageId: string): ReadonlySet<string> {
  const own = useConversation().rights?.own.reactions
  return new Set(own?.flatMap((reaction) => (reaction.messageId === messageId ? [reaction.emoji] : [])))
}

export const COMPOSER = 'composer'

/** After what is to hold it is there. */
export const focusComposer = (): number => requestAnimationFrame(() => document.getElementById(COMPOSER)?.focus())
