import { PermissionFlagsBits as P } from 'discord-api-types/v10'
import type { GatewayDispatchEvents } from 'discord-api-types/v10'
import {
  bits,
  CHANNELS,
  channelOf,
  FOR_CREW,
  GUEST,
  GUEST_ROLE,
  GUILD,
  guildCreate,
  MARK,
  memberOf,
  PERSONS,
  ROLES,
  SCHEDULED,
  scheduledOf,
  SPARE_ROLE,
  STAGES,
  stageOf,
  THREADS,
  threadOf,
} from './guild.ts'
import type { Person } from './guild.ts'

/*
 * Who is shown what, decided by hand from Discord's documentation, and by nothing of what is tested:
 * https://docs.discord.com/developers/events/gateway-events, and for the permissions that REST asks for the same
 * https://docs.discord.com/developers/resources/channel and its neighbours.
 *
 * Strangers, and whoever was kicked, are in no audience: nothing is ever theirs.
 */

type Audience = readonly Person[]

const nobody: Audience = []
const everybody: Audience = ['outsider', 'member', 'moderator', 'steward', 'owner']
/** Who may view the hidden channels. */
const crew: Audience = ['member', 'moderator', 'owner']
/** Who has the moderators' permissions: MANAGE_GUILD, BAN_MEMBERS, MANAGE_WEBHOOKS, VIEW_AUDIT_LOG… */
const moderators: Audience = ['moderator', 'steward', 'owner']
/** And may view the hidden channels. */
const crewsModerators: Audience = ['moderator', 'owner']
const owner: Audience = ['owner']
/** A private thread is its members' and theirs who have MANAGE_THREADS, and may view the channel. */
const privateThread: Audience = ['member', 'moderator', 'steward', 'owner']

/** One event as it comes, and who then is shown what. */
export type Case = {
  payload: object
  /** Who is shown it, as it happens. */
  live: Audience
  /** And who is when they come back and are told what they missed. Default: the same. */
  replay?: Audience
  /** In whose GUILD_CREATE it is, from then on. Default: nobody's, it is not kept. */
  snapshot?: Audience
  /** Who hears that it happens, and of it nothing that is new. */
  cut?: Audience
  /** And who does when they come back. Default: the same. */
  replayCut?: Audience
  /** Who then sees other things: they are told so, and the guild anew. */
  restated?: Audience
  /** And who is when they come back: all whom it may have concerned, since nobody knows what they saw. Default: the same. */
  replayRestated?: Audience
  /** Discord says it to bots with the members intent alone. */
  needsMembersIntent?: boolean
  /** The bot is in the guild no more, so that it is nobody's. */
  isGone?: boolean
}

/** What is in every payload: unknown fields pass where nothing is cut. */
const told = (fields: object) => ({ guild_id: GUILD, mark: MARK, ...fields })

/** In the open channel and in the hidden one. */
const inChannels = (
  payload: (channelId: string) => object,
  { open = everybody, hidden = crew, kept = false }: { open?: Audience; hidden?: Audience; kept?: boolean } = {},
): Record<string, Case> => ({
  'in the open': { payload: told(payload(CHANNELS.open)), live: open, ...(kept && { snapshot: open }) },
  'in a hidden channel': { payload: told(payload(CHANNELS.hidden)), live: hidden, ...(kept && { snapshot: hidden }) },
})

/** The same in voice channels. */
const inVoice = (
  payload: (channelId: string) => object,
  { open = everybody, hidden = crew, kept = true }: { open?: Audience; hidden?: Audience; kept?: boolean } = {},
): Record<string, Case> => ({
  'in the open': { payload: told(payload(CHANNELS.openVoice)), live: open, ...(kept && { snapshot: open }) },
  'in a hidden channel': {
    payload: told(payload(CHANNELS.hiddenVoice)),
    live: hidden,
    ...(kept && { snapshot: hidden }),
  },
})

/** What is said of messages: it takes CONNECT where the channel is a voice channel, as REST does. */
const ofMessages = (payload: (channelId: string) => object): Record<string, Case> => ({
  ...inChannels(payload),
  'where nobody may connect': { payload: told(payload(CHANNELS.closedVoice)), live: owner },
  'in a private thread': { payload: told(payload(THREADS.private)), live: privateThread },
  'in a hidden thread': { payload: told(payload(THREADS.hidden)), live: crew },
})

