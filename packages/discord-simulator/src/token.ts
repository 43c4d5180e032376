/**
 * A token with the shape of Discord's (the bot's id in base64, a timestamp, a signature) and nothing behind it: the
 * signature says in words that it is none.
 */
export function fakeBotToken(botId: string): string {
  return `${Buffer.from(botId).toString('base64url')}.GSimul.not-a-real-token-for-the-simulator`
}
