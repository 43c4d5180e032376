import { AllowedMentionsTypes, MessageReferenceType, MessageType, PermissionFlagsBits } from 'discord-api-types/v10'
import type {
  APIAllowedMentions,
  APIAttachment,
  APIEmbed,
  APIMessage,
  APIVoiceState,
  GatewayMessageCreateDispatchData,
  GatewayMessageReactionAddDispatchData,
  GatewayMessageReactionRemoveDispatchData,
  GatewayTypingStartDispatchData,
} from 'discord-api-types/v10'
import { timestampOf } from '../snowflake.ts'
import { isEphemeral } from './ephemeral.ts'
import type { Guild, Place, User } from './types.ts'
import { withoutUser } from './world.ts'
import type { World } from './world.ts'
import { PLAIN_VOICE } from './voice-state.ts'

/** Discord writes moments with microseconds and an offset, not with a Z. */
export const isoTime = (ms: number): string => new Date(ms).toISOString().replace('Z', '000+00:00')

/** A message about to be written. */
export interface Draft {
  author: User
  content: string
  /** When not given, a new one. A given one must not be used yet. */
  id?: string
  type?: MessageType
  embeds?: APIEmbed[]
  attachments?: APIAttachment[]
  /** The message that this one answers, in the same channel. */
  reply_to?: APIMessage | undefined
  /** What a thread-created message points to: the thread's id. */
  thread_id?: string
  allowed_mentions?: APIAllowedMentions | undefined
  nonce?: string | number | undefined
  tts?: boolean
  flags?: number
  /** What else Discord says of this message: its poll, its stickers, what it forwards. */
  extra?: Partial<APIMessage>
}

const idsIn = (content: string, pattern: RegExp): string[] => [
  ...new Set([...content.matchAll(pattern)].map((match) => match[1] ?? '')),
]

/**
 * Whom a text mentions, cut to what is allowed.
 * https://docs.discord.com/developers/resources/message#allowed-mentions-object
 */
function mentionsOf(world: World, place: Place, draft: Draft) {
  const allowed = draft.allowed_mentions
  const parses = (kind: AllowedMentionsTypes) => !allowed || (allowed.parse ?? []).includes(kind)
  const mayUser = (id: string) => parses(AllowedMentionsTypes.User) || allowed?.users?.includes(id) === true
  const mayRole = (id: string) => parses(AllowedMentionsTypes.Role) || allowed?.roles?.includes(id) === true

  const users = idsIn(draft.content, /<@!?(\d{1,19})>/g).filter(mayUser)
  const answered = draft.reply_to?.author.id
  // Without allowed_mentions a reply mentions whom it answers; with them only if they say so.
  if (answered && (allowed ? allowed.replied_user : true) && !users.includes(answered)) users.push(answered)

  const has = place.guild ? world.permissions(place, draft.author.id) : 0n
  const everyone = /@(everyone|here)\b/.test(draft.content)
  return {
    mentions: users.flatMap((id) => world.user(id) ?? []),
    mention_roles: idsIn(draft.content, /<@&(\d{1,19})>/g)
      .filter(mayRole)
      .filter((id) => place.guild?.roles.some((role) => role.id === id)),
    mention_everyone:
      everyone && (has & PermissionFlagsBits.MentionEveryone) !== 0n && parses(AllowedMentionsTypes.Everyone),
  }
}

/** A message as REST shows it. https://docs.discord.com/developers/resources/message#message-object */
export function composeMessage(world: World, place: Place, draft: Draft): APIMessage {
  const id = draft.id ?? world.nextId()
  const message: APIMessage = {
    type: draft.type ?? (draft.reply_to ? MessageType.Reply : MessageType.Default),
    content: draft.content,
    ...mentionsOf(world, place, draft),
    attachments: draft.attachments ?? [],
    embeds: draft.embeds ?? [],
    timestamp: isoTime(timestampOf(id)),
    edited_timestamp: null,
    flags: draft.flags ?? 0,
    components: [],
    id,
    channel_id: place.channel.id,
    author: draft.author,
    pinned: false,
    tts: draft.tts ?? false,
  }
  // Roughly how many came before it in the thread.
  const { channel } = place
  if ('thread_metadata' in channel) message.position = channel.total_message_sent ?? 0
  if (draft.nonce !== undefined) message.nonce = draft.nonce
  if (draft.thread_id) message.message_reference = referenceTo(place, draft.thread_id)
  if (draft.reply_to) {
    const { referenced_message: _deeper, ...answered } = draft.reply_to
    message.message_reference = { ...referenceTo(place, place.channel.id), message_id: answered.id }
    message.referenced_message = answered
  }
  return Object.assign(message, draft.extra)
}

