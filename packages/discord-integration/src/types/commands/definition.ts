import type { PermissionFlagsBits } from 'discord-api-types/v10'
import type { z } from 'zod'

/**
 * Whether doing it twice does harm. `read` changes nothing; `idempotent` twice is as once; `nonce` is created once by
 * Discord within minutes; `no` is never repeated by us.
 */
export type Repeatable = 'read' | 'idempotent' | 'nonce' | 'no'

/** By Discord's names: https://docs.discord.com/developers/topics/permissions */
export type Permission = keyof typeof PermissionFlagsBits

/**
 * What is asked of Discord's REST API. Fields of the payload that the route names stand in it, `reason` in its header,
 * all others in the query of a GET and in the body of the rest.
 */
export type RestCommand = {
  /** Of API v10: `PATCH /channels/{channel_id}/messages/{message_id}`. `{application_id}` is the bot's own where none is given. */
  route: `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`
  /** The field of the result that Discord's answer stands in; without it the answer is not told. */
  answer?: string
  /** Discord's refusal (a name as in `error.code`) that means, when it is asked again, that the first time did it. */
  done?: string
  /** Fields that stand in the query though it is no GET. */
  query?: readonly string[]
  /** The field that is the body itself: a list. */
  body?: string
  /**
   * The field that is an upload and a part of that name in a form, in which the others are parts of their own: as
   * https://docs.discord.com/developers/resources/sticker#create-guild-sticker has it.
   */
  form?: string
  /** What the body says besides. */
  fixed?: Readonly<Record<string, unknown>>
  /** The field of the body that all of the payload's stand in. */
  under?: string
}

/** The fields of a payload that can say where it is done. */
export const PLACES = ['guild_id', 'channel_id', 'webhook_id', 'code', 'interaction_token', 'webhook_token'] as const

/**
 * The field of the payload that says where it is done, which a token's scopes are held against: a guild; or a channel, a webhook
 * or an invite (its code), and so its guild; or a secret that Discord gave for that one place, whose holder needs no other
 * leave. Null where it concerns no single guild.
 */
export type Place = (typeof PLACES)[number] | null

export type CommandDefinition = {
  /** Its method of the client: `messages.send`. */
  method: `${string}.${string}`
  summary: string
  repeatable: Repeatable
  /** Where that depends on the payload, which is then not yet validated: `repeatable` is what can be said of all. */
  repeatableOf?: (payload: Readonly<Record<string, unknown>>) => Repeatable
  /** The same in words, for people. */
  repeatableWhen?: string
  guild: Place
  /** No wildcard has it: a token's scopes have to name it. */
  namedOnly?: true
  /** Other fields that name a channel, dots between the keys: its guild has to be within the scopes too. */
  channels?: readonly string[]
  /** What the bot needs where it is done, beside seeing the channel, and joining it where it is one of voice. */
  permissions?: readonly Permission[]
  /** What it needs besides, by when it does, in words: one of those that stand there. */
  permissionsIf?: Readonly<Record<string, readonly Permission[]>>
  /** The same, where it needs all of those that stand there. */
  permissionsAllIf?: Readonly<Record<string, readonly Permission[]>>
  /** How Discord, or the gateway in its place, refuses it, beside what any command may be refused with. */
  errors?: readonly string[]
  /** A payload. */
  example: object
  /** Without it the gateway has a handler of its own. */
  rest?: RestCommand
  payload: z.ZodType
  result: z.ZodType
}

/** Whoever made it may change it with the permission to make such things: `permissionsIf`. */
export const byMaker = <Kind extends 'Events' | 'GuildExpressions'>(kind: Kind) =>
  ({
    'of one that it made': [`Create${kind}`, `Manage${kind}`],
    'of one that it did not make': [`Manage${kind}`],
  }) as const
