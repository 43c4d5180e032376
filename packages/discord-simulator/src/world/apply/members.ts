import type { GatewayPresenceUpdate } from 'discord-api-types/v10'
import { id, member as memberShape, newMember, presence as presenceShape, user as userShape } from '../shapes.ts'
import type { User } from '../types.ts'
import { on, onGuild, remove, upsert, withUser, without } from './handler.ts'
import type { Handlers } from './handler.ts'

const ofMember = memberShape.extend({ guild_id: id })

const banAdd = onGuild(withUser, (guild, { user }, world) => {
  const banned = world.bans.get(guild.id) ?? new Map<string, User>()
  world.bans.set(guild.id, banned)
  banned.set(user.id, user as unknown as User)
})

const banRemove = onGuild(withUser, (guild, { user }, world) => void world.bans.get(guild.id)?.delete(user.id))

const memberAdd = onGuild(ofMember, (guild, payload) => {
  const known = guild.members.length
  upsert(guild.members, without(newMember(payload), 'guild_id'), (member) => member.user.id === payload.user.id)
  guild.member_count += guild.members.length - known
})

const memberUpdate = onGuild(ofMember, (guild, payload) => {
  const member = guild.members.find((candidate) => candidate.user.id === payload.user.id)
  if (member) Object.assign(member, without(payload, 'guild_id'), { user: { ...member.user, ...payload.user } })
})

const memberRemove = onGuild(withUser, (guild, payload, world) => {
  const { id: userId } = payload.user
  const gone = world.member(guild.id, userId)
  if (gone) world.strangers.set(userId, gone.user)
  const known = guild.members.length
  remove(guild.members, (member) => member.user.id === userId)
  remove(guild.voice_states, (state) => state.user_id === userId)
  remove(guild.presences, (presence) => presence.user.id === userId)
  guild.member_count -= known - guild.members.length
  for (const thread of guild.threads) {
    if (!world.threadMembers.get(thread.id)?.delete(userId)) continue
    thread.member_count = Math.max(0, (thread.member_count ?? 0) - 1)
  }
  // A bot that is removed sees GUILD_DELETE; the guild itself goes with that.
  if (userId === world.bot.id) world.removeGuild(guild.id)
})

const presenceUpdate = onGuild(presenceShape.extend({ guild_id: id }), (guild, payload) => {
  const same = (presence: GatewayPresenceUpdate) => presence.user.id === payload.user.id
  if (payload['status'] === 'offline') remove(guild.presences, same)
  else upsert(guild.presences, payload, same)
})

/** https://docs.discord.com/developers/events/gateway-events#guild-member-add, and presences, bans and the bot itself */
export const memberHandlers: Handlers = {
  GUILD_BAN_ADD: banAdd,
  GUILD_BAN_REMOVE: banRemove,
  GUILD_MEMBER_ADD: memberAdd,
  GUILD_MEMBER_UPDATE: memberUpdate,
  GUILD_MEMBER_REMOVE: memberRemove,
  USER_UPDATE: on(userShape, (world, payload) => {
    const known = Object.keys(payload).filter((key) => key in world.bot)
    if (payload.id === world.bot.id)
      Object.assign(world.bot, Object.fromEntries(known.map((key) => [key, payload[key]])))
  }),
  PRESENCE_UPDATE: presenceUpdate,
}
