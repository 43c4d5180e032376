import { composeMessage, messageEvent } from '../world/compose.ts'
import type { APIMessage } from '../world/world.ts'
import { actingAs } from '../rest/audit/acting.ts'
import { CannotInteract } from '../rest/webhooks/invoke.ts'
import type { RestContext } from '../rest/route.ts'

/** What the people of the world do to the bot, besides using it: see `interact`. What they could not do at Discord throws. */
export class People {
  readonly #context: RestContext

  constructor(context: RestContext) {
    this.#context = context
  }

  /**
   * Somebody does what a dispatch says: `does(tessellate, 'GUILD_BAN_ADD', { guild_id, user })`. Unlike `dispatch` it comes
   * into the guild's audit log, with a reason if one is given.
   */
  does(userId: string, event: string, payload: object, reason: string | null = null): void {
    // A copy: the world keeps parts of what it is told, and the caller's object stays the caller's.
    actingAs(this.#context, userId, reason).emit({ event, payload: structuredClone(payload) })
  }

  /**
   * Somebody writes to the bot in their direct channel, and opens it if need be. The bot hears MESSAGE_CREATE without a
   * guild, on shard 0: https://docs.discord.com/developers/events/gateway#sharding
   */
  write(userId: string, content: string): APIMessage {
    const { world, emit } = this.#context
    const author = world.user(userId)
    if (!author || author.id === world.bot.id) throw new CannotInteract('There is no such person.')
    const isNear = world.guilds().some((guild) => world.member(guild.id, userId))
    if (!isNear) throw new CannotInteract('They share no server with the bot.')
    const place = world.directWith(author)
    const message = composeMessage(world, place, { author, content })
    emit({ event: 'MESSAGE_CREATE', payload: messageEvent(world, place, message) })
    return message
  }
}
