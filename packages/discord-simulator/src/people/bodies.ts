import { z } from 'zod'
import { isSnowflake } from '../snowflake.ts'
import { shapeOf } from '../world/apply/apply.ts'
import { json } from '../world/json.ts'

const id = z.string().refine(isSnowflake, 'must be a snowflake')

/** How long a message may be, in code points: https://docs.discord.com/developers/resources/message#create-message */
const LONGEST = 2_000

const content = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .refine((text) => Array.from(text).length <= LONGEST, `must be ${LONGEST} characters or fewer`)

const where = { user_id: id, channel_id: id }

/** `reply_to`: the message of the same channel that is answered. */
export const speakBody = z.strictObject({ ...where, content, reply_to: id.optional() })
export const typingBody = z.strictObject(where)
/** `emoji`: the character, or `name:id` of a guild's own. `remove`: take it back. */
export const reactBody = z.strictObject({
  ...where,
  message_id: id,
  emoji: z.string().min(1),
  remove: z.boolean().default(false),
})
/** To the bot, in their direct channel. */
export const writeBody = z.strictObject({ user_id: id, content })
/** `answer_ids`: all that they vote for from now on. */
export const voteBody = z.strictObject({ ...where, message_id: id, answer_ids: z.array(z.int()).max(10) })
/** `interested`: false is the end of it. */
export const followBody = z.strictObject({ user_id: id, event_id: id, interested: z.boolean().default(true) })
/**
 * What a dispatch says, as somebody's deed. One that the world would pass over is none: it is refused, and the field named
 * that it lacks.
 */
export const doBody = z
  .strictObject({
    user_id: id,
    event: z.string().min(1).max(100),
    payload: json,
    reason: z.string().max(512).nullish(),
  })
  .superRefine(({ event, payload }, context) => {
    const faults = shapeOf(event)?.safeParse(payload).error?.issues ?? []
    for (const { path, message } of faults) context.addIssue({ code: 'custom', path: ['payload', ...path], message })
  })
/** `channel_id`: null leaves voice; when not given they stay where they are. */
export const voiceBody = z.strictObject({
  user_id: id,
  guild_id: id,
  channel_id: id.nullable().optional(),
  self_mute: z.boolean().optional(),
  self_deaf: z.boolean().optional(),
})
