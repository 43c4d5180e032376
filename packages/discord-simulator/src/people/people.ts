import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import type { APIMessage, APIVoiceState } from 'discord-api-types/v10'
import type { z } from 'zod'
import { actingAs } from '../rest/audit/acting.ts'
import { bitsToReact, emojiOf, isFullFor, isThere } from '../rest/emoji.ts'
import { refusal } from '../rest/errors.ts'
import type { RestContext } from '../rest/route.ts'
import { checkActive, checkUnlocked, openToWrite } from '../rest/thread-state.ts'
import { CannotInteract } from '../rest/interactions/cannot-interact.ts'
import {
  composeMessage,
  guildIdOf,
  messageEvent,
  reactionAddEvent,
  reactionRemoveEvent,
  typingEvent,
} from '../world/compose.ts'
import { sendBit } from '../world/permissions.ts'
import { doBody, followBody, reactBody, speakBody, typingBody, voiceBody, voteBody, writeBody } from './bodies.ts'
import { need, personAt } from './person.ts'
import { Slowmode } from './slowmode.ts'
import { moveInVoice } from './voice.ts'

/**
 * Lets the people of the world do what they would at Discord. What they may not do, or what is not there, throws
 * Discord's refusal (a {@link DiscordError}, with a sentence that names the permission) or a
 * {@link CannotInteract}; what has no shape, a ZodError.
 */
export class People {
  readonly #context: RestContext
  readonly #slowmode: Slowmode

  constructor(context: RestContext) {
    this.#context = context
    this.#slowmode = new Slowmode(context.world.clock)
  }

