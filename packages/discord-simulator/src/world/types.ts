import type {
  APIChannel,
  APIDMChannel,
  APIGuildMember,
  APISticker,
  APIUser,
  GatewayGuildCreateDispatchData,
  GuildChannelType,
  Snowflake,
  ThreadChannelType,
} from 'discord-api-types/v10'

/** A guild is its own GUILD_CREATE payload: there is no second form of it that could disagree. */
export type Guild = GatewayGuildCreateDispatchData & { stickers: APISticker[] }

export type GuildChannel = Guild['channels'][number]
export type Thread = Guild['threads'][number]
export type Member = APIGuildMember
export type User = APIUser

/** A channel of a guild, with the guild it is in. */
export interface Located {
  guild: Guild
  channel: GuildChannel | Thread
}

/** A channel of the bot's with one person: https://docs.discord.com/developers/resources/channel#channel-object */
export type DirectChannel = Omit<APIDMChannel, 'name' | 'recipients'> & { recipients: User[] }

/** A direct channel, which is in no guild. */
export interface Direct {
  guild?: undefined
  channel: DirectChannel
}

/** Where messages are: in a guild, or with one person. */
export type Place = Located | Direct

/** What a bot's owner may switch on in Discord's portal. */
export const PRIVILEGED_INTENTS = ['members', 'presences', 'message_content'] as const
export type PrivilegedIntent = (typeof PRIVILEGED_INTENTS)[number]

export type GuildChannelOfType<T extends GuildChannelType> = APIChannel & { type: T }
export type ThreadOfType<T extends ThreadChannelType> = APIChannel & { type: T }

/** Something that happened: a dispatch on its way to those whom it concerns. */
export interface Dispatch {
  event: string
  payload: unknown
}

export type { Snowflake }
