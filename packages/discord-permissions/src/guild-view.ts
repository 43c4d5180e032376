import type { JsonObject } from './json.ts'

/** The arrays of a GUILD_CREATE: https://docs.discord.com/developers/events/gateway-events#guild-create */
export const COLLECTIONS = [
  'roles',
  'emojis',
  'stickers',
  'channels',
  'threads',
  'members',
  'voice_states',
  'presences',
  'stage_instances',
  'guild_scheduled_events',
  'soundboard_sounds',
] as const

export type CollectionName = (typeof COLLECTIONS)[number]

/** Members, voice states and presences by the user's id, the rest by their own. */
export type Entries = {
  get(id: unknown): JsonObject | undefined
  values(): Iterable<JsonObject>
}

/**
 * A guild as it is kept by whoever keeps it, to be read only; `Guild` of `@repo/event-feed` is one. An entry that changes is
 * replaced by another object, and so is an array within it.
 */
export type GuildView = {
  readonly id: string
  /** The plain fields of the guild. */
  readonly fields: JsonObject
  readonly collections: { readonly [Name in CollectionName]: Entries }
}
