import type { APIThreadMember } from 'discord-api-types/v10'
import type { Thread } from './types.ts'
import type { World } from './world.ts'

/** A member of a thread as it stands on the thread itself: without the member of the guild. */
export function bareThreadMember({ member: _member, ...bare }: APIThreadMember): APIThreadMember {
  return bare
}

/**
 * A thread as the bot is shown it: with its own membership, if it has any.
 * https://docs.discord.com/developers/topics/threads#syncing-for-the-current-user
 */
export function shownThread(world: World, thread: Thread): Thread {
  const own = world.threadMembers.get(thread.id)?.get(world.bot.id)
  return own ? { ...thread, member: bareThreadMember(own) } : thread
}

/** Whether what changes in a thread's membership, as THREAD_MEMBERS_UPDATE tells it, adds somebody or removes them. */
export function concernsMember(payload: object, userId: string): boolean {
  const { removed_member_ids: removed } = payload as Record<string, unknown>
  return isAdded(payload, userId) || (Array.isArray(removed) && removed.includes(userId))
}

/** Whether it adds them. */
export function isAdded(payload: object, userId: string): boolean {
  const { added_members: added } = payload as Record<string, unknown>
  return Array.isArray(added) && added.some((member: { user_id?: unknown } | null) => member?.user_id === userId)
}
