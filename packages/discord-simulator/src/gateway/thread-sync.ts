import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10'
import { bareThreadMember, shownThread } from '../world/threads.ts'
import type { Dispatch, Guild } from '../world/types.ts'
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

function viewedIn(world: World, guild: Guild): Set<string> {
  const views = (channel: Guild['channels'][number]) =>
    (world.permissions({ guild, channel }, world.bot.id) & PermissionFlagsBits.ViewChannel) !== 0n
  return new Set(guild.channels.filter((channel) => PARENTS.has(channel.type) && views(channel)).map(({ id }) => id))
}

/**
 * Lets something happen, and gives what Discord sends besides when the bot comes to view a channel by it: the threads
 * there that are active. https://docs.discord.com/developers/topics/threads#gaining-access-to-private-channels
 */
export function threadsGained(
  world: World,
  { event, payload }: Dispatch & { payload: object },
  happen: () => void,
): (Dispatch & { payload: object }) | undefined {
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
      gained.includes(channel.parent_id ?? '') &&
      !channel.thread_metadata?.archived &&
      (world.permissions({ guild, channel }, world.bot.id) & PermissionFlagsBits.ViewChannel) !== 0n,
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
