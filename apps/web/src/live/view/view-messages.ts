import type {
  GatewayMessageCreateDispatchData,
  GatewayMessageDeleteBulkDispatchData,
  GatewayMessageDeleteDispatchData,
  GatewayMessagePollVoteDispatchData,
  GatewayMessageReactionAddDispatchData,
  GatewayMessageReactionRemoveAllDispatchData,
  GatewayMessageReactionRemoveDispatchData,
  GatewayMessageReactionRemoveEmojiDispatchData,
  GatewayMessageUpdateDispatchData,
  APIMessage,
} from 'discord-api-types/v10'
import { isThread, messageType } from './discord-values.ts'
import { allRead, isOwn, namesViewer } from './read-marks.ts'
import type { Gap, GuildView, Unread } from './view-types.ts'
import {
  addMessage,
  changeMessage,
  emptyList,
  findMessage,
  isMessage,
  later,
  mergeHistory,
  messageOf,
  type HistoryPage,
  type MessageList,
  type ViewMessage,
} from './message-list.ts'
import { countVote, laterPoll } from './message-poll.ts'
import { changeReaction, emojiKey } from './message-reactions.ts'
import { typedUntilSaid } from './view-typing.ts'
import { compareSnowflakes, snowflakeTime } from '@repo/discord-integration/types'

type Context = { id: string | null; at: number }
type Handler = (view: GuildView, payload: never, context: Context) => GuildView

/** What an event does to the messages of a channel. */
const handlers: Readonly<Record<string, Handler>> = {
  MESSAGE_CREATE: (view, payload: GatewayMessageCreateDispatchData, { id }) => {
    if (!isMessage(payload)) return view
    const list = view.messages[payload.channel_id] ?? emptyList
    const at = snowflakeTime(payload.id)
    const next = withList(view, payload.channel_id, addMessage(list, messageOf(payload, id, isInGap(view, at))))
    if (next === view) return view
    return saidInThread(typedUntilSaid(countUnread(next, payload), payload.channel_id, payload.author.id), payload)
  },
  MESSAGE_UPDATE: (view, payload: GatewayMessageUpdateDispatchData) =>
    change(view, payload.channel_id, payload.id, (message) => {
      if (message.deletedAt !== null) return message
      // Link previews arrive as updates too, some of them without the rest of the message.
      const edited: unknown = { ...message.payload, ...payload }
      if (!isMessage(edited)) return message
      return { ...message, payload: later(message.payload, edited), poll: laterPoll(message.poll, edited) }
    }),
  MESSAGE_DELETE: (view, payload: GatewayMessageDeleteDispatchData, { at }) =>
    change(view, payload.channel_id, payload.id, (message) => deleted(message, at)),
  MESSAGE_DELETE_BULK: (view, payload: GatewayMessageDeleteBulkDispatchData, { at }) =>
    payload.ids.reduce((next, id) => change(next, payload.channel_id, id, (message) => deleted(message, at)), view),

  MESSAGE_REACTION_ADD: (view, payload: GatewayMessageReactionAddDispatchData) => react(view, payload, true),
  MESSAGE_REACTION_REMOVE: (view, payload: GatewayMessageReactionRemoveDispatchData) => react(view, payload, false),
  MESSAGE_REACTION_REMOVE_ALL: (view, payload: GatewayMessageReactionRemoveAllDispatchData) =>
    change(view, payload.channel_id, payload.message_id, (message) =>
      message.reactions.length === 0 ? message : { ...message, reactions: [] },
    ),
  MESSAGE_REACTION_REMOVE_EMOJI: (view, payload: GatewayMessageReactionRemoveEmojiDispatchData) =>
    change(view, payload.channel_id, payload.message_id, (message) => {
      const reactions = message.reactions.filter((reaction) => reaction.key !== emojiKey(payload.emoji))
      return reactions.length === message.reactions.length ? message : { ...message, reactions }
    }),

  MESSAGE_POLL_VOTE_ADD: (view, payload: GatewayMessagePollVoteDispatchData) => vote(view, payload, true),
  MESSAGE_POLL_VOTE_REMOVE: (view, payload: GatewayMessagePollVoteDispatchData) => vote(view, payload, false),
}

export function applyMessageEvent(
  view: GuildView,
  name: string,
  payload: unknown,
  id: string | null,
  at: number,
): GuildView {
  const handler = handlers[name]
  return handler === undefined ? view : handler(view, payload as never, { id, at })
}

