import { ChannelType, PermissionFlagsBits, VideoQualityMode } from 'discord-api-types/v10'
import type {
  APIOverwrite,
  OverwriteType,
  APIUser,
  GatewayPresenceUpdate,
  PresenceUpdateReceiveStatus,
} from 'discord-api-types/v10'
import { snowflakeAt } from '../../snowflake.ts'
import { isoTime } from '../compose.ts'
import type { Guild, GuildChannel, Member } from '../types.ts'

/** Permissions by name, as Discord writes them: a decimal number in a string. */
export const permissions = (...names: (keyof typeof PermissionFlagsBits)[]): string =>
  String(names.reduce((bits, name) => bits | PermissionFlagsBits[name], 0n))

/** Makes ids that grow from a guild's first second: its channels and roles are about as old as it is. */
export function idsFrom(createdMs: number): () => string {
  let step = 0
  return () => snowflakeAt(createdMs + step++ * 61_007)
}

export function member(user: APIUser, joinedMs: number, roles: string[] = [], nick: string | null = null): Member {
  return {
    user,
    nick,
    avatar: null,
    banner: null,
    roles,
    joined_at: isoTime(joinedMs),
    premium_since: null,
    communication_disabled_until: null,
    deaf: false,
    mute: false,
    pending: false,
    flags: 0 as Member['flags'],
  }
}

export const overwrite = (id: string, type: OverwriteType, allow: string, deny: string): APIOverwrite => ({
  id,
  type,
  allow,
  deny,
})

interface ChannelFields {
  topic?: string
  parent?: GuildChannel
  overwrites?: APIOverwrite[]
  user_limit?: number
}

/** Makes a guild's channels, each with all that Discord says of one of its type, in the order in which they are made. */
export function channelMaker(guildId: string, nextId: () => string) {
  let position = 0
  const common = ({ parent, overwrites }: ChannelFields) => ({
    id: nextId(),
    guild_id: guildId,
    position: position++,
    parent_id: parent?.id ?? null,
    permission_overwrites: overwrites ?? [],
    nsfw: false,
    flags: 0,
  })

  return {
    category: (name: string): GuildChannel => ({
      ...common({}),
      type: ChannelType.GuildCategory,
      name,
      parent_id: null,
    }),
    text: (name: string, fields: ChannelFields, type: 0 | 5 = ChannelType.GuildText): GuildChannel => ({
      ...common(fields),
      type,
      name,
      topic: fields.topic ?? null,
      last_message_id: null,
      last_pin_timestamp: null,
      rate_limit_per_user: 0,
      default_auto_archive_duration: 4320,
    }),
    forum: (
      name: string,
      fields: ChannelFields,
      tags: readonly (readonly [emoji: string, name: string])[],
    ): GuildChannel => ({
      ...common(fields),
      type: ChannelType.GuildForum,
      name,
      topic: fields.topic ?? null,
      last_message_id: null,
      rate_limit_per_user: 0,
      default_auto_archive_duration: 10_080,
      available_tags: tags.map(([emoji_name, tag]) => ({
        id: nextId(),
        name: tag,
        moderated: false,
        emoji_id: null,
        emoji_name,
      })),
      default_reaction_emoji: null,
      default_sort_order: null,
      default_forum_layout: 0,
    }),
    voice: (name: string, fields: ChannelFields, type: 2 | 13 = ChannelType.GuildVoice): GuildChannel =>
      ({
        ...common(fields),
        type,
        name,
        topic: fields.topic ?? null,
        last_message_id: null,
        rate_limit_per_user: 0,
        bitrate: 64_000,
        user_limit: fields.user_limit ?? 0,
        rtc_region: null,
        video_quality_mode: VideoQualityMode.Auto,
      }) as GuildChannel,
  }
}

/** https://docs.discord.com/developers/events/gateway-events#presence-update */
export function presence(
  guildId: string,
  user: APIUser,
  status: `${PresenceUpdateReceiveStatus}`,
): GatewayPresenceUpdate {
  const known = status as PresenceUpdateReceiveStatus
  return {
    user: { id: user.id },
    guild_id: guildId,
    status: known,
    activities: [],
    client_status: status === 'offline' ? {} : { desktop: known },
  }
}

/** What is the same for every guild that has nothing special about it. */
export function emptyGuild(id: string, name: string, ownerId: string, joinedMs: number): Guild {
  return {
    id,
    name,
    icon: null,
    icon_hash: null,
    splash: null,
    discovery_splash: null,
    banner: null,
    description: null,
    owner_id: ownerId,
    region: 'deprecated',
    afk_channel_id: null,
    afk_timeout: 300,
    widget_enabled: false,
    widget_channel_id: null,
    verification_level: 1,
    default_message_notifications: 1,
    explicit_content_filter: 0,
    roles: [],
    emojis: [],
    stickers: [],
    features: [],
    mfa_level: 0,
    application_id: null,
    system_channel_id: null,
    system_channel_flags: 0 as Guild['system_channel_flags'],
    rules_channel_id: null,
    public_updates_channel_id: null,
    safety_alerts_channel_id: null,
    max_presences: null,
    max_members: 25_000_000,
    max_video_channel_users: 25,
    max_stage_video_channel_users: 50,
    vanity_url_code: null,
    premium_tier: 0,
    premium_subscription_count: 0,
    premium_progress_bar_enabled: false,
    preferred_locale: 'en-US' as Guild['preferred_locale'],
    nsfw_level: 0,
    hub_type: null,
    incidents_data: null,
    joined_at: isoTime(joinedMs),
    large: false,
    unavailable: false,
    member_count: 0,
    members: [],
    channels: [],
    threads: [],
    voice_states: [],
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  }
}
