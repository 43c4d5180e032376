import { ChannelType, MessageFlags, MessageType, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import type { APIMessage, APIThreadMember } from 'discord-api-types/v10'
import { z } from 'zod'
import { compareSnowflakes } from '../../snowflake.ts'
import { composeMessage, messageEvent } from '../../world/compose.ts'
import { bareThreadMember, shownThread } from '../../world/threads.ts'
import type { Located, Thread } from '../../world/types.ts'
import type { World } from '../../world/world.ts'
import { channelOf, inGuild, need } from '../access.ts'
import type { ReachedInGuild } from '../access.ts'
import { refusal } from '../errors.ts'
import { integer, maybe, readForm, snowflake, text } from '../form.ts'
import { none, ok, param } from '../route.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'
import { startPost } from '../forum-post.ts'
import { openThread } from '../open-thread.ts'
import { flag } from '../search/query.ts'
import { changeThreadMembers, threadMembers } from '../thread-members.ts'
import { messageOf } from './messages.ts'

const archiveAfter = maybe(z.literal([60, 1_440, 4_320, 10_080]))

const threadBody = z.looseObject({
  name: text(100, 1),
  auto_archive_duration: archiveAfter,
  rate_limit_per_user: maybe(z.int().min(0).max(21_600)),
  type: maybe(z.literal([10, 11, 12])),
  invitable: maybe(z.boolean()),
})

const HAVE_THREADS: ReadonlySet<ChannelType> = new Set([ChannelType.GuildText, ChannelType.GuildAnnouncement])

/** https://docs.discord.com/developers/resources/channel#start-thread-without-message */
function startThread(context: RestContext, request: RestRequest, at: ReachedInGuild, id: string): Thread {
  const { channel, bits } = at
  if (!HAVE_THREADS.has(channel.type)) throw refusal.wrongChannelType()
  const body = readForm(threadBody, request.body ?? {})
  const isFromMessage = request.params['message_id'] !== undefined
  const publicType =
    channel.type === ChannelType.GuildAnnouncement ? ChannelType.AnnouncementThread : ChannelType.PublicThread
  const type = isFromMessage ? publicType : (body.type ?? ChannelType.PrivateThread)
  const isPrivate = type === ChannelType.PrivateThread
  need(bits, isPrivate ? Bit.CreatePrivateThreads : Bit.CreatePublicThreads)
  const { invitable = true, ...rest } = body
  return openThread(context, at, { ...rest, id, type, ...(isPrivate && { invitable }) })
}

/** The notice that stands in the parent channel. */
function announce({ world, emit }: RestContext, at: Located, thread: Thread): void {
  const draft = { author: world.bot, content: thread.name, type: MessageType.ThreadCreated, thread_id: thread.id }
  emit({ event: 'MESSAGE_CREATE', payload: messageEvent(world, at, composeMessage(world, at, draft)) })
}

/** The first message of a thread that was started on a message: nothing but where it points to. */
function quote({ world, emit }: RestContext, at: Located, thread: Thread, message: APIMessage): void {
  const within = { guild: at.guild, channel: thread }
  const starter = composeMessage(world, within, {
    author: world.bot,
    content: '',
    type: MessageType.ThreadStarterMessage,
  })
  starter.message_reference = { type: 0, guild_id: at.guild.id, channel_id: at.channel.id, message_id: message.id }
  starter.referenced_message = message
  emit({ event: 'MESSAGE_CREATE', payload: messageEvent(world, within, starter) })
}

/** A thread that the bot may view, or the refusal that fits. */
function threadOf(world: World, request: RestRequest) {
  const found = channelOf(world, param(request, 'channel_id'))
  if (!('thread_metadata' in found.channel)) throw refusal.wrongChannelType()
  return { ...found, thread: found.channel }
}

/** Whom others bring into a private thread decides who began it: https://docs.discord.com/developers/topics/threads#thread-fields */
function bitsToInvite(world: World, { type, owner_id, thread_metadata }: Thread): bigint[] {
  const isClosed = type === ChannelType.PrivateThread && thread_metadata?.invitable === false
  return isClosed && owner_id !== world.bot.id ? [Bit.ManageThreads] : []
}

function join(context: RestContext, request: RestRequest, userId: string) {
  const { guild, thread, bits } = threadOf(context.world, request)
  if (thread.thread_metadata?.archived) throw refusal.threadArchived()
  if (userId !== context.world.bot.id) need(bits, Bit.SendMessagesInThreads, ...bitsToInvite(context.world, thread))
  if (!context.world.member(guild.id, userId)) throw refusal.unknownMember()
  changeThreadMembers(context, guild, thread, { join: userId })
  return none()
}

function leave(context: RestContext, request: RestRequest, userId: string) {
  const { guild, thread, bits } = threadOf(context.world, request)
  if (thread.thread_metadata?.archived) throw refusal.threadArchived()
  // https://docs.discord.com/developers/resources/channel#remove-thread-member: whoever began a private one, too.
  const isHost = thread.type === ChannelType.PrivateThread && thread.owner_id === context.world.bot.id
  if (userId !== context.world.bot.id && !isHost) need(bits, Bit.ManageThreads)
  changeThreadMembers(context, guild, thread, { leave: userId })
  return none()
}

const members = '/channels/:channel_id/thread-members'

/** Only whole members come in pages: https://docs.discord.com/developers/resources/channel#list-thread-members */
const membersQuery = z.object({
  with_member: flag.default(false),
  after: snowflake.default('0'),
  limit: integer(1, 100).default(100),
})

function listMembers({ world }: RestContext, request: RestRequest) {
  const { thread } = threadOf(world, request)
  const { with_member, after, limit } = readForm(membersQuery, Object.fromEntries(request.query))
  const all = threadMembers(world, thread.id)
  if (!with_member) return ok(all.map(bareThreadMember))
  const idOf = ({ user_id = '0' }: APIThreadMember) => user_id
  const later = all.filter((member) => compareSnowflakes(idOf(member), after) > 0)
  return ok(later.toSorted((a, b) => compareSnowflakes(idOf(a), idOf(b))).slice(0, limit))
}

/** https://docs.discord.com/developers/resources/channel#get-thread-member */
function getMember({ world }: RestContext, request: RestRequest) {
  const { thread } = threadOf(world, request)
  const { with_member } = readForm(membersQuery.pick({ with_member: true }), Object.fromEntries(request.query))
  const member = world.threadMembers.get(thread.id)?.get(param(request, 'user_id'))
  if (!member) throw refusal.unknownMember()
  return ok(with_member ? member : bareThreadMember(member))
}

/** https://docs.discord.com/developers/resources/channel and https://docs.discord.com/developers/topics/threads */
export const threadRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/channels/:channel_id/messages/:message_id/threads',
    handle: (context, request) => {
      const { reached: at, message } = messageOf(context.world, request)
      const reached = inGuild(at)
      if (context.world.channel(message.id)) throw refusal.threadExists()
      const thread = startThread(context, request, reached, message.id)
      const flags = (message.flags ?? 0) | MessageFlags.HasThread
      const payload = messageEvent(context.world, reached, { ...message, flags, thread: { ...thread } })
      context.emit({ event: 'MESSAGE_UPDATE', payload })
      quote(context, reached, thread, message)
      return { status: 201, body: shownThread(context.world, thread) }
    },
  },
  {
    method: 'POST',
    path: '/channels/:channel_id/threads',
    handle: (context, request) => {
      const at = channelOf(context.world, param(request, 'channel_id'))
      if (at.channel.type === ChannelType.GuildForum) return startPost(context, request, at)
      const thread = startThread(context, request, at, context.world.nextId())
      if (thread.type !== ChannelType.PrivateThread) announce(context, at, thread)
      return { status: 201, body: shownThread(context.world, thread) }
    },
  },
  { method: 'GET', path: members, handle: listMembers },
  { method: 'GET', path: `${members}/:user_id`, handle: getMember },
  { method: 'PUT', path: `${members}/@me`, handle: (context, request) => join(context, request, context.world.bot.id) },
  { method: 'DELETE', path: `${members}/@me`, handle: (at, request) => leave(at, request, at.world.bot.id) },
  { method: 'PUT', path: `${members}/:user_id`, handle: (at, request) => join(at, request, param(request, 'user_id')) },
  {
    method: 'DELETE',
    path: `${members}/:user_id`,
    handle: (at, request) => leave(at, request, param(request, 'user_id')),
  },
]
