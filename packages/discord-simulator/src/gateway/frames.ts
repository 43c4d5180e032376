import { GatewayOpcodes } from 'discord-api-types/v10'
import { z } from 'zod'
import { parseJson } from '../http/body.ts'

/** The largest payload that Discord takes, in bytes: https://docs.discord.com/developers/events/gateway#sending-events */
export const MAX_FRAME_BYTES = 4_096

/** What every payload has. https://docs.discord.com/developers/events/gateway-events#payload-structure */
const frame = z.looseObject({ op: z.int(), d: z.unknown().optional() })
export type Frame = z.infer<typeof frame>

/** Some libraries send it as they do to REST, with its kind; Discord takes both. */
const token = z.string().transform((value) => value.replace(/^Bot /, ''))

/** https://docs.discord.com/developers/events/gateway-events#update-presence */
export const presenceUpdate = z.looseObject({
  since: z.number().nullish(),
  activities: z.array(z.looseObject({ name: z.string(), type: z.int() })).nullish(),
  status: z.enum(['online', 'dnd', 'idle', 'invisible', 'offline']),
  afk: z.boolean().nullish(),
})

/** https://docs.discord.com/developers/events/gateway-events#identify */
export const identify = z.looseObject({
  token,
  properties: z.looseObject({}),
  compress: z.boolean().nullish(),
  large_threshold: z.int().min(50).max(250).nullish(),
  // Judged apart, for they have close codes of their own.
  shard: z.unknown().optional(),
  intents: z.unknown().optional(),
  presence: presenceUpdate.nullish(),
})
export type Identify = z.infer<typeof identify>

/** https://docs.discord.com/developers/events/gateway-events#resume */
export const resume = z.looseObject({ token, session_id: z.string(), seq: z.int().nonnegative() })

export type Resume = z.infer<typeof resume>

export const shard = z.tuple([z.int().nonnegative(), z.int().positive()]).refine(([index, count]) => index < count)

/** https://docs.discord.com/developers/events/gateway-events#heartbeat */
export const heartbeat = z.int().nullish()

/** https://docs.discord.com/developers/events/gateway-events#update-voice-state */
export const voiceStateUpdate = z.looseObject({
  guild_id: z.string(),
  channel_id: z.string().nullish(),
  self_mute: z.boolean().nullish(),
  self_deaf: z.boolean().nullish(),
})

const oneOrMany = z.union([z.string(), z.array(z.string())])

/** https://docs.discord.com/developers/events/gateway-events#request-guild-members */
export const requestGuildMembers = z
  .looseObject({
    guild_id: oneOrMany,
    query: z.string().optional(),
    limit: z.int().nonnegative().optional(),
    presences: z.boolean().optional(),
    user_ids: oneOrMany.optional(),
    nonce: z.string().optional(),
  })
  .refine(({ query, user_ids }) => query !== undefined || user_ids !== undefined)

/** https://docs.discord.com/developers/events/gateway-events#request-soundboard-sounds */
export const requestSoundboardSounds = z.looseObject({ guild_ids: z.array(z.string()) })

/** https://docs.discord.com/developers/events/gateway-events#request-channel-info */
export const requestChannelInfo = z.looseObject({ guild_id: z.string(), fields: z.array(z.string()) })

/** What a client may send, and the shape of its `d`. Any other opcode closes with 4001. */
export const SHAPES: ReadonlyMap<number, z.ZodType> = new Map<number, z.ZodType>([
  [GatewayOpcodes.Heartbeat, heartbeat],
  [GatewayOpcodes.Identify, identify],
  [GatewayOpcodes.PresenceUpdate, presenceUpdate],
  [GatewayOpcodes.VoiceStateUpdate, voiceStateUpdate],
  [GatewayOpcodes.Resume, resume],
  [GatewayOpcodes.RequestGuildMembers, requestGuildMembers],
  [GatewayOpcodes.RequestSoundboardSounds, requestSoundboardSounds],
  [GatewayOpcodes.RequestChannelInfo, requestChannelInfo],
])

/** Reads what came over the socket. Undefined if it is no payload at all. */
export function readFrame(text: string): Frame | undefined {
  try {
    const read = frame.safeParse(parseJson(text))
    return read.success ? read.data : undefined
  } catch {
    return undefined
  }
}
