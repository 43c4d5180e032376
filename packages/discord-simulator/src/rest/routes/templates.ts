import { ChannelType, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { z } from 'zod'
import { isoTime } from '../../world/compose.ts'
import type { Guild } from '../../world/types.ts'
import { guildWith } from '../access.ts'
import { refusal } from '../errors.ts'
import { maybe, readForm, text } from '../form.ts'
import type { Template } from '../records.ts'
import { ok, param } from '../route.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'

const templateBody = z.looseObject({ name: text(100, 1), description: text(120).nullish() })
const changeBody = z.looseObject({ name: maybe(text(100, 1)), description: text(120).nullish() })

/** What a template can make anew. Stages and announcements come as what they are made of. */
const KEPT: Readonly<Partial<Record<ChannelType, number>>> = {
  [ChannelType.GuildText]: ChannelType.GuildText,
  [ChannelType.GuildAnnouncement]: ChannelType.GuildText,
  [ChannelType.GuildVoice]: ChannelType.GuildVoice,
  [ChannelType.GuildStageVoice]: ChannelType.GuildVoice,
  [ChannelType.GuildCategory]: ChannelType.GuildCategory,
  [ChannelType.GuildForum]: ChannelType.GuildForum,
}

/** A guild without its ids: roles and channels are numbered. https://docs.discord.com/developers/resources/guild-template#guild-template-object */
function snapshotOf(guild: Guild): object {
  const roles = guild.roles.filter(({ managed }) => !managed)
  const numberOf = new Map([...roles, ...guild.channels].map(({ id }, index) => [id, index]))
  // @everyone has none, and is the first.
  numberOf.set(guild.id, 0)
  const refer = (id: string | null | undefined) => {
    const number = numberOf.get(id ?? '')
    return number === undefined ? null : String(number)
  }
  const channels = guild.channels
    .filter(({ type }) => type in KEPT)
    .map((channel) => {
      const value = (key: string, otherwise: unknown) => (Reflect.get(channel, key) as unknown) ?? otherwise
      const overwrites = (channel.permission_overwrites ?? []).flatMap(({ id, type, allow, deny }) => {
        const role = refer(id)
        return role === null ? [] : [{ id: role, type, allow, deny }]
      })
      return {
        id: numberOf.get(channel.id),
        type: KEPT[channel.type],
        name: channel.name,
        position: channel.position,
        topic: value('topic', null),
        bitrate: value('bitrate', 64_000),
        user_limit: value('user_limit', 0),
        nsfw: value('nsfw', false),
        rate_limit_per_user: value('rate_limit_per_user', 0),
        parent_id: refer(channel.parent_id),
        default_auto_archive_duration: value('default_auto_archive_duration', null),
        permission_overwrites: overwrites,
        available_tags: null,
        template: '',
        default_reaction_emoji: null,
        default_thread_rate_limit_per_user: null,
        default_sort_order: null,
        default_forum_layout: null,
        default_tag_setting: null,
        theme_color: null,
      }
    })
  return {
    name: guild.name,
    description: guild.description,
    region: guild.region,
    verification_level: guild.verification_level,
    default_message_notifications: guild.default_message_notifications,
    explicit_content_filter: guild.explicit_content_filter,
    preferred_locale: guild.preferred_locale,
    afk_channel_id: refer(guild.afk_channel_id),
    afk_timeout: guild.afk_timeout,
    system_channel_id: refer(guild.system_channel_id),
    system_channel_flags: guild.system_channel_flags,
    roles: roles.map((role) => ({
      id: numberOf.get(role.id),
      name: role.name,
      permissions: role.permissions,
      color: role.color,
      colors: role.colors,
      hoist: role.hoist,
      mentionable: role.mentionable,
      icon: null,
      unicode_emoji: null,
    })),
    channels,
  }
}

/** As it is shown: it is dirty once the guild is another than it was. */
function shown({ world }: RestContext, template: Template): object {
  const guild = world.guild(template.source_guild_id)
  const isDirty = guild ? JSON.stringify(snapshotOf(guild)) !== JSON.stringify(template.serialized_source_guild) : null
  return { ...template, is_dirty: isDirty || null }
}

const guildOfTemplates = ({ world }: RestContext, request: RestRequest) =>
  guildWith(world, param(request, 'guild_id'), Bit.ManageGuild)

function templateOf(context: RestContext, request: RestRequest) {
  const guild = guildOfTemplates(context, request)
  const template = context.records.templates.get(param(request, 'code'))
  if (template?.source_guild_id !== guild.id) throw refusal.unknownTemplate()
  return { guild, template }
}

function change(context: RestContext, template: Template, next: Partial<Template>) {
  const changed = { ...template, ...next, updated_at: isoTime(context.world.clock.now()) }
  context.records.templates.set(template.code, changed)
  return ok(shown(context, changed))
}

const path = '/guilds/:guild_id/templates'

/** https://docs.discord.com/developers/resources/guild-template */
export const templateRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/guilds/templates/:code',
    open: true,
    handle: (context, request) => {
      const template = context.records.templates.get(param(request, 'code'))
      if (!template) throw refusal.unknownTemplate()
      return ok(shown(context, template))
    },
  },
  {
    method: 'GET',
    path,
    handle: (context, request) => {
      const { id } = guildOfTemplates(context, request)
      const own = [...context.records.templates.values()].filter(({ source_guild_id }) => source_guild_id === id)
      return ok(own.map((template) => shown(context, template)))
    },
  },
  {
    method: 'POST',
    path,
    handle: (context, request) => {
      const { world, records } = context
      const guild = guildOfTemplates(context, request)
      const { name, description } = readForm(templateBody, request.body ?? {})
      // A guild has one.
      if ([...records.templates.values()].some(({ source_guild_id }) => source_guild_id === guild.id)) {
        throw refusal.templateExists()
      }
      const now = isoTime(world.clock.now())
      const template: Template = {
        code: world.random.hex(12),
        name,
        description: description ?? null,
        usage_count: 0,
        creator_id: world.bot.id,
        creator: world.bot,
        created_at: now,
        updated_at: now,
        source_guild_id: guild.id,
        serialized_source_guild: snapshotOf(guild),
      }
      records.templates.set(template.code, template)
      return ok(shown(context, template))
    },
  },
  {
    method: 'PUT',
    path: `${path}/:code`,
    handle: (context, request) => {
      const { guild, template } = templateOf(context, request)
      return change(context, template, { serialized_source_guild: snapshotOf(guild) })
    },
  },
  {
    method: 'PATCH',
    path: `${path}/:code`,
    handle: (context, request) => {
      const { template } = templateOf(context, request)
      const { name, description } = readForm(changeBody, request.body ?? {})
      const said = { ...(name !== undefined && { name }), ...(description !== undefined && { description }) }
      return change(context, template, said)
    },
  },
  {
    method: 'DELETE',
    path: `${path}/:code`,
    handle: (context, request) => {
      const { template } = templateOf(context, request)
      const last = shown(context, template)
      context.records.templates.delete(template.code)
      return ok(last)
    },
  },
]
