import { ChannelType, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { z } from 'zod'
import { compareSnowflakes } from '../../snowflake.ts'
import { guildOf, guildWith } from '../access.ts'
import { refusal } from '../errors.ts'
import { maybe, readForm, snowflake } from '../form.ts'
import { ok, param } from '../route.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'
import { tellGuild } from '../tell-guild.ts'
import type { Guild } from '../../world/types.ts'

const widgetBody = z.looseObject({ enabled: maybe(z.boolean()), channel_id: snowflake.nullish() })

/** https://docs.discord.com/developers/resources/guild#guild-widget-settings-object */
const settingsOf = ({ widget_enabled = false, widget_channel_id = null }: Guild) => ({
  enabled: widget_enabled,
  channel_id: widget_channel_id,
})

/** How many members a widget shows. */
const MEMBERS = 100

/** https://docs.discord.com/developers/resources/guild#get-guild-widget */
function widgetOf({ world, records }: RestContext, request: RestRequest) {
  const guild = guildOf(world, param(request, 'guild_id'))
  if (!guild.widget_enabled) throw refusal.widgetDisabled()
  const everybody = (channel: Guild['channels'][number]) =>
    !('permission_overwrites' in channel) ||
    !channel.permission_overwrites?.some(({ id, deny }) => id === guild.id && (BigInt(deny) & Bit.Connect) !== 0n)
  const voice = guild.channels.filter(({ type }) => type === ChannelType.GuildVoice).filter(everybody)
  const invite = [...records.invites.values()].find(({ channel_id }) => channel_id === guild.widget_channel_id)
  const shown = guild.presences.slice(0, MEMBERS).flatMap(({ user, status }) => {
    const member = world.member(guild.id, user.id)
    return member ? [{ member, status }] : []
  })
  // Who is there is told, and not who they are: ids count from 0, and there are no discriminators.
  const members = shown.map(({ member, status }, index) => ({
    id: String(index),
    username: member.nick ?? member.user.global_name ?? member.user.username,
    discriminator: '0000',
    avatar: null,
    status,
    avatar_url: `https://cdn.discordapp.com/widget-avatars/${index}`,
  }))
  return ok({
    id: guild.id,
    name: guild.name,
    instant_invite: invite ? `https://discord.com/invite/${invite.code}` : null,
    channels: voice
      .toSorted((a, b) => compareSnowflakes(a.id, b.id))
      .map(({ id, name, position }) => ({ id, name, position })),
    members,
    presence_count: guild.presences.length,
  })
}

/** https://docs.discord.com/developers/resources/guild#get-guild-widget-settings and after it */
export const widgetRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/guilds/:guild_id/widget',
    handle: ({ world }, request) => ok(settingsOf(guildWith(world, param(request, 'guild_id'), Bit.ManageGuild))),
  },
  {
    method: 'PATCH',
    path: '/guilds/:guild_id/widget',
    handle: (context, request) => {
      const guild = guildWith(context.world, param(request, 'guild_id'), Bit.ManageGuild)
      const { enabled, channel_id } = readForm(widgetBody, request.body ?? {})
      if (channel_id && context.world.channel(channel_id)?.guild !== guild) throw refusal.unknownChannel()
      tellGuild(context, guild, {
        ...(enabled !== undefined && { widget_enabled: enabled }),
        ...(channel_id !== undefined && { widget_channel_id: channel_id }),
      })
      return ok(settingsOf(guild))
    },
  },
  { method: 'GET', path: '/guilds/:guild_id/widget.json', open: true, handle: widgetOf },
  {
    method: 'GET',
    path: '/guilds/:guild_id/vanity-url',
    handle: ({ world }, request) => {
      const { vanity_url_code } = guildWith(world, param(request, 'guild_id'), Bit.ManageGuild)
      return ok({ code: vanity_url_code, uses: 0 })
    },
  },
]
