import type { GatewayDispatchEvents } from 'discord-api-types/v10'
import { z } from 'zod'
import { EVENT_ID_MAX_CHARS } from './event-id.ts'
import { SnowflakeSchema } from './snowflake.ts'

/**
 * The messages of the link between the Gateway Service and a backend. docs/PROTOCOL.md is their specification.
 *
 * Version 1 is the four of `GatewayServiceMessage`; version 2, asked for with the WebSocket subprotocol
 * `GATEWAY_SERVICE_V2`, adds `GatewayServiceSyncMessage`, and fields that version 1 passes over.
 */

export type { GatewayDispatchEvents }

/** The WebSocket subprotocol that asks for version 2; a client that offers none gets version 1. */
export const GATEWAY_SERVICE_V2 = 'gateway-service.v2'

/** The largest message that the Gateway Service takes from a backend, in bytes; larger ones close the connection (1009). */
export const MAX_COMMAND_BYTES = 256 * 1024

/**
 * A dispatch name. Discord adds events before discord-api-types knows them, so any name passes at run time; the type
 * is what the installed package knows, as plain strings that its enum's members fit.
 */
export type DispatchEventName = `${GatewayDispatchEvents}`

const DispatchEventNameSchema = z.custom<DispatchEventName>((value) => typeof value === 'string' && value !== '', {
  error: 'expected the name of a dispatch event',
})

/** Milliseconds since the epoch, by the sender's clock. */
const TimestampSchema = z.number()

/** Chosen by the backend to tell answers apart: 1 to 128 characters. */
export const RequestIdSchema = z.string().min(1).max(128)

/** Discord → backend: one dispatch, its payload as Discord wrote it. */
export const GatewayServiceEventMessageSchema = z.object({
  type: z.literal('event'),
  data: z.object({
    event: DispatchEventNameSchema,
    payload: z.unknown(),
    /** Read from REST after a gap that Discord could not replay, not from the gateway (version 2). */
    backfilled: z.literal(true).optional(),
  }),
  ts: TimestampSchema,
  /** The position in the log, to be sent back as `Last-Event-ID`. Absent where a snapshot is not complete yet. */
  id: z.string().max(EVENT_ID_MAX_CHARS).optional(),
})

const PayloadSchema = z
  .unknown()
  .refine((payload): boolean => payload !== undefined, 'must be there: {} for a command that takes nothing')

/** Backend → Discord: something to be done, answered by exactly one `ack` or `error`. */
export const GatewayServiceCommandMessageSchema = z.object({
  type: z.literal('command'),
  data: z.object({ command: z.string(), payload: PayloadSchema }),
  requestId: RequestIdSchema.optional(),
  ts: TimestampSchema,
})

/** The same in version 2, where it may say for whom. */
export const GatewayServiceV2CommandMessageSchema = GatewayServiceCommandMessageSchema.extend({
  data: GatewayServiceCommandMessageSchema.shape.data.extend({
    /** The user whom the backend does it for: it stands in the audit, and in Discord's where that has a reason. */
    actor: SnowflakeSchema.optional(),
  }),
})

/** The command was done; `data` is its result. */
export const GatewayServiceAckMessageSchema = z.object({
  type: z.literal('ack'),
  data: z.unknown(),
  requestId: RequestIdSchema.optional(),
  ts: TimestampSchema,
})

/** One thing that is wrong with a message or a payload. */
export const ErrorIssueSchema = z.object({
  /** Where, from the message's root, dots between the keys: `data.payload.channel_id`. */
  path: z.string(),
  message: z.string(),
})

/** The command was not done, or the message was not understood. */
export const GatewayServiceErrorMessageSchema = z.object({
  type: z.literal('error'),
  data: z.object({
    message: z.string(),
    /** A name from `errorCodes`, or Discord's own from RESTJSONErrorCodes (`MISSING_PERMISSIONS`). */
    code: z.string().optional(),
    /** Discord's number for it, where Discord refused. */
    discordCode: z.number().optional(),
    /** The HTTP status that Discord answered with. */
    status: z.number().optional(),
    /** When to try again, in seconds from now. */
    retryAfter: z.number().optional(),
    /** Which fields are wrong. */
    issues: z.array(ErrorIssueSchema).optional(),
  }),
  requestId: RequestIdSchema.optional(),
  ts: TimestampSchema,
})

