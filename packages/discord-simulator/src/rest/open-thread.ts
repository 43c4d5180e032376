import { isoTime } from '../world/compose.ts'
import type { Located, Thread } from '../world/types.ts'
import type { RestContext } from './route.ts'
import { changeThreadMembers } from './thread-members.ts'

/** A thread about to be opened. */
export interface ThreadDraft {
  id: string
  /** Whoever opens it. Default: the bot. */
  owner_id?: string
  type: 10 | 11 | 12
  name: string
  auto_archive_duration?: 60 | 1_440 | 4_320 | 10_080 | undefined
  rate_limit_per_user?: number | undefined
  /** Of a private thread. */
  invitable?: boolean
  /** Of a post in a forum. */
  applied_tags?: readonly string[]
}

/**
 * Opens a thread: of the bot's, with the bot in it, or of a webhook's, with nobody in it.
 * https://docs.discord.com/developers/topics/threads
 */
export function openThread(context: RestContext, { guild, channel }: Located, draft: ThreadDraft): Thread {
  const { world, emit } = context
  const { owner_id = world.bot.id } = draft
  const isOwn = owner_id === world.bot.id
  const { id, type, name, auto_archive_duration = 4_320, rate_limit_per_user = 0, invitable, applied_tags } = draft
  const now = isoTime(world.clock.now())
  const thread = {
    id,
    type,
    guild_id: guild.id,
    parent_id: channel.id,
    owner_id,
    name,
    last_message_id: null,
    last_pin_timestamp: null,
    rate_limit_per_user,
    flags: 0,
    message_count: 0,
    member_count: isOwn ? 1 : 0,
    total_message_sent: 0,
    thread_metadata: {
      archived: false,
      auto_archive_duration,
      archive_timestamp: now,
      locked: false,
      create_timestamp: now,
      ...(invitable !== undefined && { invitable }),
    },
    ...(applied_tags && { applied_tags }),
  }
  const member = { id, user_id: world.bot.id, join_timestamp: now, flags: 0 }
  emit({ event: 'THREAD_CREATE', payload: { ...thread, newly_created: true, ...(isOwn && { member }) } })
  const made = world.channel(id)?.channel as Thread
  if (isOwn) changeThreadMembers(context, guild, { ...made, member_count: 0 }, { join: world.bot.id })
  return made
}
