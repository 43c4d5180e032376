import { z } from 'zod'

/** The most characters of a message: https://docs.discord.com/developers/resources/message#create-message */
export const MESSAGE_MAX_CHARACTERS = 2_000

/** The most files of a message. */
export const MESSAGE_MAX_FILES = 10

/**
 * How long a text is for Discord, which counts code points and not UTF-16 units: an emoji is one or a few, never twice that.
 * https://github.com/discord/discord-api-docs/issues/1315
 */
export function characters(text: string): number {
  let count = 0
  for (const _codePoint of text) count += 1
  return count
}

export const HALF_PAIR = 'expected Unicode text: it has half of a surrogate pair'

/** Text of between so many characters that UTF-8 can carry: half of a surrogate pair would be replaced on the way, or refused. */
export function textSchema(min: number, max: number): z.ZodString {
  return z
    .string()
    .refine((text) => text.isWellFormed(), HALF_PAIR)
    .refine(
      (text) => text.length >= min && (text.length <= max || characters(text) <= max),
      `expected ${min} to ${max} characters`,
    )
    .meta({ minLength: min, maxLength: max })
}
