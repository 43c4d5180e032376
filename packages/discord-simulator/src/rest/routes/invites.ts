import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import type { APIRole } from 'discord-api-types/v10'
import { z } from 'zod'
import { isoTime } from '../../world/compose.ts'
import { channelOf, guildWith, need } from '../access.ts'
import { refusal } from '../errors.ts'
import { maybe, readForm, snowflake } from '../form.ts'
import type { Invite } from '../records.ts'
import { ok, param } from '../route.ts'
import type { RestContext, Route } from '../route.ts'
import { fromCsv } from '../target-users.ts'
import { approximate } from './guilds.ts'
import { checkRoles } from './members.ts'

const WEEK_SECONDS = 604_800

const inviteBody = z.looseObject({
  max_age: maybe(z.int().min(0).max(WEEK_SECONDS)),
  max_uses: maybe(z.int().min(0).max(100)),
  temporary: maybe(z.boolean()),
  unique: maybe(z.boolean()),
  role_ids: maybe(z.array(snowflake).max(100)),
  target_user_ids: maybe(z.array(snowflake).max(1_000)),
})

/** What of a role is shown on an invite. */
const onInvite = ({ id, name, position, color, colors, icon, unicode_emoji }: APIRole) => ({
  id,
  name,
  position,
  color,
  colors,
  icon: icon ?? null,
  unicode_emoji: unicode_emoji ?? null,
})

type Known = Pick<RestContext, 'world' | 'records'>

const alive = ({ world, records }: Known): Invite[] =>
  [...records.invites.values()].filter(
    ({ expires_at, channel_id }) =>
      world.channel(channel_id) && (!expires_at || Date.parse(expires_at) > world.clock.now()),
  )

/** https://docs.discord.com/developers/resources/invite#invite-object */
function shown({ world }: RestContext, invite: Invite): object {
  const { channel_id, guild_id, role_ids, ...rest } = invite
  const guild = world.guild(guild_id)
  const channel = world.channel(channel_id)?.channel
  return {
    type: 0,
    ...rest,
    guild_id,
    ...(role_ids && { roles: guild?.roles.filter(({ id }) => role_ids.includes(id)).map(onInvite) }),
    guild: guild && {
      id: guild.id,
      name: guild.name,
      splash: guild.splash,
      banner: guild.banner,
      description: guild.description,
      icon: guild.icon,
      features: guild.features,
      verification_level: guild.verification_level,
      vanity_url_code: guild.vanity_url_code,
      nsfw_level: guild.nsfw_level,
      nsfw: false,
      premium_subscription_count: guild.premium_subscription_count ?? 0,
    },
    channel: channel && { id: channel.id, type: channel.type, name: channel.name },
  }
}

/** An invite that is still good, or 10006. */
export function inviteOf(context: Known, code: string): Invite {
  const invite = alive(context).find((candidate) => candidate.code === code)
  if (!invite) throw refusal.unknownInvite()
  return invite
}

/**
 * An unused invite of the bot's that is the same but for its code, which is given again unless another is asked for.
 * https://docs.discord.com/developers/resources/channel#create-channel-invite
 */
function similar(context: RestContext, like: Pick<Invite, 'channel_id' | 'max_age' | 'max_uses' | 'temporary'>) {
  return alive(context).find(
    (invite) =>
      invite.inviter.id === context.world.bot.id &&
      invite.uses === 0 &&
      !invite.role_ids &&
      !context.records.targetUsers.has(invite.code) &&
      Object.entries(like).every(([key, value]) => invite[key as keyof typeof like] === value),
  )
}

export const inviteRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/channels/:channel_id/invites',
    handle: (context, request) => {
      const { world, records, emit } = context
      const { guild, channel, bits } = channelOf(world, param(request, 'channel_id'))
      need(bits, Bit.CreateInstantInvite)
      const body = readForm(inviteBody, request.body ?? {})
      const { max_age = 86_400, max_uses = 0, temporary = false } = body
      const like = { channel_id: channel.id, max_age, max_uses, temporary }
      if (body.role_ids) {
        need(world.guildPermissions(guild, world.bot.id), Bit.ManageRoles)
        checkRoles(world, guild, body.role_ids)
      }
      const isByFile = request.files.length > 0
      const targets = isByFile ? fromCsv(request.files) : body.target_user_ids
      const isPlain = !body.unique && !body.role_ids && !targets
      const before = isPlain ? similar(context, like) : undefined
      if (before) return ok(shown(context, before))
      const now = world.clock.now()
      const invite: Invite = {
        code: world.random.hex(8),
        guild_id: guild.id,
        channel_id: channel.id,
        inviter: world.bot,
        max_age,
        max_uses,
        temporary,
        uses: 0,
        created_at: isoTime(now),
        expires_at: max_age > 0 ? isoTime(now + max_age * 1_000) : null,
        ...(body.role_ids?.length && { role_ids: body.role_ids }),
      }
      if (targets)
        records.targetUsers.set(invite.code, { ids: new Set(targets), readAt: isByFile ? isoTime(now) : null })
      records.invites.set(invite.code, invite)
      emit({ event: 'INVITE_CREATE', payload: { type: 0, ...invite } })
      return ok(shown(context, invite))
    },
  },
  {
    method: 'GET',
    path: '/channels/:channel_id/invites',
    handle: (context, request) => {
      const { channel, bits } = channelOf(context.world, param(request, 'channel_id'))
      need(bits, Bit.ManageChannels)
      const here = alive(context).filter((invite) => invite.channel_id === channel.id)
      return ok(here.map((invite) => shown(context, invite)))
    },
  },
  {
    method: 'GET',
    path: '/guilds/:guild_id/invites',
    handle: (context, request) => {
      const { id } = guildWith(context.world, param(request, 'guild_id'), Bit.ManageGuild)
      const here = alive(context).filter((invite) => invite.guild_id === id)
      return ok(here.map((invite) => shown(context, invite)))
    },
  },
  {
    method: 'GET',
    path: '/invites/:code',
    handle: (context, request) => {
      const invite = inviteOf(context, param(request, 'code'))
      const guild = context.world.guild(invite.guild_id)
      const counts = guild && request.query.get('with_counts') === 'true' && approximate(guild)
      return ok({ ...shown(context, invite), ...counts })
    },
  },
  {
    method: 'DELETE',
    path: '/invites/:code',
    handle: (context, request) => {
      const invite = inviteOf(context, param(request, 'code'))
      const { guild, channel, bits } = channelOf(context.world, invite.channel_id)
      const isAllowed =
        bits & Bit.ManageChannels || context.world.guildPermissions(guild, context.world.bot.id) & Bit.ManageGuild
      if (!isAllowed) throw refusal.missingPermissions()
      context.records.invites.delete(invite.code)
      context.records.targetUsers.delete(invite.code)
      const payload = { channel_id: channel.id, guild_id: guild.id, code: invite.code }
      context.emit({ event: 'INVITE_DELETE', payload })
      return ok(shown(context, invite))
    },
  },
]