/** How a consumer stands to the log; the same `data` goes to browsers as the SSE event `sync`. */
export const SYNC_STATES = ['resumed', 'snapshot', 'live', 'gap'] as const

/** Why a snapshot was sent, or what a gap is. */
export const SYNC_REASONS = {
  fresh: 'no id was given',
  expired: 'the id fell off the end of the log',
  foreign: 'the id is of another log',
  lagged: 'the consumer was too slow',
  upstream: 'Discord could not resume the session, or left something out of it',
  too_large: 'an event was too large to be passed on',
  permissions_changed: 'what the viewer may see has changed',
} as const

export const SyncDataSchema = z.object({
  state: z.enum(SYNC_STATES),
  id: z.string().max(EVENT_ID_MAX_CHARS).optional(),
  reason: z.enum(Object.keys(SYNC_REASONS) as [keyof typeof SYNC_REASONS, ...(keyof typeof SYNC_REASONS)[]]).optional(),
  /** A gap's beginning and end, in ms since the epoch by the Gateway Service's clock. */
  from: z.number().optional(),
  to: z.number().optional(),
  /** Whose guilds a gap concerns, `[id, count]` as READY has it: those with `(guild_id >> 22) % count === id`. Absent: all. */
  shard: z.tuple([z.int().nonnegative(), z.int().positive()]).optional(),
  /** It concerns this guild alone. */
  guild_id: z.string().optional(),
  /** Of these channels alone, messages are missing. */
  channels: z.array(z.string()).optional(),
})

/** Gateway → backend, version 2 only. */
export const GatewayServiceSyncMessageSchema = z.object({
  type: z.literal('sync'),
  data: SyncDataSchema,
  ts: TimestampSchema,
})

/** Every message of version 1. */
export const GatewayServiceMessageSchema = z.discriminatedUnion('type', [
  GatewayServiceEventMessageSchema,
  GatewayServiceCommandMessageSchema,
  GatewayServiceAckMessageSchema,
  GatewayServiceErrorMessageSchema,
])

/** Every message of version 2. */
export const GatewayServiceV2MessageSchema = z.discriminatedUnion('type', [
  GatewayServiceEventMessageSchema,
  GatewayServiceV2CommandMessageSchema,
  GatewayServiceAckMessageSchema,
  GatewayServiceErrorMessageSchema,
  GatewayServiceSyncMessageSchema,
])

export type GatewayServiceEventMessage = z.infer<typeof GatewayServiceEventMessageSchema>
export type GatewayServiceCommandMessage = z.infer<typeof GatewayServiceCommandMessageSchema>
export type GatewayServiceV2CommandMessage = z.infer<typeof GatewayServiceV2CommandMessageSchema>
export type GatewayServiceAckMessage = z.infer<typeof GatewayServiceAckMessageSchema>
export type GatewayServiceErrorMessage = z.infer<typeof GatewayServiceErrorMessageSchema>
export type GatewayServiceSyncMessage = z.infer<typeof GatewayServiceSyncMessageSchema>
export type GatewayServiceMessage = z.infer<typeof GatewayServiceMessageSchema>
export type GatewayServiceV2Message = z.infer<typeof GatewayServiceV2MessageSchema>

export type ErrorIssue = z.infer<typeof ErrorIssueSchema>
export type SyncData = z.infer<typeof SyncDataSchema>
export type SyncState = (typeof SYNC_STATES)[number]
export type SyncReason = keyof typeof SYNC_REASONS

export function isEventMessage(message: GatewayServiceV2Message): message is GatewayServiceEventMessage {
  return message.type === 'event'
}

export function isCommandMessage(message: GatewayServiceV2Message): message is GatewayServiceV2CommandMessage {
  return message.type === 'command'
}

export function isAckMessage(message: GatewayServiceV2Message): message is GatewayServiceAckMessage {
  return message.type === 'ack'
}

export function isErrorMessage(message: GatewayServiceV2Message): message is GatewayServiceErrorMessage {
  return message.type === 'error'
}

export function isSyncMessage(message: GatewayServiceV2Message): message is GatewayServiceSyncMessage {
  return message.type === 'sync'
}
