import type {
  APIApplicationCommand,
  APIAuditLog,
  APIBan,
  APIChannel,
  APIEmoji,
  APIExtendedInvite,
  APIFollowedChannel,
  APIGuild,
  APIGuildApplicationCommandPermissions,
  APIGuildChannel,
  APIGuildMember,
  APIGuildScheduledEvent,
  APIGuildScheduledEventUser,
  APIInvite,
  APIMessage,
  APIMessageTopLevelComponent,
  APIModalInteractionResponseCallbackComponent,
  APIRole,
  APIStageInstance,
  APISticker,
  APIThreadChannel,
  APIThreadList,
  APIThreadMember,
  APIUser,
  APIVoiceState,
  APIWebhook,
  GatewayGuildCreateDispatchData,
  RESTGetAPIChannelMessagesPinsResult,
  RESTGetAPIChannelUsersThreadsArchivedResult,
  RESTGetAPIGuildMessagesSearchResult,
  RESTGetAPIPollAnswerVotersResult,
  RESTPostAPIGuildBulkBanResult,
  RESTPostAPIInteractionCallbackWithResponseResult,
} from 'discord-api-types/v10'
import { discordObject } from './fields.ts'

/* Discord's objects that commands take and tell, and which of its pages says what they are made of. */

export const ApplicationCommandObjectSchema = discordObject<APIApplicationCommand>(
  'application command object',
  'interactions/application-commands#application-command-object',
)
export const CommandPermissionsObjectSchema = discordObject<APIGuildApplicationCommandPermissions>(
  'application command permissions object',
  'interactions/application-commands#application-command-permissions-object',
)
export const AuditLogObjectSchema = discordObject<APIAuditLog>('audit log', 'resources/audit-log#audit-log-object')
export const BanObjectSchema = discordObject<APIBan>('ban object', 'resources/guild#ban-object')
export const BulkBanObjectSchema = discordObject<RESTPostAPIGuildBulkBanResult>(
  'bulk ban response',
  'resources/guild#bulk-guild-ban',
)
export const ChannelObjectSchema = discordObject<APIChannel>('channel object', 'resources/channel#channel-object')
export const GuildChannelObjectSchema = discordObject<APIGuildChannel>(
  'guild channel object',
  'resources/channel#channel-object',
)
export const ThreadObjectSchema = discordObject<APIThreadChannel>(
  'thread channel object',
  'resources/channel#channel-object',
)
export const ForumPostObjectSchema = discordObject<APIThreadChannel & { message: APIMessage }>(
  'thread channel with its first message',
  'resources/channel#start-thread-in-forum-or-media-channel',
)
export const ThreadMemberObjectSchema = discordObject<APIThreadMember>(
  'thread member object',
  'resources/channel#thread-member-object',
)
export const ActiveThreadsObjectSchema = discordObject<APIThreadList>(
  'active threads response',
  'resources/guild#list-active-guild-threads',
)
export const ArchivedThreadsObjectSchema = discordObject<RESTGetAPIChannelUsersThreadsArchivedResult>(
  'archived threads response',
  'resources/channel#list-public-archived-threads',
)
export const FollowedChannelObjectSchema = discordObject<APIFollowedChannel>(
  'followed channel object',
  'resources/channel#followed-channel-object',
)
export const EmojiObjectSchema = discordObject<APIEmoji>('emoji object', 'resources/emoji#emoji-object')
export const GuildObjectSchema = discordObject<APIGuild>('guild object', 'resources/guild#guild-object')
export const GuildCreateObjectSchema = discordObject<GatewayGuildCreateDispatchData>(
  'guild create event',
  'events/gateway-events#guild-create',
)
export const MemberObjectSchema = discordObject<APIGuildMember>(
  'guild member object',
  'resources/guild#guild-member-object',
)
export const ScheduledEventObjectSchema = discordObject<APIGuildScheduledEvent>(
  'guild scheduled event object',
  'resources/guild-scheduled-event#guild-scheduled-event-object',
)
export const ScheduledEventUserObjectSchema = discordObject<APIGuildScheduledEventUser>(
  'guild scheduled event user object',
  'resources/guild-scheduled-event#guild-scheduled-event-user-object',
)
export const InteractionCallbackObjectSchema = discordObject<RESTPostAPIInteractionCallbackWithResponseResult>(
  'interaction callback response',
  'interactions/receiving-and-responding#interaction-callback-interaction-callback-response-object',
)
export const InviteObjectSchema = discordObject<APIInvite>('invite object', 'resources/invite#invite-object')
/** With how often it was used, and until when it is good. */
export const ExtendedInviteObjectSchema = discordObject<APIExtendedInvite>(
  'invite with its metadata',
  'resources/invite#invite-metadata-object',
)
export const MessageObjectSchema = discordObject<APIMessage>('message object', 'resources/message#message-object')
export const PinsObjectSchema = discordObject<RESTGetAPIChannelMessagesPinsResult>(
  'channel pins response',
  'resources/message#get-channel-pins',
)
export const MessageSearchObjectSchema = discordObject<RESTGetAPIGuildMessagesSearchResult>(
  'message search response',
  'resources/message#search-guild-messages',
)
export const MessageComponentObjectSchema = discordObject<APIMessageTopLevelComponent>(
  'message component',
  'components/reference',
)
export const ModalComponentObjectSchema = discordObject<APIModalInteractionResponseCallbackComponent>(
  'modal component',
  'components/reference',
)
export const PollVotersObjectSchema = discordObject<RESTGetAPIPollAnswerVotersResult>(
  'poll answer voters response',
  'resources/poll#get-answer-voters',
)
export const RoleObjectSchema = discordObject<APIRole>('role object', 'topics/permissions#role-object')
export const StageInstanceObjectSchema = discordObject<APIStageInstance>(
  'stage instance object',
  'resources/stage-instance#stage-instance-object',
)
export const StickerObjectSchema = discordObject<APISticker>('sticker object', 'resources/sticker#sticker-object')
export const UserObjectSchema = discordObject<APIUser>('user object', 'resources/user#user-object')
export const VoiceStateObjectSchema = discordObject<APIVoiceState>(
  'voice state object',
  'resources/voice#voice-state-object',
)
/** The bot's own, of which only its place is known while it never was in voice. */
export const OwnVoiceStateObjectSchema = discordObject<
  Partial<APIVoiceState> & Pick<APIVoiceState, 'channel_id'> & { guild_id: string }
>('voice state', 'resources/voice#voice-state-object')
export const WebhookObjectSchema = discordObject<APIWebhook>('webhook object', 'resources/webhook#webhook-object')