const ofThreads = (payload: (thread: ReturnType<typeof threadOf>) => object, { kept = false } = {}) => ({
  'in the open': {
    payload: told(payload(threadOf(THREADS.open))),
    live: everybody,
    ...(kept && { snapshot: everybody }),
  },
  'in a hidden channel': {
    payload: told(payload(threadOf(THREADS.hidden))),
    live: crew,
    ...(kept && { snapshot: crew }),
  },
  private: {
    payload: told(payload(threadOf(THREADS.private))),
    live: privateThread,
    ...(kept && { snapshot: privateThread }),
  },
})

/** Whatever the guild is told as a whole. */
const toGuild = (fields: object, live: Audience = everybody, more: Partial<Case> = {}): Record<string, Case> => ({
  'as it is': { payload: told(fields), live, ...more },
})

/** It answers the bot, is the bot's own, or has what opens something. */
const never = (fields: object = {}): Record<string, Case> => toGuild(fields, nobody)

/** Does not change who sees what. */
const guest = (more: object = {}) => ({ ...memberOf(GUEST), ...more })

const whole = guildCreate({ hasMembersIntent: true })
const afterKick = { ...whole, members: whole.members.filter(({ user }) => user.id !== PERSONS.kicked) }

const rule = { id: '70', name: 'no spam', creator_id: GUEST, trigger_metadata: { keyword_filter: ['hush'] } }
const newId = { id: MARK }
const author = { user: memberOf(GUEST).user }

