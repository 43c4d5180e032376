import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10'
import { bareThreadMember, isAdded, shownThread } from '../world/threads.ts'
import type { Dispatch, Guild, GuildChannel, Thread } from '../world/types.ts'
import type { World } from '../world/world.ts'

/** What can change what the bot may view. */
const CHANGES: ReadonlySet<string> = new Set([
  'CHANNEL_UPDATE',
  'GUILD_ROLE_UPDATE',
  'GUILD_ROLE_DELETE',
  'GUILD_MEMBER_UPDATE',
])

/** What threads are in. */
const PARENTS: ReadonlySet<ChannelType> = new Set([
  ChannelType.GuildText,
  ChannelType.GuildAnnouncement,
  ChannelType.GuildForum,
  ChannelType.GuildMedia,
])

type Told = Dispatch & { payload: object }

const views = (world: World, guild: Guild, channel: GuildChannel | Thread): boolean =>
  (world.permissions({ guild, channel }, world.bot.id) & PermissionFlagsBits.ViewChannel) !== 0n

const viewedIn = (world: World, guild: Guild): Set<string> =>
  new Set(
    guild.channels.filter((channel) => PARENTS.has(channel.type) && views(world, guild, channel)).map(({ id }) => id),
  )

/**
 * The id of the thread, if the bot is added to one by this. Of one that it has just opened it was told already: nobody was
 * in there before.
 */
function joinedBy(world: World, { event, payload }: Told): string | undefined {
  const { id: botId } = world.bot
  if (event !== 'THREAD_MEMBERS_UPDATE' || !isAdded(payload, botId)) return undefined
  const id = String(Reflect.get(payload, 'id'))
  const thread = world.channel(id)?.channel
  const known = world.threadMembers.get(id)
  const isOpening = !known && thread && 'owner_id' in thread && thread.owner_id === botId
  return isOpening || known?.has(botId) ? undefined : id
}

/** https://docs.discord.com/developers/topics/threads#gaining-access-to-private-threads */
function threadJoined(world: World, id: string): Told | undefined {
  const guild = world.channel(id)?.guild
  const thread = guild?.threads.find((candidate) => candidate.id === id)
  if (!guild || !thread || !views(world, guild, thread)) return undefined
  return { event: 'THREAD_CREATE', payload: shownThread(world, thread) }
}

/**
 * Lets something happen, and gives what Discord sends besides when the bot gains threads by it: before what happens, the
 * thread that it is added to, which it may not know; after it, the active threads of channels that it comes to view.
 */
export function threadsGained(
  world: World,
  dispatch: Told,
  happen: () => void,
): { before: Told | undefined; after: Told | undefined } {
  const joined = joinedBy(world, dispatch)
  const after = threadsViewed(world, dispatch, happen)
  return { before: joined === undefined ? undefined : threadJoined(world, joined), after }
}

/** https://docs.discord.com/developers/topics/threads#gaining-access-to-channels */
function threadsViewed(world: World, { event, payload }: Told, happen: () => void): Told | undefined {
  const guild = CHANGES.has(event) ? world.guild(String(Reflect.get(payload, 'guild_id'))) : undefined
  if (!guild) {
    happen()
    return undefined
  }
  const before = viewedIn(world, guild)
  happen()
  const gained = [...viewedIn(world, guild)].filter((id) => !before.has(id))
  if (gained.length === 0) return undefined
  const threads = guild.threads.filter(
    (channel) =>
      gained.includes(channel.parent_id ?? '') && !channel.thread_metadata?.archived && views(world, guild, channel),
  )
  const members = threads.flatMap(({ id }) => world.threadMembers.get(id)?.get(world.bot.id) ?? [])
  return {
    event: 'THREAD_LIST_SYNC',
    payload: {
      guild_id: guild.id,
      channel_ids: gained,
      threads: threads.map((thread) => shownThread(world, thread)),
      members: members.map(bareThreadMember),
    },
  }
}
