import { reasonOf } from '../../live/hindrance-words.ts'
import type { ViewMessage } from '../../live/view/message-list.ts'
import type { Hindrance } from '../../server/function-results.ts'
import { useAway } from '../hops/use-away.ts'
import { useConversation } from './conversation.tsx'

/** Why something may not be done with a message; null where nothing is known to stand against it. */
type MessageRefusals = {
  reply: string | null
  react: string | null
  edit: string | null
  delete: string | null
}

/** What stands against acting at all, whatever the message. */
const HOLDS_BACK: ReadonlySet<string> = new Set(['TIMED_OUT', 'HELD_BACK'])

/** What stands against writing and not against changing what was written. */
const OF_NEW_ONES: ReadonlySet<string> = new Set(['SLOWMODE', 'BOT_MISSING_PERMISSIONS'])

export function useMessageRefusals(message: ViewMessage): MessageRefusals {
  const { channel, rights, own, now } = useConversation()
  const away = useAway()
  if (message.deletedAt !== null) {
    const gone = 'The message was deleted'
    return { reply: gone, react: gone, edit: gone, delete: gone }
  }
  if (away !== null) return { reply: null, react: away, edit: away, delete: away }
  const why = (hindrance: Hindrance | null | undefined) => (hindrance ? reasonOf(hindrance, channel.name, now) : null)
  const isOwn = own.has(message.id)
  // It is no new message, and the bot's own.
  const send = rights?.send && OF_NEW_ONES.has(rights.send.code) ? null : rights?.send
  // Of its own messages the bot may delete any.
  const isOfBots = message.payload.author.bot === true && rights?.manage?.code === 'BOT_MISSING_PERMISSIONS'
  const held = rights?.send && HOLDS_BACK.has(rights.send.code) ? rights.send : null
  return {
    reply: why(rights?.reply?.code === 'SLOWMODE' ? null : rights?.reply),
    react: why(rights?.react),
    edit: isOwn ? why(send) : 'Only what the bot wrote for you can be edited here',
    delete: why(isOwn ? held : isOfBots ? null : rights?.manage),
  }
}
