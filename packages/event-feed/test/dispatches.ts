import fc from 'fast-check'

/** A dispatch as Discord could send it, of a small world, so that events meet what others made. */
export type Dispatch = { event: string; guildId: string | null; payload: unknown }

const id = (...ids: string[]) => fc.constantFrom(...ids)
const userId = id('51', '52', '53', '__proto__')
const channelId = id('11', '12', '__proto__')
const threadId = id('21', '22')
const user = fc.record({ id: userId, username: fc.string({ maxLength: 4 }) })
const member = fc.record({ user, nick: fc.option(fc.string({ maxLength: 3 })), roles: fc.subarray(['31', '32']) })
const bareMember = fc.record({ nick: fc.option(fc.string({ maxLength: 3 })), roles: fc.subarray(['31', '32']) })
const role = fc.record({ id: id('31', '32'), name: fc.string({ maxLength: 3 }) })
const channel = fc.record({
  id: channelId,
  name: fc.string({ maxLength: 3 }),
  last_message_id: fc.option(id('90', '99')),
})
const thread = fc.record({
  id: threadId,
  parent_id: channelId,
  thread_metadata: fc.record({ archived: fc.boolean() }),
})
const voiceState = fc.record({ user_id: userId, channel_id: channelId, mute: fc.boolean() })
const presence = fc.record({ user: fc.record({ id: userId }), status: id('online', 'idle') })
const scheduled = fc.record({ id: id('61', '62'), user_count: fc.nat(3) })
const sound = fc.record({ sound_id: id('71', '72'), name: fc.string({ maxLength: 3 }) })
const few = <Value>(value: fc.Arbitrary<Value>) => fc.array(value, { maxLength: 3 })

const guildFields = fc.record({
  name: fc.string({ maxLength: 5 }),
  member_count: fc.nat(9),
  roles: few(role),
  emojis: few(role),
  something_new: fc.json(),
})
const guildArrays = fc.record({
  channels: few(channel),
  threads: few(thread),
  members: few(member),
  voice_states: few(voiceState),
  presences: few(presence),
  guild_scheduled_events: few(scheduled),
  soundboard_sounds: few(sound),
})
const wholeGuild = fc.tuple(guildFields, guildArrays).map((parts) => Object.fromEntries(parts.flatMap(Object.entries)))

/** Payloads without `guild_id`, by the event's name. */
const payloads: Record<string, fc.Arbitrary<object>> = {
  GUILD_CREATE: fc.oneof(
    { weight: 4, arbitrary: wholeGuild },
    { weight: 1, arbitrary: fc.constant({ unavailable: true }) },
  ),
  GUILD_UPDATE: guildFields,
  GUILD_DELETE: fc.constantFrom({}, { unavailable: true }),
  CHANNEL_CREATE: channel,
  CHANNEL_UPDATE: channel,
  CHANNEL_DELETE: fc.record({ id: channelId }),
  CHANNEL_PINS_UPDATE: fc.record({ channel_id: channelId, last_pin_timestamp: fc.option(fc.string({ maxLength: 3 })) }),
  VOICE_CHANNEL_STATUS_UPDATE: fc.record({ id: channelId, status: fc.option(fc.string({ maxLength: 3 })) }),
  CHANNEL_INFO: fc.record({ channels: few(fc.record({ id: channelId, voice_start_time: fc.nat(9) })) }),
  MESSAGE_CREATE: fc.oneof(
    fc.record({
      id: fc.nat(200).map(String),
      channel_id: fc.oneof(channelId, threadId),
      author: user,
      member: bareMember,
    }),
    fc.record({ id: fc.nat(200).map(String), channel_id: fc.oneof(channelId, threadId), author: user }),
  ),
  MESSAGE_DELETE: fc.record({ id: fc.nat(200).map(String), channel_id: channelId }),
  THREAD_CREATE: thread.map((created) => ({ ...created, newly_created: true })),
  THREAD_UPDATE: thread,
  THREAD_DELETE: fc.record({ id: threadId, parent_id: channelId }),
  THREAD_LIST_SYNC: fc.record({ threads: few(thread), members: few(fc.record({ id: threadId })) }),
  THREAD_MEMBERS_UPDATE: fc.record({ id: threadId, member_count: fc.nat(9) }),
  GUILD_ROLE_CREATE: fc.record({ role }),
  GUILD_ROLE_DELETE: fc.record({ role_id: id('31', '32') }),
  GUILD_MEMBER_ADD: member,
  GUILD_MEMBER_UPDATE: member,
  GUILD_MEMBER_REMOVE: fc.record({ user }),
  GUILD_MEMBERS_CHUNK: fc.record({ members: few(member), presences: few(presence) }),
  PRESENCE_UPDATE: fc.record({ user: fc.record({ id: userId }), status: id('online', 'offline') }),
  VOICE_STATE_UPDATE: fc.record({ user_id: userId, channel_id: fc.option(channelId), member }),
  GUILD_SCHEDULED_EVENT_CREATE: scheduled,
  GUILD_SCHEDULED_EVENT_USER_ADD: fc.record({ guild_scheduled_event_id: id('61', '62'), user_id: userId }),
  GUILD_SOUNDBOARD_SOUND_DELETE: fc.record({ sound_id: id('71', '72') }),
  TYPING_START: fc.record({ channel_id: channelId }),
  SOMETHING_NEW: fc.record({ id: channelId }),
}

const GUILD_ITSELF = new Set(['GUILD_CREATE', 'GUILD_UPDATE', 'GUILD_DELETE'])

/** Any event of one of the guilds. */
export function dispatchOf(...guildIds: string[]): fc.Arbitrary<Dispatch> {
  const events = Object.entries(payloads).map(([event, payload]) => ({
    weight: event === 'GUILD_CREATE' ? 4 : 1,
    arbitrary: fc.tuple(fc.constantFrom(...guildIds), payload).map(([guildId, fields]): Dispatch => {
      const which = GUILD_ITSELF.has(event) ? { id: guildId } : { guild_id: guildId }
      return { event, guildId, payload: { ...fields, ...which } }
    }),
  }))
  return fc.oneof(...events)
}
