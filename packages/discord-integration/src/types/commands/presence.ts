import { z } from 'zod'
import { textSchema } from '../text.ts'
import type { CommandDefinition } from './definition.ts'
import { ok } from './fields.ts'

/**
 * IDENTIFY carries it too, and is 4,096 bytes at most with all else that stands there:
 * https://docs.discord.com/developers/events/gateway#sending-events
 */
const PRESENCE_MAX_BYTES = 3_072

/** What of it bots may set: https://docs.discord.com/developers/events/gateway-events#activity-object */
const ActivitySchema = z.strictObject({
  name: textSchema(1, 128),
  /** 0: plays, 1: streams, 2: listens to, 3: watches, 4: says `state` itself, 5: competes in. */
  type: z.literal([0, 1, 2, 3, 4, 5]),
  state: textSchema(1, 128).nullable().optional(),
  /** Of a stream, at Twitch or YouTube. */
  url: z
    .url({ protocol: /^https?$/ })
    .max(512)
    .nullable()
    .optional(),
})

export const presence = {
  update_presence: {
    method: 'presence.update',
    summary: 'Say how the bot is and what it does, in all servers, until it is said otherwise.',
    repeatable: 'idempotent',
    guild: null,
    example: { status: 'online', activities: [{ name: 'over the kilns', type: 3 }] },
    payload: z
      .strictObject({
        /** Since when it is idle, in ms since the epoch. */
        since: z.int().min(0).nullable().default(null),
        activities: z.array(ActivitySchema).max(5).default([]),
        status: z.enum(['online', 'dnd', 'idle', 'invisible', 'offline']),
        afk: z.boolean().default(false),
      })
      .refine((shown) => new TextEncoder().encode(JSON.stringify(shown)).length <= PRESENCE_MAX_BYTES, {
        error: `expected at most ${PRESENCE_MAX_BYTES} bytes of JSON in all`,
        path: ['activities'],
      }),
    result: ok,
  },
} as const satisfies Record<string, CommandDefinition>
