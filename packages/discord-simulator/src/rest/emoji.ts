import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import type { APIMessage, APIPartialEmoji } from 'discord-api-types/v10'
import { isSnowflake } from '../snowflake.ts'
import { emojiKey } from '../world/message-store.ts'
import { refusal } from './errors.ts'
import type { RestContext } from './route.ts'

/** How many different emojis a message may have. */
const REACTIONS_PER_MESSAGE = 20

/** Whether a text is one emoji of Unicode's. */
export const isEmoji = (text: string): boolean => /^(\p{RGI_Emoji}|\p{Extended_Pictographic}\uFE0F?)$/v.test(text)

/** `name:id` of a guild's emoji or of one of the bot's own, or the character itself; else 10014. */
export function emojiOf({ world, records }: Pick<RestContext, 'world' | 'records'>, text: string): APIPartialEmoji {
  const id = text.split(':').at(-1) ?? ''
  if (text.includes(':') && isSnowflake(id)) {
    const known =
      records.applicationEmojis.get(id) ??
      world.guilds().flatMap((guild) => guild.emojis.filter((emoji) => emoji.id === id))[0]
    if (!known) throw refusal.unknownEmoji()
    return { id, name: known.name, ...(known.animated && { animated: true }) }
  }
  if (!isEmoji(text)) throw refusal.unknownEmoji()
  return { id: null, name: text }
}

/** Whether somebody has reacted with it. */
export const isThere = ({ reactions = [] }: APIMessage, emoji: APIPartialEmoji) =>
  reactions.some((entry) => emojiKey(entry.emoji) === emojiKey(emoji))

/** What a reaction takes. Whoever may not add reactions may still join in one that is there. */
export const bitsToReact = (message: APIMessage, emoji: APIPartialEmoji): bigint[] =>
  isThere(message, emoji) ? [Bit.ReadMessageHistory] : [Bit.ReadMessageHistory, Bit.AddReactions]

/** Whether a message has as many emojis as it may, and none of this. */
export const isFullFor = (message: APIMessage, emoji: APIPartialEmoji): boolean =>
  !isThere(message, emoji) && (message.reactions?.length ?? 0) >= REACTIONS_PER_MESSAGE
