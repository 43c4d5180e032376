import type { APIThreadMember } from 'discord-api-types/v10'
import { isoTime } from '../world/compose.ts'
import type { Guild, Thread } from '../world/types.ts'
import type { World } from '../world/world.ts'
import type { RestContext } from './route.ts'

/** Who is in a thread, as far as anybody was told. */
export const threadMembers = (world: World, threadId: string): APIThreadMember[] => [
  ...(world.threadMembers.get(threadId)?.values() ?? []),
]

/** https://docs.discord.com/developers/events/gateway-events#thread-members-update */
export function changeThreadMembers(
  { world, emit }: RestContext,
  guild: Guild,
  thread: Thread,
  change: {
    join?: string
    leave?: string
  },
): void {
  const { join, leave } = change
  const now = isoTime(world.clock.now())
  const known = world.threadMembers.get(thread.id)
  const isNew = join !== undefined && !known?.has(join)
  const isGone = leave !== undefined && known?.has(leave) === true
  if (!isNew && !isGone) return
  const member_count = Math.max(0, (thread.member_count ?? 0) + Number(isNew) - Number(isGone))
  const added = {
    id: thread.id,
    user_id: join,
    join_timestamp: now,
    flags: 0,
    member: world.member(guild.id, join ?? ''),
  }
  emit({
    event: 'THREAD_MEMBERS_UPDATE',
    payload: {
      id: thread.id,
      guild_id: guild.id,
      member_count,
      ...(isNew && { added_members: [added] }),
      ...(isGone && { removed_member_ids: [leave] }),
    },
  })
}