/** What history brought of that time: nobody was told of it as it happened. */
export function restoreGap(view: GuildView, gap: Gap): GuildView {
  const isOf = ({ at, eventId, restored }: ViewMessage) => eventId === null && !restored && covers(gap, at)
  return Object.entries(view.messages).reduce((next, [channelId, list]) => {
    if (!list.items.some(isOf)) return next
    const items = list.items.map((message) => (isOf(message) ? { ...message, restored: true } : message))
    return withList(next, channelId, { ...list, items })
  }, view)
}

/** Whether a moment lies in a gap. */
export const covers = ({ from, to }: Gap, at: number): boolean => from <= at && at <= to

const isInGap = (view: GuildView, at: number): boolean => view.gaps.some((gap) => covers(gap, at))

export function applyHistory(view: GuildView, channelId: string, page: HistoryPage): GuildView {
  return withList(
    view,
    channelId,
    mergeHistory(view.messages[channelId] ?? emptyList, page, (at) => isInGap(view, at)),
  )
}

function withList(view: GuildView, channelId: string, list: MessageList): GuildView {
  return view.messages[channelId] === list ? view : { ...view, messages: { ...view.messages, [channelId]: list } }
}

function change(
  view: GuildView,
  channelId: string,
  messageId: string,
  how: (message: ViewMessage) => ViewMessage,
): GuildView {
  const list = view.messages[channelId]
  return list === undefined ? view : withList(view, channelId, changeMessage(list, messageId, how))
}

/** The text is dropped at once; who wrote it and when stays, so that the row keeps its place. */
function deleted(message: ViewMessage, at: number): ViewMessage {
  if (message.deletedAt !== null) return message
  const payload: APIMessage = { ...message.payload, content: '', embeds: [], attachments: [], components: [] }
  delete payload.sticker_items
  delete payload.poll
  delete payload.referenced_message
  delete payload.message_snapshots
  return { ...message, payload, reactions: [], poll: null, deletedAt: at }
}

function vote(view: GuildView, payload: GatewayMessagePollVoteDispatchData, added: boolean): GuildView {
  return change(view, payload.channel_id, payload.message_id, (message) => {
    if (message.poll === null) return message
    const poll = countVote(message.poll, { answerId: payload.answer_id, userId: payload.user_id, added })
    return poll === message.poll ? message : { ...message, poll }
  })
}

function react(
  view: GuildView,
  payload: GatewayMessageReactionAddDispatchData | GatewayMessageReactionRemoveDispatchData,
  added: boolean,
): GuildView {
  return change(view, payload.channel_id, payload.message_id, (message) => {
    if (message.deletedAt !== null) return message
    const emoji = { id: payload.emoji.id, name: payload.emoji.name, animated: payload.emoji.animated }
    const reactions = changeReaction(message.reactions, { emoji, userId: payload.user_id, added })
    return reactions === message.reactions ? message : { ...message, reactions }
  })
}

function countUnread(view: GuildView, message: GatewayMessageCreateDispatchData): GuildView {
  const before = view.unread[message.channel_id] ?? allRead('0')
  if (compareSnowflakes(message.id, before.newest) <= 0) return view
  const unread: Unread = isOwn(view, message)
    ? { ...before, newest: message.id }
    : {
        ...before,
        count: before.count + 1,
        mentions: before.mentions + (namesViewer(view, message) ? 1 : 0),
        first: before.first ?? message.id,
        newest: message.id,
      }
  return { ...view, unread: { ...view.unread, [message.channel_id]: unread } }
}

/** A thread tells nobody that something was said in it: its count and its last message follow from what is said. */
function saidInThread(view: GuildView, { id, channel_id, type }: APIMessage): GuildView {
  const thread = view.channels[channel_id]
  if (thread === undefined || !isThread(thread.type)) return view
  if (thread.lastMessageId !== null && compareSnowflakes(id, thread.lastMessageId) <= 0) return view
  // What it began with is not counted.
  const isFirst = id === channel_id || (type as number) === messageType.threadStarter
  const said = { ...thread, lastMessageId: id, messageCount: (thread.messageCount ?? 0) + (isFirst ? 0 : 1) }
  return { ...view, channels: { ...view.channels, [channel_id]: said } }
}

/** Whether the stream has shown a message, deleted or not. */
export function hasMessage(view: GuildView, channelId: string, messageId: string): boolean {
  const list = view.messages[channelId]
  return list !== undefined && findMessage(list, messageId) !== undefined
}