const referenceTo = (place: Place, channelId: string) => ({
  type: MessageReferenceType.Default,
  channel_id: channelId,
  ...guildIdOf(place),
})

/** The guild of a place as payloads name it: what is with one person names none. */
export const guildIdOf = ({ guild }: Place): { guild_id?: string } => (guild ? { guild_id: guild.id } : {})

/**
 * A message as MESSAGE_CREATE and MESSAGE_UPDATE carry it: with its guild and the members.
 * https://docs.discord.com/developers/events/gateway-events#message-create
 */
export function messageEvent(world: World, place: Place, message: APIMessage): GatewayMessageCreateDispatchData {
  const { guild, channel } = place
  const memberOf = (userId: string) => {
    const member = guild && world.member(guild.id, userId)
    return member && { member: withoutUser(member) }
  }
  const { reactions: _reactions, ...rest } = message
  // An ephemeral one names neither its guild nor the member: it comes to shard 0, as if it were a direct message.
  if (isEphemeral(message)) return rest
  return {
    ...rest,
    mentions: message.mentions.map((user) => ({ ...user, ...memberOf(user.id) })),
    channel_type: channel.type as NonNullable<GatewayMessageCreateDispatchData['channel_type']>,
    ...memberOf(message.author.id),
    ...guildIdOf(place),
  }
}

/** https://docs.discord.com/developers/events/gateway-events#typing-start */
export function typingEvent(world: World, place: Place, userId: string): GatewayTypingStartDispatchData {
  const member = place.guild && world.member(place.guild.id, userId)
  return {
    channel_id: place.channel.id,
    ...guildIdOf(place),
    user_id: userId,
    timestamp: Math.floor(world.clock.now() / 1000),
    ...(member && { member }),
  }
}

/** https://docs.discord.com/developers/events/gateway-events#message-reaction-add */
export function reactionAddEvent(
  world: World,
  place: Place,
  message: APIMessage,
  userId: string,
  name: string,
): GatewayMessageReactionAddDispatchData {
  const member = place.guild && world.member(place.guild.id, userId)
  return {
    ...reactionRemoveEvent(place, message, userId, name),
    ...(member && { member }),
    message_author_id: message.author.id,
    burst_colors: [],
  }
}

/** https://docs.discord.com/developers/events/gateway-events#message-reaction-remove */
export function reactionRemoveEvent(
  place: Place,
  message: APIMessage,
  userId: string,
  name: string,
): GatewayMessageReactionRemoveDispatchData {
  return {
    user_id: userId,
    channel_id: place.channel.id,
    message_id: message.id,
    ...guildIdOf(place),
    emoji: { id: null, name },
    burst: false,
    type: 0,
  }
}

/** What can change in a voice state. */
export type VoiceChange = Partial<
  Pick<APIVoiceState, 'channel_id' | 'self_mute' | 'self_deaf' | 'self_stream' | 'self_video' | 'suppress'>
>

/**
 * A member's next voice state: what it was, or fresh, with the change.
 * https://docs.discord.com/developers/resources/voice#voice-state-object
 */
export function voiceEvent(world: World, guild: Guild, userId: string, change: VoiceChange): APIVoiceState {
  const before = guild.voice_states.find((state) => state.user_id === userId)
  const member = world.member(guild.id, userId)
  const next: APIVoiceState = {
    channel_id: null,
    user_id: userId,
    session_id: world.random.hex(32),
    ...PLAIN_VOICE,
    ...before,
    ...change,
    guild_id: guild.id,
    ...(member && { member }),
  }
  // Who leaves shares nothing any more. Not streaming is the field's absence.
  if (next.channel_id === null) next.self_video = false
  if (next.channel_id === null || !next.self_stream) delete next.self_stream
  return next
}
