import type { World } from './world.ts'

/**
 * A message without what was written, as bots see it that lack MESSAGE_CONTENT. The very same object when nothing is to be
 * hidden: the bot's own, and those that mention it.
 * https://docs.discord.com/developers/events/gateway#message-content-intent
 */
export function withoutContent<T extends object>(message: T, botId: string): T {
  const { author, mentions } = message as { author?: { id?: string }; mentions?: { id?: string }[] }
  if (author?.id === botId) return message
  if (Array.isArray(mentions) && mentions.some((user) => user?.id === botId)) return message
  const hidden = { ...message } as Record<string, unknown>
  if ('content' in hidden) hidden['content'] = ''
  for (const list of ['embeds', 'attachments', 'components']) if (list in hidden) hidden[list] = []
  delete hidden['poll']
  // What is carried on was written too.
  if (Array.isArray(hidden['message_snapshots'])) {
    hidden['message_snapshots'] = hidden['message_snapshots'].map((snapshot: { message?: object }) =>
      snapshot?.message instanceof Object
        ? { ...snapshot, message: withoutContent(snapshot.message, botId) }
        : snapshot,
    )
  }
  const referenced = hidden['referenced_message']
  if (referenced instanceof Object) hidden['referenced_message'] = withoutContent(referenced, botId)
  return hidden as T
}

/**
 * A message as REST shows it. There are no intents there: the content comes if the bot's owner has switched it on, or in
 * direct messages, which are in no guild's channel.
 */
export function shownMessage<T extends { channel_id: string }>(world: World, message: T): T {
  if (world.privileged.has('message_content') || !world.channel(message.channel_id)) return message
  return withoutContent(message, world.bot.id)
}
