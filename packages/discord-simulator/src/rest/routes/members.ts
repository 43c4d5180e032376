import { AuditLogEvent, GuildMemberFlags, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { z } from 'zod'
import { isoTime, voiceEvent } from '../../world/compose.ts'
import { guildPermissions } from '../../world/permissions.ts'
import type { Guild, Member } from '../../world/types.ts'
import type { World } from '../../world/world.ts'
import { guildOf, guildWith, isVoice, need, outrank, rankOf, rankOfRole } from '../access.ts'
import { refusal } from '../errors.ts'
import { integer, maybe, moment, readForm, snowflake, text } from '../form.ts'
import { none, ok, param } from '../route.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'

/** The longest timeout: https://docs.discord.com/developers/resources/guild#modify-guild-member */
const LONGEST_TIMEOUT_MS = 28 * 86_400_000

const memberBody = z.looseObject({
  nick: text(32).nullish(),
  roles: maybe(z.array(snowflake)),
  mute: maybe(z.boolean()),
  deaf: maybe(z.boolean()),
  channel_id: snowflake.nullish(),
  communication_disabled_until: moment.nullish(),
  flags: maybe(z.int().nonnegative()),
})

/** A member, or 10007 for who is none here and 10013 for who is nobody. */
export function memberOf(world: World, guild: Guild, userId: string): Member {
  const member = world.member(guild.id, userId)
  if (member) return member
  throw world.user(userId) ? refusal.unknownMember() : refusal.unknownUser()
}

/** https://docs.discord.com/developers/events/gateway-events#guild-member-update */
function tellMember({ world, emit }: RestContext, guild: Guild, userId: string, change: Partial<Member>): void {
  const member = world.member(guild.id, userId)
  if (member) emit({ event: 'GUILD_MEMBER_UPDATE', payload: { ...member, ...change, guild_id: guild.id } })
}

/** Refuses roles that the bot may not give or take: unknown ones, managed ones, those not below its own. */
export function checkRoles(world: World, guild: Guild, ids: readonly string[]): void {
  for (const id of ids) {
    const role = guild.roles.find((candidate) => candidate.id === id)
    if (!role) throw refusal.unknownRole()
    if (role.managed || id === guild.id || rankOfRole(guild, id) >= rankOf(guild, world.bot.id))
      throw refusal.missingPermissions()
  }
}

function checkTimeout(world: World, guild: Guild, userId: string, until: string): void {
  const ms = Date.parse(until)
  const isStrong = (guildPermissions(guild, userId) & Bit.Administrator) !== 0n
  if (isStrong) throw refusal.missingPermissions()
  if (ms > world.clock.now() + LONGEST_TIMEOUT_MS) {
    const message = 'Timeout cannot be longer than 28 days.'
    throw refusal.invalidForm([{ path: ['communication_disabled_until'], code: 'TIMEOUT_TOO_LONG', message }])
  }
}

/** Of a member's flags one is others' to set: https://docs.discord.com/developers/resources/guild#guild-member-object-guild-member-flags */
function flagged(before: GuildMemberFlags, asked: number, has: bigint): GuildMemberFlags {
  const mayAny = [Bit.ManageGuild, Bit.ManageRoles, Bit.ModerateMembers | Bit.KickMembers | Bit.BanMembers]
  if (!mayAny.some((bits) => (has & bits) === bits)) throw refusal.missingPermissions()
  return (before & ~GuildMemberFlags.BypassesVerification) | (asked & GuildMemberFlags.BypassesVerification)
}

/** People walk by themselves too: that somebody was moved is known only here. */
function noteMove({ note }: RestContext, guild: Guild, from: string | null | undefined, to: string | null | undefined) {
  if (to === undefined || to === from) return
  const { MemberMove, MemberDisconnect } = AuditLogEvent
  if (to === null) note(guild.id, { action_type: MemberDisconnect, target_id: null, options: { count: '1' } })
  else note(guild.id, { action_type: MemberMove, target_id: null, options: { channel_id: to, count: '1' } })
}

/** https://docs.discord.com/developers/resources/guild#modify-guild-member */
function editMember(context: RestContext, request: RestRequest) {
  const { world, emit } = context
  const guild = guildOf(world, param(request, 'guild_id'))
  const userId = param(request, 'user_id')
  const member = memberOf(world, guild, userId)
  const body = readForm(memberBody, request.body ?? {})
  const has = world.guildPermissions(guild, world.bot.id)
  const isSelf = userId === world.bot.id
  const change: Partial<Member> = {}

  if (body.nick !== undefined) {
    need(has, isSelf ? Bit.ChangeNickname : Bit.ManageNicknames)
    if (!isSelf) outrank(world, guild, userId)
    change.nick = body.nick || null
  }
  if (body.roles !== undefined) {
    need(has, Bit.ManageRoles)
    const { roles } = body
    checkRoles(world, guild, [
      ...roles.filter((id) => !member.roles.includes(id)),
      ...member.roles.filter((id) => !roles.includes(id)),
    ])
    change.roles = [...new Set(roles)]
  }
  if (body.communication_disabled_until !== undefined) {
    need(has, Bit.ModerateMembers)
    outrank(world, guild, userId)
    const until = body.communication_disabled_until
    if (until) checkTimeout(world, guild, userId, until)
    change.communication_disabled_until = until && isoTime(Date.parse(until))
  }
  if (body.flags !== undefined) change.flags = flagged(member.flags, body.flags, has)
  const voice = guild.voice_states.find((state) => state.user_id === userId)
  const spoken = { mute: body.mute, deaf: body.deaf, channel_id: body.channel_id }
  const asked = Object.fromEntries(Object.entries(spoken).filter(([, value]) => value !== undefined))
  if (body.mute !== undefined) need(has, Bit.MuteMembers)
  if (body.deaf !== undefined) need(has, Bit.DeafenMembers)
  if (body.channel_id !== undefined) need(has, Bit.MoveMembers)
  if (Object.keys(asked).length > 0 && !voice) throw refusal.notInVoice()
  if (body.channel_id) {
    const target = guild.channels.find((channel) => channel.id === body.channel_id)
    if (!target) throw refusal.unknownChannel()
    if (!isVoice(target.type)) throw refusal.wrongChannelType()
    need(world.permissions({ guild, channel: target }, world.bot.id), Bit.ViewChannel, Bit.Connect)
  }
  if (body.mute !== undefined) change.mute = body.mute
  if (body.deaf !== undefined) change.deaf = body.deaf

  if (Object.keys(change).length > 0) tellMember(context, guild, userId, change)
  if (Object.keys(asked).length > 0) {
    emit({ event: 'VOICE_STATE_UPDATE', payload: { ...voiceEvent(world, guild, userId, {}), ...asked } })
    noteMove(context, guild, voice?.channel_id, body.channel_id)
  }
  return ok(world.member(guild.id, userId))
}

/** Takes somebody out of voice before they are gone from the guild. */
export function expel({ world, emit }: RestContext, guild: Guild, userId: string): void {
  const member = world.member(guild.id, userId)
  if (!member) return
  if (guild.voice_states.some((state) => state.user_id === userId)) {
    emit({ event: 'VOICE_STATE_UPDATE', payload: voiceEvent(world, guild, userId, { channel_id: null }) })
  }
  emit({ event: 'GUILD_MEMBER_REMOVE', payload: { guild_id: guild.id, user: member.user } })
}

function setRole(context: RestContext, request: RestRequest, isHeld: boolean) {
  const { world } = context
  const guild = guildWith(world, param(request, 'guild_id'), Bit.ManageRoles)
  const member = memberOf(world, guild, param(request, 'user_id'))
  const roleId = param(request, 'role_id')
  checkRoles(world, guild, [roleId])
  if (member.roles.includes(roleId) === isHeld) return none()
  const roles = isHeld ? [...member.roles, roleId] : member.roles.filter((id) => id !== roleId)
  tellMember(context, guild, member.user.id, { roles })
  return none()
}

const searchQuery = z.object({ query: text(100, 1), limit: integer(1, 1_000).default(1) })

const path = '/guilds/:guild_id/members'

/** https://docs.discord.com/developers/resources/guild */
export const memberRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: `${path}/search`,
    handle: ({ world }, request) => {
      const guild = guildOf(world, param(request, 'guild_id'))
      const { query, limit } = readForm(searchQuery, Object.fromEntries(request.query))
      const begins = (name: string | null | undefined) => name?.toLowerCase().startsWith(query.toLowerCase()) === true
      const found = guild.members.filter(({ nick, user }) => [nick, user.username, user.global_name].some(begins))
      return ok(found.slice(0, limit))
    },
  },
  { method: 'PATCH', path: `${path}/:user_id`, handle: editMember },
  {
    method: 'PATCH',
    path: `${path}/@me`,
    handle: (context, request) => {
      const { nick } = readForm(memberBody.pick({ nick: true }), request.body ?? {})
      const params = { ...request.params, user_id: context.world.bot.id }
      return editMember(context, { ...request, params, body: nick === undefined ? {} : { nick } })
    },
  },
  // The old way, which still answers: https://docs.discord.com/developers/resources/guild#modify-current-user-nick
  {
    method: 'PATCH',
    path: `${path}/@me/nick`,
    handle: (context, request) => {
      const { nick } = readForm(memberBody.pick({ nick: true }), request.body ?? {})
      const params = { ...request.params, user_id: context.world.bot.id }
      editMember(context, { ...request, params, body: nick === undefined ? {} : { nick } })
      return ok({ nick: nick || null })
    },
  },
  {
    method: 'DELETE',
    path: `${path}/:user_id`,
    handle: (context, request) => {
      const { world } = context
      const guild = guildWith(world, param(request, 'guild_id'), Bit.KickMembers)
      const { user } = memberOf(world, guild, param(request, 'user_id'))
      outrank(world, guild, user.id)
      expel(context, guild, user.id)
      return none()
    },
  },
  { method: 'PUT', path: `${path}/:user_id/roles/:role_id`, handle: (at, request) => setRole(at, request, true) },
  { method: 'DELETE', path: `${path}/:user_id/roles/:role_id`, handle: (at, request) => setRole(at, request, false) },
]
