import { ChannelType, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { z } from 'zod'
import { compareSnowflakes } from '../../snowflake.ts'
import { shownMessage } from '../../world/content.ts'
import { bareThreadMember, shownThread } from '../../world/threads.ts'
import type { Guild, Thread } from '../../world/types.ts'
import type { World } from '../../world/world.ts'
import { channelOf, guildOf, need } from '../access.ts'
import { blame, integer, readForm, snowflake } from '../form.ts'
import { ok, param } from '../route.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'
import { queryOf } from '../search/query.ts'
import { THREAD_LISTS, searchedThreads, threadQuery } from '../search/threads.ts'

const limit = integer(2, 100).default(50)
const archivedQuery = z.object({
  limit,
  before: z.iso
    .datetime({ offset: true, ...blame('DATE_TIME_TYPE_PARSE', 'Could not parse. Should be ISO8601.') })
    .optional(),
})
const joinedQuery = z.object({ limit, before: snowflake.optional() })

const archivedAt = ({ thread_metadata }: Thread) => Date.parse(thread_metadata?.archive_timestamp ?? '')

const isArchived = ({ thread_metadata }: Thread) => thread_metadata?.archived === true
const isPrivate = ({ type }: Thread) => type === ChannelType.PrivateThread

const mayView = (world: World, guild: Guild, channel: Thread): boolean =>
  (world.permissions({ guild, channel }, world.bot.id) & Bit.ViewChannel) !== 0n

/** The threads of a channel whose past the bot may read. */
function threadsOf(world: World, request: RestRequest, ...bits: readonly bigint[]) {
  const { guild, channel, bits: has } = channelOf(world, param(request, 'channel_id'))
  need(has, Bit.ReadMessageHistory, ...bits)
  return { guild, channel, threads: guild.threads.filter(({ parent_id }) => parent_id === channel.id) }
}

/** Threads as lists show them, with the bot's own memberships. */
function listOf(world: World, threads: readonly Thread[]) {
  const joined = threads.flatMap(({ id }) => world.threadMembers.get(id)?.get(world.bot.id) ?? [])
  return { threads: threads.map((thread) => shownThread(world, thread)), members: joined.map(bareThreadMember) }
}

/** The first of these threads, and whether there are more. */
const page = (world: World, all: readonly Thread[], most: number) =>
  ok({ ...listOf(world, all.slice(0, most)), has_more: all.length > most })

/** Those last archived first: https://docs.discord.com/developers/resources/channel#list-public-archived-threads */
function archived(world: World, request: RestRequest, ofPrivate: boolean) {
  const { threads } = threadsOf(world, request, ...(ofPrivate ? [Bit.ManageThreads] : []))
  const query = readForm(archivedQuery, Object.fromEntries(request.query))
  const { before } = query
  const isBefore = (thread: Thread) => before === undefined || archivedAt(thread) < Date.parse(before)
  const all = threads
    .filter((thread) => isArchived(thread) && isPrivate(thread) === ofPrivate && isBefore(thread))
    .toSorted((a, b) => archivedAt(b) - archivedAt(a))
  return page(world, all, query.limit)
}

/** Those with the highest id first: https://docs.discord.com/developers/resources/channel#list-joined-private-archived-threads */
function listJoined({ world }: RestContext, request: RestRequest) {
  const { threads } = threadsOf(world, request)
  const query = readForm(joinedQuery, Object.fromEntries(request.query))
  const { before } = query
  const isBefore = ({ id }: Thread) => before === undefined || compareSnowflakes(id, before) < 0
  const isIn = ({ id }: Thread) => world.threadMembers.get(id)?.has(world.bot.id) === true
  const all = threads
    .filter((thread) => isArchived(thread) && isPrivate(thread) && isIn(thread) && isBefore(thread))
    .toSorted((a, b) => compareSnowflakes(b.id, a.id))
  return page(world, all, query.limit)
}

/** Of each thread the message that it began with, if it is still there: a post's own, or the one that it was started on. */
function search({ world }: RestContext, request: RestRequest) {
  const { guild, channel, threads } = threadsOf(world, request)
  const query = readForm(threadQuery, queryOf(request.query, THREAD_LISTS))
  const all = searchedThreads(
    query,
    threads.filter((thread) => mayView(world, guild, thread)),
  )
  const end = query.offset + query.limit
  const found = all.slice(query.offset, end)
  const first = found.flatMap(({ id }) => world.messages.get(id, id) ?? world.messages.get(channel.id, id) ?? [])
  return ok({
    ...listOf(world, found),
    has_more: all.length > end,
    first_messages: first.map((message) => shownMessage(world, message)),
    total_results: all.length,
  })
}

/** Which threads there are: https://docs.discord.com/developers/topics/threads#enumerating-threads */
export const threadListRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/guilds/:guild_id/threads/active',
    handle: ({ world }, request) => {
      const guild = guildOf(world, param(request, 'guild_id'))
      const threads = guild.threads.filter((thread) => !isArchived(thread) && mayView(world, guild, thread))
      return ok({ ...listOf(world, threads), has_more: false })
    },
  },
  {
    method: 'GET',
    path: '/channels/:channel_id/threads/archived/public',
    handle: ({ world }, request) => archived(world, request, false),
  },
  {
    method: 'GET',
    path: '/channels/:channel_id/threads/archived/private',
    handle: ({ world }, request) => archived(world, request, true),
  },
  { method: 'GET', path: '/channels/:channel_id/users/@me/threads/archived/private', handle: listJoined },
  { method: 'GET', path: '/channels/:channel_id/threads/search', handle: search },
]