  /** Somebody writes a message. Gives it as REST shows it. */
  speak(input: z.input<typeof speakBody>): APIMessage {
    const { world, emit } = this.#context
    const body = speakBody.parse(input)
    const person = personAt(world, body.channel_id, body.user_id)
    need(person, sendBit(person.channel))
    checkUnlocked(person, person.bits)
    const reply_to = body.reply_to === undefined ? undefined : this.#message(body.channel_id, body.reply_to)
    this.#slowmode.check(person)
    openToWrite(this.#context, person)
    const message = composeMessage(world, person, { author: person.member.user, content: body.content, reply_to })
    this.#slowmode.note(person)
    emit({ event: 'MESSAGE_CREATE', payload: messageEvent(world, person, message) })
    return message
  }

  /** Somebody begins to type. It shows for ten seconds, or until they have written. */
  type(input: z.input<typeof typingBody>): void {
    const { world, emit } = this.#context
    const { channel_id, user_id } = typingBody.parse(input)
    const person = personAt(world, channel_id, user_id)
    need(person, sendBit(person.channel))
    emit({ event: 'TYPING_START', payload: typingEvent(world, person, user_id) })
  }

  /** Somebody reacts, or takes it back. What is so already stays so. */
  react(input: z.input<typeof reactBody>): void {
    const { world, records, emit } = this.#context
    const body = reactBody.parse(input)
    const person = personAt(world, body.channel_id, body.user_id)
    const message = this.#message(body.channel_id, body.message_id)
    const emoji = emojiOf(this.#context, body.emoji)
    // Those of the bot's own are nobody else's to bring: https://docs.discord.com/developers/resources/emoji#application-owned-emoji
    if (records.applicationEmojis.has(emoji.id ?? '') && !isThere(message, emoji)) throw refusal.unknownEmoji()
    if (world.messages.hasReacted(message.id, body.user_id, emoji) !== body.remove) return
    checkActive(person)
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
    const guild = this.#context.world.guild(guild_id)
    if (!guild) throw refusal.unknownGuild()
    return moveInVoice(this.#context, { userId, guild, to, change: definedOnly(change) })
  }

  /**
   * Somebody does what a dispatch says: `does(tessellate, 'GUILD_BAN_ADD', { guild_id, user })`. Unlike `dispatch` it comes
   * into the guild's audit log, with a reason if one is given; and what the world cannot use is refused.
   */
  does(userId: string, event: string, payload: object, reason: string | null = null): void {
    const deed = doBody.parse({ user_id: userId, event, payload, reason })
    actingAs(this.#context, deed.user_id, deed.reason ?? null).emit({ event: deed.event, payload: deed.payload })
  }

  /**
   * Somebody becomes interested in a scheduled event or, with `false`, is no more.
   * https://docs.discord.com/developers/events/gateway-events#guild-scheduled-event-user-add
   */
  follow(userId: string, eventId: string, isInterested = true): void {
    const { world, emit } = this.#context
    followBody.parse({ user_id: userId, event_id: eventId, interested: isInterested })
    const guild = world
      .guilds()
      .find(({ guild_scheduled_events }) => guild_scheduled_events.some(({ id }) => id === eventId))
    if (!guild || !world.member(guild.id, userId)) throw new CannotInteract('They see no such event.')
    if (world.interested.get(eventId)?.has(userId) === isInterested) return
    const event = isInterested ? 'GUILD_SCHEDULED_EVENT_USER_ADD' : 'GUILD_SCHEDULED_EVENT_USER_REMOVE'
    emit({ event, payload: { guild_scheduled_event_id: eventId, user_id: userId, guild_id: guild.id } })
  }

  /**
   * Somebody votes in a poll: for these answers, and for none that they voted for before and are not among them. With no
   * answers they take their vote back. https://docs.discord.com/developers/events/gateway-events#message-poll-vote-add
   */
  vote(userId: string, ballot: { channel_id: string; message_id: string; answer_ids: readonly number[] }): void {
    const { world, emit } = this.#context
    const { channel_id, message_id, answer_ids } = voteBody.parse({ user_id: userId, ...ballot })
    const place = world.place(channel_id)
    const isIn = place?.guild
      ? (world.permissions(place, userId) & Bit.ViewChannel) !== 0n
      : place?.channel.recipients[0]?.id === userId
    const poll = world.messages.get(channel_id, message_id)?.poll
    if (!place || !isIn || !poll) throw new CannotInteract('They see no such poll.')
    if (poll.results?.is_finalized) throw new CannotInteract('The poll is over.')
    if (answer_ids.some((id) => !poll.answers.some(({ answer_id }) => answer_id === id))) {
      throw new CannotInteract('The poll has no such answer.')
    }
    if (answer_ids.length > 1 && !poll.allow_multiselect) throw new CannotInteract('The poll takes one answer.')
    const before = world.messages.votes.of(message_id, userId)
    const event = { user_id: userId, channel_id, message_id, ...guildIdOf(place) }
    for (const answer_id of before.filter((id) => !answer_ids.includes(id))) {
      emit({ event: 'MESSAGE_POLL_VOTE_REMOVE', payload: { ...event, answer_id } })
    }
    for (const answer_id of answer_ids.filter((id) => !before.includes(id))) {
      emit({ event: 'MESSAGE_POLL_VOTE_ADD', payload: { ...event, answer_id } })
    }
  }

  /**
   * Somebody writes to the bot in their direct channel, and opens it if need be. The bot hears MESSAGE_CREATE without a
   * guild, on shard 0: https://docs.discord.com/developers/events/gateway#sharding
   */
  write(userId: string, text: string): APIMessage {
    const { world, emit } = this.#context
    const { content } = writeBody.parse({ user_id: userId, content: text })
    const author = world.user(userId)
    if (!author || author.id === world.bot.id) throw new CannotInteract('There is no such person.')
    const isNear = world.guilds().some((guild) => world.member(guild.id, userId))
    if (!isNear) throw new CannotInteract('They share no server with the bot.')
    const place = world.directWith(author)
    const message = composeMessage(world, place, { author, content })
    emit({ event: 'MESSAGE_CREATE', payload: messageEvent(world, place, message) })
    return message
  }

  #message(channelId: string, messageId: string): APIMessage {
    const message = this.#context.world.messages.get(channelId, messageId)
    if (!message) throw refusal.unknownMessage()
    return message
  }
}

type DefinedOnly<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** A change that says nothing of a field must not say `undefined` of it: it would overwrite what there is. */
function definedOnly<T extends object>(value: T): DefinedOnly<T> {
  return Object.fromEntries(Object.entries(value).filter(([, held]) => held !== undefined)) as DefinedOnly<T>
}
