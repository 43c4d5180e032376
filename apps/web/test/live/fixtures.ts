import type { APIMessage } from 'discord-api-types/v10'

export const GUILD = '100000000000000001'
export const CHANNEL = '200000000000000001'
export const AT = Date.UTC(2026, 10, 20, 14, 0)

/** The snowflake of a moment, in ms after `AT`. */
export const idAt = (ms: number): string => String(((BigInt(AT + ms) - 1_420_070_400_000n) << 22n) | 1n)

export function message(ms: number, fields: Partial<APIMessage> = {}): APIMessage {
  return {
    id: idAt(ms),
    channel_id: CHANNEL,
    author: { id: '300', username: 'pikelet', discriminator: '0', global_name: null, avatar: null },
    content: `written at ${ms}`,
    timestamp: new Date(AT + ms).toISOString(),
    edited_timestamp: null,
    tts: false,
    mention_everyone: false,
    mentions: [],
    mention_roles: [],
    attachments: [],
    embeds: [],
    pinned: false,
    type: 0,
    ...fields,
  }
}

export function channel(id: string, fields: Record<string, unknown> = {}) {
  return { id, guild_id: GUILD, type: 0, name: `channel-${id}`, position: 0, parent_id: null, ...fields }
}

export function member(id: string, fields: Record<string, unknown> = {}) {
  const user = { id, username: `user-${id}`, discriminator: '0', global_name: null, avatar: null }
  return { user, nick: null, roles: [], guild_id: GUILD, ...fields }
}

export function voiceState(userId: string, channelId: string | null, fields: Record<string, unknown> = {}) {
  return {
    guild_id: GUILD,
    user_id: userId,
    channel_id: channelId,
    mute: false,
    deaf: false,
    self_mute: false,
    self_deaf: false,
    self_video: false,
    suppress: false,
    ...fields,
  }
}

export function guildCreate(fields: Record<string, unknown> = {}) {
  return {
    id: GUILD,
    name: 'Tidewater Makers',
    icon: null,
    owner_id: '300',
    member_count: 12,
    roles: [{ id: GUILD, name: '@everyone', position: 0, hoist: false }],
    channels: [channel(CHANNEL, { name: 'build-log' })],
    threads: [],
    members: [member('300')],
    voice_states: [],
    ...fields,
  }
}
