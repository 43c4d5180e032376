import { RESTJSONErrorCodes as Code } from 'discord-api-types/v10'
import type { Reply } from '../http/reply.ts'

/** One thing that is wrong with one field. */
export interface FieldError {
  /** Where it is: names of fields and places in lists. */
  path: readonly PropertyKey[]
  code: string
  message: string
}

/** A refusal, as Discord words it: https://docs.discord.com/developers/reference#error-messages */
export class DiscordError extends Error {
  readonly status: number
  readonly code: number
  readonly errors: object | undefined
  /** What stands beside them: when to try again. */
  readonly #more: object

  constructor(status: number, code: number, message: string, errors?: object, more: object = {}) {
    super(message)
    this.status = status
    this.code = code
    this.errors = errors
    this.#more = more
  }

  reply(): Reply {
    const { message, code, errors, status } = this
    return { status, body: { message, code, ...(errors && { errors }), ...this.#more } }
  }
}

/** One that has no code, but texts by field: https://docs.discord.com/developers/resources/invite#update-target-users */
class BareRefusal extends DiscordError {
  override reply(): Reply {
    return { status: this.status, body: this.errors }
  }
}

const isWithin = (inner: FieldError, outer: FieldError) =>
  inner.path.length > outer.path.length && outer.path.every((key, index) => inner.path[index] === key)

/** Nests errors by field, each list under `_errors`. What is wrong as a whole is not said to be wrong in parts too. */
function nest(fields: readonly FieldError[]): object {
  const root: Record<string, unknown> = {}
  const told = fields.filter((field) => !fields.some((other) => isWithin(field, other)))
  for (const { path, code, message } of told) {
    let level = root
    for (const key of path) level = (level[String(key)] ??= {}) as Record<string, unknown>
    const list = (level['_errors'] ??= []) as object[]
    list.push({ code, message })
  }
  return root
}

export const refusal = {
  unauthorized: () => new DiscordError(401, 0, '401: Unauthorized'),
  missingScope: () => new DiscordError(403, Code.MissingRequiredOAuth2Scope, 'Missing required OAuth2 scope'),
  notFound: () => new DiscordError(404, 0, '404: Not Found'),
  methodNotAllowed: () => new DiscordError(405, 0, '405: Method Not Allowed'),
  invalidVersion: () => new DiscordError(400, Code.InvalidAPIVersion, 'Invalid API version provided'),
  invalidJson: () =>
    new DiscordError(400, Code.RequestBodyContainsInvalidJSON, 'The request body contains invalid JSON.'),
  tooLarge: () => new DiscordError(413, Code.RequestEntityTooLarge, 'Request entity too large'),
  tooManyFiles: () => new DiscordError(400, 30_015, 'Maximum number of attachments in a message reached (10)'),
  notYourMessage: () =>
    new DiscordError(
      403,
      Code.CannotEditMessageAuthoredByAnotherUser,
      'Cannot edit a message authored by another user',
    ),
  notSoManyToDelete: () =>
    new DiscordError(
      400,
      Code.ProvidedTooFewOrTooManyMessagesToDelete,
      'Provided too few or too many messages to delete. Must provide at least 2 and at most 100 messages to delete.',
    ),
  tooOldToBulkDelete: () =>
    new DiscordError(400, 50_034, 'You can only bulk delete messages that are under 14 days old.'),
  directChannel: () => new DiscordError(400, 50_003, 'Cannot execute action on a DM channel'),
  cannotReach: () => new DiscordError(403, 50_007, 'Cannot send messages to this user'),
  noMutualGuilds: () =>
    new DiscordError(403, 50_278, 'Cannot send messages to this user due to having no mutual guilds'),
  invalidRecipient: () => new DiscordError(400, 50_033, 'Invalid Recipient(s)'),
  unknownTag: () => new DiscordError(404, Code.UnknownTag, 'Unknown Tag'),
  tagRequired: () => new DiscordError(400, 40_067, 'A tag is required to create a forum post in this channel'),
  unknownEvent: () => new DiscordError(404, Code.UnknownGuildScheduledEvent, 'Unknown Guild Scheduled Event'),
  tooManyEvents: () =>
    new DiscordError(400, 30_038, 'Maximum number of uncompleted guild scheduled events reached (100)'),
  finishedEvent: () => new DiscordError(400, 180_000, 'Cannot update a finished event'),
  unknownStage: () => new DiscordError(404, Code.UnknownStageInstance, 'Unknown Stage Instance'),
  stageOpen: () => new DiscordError(400, 150_006, 'The Stage is already open'),
  unknownSticker: () => new DiscordError(404, Code.UnknownSticker, 'Unknown Sticker'),
  invalidSticker: () => new DiscordError(400, 50_081, 'Invalid sticker sent'),
  invalidAsset: () => new DiscordError(400, Code.InvalidFileUploaded, 'Invalid Asset'),
  tooManyStickers: () => new DiscordError(400, 30_039, 'Maximum number of stickers reached (5)'),
  unreadableForward: () => new DiscordError(400, 160_014, 'You cannot forward a message whose content you cannot read'),
  pollExpired: () => new DiscordError(400, 520_001, 'Poll expired'),
  cannotEditPoll: () => new DiscordError(400, 520_003, 'Cannot edit a poll message'),
  notAPoll: () => new DiscordError(400, 520_006, 'Cannot expire a non-poll message'),
  wrongChannelType: () => new DiscordError(400, 50_024, 'Cannot execute action on this channel type'),
  alreadyCrossposted: () => new DiscordError(400, 40_033, 'This message has already been crossposted.'),
  tooManyPins: () => new DiscordError(400, 30_003, 'Maximum number of pinned messages reached (250)'),
  tooManyReactions: () => new DiscordError(400, 30_010, 'Maximum number of reactions reached (20)'),
  unknownEmoji: () => new DiscordError(400, 10_014, 'Unknown Emoji'),
  threadExists: () => new DiscordError(400, 160_004, 'A thread has already been created for this message'),
  voiceWithMore: () =>
    new DiscordError(
      400,
      Code.VoiceMessagesDoNotSupportAdditionalContent,
      'Voice messages do not support additional content',
    ),
  voiceNotOneSound: () =>
    new DiscordError(
      400,
      Code.VoiceMessagesMustHaveASingleAudioAttachment,
      'Voice messages must have a single audio attachment',
    ),
  voiceWithoutMetadata: () =>
    new DiscordError(400, Code.VoiceMessagesMustHaveSupportingMetadata, 'Voice messages must have supporting metadata'),
  voiceNotEditable: () => new DiscordError(400, Code.VoiceMessagesCannotBeEdited, 'Voice messages cannot be edited'),
  voiceNotHere: () =>
    new DiscordError(
      403,
      Code.YouCannotSendVoiceMessagesInThisChannel,
      'You cannot send voice messages in this channel',
    ),
  threadLocked: () => new DiscordError(403, Code.ThreadLocked, 'Thread is locked'),
  threadArchived: () => new DiscordError(400, 50_083, 'Thread is archived'),
  unknownOverwrite: () => new DiscordError(404, 10_009, 'Unknown Overwrite'),
  failedToBan: () => new DiscordError(400, 500_000, 'Failed to ban users'),
  unknownBan: () => new DiscordError(404, Code.UnknownBan, 'Unknown Ban'),
  unknownGuildEmoji: () => new DiscordError(404, Code.UnknownEmoji, 'Unknown Emoji'),
  unknownInvite: () => new DiscordError(404, Code.UnknownInvite, 'Unknown Invite'),
  unknownRole: () => new DiscordError(404, Code.UnknownRole, 'Unknown Role'),
  unknownVoiceState: () => new DiscordError(404, 10_065, 'Unknown Voice State'),
  needsBoosts: () => new DiscordError(403, 50_101, 'This server needs more boosts to perform this action'),
  invalidRole: () => new DiscordError(400, 50_028, 'Invalid Role'),
  notInVoice: () => new DiscordError(400, 40_032, 'Target user is not connected to voice.'),
  unknownInteraction: () => new DiscordError(404, 10_062, 'Unknown interaction'),
  alreadyAcknowledged: () => new DiscordError(400, 40_060, 'Interaction has already been acknowledged.'),
  unknownCommand: () => new DiscordError(404, 10_063, 'Unknown application command'),
  tooManyCommands: (most: number) =>
    new DiscordError(
      400,
      Code.MaximumNumberOfApplicationCommandsReached,
      `Maximum number of application commands reached (${most})`,
    ),
  unknownCommandPermissions: () => new DiscordError(404, 10_066, 'Unknown application command permissions'),
  invalidOAuthToken: () => new DiscordError(400, Code.InvalidOAuth2AccessToken, 'Invalid OAuth2 access token'),
  bannedFromGuild: () => new DiscordError(403, Code.UserBannedFromThisGuild, 'The user is banned from this guild.'),
  widgetDisabled: () => new DiscordError(403, Code.GuildWidgetDisabled, 'Widget Disabled'),
  unknownWelcomeScreen: () => new DiscordError(404, Code.UnknownGuildWelcomeScreen, 'Unknown Guild Welcome Screen'),
  onboardingNotMet: () =>
    new DiscordError(
      400,
      Code.CannotEnableOnboardingRequirementsAreNotMet,
      'Cannot enable onboarding, requirements are not met',
    ),
  belowOnboarding: () =>
    new DiscordError(
      400,
      Code.CannotUpdateOnboardingWhileBelowRequirements,
      'Cannot update onboarding while below requirements',
    ),
  unknownIntegration: () => new DiscordError(404, Code.UnknownIntegration, 'Unknown Integration'),
  unknownEntitlement: () => new DiscordError(404, Code.UnknownEntitlement, 'Unknown Entitlement'),
  unknownSku: () => new DiscordError(404, Code.UnknownSKU, 'Unknown SKU'),
  unknownSound: () => new DiscordError(404, Code.UnknownSound, 'Unknown sound'),
  tooManySounds: () =>
    new DiscordError(
      400,
      Code.MaximumNumberOfSoundboardSoundsReached,
      'Maximum number of soundboard sounds reached (8)',
    ),
  tooManyEmojis: (most: number) =>
    new DiscordError(400, Code.MaximumNumberOfEmojisReached, `Maximum number of emojis reached (${most})`),
  unknownTemplate: () => new DiscordError(404, Code.UnknownGuildTemplate, 'Unknown guild template'),
  templateExists: () => new DiscordError(400, Code.GuildAlreadyHasTemplate, 'Guild already has a template'),
  notForBots: () => new DiscordError(403, Code.BotsCannotUseThisEndpoint, 'Bots cannot use this endpoint'),
  postWithoutThread: () =>
    new DiscordError(
      400,
      Code.WebhooksPostedToForumChannelsMustHaveAThreadNameOrThreadId,
      'Webhooks posted to forum channels must have a thread_name or thread_id',
    ),
  postInTwoThreads: () =>
    new DiscordError(
      400,
      Code.WebhooksPostedToForumChannelsCannotHaveBothAThreadNameAndThreadId,
      'Webhooks posted to forum channels cannot have both a thread_name and thread_id',
    ),
  postOutsideForum: () =>
    new DiscordError(
      400,
      Code.WebhooksCanOnlyCreateThreadsInForumChannels,
      'Webhooks can only create threads in forum channels',
    ),
  serviceInForum: () =>
    new DiscordError(
      400,
      Code.WebhookServicesCannotBeUsedInForumChannels,
      'Webhook services cannot be used in forum channels',
    ),
  invalidTargets: (faults: Readonly<Record<string, readonly string[]>>) =>
    new BareRefusal(400, 0, 'Invalid target users', faults),
  unknownStickerPack: () => new DiscordError(404, Code.UnknownStickerPack, 'Unknown sticker pack'),
  /** Nothing of Discord's: there it would be answered. */
  notServed: (route: string, what: string) =>
    new DiscordError(501, 0, `501: ${route} is not served by the simulator, nor is anything else of ${what}`),
  tooManyChannels: (most: number) =>
    new DiscordError(
      400,
      Code.MaximumNumberOfGuildChannelsReached,
      `Maximum number of server channels reached (${most})`,
    ),
  tooManyRoles: (most: number) =>
    new DiscordError(400, Code.MaximumNumberOfGuildRolesReached, `Maximum number of server roles reached (${most})`),
  unknownWebhook: () => new DiscordError(404, Code.UnknownWebhook, 'Unknown Webhook'),
  invalidWebhookToken: () => new DiscordError(401, 50_027, 'Invalid Webhook Token'),
  tooManyWebhooks: () => new DiscordError(400, 30_007, 'Maximum number of webhooks reached (15)'),
  unknownChannel: () => new DiscordError(404, Code.UnknownChannel, 'Unknown Channel'),
  unknownGuild: () => new DiscordError(404, Code.UnknownGuild, 'Unknown Guild'),
  unknownMember: () => new DiscordError(404, Code.UnknownMember, 'Unknown Member'),
  unknownMessage: () => new DiscordError(404, Code.UnknownMessage, 'Unknown Message'),
  unknownUser: () => new DiscordError(404, Code.UnknownUser, 'Unknown User'),
  missingAccess: () => new DiscordError(403, Code.MissingAccess, 'Missing Access'),
  missingPermissions: () => new DiscordError(403, Code.MissingPermissions, 'Missing Permissions'),
  emptyMessage: () => new DiscordError(400, Code.CannotSendAnEmptyMessage, 'Cannot send an empty message'),
  nonTextChannel: () =>
    new DiscordError(400, Code.CannotSendMessagesInNonTextChannel, 'Cannot send messages in a non-text channel'),
  cannotReply: () =>
    new DiscordError(
      403,
      Code.CannotReplyWithoutPermissionToReadMessageHistory,
      'Cannot reply without permission to read message history',
    ),
  invalidForm: (fields: readonly FieldError[]) =>
    new DiscordError(400, Code.InvalidFormBodyOrContentType, 'Invalid Form Body', nest(fields)),
} as const
