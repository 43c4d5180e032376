import { PEOPLE } from '../src/index.ts'
import type { Guild, World } from '../src/index.ts'

const MOMENT = '2026-12-01T18:00:00.000000+00:00'
const flame = { id: null, name: '🔥' }
const poll = {
  question: { text: 'Which?' },
  answers: [{ answer_id: 1, poll_media: { text: 'This', emoji: flame } }],
  expiry: MOMENT,
  allow_multiselect: false,
  layout_type: 1,
  results: { is_finalized: false, answer_counts: [{ id: 1, count: 1, me_voted: false }] },
}

/** By event that the world keeps something of, a payload as Discord would send it, about what is there. */
export function keptPayloads(world: World, guild: Guild): Record<string, object> {
  const { pikelet, tessellate } = PEOPLE
  const of = <T extends object>(list: readonly T[], name: string) =>
    list.find((entry) => Reflect.get(entry, 'name') === name)!
  const guild_id = guild.id
  const general = of(guild.channels, 'general')
  const thread = guild.threads[0]!
  const role = of(guild.roles, 'Steward')
  const member = guild.members.find(({ user }) => user.id === pikelet.id)!
  const event = guild.guild_scheduled_events[0]!
  const stage = {
    id: '71',
    guild_id,
    channel_id: of(guild.channels, 'Friday demo').id,
    topic: 'Kilns',
    privacy_level: 2,
  }
  const rule = {
    id: '72',
    guild_id,
    name: 'glue',
    creator_id: tessellate.id,
    event_type: 1,
    trigger_type: 1,
    trigger_metadata: { keyword_filter: ['glue'], regex_patterns: [], allow_list: [] },
    actions: [{ type: 1, metadata: { custom_message: 'No glue.' } }],
    enabled: true,
    exempt_roles: [],
    exempt_channels: [],
  }
  const sound = {
    sound_id: '73',
    guild_id,
    name: 'bell',
    volume: 1,
    emoji_id: null,
    emoji_name: '🔔',
    available: true,
    user: pikelet,
  }
  const emoji = {
    id: '74',
    name: 'kiln',
    roles: [],
    require_colons: true,
    managed: false,
    animated: false,
    available: true,
    user: pikelet,
  }
  const sticker = {
    id: '75',
    guild_id,
    name: 'kiln',
    description: '',
    tags: 'fire',
    type: 2,
    format_type: 1,
    available: true,
    user: pikelet,
  }
  const voice = { guild_id, channel_id: of(guild.channels, 'Loft').id, user_id: pikelet.id, session_id: 'x' }
  const flags = { deaf: false, mute: false, self_deaf: false, self_mute: false, self_video: false, suppress: false }
  const where = { guild_id, channel_id: general.id, message_id: '76', user_id: pikelet.id }
  const message = {
    id: '76',
    guild_id,
    channel_id: general.id,
    author: pikelet,
    member: { roles: [], joined_at: MOMENT, deaf: false, mute: false, flags: 0 },
    type: 19,
    content: 'Good morning',
    timestamp: MOMENT,
    edited_timestamp: null,
    tts: false,
    mention_everyone: false,
    mentions: [{ ...tessellate, member: { roles: [] } }],
    mention_roles: [role.id],
    attachments: [
      { id: '77', filename: 'a.png', size: 1, url: 'https://x.invalid/a.png', proxy_url: 'https://x.invalid/a.png' },
    ],
    embeds: [
      { type: 'rich', title: 'x', fields: [{ name: 'a', value: 'b' }], image: { url: 'https://x.invalid/a.png' } },
    ],
    components: [{ type: 1, id: 1, components: [{ type: 2, id: 2, style: 1, label: 'Stop', custom_id: 'stop' }] }],
    sticker_items: [{ id: '75', name: 'kiln', format_type: 1 }],
    reactions: [{ emoji: flame, count: 1, me: false }],
    message_reference: { type: 0, guild_id, channel_id: general.id, message_id: '76' },
    message_snapshots: [{ message: { content: 'x', embeds: [], attachments: [] } }],
    pinned: true,
    flags: 0,
    poll,
  }
  const threadMember = { id: thread.id, user_id: pikelet.id, join_timestamp: MOMENT, flags: 0, member }
  const reaction = { ...where, emoji: flame }
  const vote = { ...where, answer_id: 1 }
  const whole = {
    ...guild,
    emojis: [emoji],
    stickers: [sticker],
    stage_instances: [stage],
    soundboard_sounds: [sound],
    voice_states: [{ ...voice, ...flags }],
  }
  const interested = { guild_id, guild_scheduled_event_id: event.id, user_id: pikelet.id }
  return {
    GUILD_CREATE: whole,
    GUILD_UPDATE: whole,
    GUILD_DELETE: { id: '78', unavailable: true },
    GUILD_EMOJIS_UPDATE: { guild_id, emojis: [emoji] },
    GUILD_STICKERS_UPDATE: { guild_id, stickers: [sticker] },
    GUILD_ROLE_CREATE: { guild_id, role: { ...role, id: '79' } },
    GUILD_ROLE_UPDATE: { guild_id, role },
    GUILD_ROLE_DELETE: { guild_id, role_id: role.id },
    CHANNEL_CREATE: { ...general, id: '80', guild_id },
    CHANNEL_UPDATE: { ...general, guild_id },
    CHANNEL_DELETE: { ...general, id: '80', guild_id },
    CHANNEL_PINS_UPDATE: { guild_id, channel_id: general.id, last_pin_timestamp: MOMENT },
    THREAD_CREATE: { ...thread, id: '81', guild_id, newly_created: true, member: threadMember },
    THREAD_UPDATE: { ...thread, guild_id },
    THREAD_DELETE: { id: '81', guild_id, parent_id: general.id, type: 11 },
    THREAD_MEMBERS_UPDATE: {
      id: thread.id,
      guild_id,
      member_count: 2,
      added_members: [threadMember],
      removed_member_ids: [tessellate.id],
    },
    GUILD_BAN_ADD: { guild_id, user: pikelet },
    GUILD_BAN_REMOVE: { guild_id, user: tessellate },
    GUILD_MEMBER_ADD: { ...member, guild_id, user: { ...member.user, id: '82' } },
    GUILD_MEMBER_UPDATE: { ...member, guild_id },
    GUILD_MEMBER_REMOVE: { guild_id, user: { ...pikelet, id: '82' } },
    USER_UPDATE: world.bot,
    PRESENCE_UPDATE: {
      guild_id,
      user: { id: pikelet.id },
      status: 'idle',
      activities: [{ name: 'clay', type: 0 }],
      client_status: {},
    },
    VOICE_STATE_UPDATE: { ...voice, ...flags, member, request_to_speak_timestamp: null },
    MESSAGE_CREATE: message,
    MESSAGE_UPDATE: message,
    MESSAGE_DELETE: { id: '83', guild_id, channel_id: general.id },
    MESSAGE_DELETE_BULK: { ids: ['83'], guild_id, channel_id: general.id },
    MESSAGE_REACTION_ADD: reaction,
    MESSAGE_REACTION_REMOVE: { ...reaction, user_id: tessellate.id },
    MESSAGE_REACTION_REMOVE_ALL: { ...where, message_id: '83' },
    MESSAGE_REACTION_REMOVE_EMOJI: { ...reaction, message_id: '83' },
    MESSAGE_POLL_VOTE_ADD: vote,
    MESSAGE_POLL_VOTE_REMOVE: { ...vote, user_id: tessellate.id },
    STAGE_INSTANCE_CREATE: stage,
    STAGE_INSTANCE_UPDATE: stage,
    STAGE_INSTANCE_DELETE: { ...stage, id: '83' },
    GUILD_SCHEDULED_EVENT_CREATE: { ...event, id: '84' },
    GUILD_SCHEDULED_EVENT_UPDATE: event,
    GUILD_SCHEDULED_EVENT_DELETE: { ...event, id: '84' },
    GUILD_SCHEDULED_EVENT_USER_ADD: interested,
    GUILD_SCHEDULED_EVENT_USER_REMOVE: { ...interested, user_id: tessellate.id },
    AUTO_MODERATION_RULE_CREATE: rule,
    AUTO_MODERATION_RULE_UPDATE: rule,
    AUTO_MODERATION_RULE_DELETE: { ...rule, id: '83' },
    GUILD_SOUNDBOARD_SOUND_CREATE: sound,
    GUILD_SOUNDBOARD_SOUND_UPDATE: sound,
    GUILD_SOUNDBOARD_SOUND_DELETE: { ...sound, sound_id: '83' },
  }
}

/** Where a value of JSON has other values in it, and itself: `[[], ['a'], ['a', 0]]`. */
export function pathsIn(value: unknown): string[][] {
  if (!(value instanceof Object)) return [[]]
  return [[], ...Object.entries(value).flatMap(([key, inner]) => pathsIn(inner).map((path) => [key, ...path]))]
}

/** A copy of a value that has another one at a path; `undefined` takes away what is there. */
export function withAt(value: unknown, [key, ...rest]: readonly string[], other: unknown): unknown {
  if (key === undefined || !(value instanceof Object)) return other
  const inner = withAt(Reflect.get(value, key), rest, other)
  if (Array.isArray(value)) return value.map((entry: unknown, index) => (String(index) === key ? inner : entry))
  return Object.fromEntries([...Object.entries(value), [key, inner]])
}
