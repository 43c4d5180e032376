import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { z } from 'zod'
import { isoTime } from '../../world/compose.ts'
import { guildOf, need } from '../access.ts'
import { refusal } from '../errors.ts'
import { maybe, readForm, snowflake, text } from '../form.ts'
import { none, ok, param } from '../route.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'
import { checkRoles } from './members.ts'

const joinBody = z.looseObject({
  access_token: z.string(),
  nick: text(32).nullish(),
  roles: maybe(z.array(snowflake)),
  mute: maybe(z.boolean()),
  deaf: maybe(z.boolean()),
})

/** https://docs.discord.com/developers/resources/guild#add-guild-member */
function join({ world, emit, grantOf }: RestContext, request: RestRequest) {
  const guild = guildOf(world, param(request, 'guild_id'))
  const has = world.guildPermissions(guild, world.bot.id)
  need(has, Bit.CreateInstantInvite)
  const { access_token, nick, roles = [], mute = false, deaf = false } = readForm(joinBody, request.body ?? {})
  const grant = grantOf(access_token)
  const userId = param(request, 'user_id')
  const user = world.user(userId)
  if (!user) throw refusal.unknownUser()
  if (grant?.userId !== userId || !grant.scopes.includes('guilds.join')) throw refusal.invalidOAuthToken()
  if (world.member(guild.id, userId)) return none()
  if (world.bans.get(guild.id)?.has(userId)) throw refusal.bannedFromGuild()
  if (nick) need(has, Bit.ManageNicknames)
  if (mute) need(has, Bit.MuteMembers)
  if (deaf) need(has, Bit.DeafenMembers)
  if (roles.length > 0) need(has, Bit.ManageRoles)
  checkRoles(world, guild, roles)
  const member = {
    user,
    nick: nick || null,
    avatar: null,
    banner: null,
    roles: [...new Set(roles)],
    joined_at: isoTime(world.clock.now()),
    premium_since: null,
    communication_disabled_until: null,
    pending: false,
    flags: 0,
    mute,
    deaf,
  }
  emit({ event: 'GUILD_MEMBER_ADD', payload: { ...member, guild_id: guild.id } })
  return { status: 201, body: world.member(guild.id, userId) }
}

/** What somebody who signs in lets the bot do for them. */
export const joiningRoutes: readonly Route[] = [
  // The people of this world have no accounts elsewhere: https://docs.discord.com/developers/resources/user#get-current-user-connections
  { method: 'GET', path: '/users/@me/connections', scope: 'connections', handle: () => ok([]) },
  { method: 'PUT', path: '/guilds/:guild_id/members/:user_id', handle: join },
]
