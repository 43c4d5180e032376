/**
 * How long the same `nonce` creates no second message, in ms. Discord checks it "in the past few minutes"; two of them are
 * safe to call few. https://docs.discord.com/developers/resources/message#create-message
 */
export const NONCE_HOLDS_MS = 2 * 60_000
