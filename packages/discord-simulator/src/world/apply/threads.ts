import { ChannelType } from 'discord-api-types/v10'
import type { APIThreadMember } from 'discord-api-types/v10'
import { z } from 'zod'
import { id, thread as threadShape } from '../shapes.ts'
import { inGuildWithId, onGuild, remove, upsert, without } from './handler.ts'
import type { Handlers } from './handler.ts'

const threadPut = onGuild(threadShape.extend({ guild_id: id }), (guild, payload, world) => {
  upsert(guild.threads, without(payload, 'newly_created', 'member'), (thread) => thread.id === payload.id)
  world.indexChannels(guild)
  // What messages are to other channels, posts are to a forum.
  const parent = guild.channels.find(({ id: channelId }) => channelId === payload['parent_id'])
  if (payload['newly_created'] === true && parent?.type === ChannelType.GuildForum) parent.last_message_id = payload.id
})

const threadDelete = onGuild(inGuildWithId, (guild, payload, world) => {
  remove(guild.threads, (thread) => thread.id === payload.id)
  world.threadMembers.delete(payload.id)
  world.messages.deleteChannel(payload.id)
})

const threadMembersUpdate = onGuild(
  inGuildWithId.extend({
    member_count: z.int().optional(),
    added_members: z.array(z.looseObject({ user_id: id })).default([]),
    removed_member_ids: z.array(id).default([]),
  }),
  (guild, { id: threadId, member_count, added_members, removed_member_ids }, world) => {
    const joined = world.threadMembers.get(threadId) ?? new Map<string, APIThreadMember>()
    world.threadMembers.set(threadId, joined)
    for (const member of added_members) joined.set(member.user_id, member as unknown as APIThreadMember)
    for (const userId of removed_member_ids) joined.delete(userId)
    const thread = guild.threads.find((candidate) => candidate.id === threadId)
    if (thread && member_count !== undefined) thread.member_count = member_count
  },
)

/** https://docs.discord.com/developers/events/gateway-events#thread-create */
export const threadHandlers: Handlers = {
  THREAD_CREATE: threadPut,
  THREAD_UPDATE: threadPut,
  THREAD_DELETE: threadDelete,
  THREAD_MEMBERS_UPDATE: threadMembersUpdate,
}
