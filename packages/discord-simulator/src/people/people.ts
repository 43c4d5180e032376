import type { APIMessage, APIVoiceState } from 'discord-api-types/v10'
import { z } from 'zod'
import { bitsToReact, emojiOf, isFullFor } from '../rest/emoji.ts'
import { refusal } from '../rest/errors.ts'
import { isSnowflake } from '../snowflake.ts'
import { composeMessage, messageEvent, reactionAddEvent, reactionRemoveEvent, typingEvent } from '../world/compose.ts'
import { sendBit } from '../world/permissions.ts'
import type { Dispatch } from '../world/types.ts'
import type { World } from '../world/world.ts'
import { need, personAt } from './person.ts'
import { moveInVoice } from './voice.ts'

const id = z.string().refine(isSnowflake, 'must be a snowflake')

/** How long a message may be, in code points: https://docs.discord.com/developers/resources/message#create-message */
const LONGEST = 2_000

const content = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .refine((text) => Array.from(text).length <= LONGEST, `must be ${LONGEST} characters or fewer`)

const place = { user_id: id, channel_id: id }

/** `reply_to`: the message of the same channel that is answered. */
export const speakBody = z.object({ ...place, content, reply_to: id.optional() })
export const typingBody = z.object(place)
/** `emoji`: the character, or `name:id` of a guild's own. `remove`: take it back. */
export const reactBody = z.object({
  ...place,
  message_id: id,
  emoji: z.string().min(1),
  remove: z.boolean().default(false),
})
/** `channel_id`: null leaves voice; when not given they stay where they are. */
export const voiceBody = z.object({
  user_id: id,
  guild_id: id,
  channel_id: id.nullable().optional(),
  self_mute: z.boolean().optional(),
  self_deaf: z.boolean().optional(),
})

export interface PeopleOptions {
  world: World
  /** Makes something happen: the world changes, and those whom it concerns hear of it. */
  emit: (dispatch: Dispatch & { payload: object }) => void
}

/**
 * Lets the people of the world do what they would at Discord. What they may not do, or what is not there, throws
 * Discord's refusal (a {@link DiscordError}, with a sentence that names the permission); what has no shape, a ZodError.
 */
export class People {
  readonly #options: PeopleOptions

  constructor(options: PeopleOptions) {
    this.#options = options
  }

  /** Somebody writes a message. Gives it as REST shows it. */
  speak(input: z.input<typeof speakBody>): APIMessage {
    const { world, emit } = this.#options
    const body = speakBody.parse(input)
    const person = personAt(world, body.channel_id, body.user_id)
    need(person, sendBit(person.channel))
    const reply_to = body.reply_to === undefined ? undefined : this.#message(body.channel_id, body.reply_to)
    const message = composeMessage(world, person, { author: person.member.user, content: body.content, reply_to })
    emit({ event: 'MESSAGE_CREATE', payload: messageEvent(world, person, message) })
    return message
  }

  /** Somebody begins to type. It shows for ten seconds, or until they have written. */
  type(input: z.input<typeof typingBody>): void {
    const { world, emit } = this.#options
    const { channel_id, user_id } = typingBody.parse(input)
    const person = personAt(world, channel_id, user_id)
    need(person, sendBit(person.channel))
    emit({ event: 'TYPING_START', payload: typingEvent(world, person, user_id) })
  }

  /** Somebody reacts, or takes it back. What is so already stays so. */
  react(input: z.input<typeof reactBody>): void {
    const { world, emit } = this.#options
    const body = reactBody.parse(input)
    const person = personAt(world, body.channel_id, body.user_id)
    const message = this.#message(body.channel_id, body.message_id)
    const emoji = emojiOf(world, body.emoji)
    if (world.messages.hasReacted(message.id, body.user_id, emoji) !== body.remove) return
    const name = emoji.name ?? ''
    if (body.remove) {
      const event = reactionRemoveEvent(person, message, body.user_id, name)
      return emit({ event: 'MESSAGE_REACTION_REMOVE', payload: { ...event, emoji } })
    }
    need(person, ...bitsToReact(message, emoji))
    if (isFullFor(message, emoji)) throw refusal.tooManyReactions()
    const event = reactionAddEvent(world, person, message, body.user_id, name)
    emit({ event: 'MESSAGE_REACTION_ADD', payload: { ...event, emoji } })
  }

  /** Somebody enters a voice channel, moves, leaves, mutes or deafens themselves. Gives the voice state that they then have. */
  voice(input: z.input<typeof voiceBody>): APIVoiceState {
    const { user_id: userId, guild_id, channel_id: to, ...change } = voiceBody.parse(input)
    const guild = this.#options.world.guild(guild_id)
    if (!guild) throw refusal.unknownGuild()
    return moveInVoice(this.#options, { userId, guild, to, change: definedOnly(change) })
  }

  #message(channelId: string, messageId: string): APIMessage {
    const message = this.#options.world.messages.get(channelId, messageId)
    if (!message) throw refusal.unknownMessage()
    return message
  }
}

type DefinedOnly<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** A change that says nothing of a field must not say `undefined` of it: it would overwrite what there is. */
function definedOnly<T extends object>(value: T): DefinedOnly<T> {
  return Object.fromEntries(Object.entries(value).filter(([, held]) => held !== undefined)) as DefinedOnly<T>
}