export const table: Record<`${GatewayDispatchEvents}`, Record<string, Case>> = {
  APPLICATION_COMMAND_PERMISSIONS_UPDATE: toGuild({ id: '71', application_id: '72', permissions: [] }, moderators),
  AUTO_MODERATION_ACTION_EXECUTION: {
    ...inChannels((channel_id) => ({ channel_id, user_id: GUEST, content: MARK }), {
      open: moderators,
      hidden: crewsModerators,
    }),
    // Blocked from a name, which is in no channel.
    'in no channel': { payload: told({ user_id: GUEST, content: MARK }), live: moderators },
  },
  AUTO_MODERATION_RULE_CREATE: toGuild(rule, moderators),
  AUTO_MODERATION_RULE_DELETE: toGuild(rule, moderators),
  AUTO_MODERATION_RULE_UPDATE: toGuild(rule, moderators),
  CHANNEL_CREATE: {
    'for all': { payload: told({ ...channelOf('80') }), live: everybody, snapshot: everybody },
    'for some': {
      payload: told({ ...channelOf('80'), permission_overwrites: FOR_CREW }),
      live: crew,
      snapshot: crew,
    },
  },
  CHANNEL_DELETE: inChannels((id) => channelOf(id)),
  CHANNEL_INFO: {
    // An answer to the bot, about all channels. Whoever comes later reads it of those they may view.
    'in the open': {
      payload: told({ channels: [{ id: CHANNELS.openVoice, status: MARK }] }),
      live: nobody,
      snapshot: everybody,
    },
    'in a hidden channel': {
      payload: told({ channels: [{ id: CHANNELS.hiddenVoice, status: MARK }] }),
      live: nobody,
      snapshot: crew,
    },
  },
  CHANNEL_PINS_UPDATE: {
    ...inChannels((channel_id) => ({ channel_id, last_pin_timestamp: MARK }), { kept: true }),
    'where nobody may connect': {
      payload: told({ channel_id: CHANNELS.closedVoice, last_pin_timestamp: MARK }),
      live: owner,
      snapshot: owner,
    },
  },
  CHANNEL_UPDATE: {
    ...inChannels((id) => ({ ...channelOf(id), topic: 'new' }), { kept: true }),
    'that hides it': {
      payload: told({ ...channelOf(CHANNELS.open), permission_overwrites: FOR_CREW }),
      live: crew,
      replay: nobody,
      snapshot: crew,
      restated: ['outsider', 'steward'],
      replayRestated: everybody,
    },
    'that opens it': {
      payload: told({ ...channelOf(CHANNELS.hidden), permission_overwrites: [] }),
      live: crew,
      replay: nobody,
      snapshot: everybody,
      restated: ['outsider', 'steward'],
      replayRestated: everybody,
    },
  },
  ENTITLEMENT_CREATE: never({ id: '73', user_id: GUEST }),
  ENTITLEMENT_DELETE: never({ id: '73', user_id: GUEST }),
  ENTITLEMENT_UPDATE: never({ id: '73', user_id: GUEST }),
  GUILD_AUDIT_LOG_ENTRY_CREATE: toGuild({ id: '74', action_type: 10, target_id: CHANNELS.open }, moderators),
  GUILD_BAN_ADD: toGuild(author, moderators),
  GUILD_BAN_REMOVE: toGuild(author, moderators),
  GUILD_CREATE: {
    'as it is': {
      payload: { ...afterKick, name: MARK },
      live: everybody,
      snapshot: everybody,
    },
    'with a hidden channel': {
      payload: {
        ...afterKick,
        channels: Object.values(CHANNELS).map((id) =>
          id === CHANNELS.hidden ? { ...channelOf(id), name: MARK } : channelOf(id),
        ),
      },
      live: crew,
      snapshot: crew,
      cut: ['outsider', 'steward'],
    },
  },
  GUILD_DELETE: {
    'of one that is down': { payload: { id: GUILD, unavailable: true, mark: MARK }, live: nobody, cut: everybody },
    'of one that the bot has left': { payload: { id: GUILD, mark: MARK }, live: nobody, cut: everybody, isGone: true },
  },
  GUILD_EMOJIS_UPDATE: toGuild({ emojis: [newId] }, everybody, { snapshot: everybody }),
  GUILD_INTEGRATIONS_UPDATE: toGuild({}, moderators),
  // What it tells is in the state, and so in the snapshots of those who come.
  GUILD_MEMBERS_CHUNK: toGuild({ members: [guest({ nick: MARK })] }, nobody, { snapshot: everybody }),
  GUILD_MEMBER_ADD: toGuild({ user: { id: MARK }, roles: [] }, everybody, { snapshot: everybody }),
  GUILD_MEMBER_REMOVE: toGuild(author),
  GUILD_MEMBER_UPDATE: {
    'of a name': { payload: told(guest({ nick: MARK })), live: everybody, snapshot: everybody },
    'of roles': {
      payload: told({ ...memberOf(PERSONS.member, []), nick: MARK }),
      live: ['outsider', 'moderator', 'steward', 'owner'],
      replay: everybody,
      snapshot: everybody,
      restated: ['member'],
      needsMembersIntent: true,
    },
  },
  GUILD_ROLE_CREATE: toGuild({ role: { id: '24', name: MARK, permissions: '0' } }, everybody, { snapshot: everybody }),
  GUILD_ROLE_DELETE: toGuild({ role_id: SPARE_ROLE }),
  GUILD_ROLE_UPDATE: {
    'of a name': {
      payload: told({ role: { id: GUEST_ROLE, name: MARK, permissions: '0' } }),
      live: everybody,
      snapshot: everybody,
    },
    'of what all may': {
      payload: told({ role: { id: GUILD, name: MARK, permissions: bits(P.ViewChannel, P.Connect) } }),
      live: owner,
      replay: nobody,
      snapshot: everybody,
      restated: ['outsider', 'member', 'moderator', 'steward'],
      replayRestated: everybody,
    },
  },
  GUILD_SCHEDULED_EVENT_CREATE: {
    'in the open': {
      payload: told({ ...scheduledOf(SCHEDULED.open), id: '53' }),
      live: everybody,
      snapshot: everybody,
    },
    'in a hidden channel': {
      payload: told({ ...scheduledOf(SCHEDULED.hidden), id: '53' }),
      live: crew,
      snapshot: crew,
    },
    elsewhere: {
      payload: told({ ...scheduledOf(SCHEDULED.elsewhere), id: '53' }),
      live: everybody,
      snapshot: everybody,
    },
  },
  GUILD_SCHEDULED_EVENT_DELETE: ofScheduled((scheduled) => scheduled),
  GUILD_SCHEDULED_EVENT_UPDATE: ofScheduled((scheduled) => ({ ...scheduled, name: 'new' }), { kept: true }),
  GUILD_SCHEDULED_EVENT_USER_ADD: ofScheduled(({ id }) => ({ guild_scheduled_event_id: id, user_id: GUEST })),
  GUILD_SCHEDULED_EVENT_USER_REMOVE: ofScheduled(({ id }) => ({ guild_scheduled_event_id: id, user_id: GUEST })),
  GUILD_SOUNDBOARD_SOUNDS_UPDATE: toGuild({ soundboard_sounds: [{ sound_id: MARK }] }, everybody, {
    snapshot: everybody,
  }),
  GUILD_SOUNDBOARD_SOUND_CREATE: toGuild({ sound_id: MARK }, everybody, { snapshot: everybody }),
  GUILD_SOUNDBOARD_SOUND_DELETE: toGuild({ sound_id: MARK }),
  GUILD_SOUNDBOARD_SOUND_UPDATE: toGuild({ sound_id: MARK }, everybody, { snapshot: everybody }),
  GUILD_STICKERS_UPDATE: toGuild({ stickers: [newId] }, everybody, { snapshot: everybody }),
  GUILD_UPDATE: {
    'of a name': { payload: { id: GUILD, name: MARK }, live: everybody, snapshot: everybody },
    'of a hidden channel': {
      payload: { id: GUILD, rules_channel_id: CHANNELS.hidden, roles: ROLES },
      live: nobody,
      cut: everybody,
    },
    'of its owner': {
      payload: { id: GUILD, owner_id: PERSONS.outsider, description: MARK },
      live: ['member', 'moderator', 'steward'],
      replay: everybody,
      snapshot: everybody,
      restated: ['outsider', 'owner'],
    },
  },
  INTEGRATION_CREATE: toGuild({ id: '75' }, moderators),
  INTEGRATION_DELETE: toGuild({ id: '75' }, moderators),
  INTEGRATION_UPDATE: toGuild({ id: '75' }, moderators),
  INTERACTION_CREATE: {
    ...inChannels((channel_id) => ({ channel_id, token: MARK }), { open: nobody, hidden: nobody }),
  },
  // MANAGE_CHANNELS there, or MANAGE_GUILD, as REST lists them.
  INVITE_CREATE: inChannels((channel_id) => ({ channel_id, code: MARK }), { open: moderators, hidden: moderators }),
  INVITE_DELETE: inChannels((channel_id) => ({ channel_id, code: MARK }), { open: moderators, hidden: moderators }),
  MESSAGE_CREATE: {
    ...messagesThatAreKept((channel_id) => ({ ...newId, channel_id, author: author.user, content: 'news' })),
    'where nobody may read on': {
      payload: told({ ...newId, channel_id: CHANNELS.forgetful, content: 'news' }),
      live: everybody,
      replay: owner,
      // That there is a newer message may be known.
      snapshot: everybody,
    },
    'for one person alone': {
      payload: told({ ...newId, channel_id: CHANNELS.open, flags: 64 }),
      live: nobody,
      snapshot: everybody,
    },
    'that quotes one that may not be read': {
      payload: told({
        id: '90',
        mark: undefined,
        channel_id: CHANNELS.forgetful,
        referenced_message: { ...newId, channel_id: CHANNELS.forgetful, content: 'before' },
      }),
      live: owner,
      cut: ['outsider', 'member', 'moderator', 'steward'],
      replayCut: nobody,
    },
  },
  MESSAGE_DELETE: ofMessages((channel_id) => ({ ...newId, channel_id })),
  MESSAGE_DELETE_BULK: ofMessages((channel_id) => ({ ids: [MARK], channel_id })),
  MESSAGE_POLL_VOTE_ADD: ofMessages((channel_id) => ({ user_id: GUEST, message_id: MARK, channel_id, answer_id: 1 })),
  MESSAGE_POLL_VOTE_REMOVE: ofMessages((channel_id) => ({
    user_id: GUEST,
    message_id: MARK,
    channel_id,
    answer_id: 1,
  })),
  MESSAGE_REACTION_ADD: ofMessages((channel_id) => ({ user_id: GUEST, message_id: MARK, channel_id, emoji: {} })),
  MESSAGE_REACTION_REMOVE: ofMessages((channel_id) => ({ user_id: GUEST, message_id: MARK, channel_id, emoji: {} })),
  MESSAGE_REACTION_REMOVE_ALL: ofMessages((channel_id) => ({ message_id: MARK, channel_id })),
  MESSAGE_REACTION_REMOVE_EMOJI: ofMessages((channel_id) => ({ message_id: MARK, channel_id, emoji: {} })),
  MESSAGE_UPDATE: {
    ...ofMessages((channel_id) => ({ ...newId, channel_id, content: 'changed' })),
    // It may be an edit of what was said long ago.
    'where nobody may read on': { payload: told({ ...newId, channel_id: CHANNELS.forgetful }), live: owner },
  },
  PRESENCE_UPDATE: toGuild(
    { user: { id: PERSONS.outsider }, status: 'online', activities: [{ name: MARK }] },
    everybody,
    {
      snapshot: everybody,
    },
  ),
  RATE_LIMITED: never({ opcode: 8, meta: {} }),
  READY: { 'as it is': { payload: { guilds: [{ id: GUILD, unavailable: true }], session_id: MARK }, live: nobody } },
  RESUMED: { 'as it is': { payload: { _trace: [MARK] }, live: nobody } },
  SOUNDBOARD_SOUNDS: toGuild({ soundboard_sounds: [{ sound_id: MARK }] }, nobody, { snapshot: everybody }),
  STAGE_INSTANCE_CREATE: inVoice((channel_id) => ({ id: '62', channel_id, topic: MARK })),
  STAGE_INSTANCE_DELETE: ofStages((stage) => stage),
  STAGE_INSTANCE_UPDATE: ofStages((stage) => ({ ...stage, topic: MARK }), { kept: true }),
  SUBSCRIPTION_CREATE: never({ id: '76', user_id: GUEST }),
  SUBSCRIPTION_DELETE: never({ id: '76', user_id: GUEST }),
  SUBSCRIPTION_UPDATE: never({ id: '76', user_id: GUEST }),
  THREAD_CREATE: ofThreads((thread) => ({ ...thread, name: MARK }), { kept: true }),
  THREAD_DELETE: ofThreads(({ id, parent_id, type }) => ({ id, parent_id, type })),
  // The bot has come to see them. Others are told by the guild anew of those that they may see.
  THREAD_LIST_SYNC: {
    'in the open': {
      payload: told({ channel_ids: [CHANNELS.open], threads: [{ ...threadOf(THREADS.open), name: MARK }] }),
      live: nobody,
      snapshot: everybody,
      restated: everybody,
    },
    'in a hidden channel': {
      payload: told({ channel_ids: [CHANNELS.hidden], threads: [{ ...threadOf(THREADS.hidden), name: MARK }] }),
      live: nobody,
      snapshot: crew,
      restated: everybody,
    },
  },
  THREAD_MEMBERS_UPDATE: ofThreads(({ id }) => ({ id, member_count: 2, added_members: [{ id, user_id: GUEST }] })),
  // Says who the bot is in a thread; were it about somebody else, it would be theirs alone.
  THREAD_MEMBER_UPDATE: {
    'of the bot': { payload: told({ id: THREADS.open, user_id: '111' }), live: nobody },
    'of somebody': { payload: told({ id: THREADS.open, user_id: PERSONS.member }), live: ['member'] },
  },
  THREAD_UPDATE: ofThreads((thread) => ({ ...thread, name: MARK }), { kept: true }),
  TYPING_START: ofMessages((channel_id) => ({ channel_id, user_id: GUEST, timestamp: 1 })),
  USER_UPDATE: { 'as it is': { payload: { id: '111', email: MARK }, live: nobody } },
  // "Sent when someone sends an effect in a voice channel the current user is connected to."
  VOICE_CHANNEL_EFFECT_SEND: inVoice((channel_id) => ({ channel_id, user_id: GUEST }), {
    open: ['outsider'],
    hidden: ['member'],
    kept: false,
  }),
  VOICE_CHANNEL_START_TIME_UPDATE: inVoice((id) => ({ id, voice_start_time: MARK })),
  VOICE_CHANNEL_STATUS_UPDATE: inVoice((id) => ({ id, status: MARK })),
  VOICE_SERVER_UPDATE: never({ token: 'secret', endpoint: 'somewhere' }),
  VOICE_STATE_UPDATE: {
    ...inVoice((channel_id) => ({ channel_id, user_id: GUEST, session_id: MARK })),
    // Who may not view where they go is told that they have left, and nothing more.
    'out of the open': {
      payload: told({ channel_id: CHANNELS.hiddenVoice, user_id: PERSONS.outsider, session_id: MARK }),
      live: crew,
      snapshot: crew,
      cut: ['outsider', 'steward'],
    },
    'out of voice': {
      payload: told({ channel_id: null, user_id: PERSONS.member, session_id: 'b' }),
      live: crew,
    },
  },
  WEBHOOKS_UPDATE: inChannels((channel_id) => ({ channel_id }), { open: moderators, hidden: crewsModerators }),
}

function messagesThatAreKept(payload: (channelId: string) => object): Record<string, Case> {
  const cases = Object.entries(ofMessages(payload))
  return Object.fromEntries(cases.map(([name, one]) => [name, { ...one, snapshot: one.live }]))
}

function ofScheduled(
  payload: (scheduled: ReturnType<typeof scheduledOf>) => object,
  { kept = false } = {},
): Record<string, Case> {
  const of = (id: string, audience: Audience): Case => ({
    payload: told(payload(scheduledOf(id))),
    live: audience,
    ...(kept && { snapshot: audience }),
  })
  return {
    'in the open': of(SCHEDULED.open, everybody),
    'in a hidden channel': of(SCHEDULED.hidden, crew),
    elsewhere: of(SCHEDULED.elsewhere, everybody),
  }
}

function ofStages(payload: (stage: ReturnType<typeof stageOf>) => object, { kept = false } = {}): Record<string, Case> {
  const of = (id: string, audience: Audience): Case => ({
    payload: told(payload(stageOf(id))),
    live: audience,
    ...(kept && { snapshot: audience }),
  })
  return { 'in the open': of(STAGES.open, everybody), 'in a hidden channel': of(STAGES.hidden, crew) }
}
