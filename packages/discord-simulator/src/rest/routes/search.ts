import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import type { APIMessage } from 'discord-api-types/v10'
import { bareThreadMember, shownThread } from '../../world/threads.ts'
import type { Guild, GuildChannel, Thread } from '../../world/types.ts'
import type { World } from '../../world/world.ts'
import { guildOf, inGuild, isVoice, messagesOf, need } from '../access.ts'
import { refusal } from '../errors.ts'
import { readForm } from '../form.ts'
import { ok, param } from '../route.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'
import { MESSAGE_LISTS, messageQuery, searched } from '../search/messages.ts'
import { queryOf } from '../search/query.ts'

type Room = GuildChannel | Thread

/** Whether the bot may read what was said there. */
function isReadable(world: World, guild: Guild, channel: Room): boolean {
  const bits = world.permissions({ guild, channel }, world.bot.id)
  const wanted = Bit.ViewChannel | Bit.ReadMessageHistory | (isVoice(channel.type) ? Bit.Connect : 0n)
  return (bits & wanted) === wanted
}

/** Threads are what their channels are: https://docs.discord.com/developers/topics/threads#nsfw-threads */
function isNsfw({ channels }: Guild, channel: Room): boolean {
  const home = 'thread_metadata' in channel ? channels.find(({ id }) => id === channel.parent_id) : channel
  return home !== undefined && 'nsfw' in home && home.nsfw
}

/** Where it is searched: in the channels that are named, which the bot must be able to read, or in all that it can. */
function roomsOf(world: World, guild: Guild, named: readonly string[] | undefined): Room[] {
  if (!named) {
    need(world.guildPermissions(guild, world.bot.id), Bit.ReadMessageHistory)
    return [...guild.channels, ...guild.threads].filter((channel) => isReadable(world, guild, channel))
  }
  return [...new Set(named)].map((id) => {
    const reached = inGuild(messagesOf(world, id))
    if (reached.guild.id !== guild.id) throw refusal.unknownChannel()
    need(reached.bits, Bit.ReadMessageHistory)
    return reached.channel
  })
}

/** A hit is shown without who reacted to it, and without what it answers. */
function shownHit({ reactions: _reactions, referenced_message: _answered, ...message }: APIMessage): object {
  return { ...message, hit: true }
}

/** https://docs.discord.com/developers/resources/message#search-guild-messages */
function search({ world }: RestContext, request: RestRequest) {
  const guild = guildOf(world, param(request, 'guild_id'))
  const query = readForm(messageQuery, queryOf(request.query, MESSAGE_LISTS))
  // What was written is what is searched.
  if (!world.privileged.has('message_content')) throw refusal.missingAccess()
  const rooms = roomsOf(world, guild, query.channel_id).filter((room) => query.include_nsfw || !isNsfw(guild, room))
  const all = rooms.flatMap(({ id }) => world.messages.list(id, { limit: Infinity }))
  const found = searched(query, all)
  const page = found.slice(query.offset, query.offset + query.limit)
  const threads = guild.threads.filter(({ id }) => page.some(({ channel_id }) => channel_id === id))
  const joined = threads.flatMap(({ id }) => world.threadMembers.get(id)?.get(world.bot.id) ?? [])
  return ok({
    doing_deep_historical_index: false,
    total_results: found.length,
    messages: page.map((message) => [shownHit(message)]),
    threads: threads.map((thread) => shownThread(world, thread)),
    members: joined.map(bareThreadMember),
  })
}

export const searchRoutes: readonly Route[] = [
  { method: 'GET', path: '/guilds/:guild_id/messages/search', handle: search },
]
