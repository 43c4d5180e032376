import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'

/** Enough of a hash that two tokens do not meet. */
const HASH_CHARACTERS = 16

/**
 * Where a bot's log lies: another bot, or another Discord, has one of its own. The bot's id is the first part of its
 * token, so the place is known while Discord is away and stays when the token is reset; a token without one stands for
 * itself.
 */
export function logPath(dataDir: string, apiUrl: string, token: string): string {
  return join(dataDir, new URL(apiUrl).host.replaceAll(/[^\w.-]/g, '_'), botIdOf(token) ?? hashOf(token), 'events.db')
}

/** Where what backends upload for a bot lies: beside its log. */
export function uploadsPath(dataDir: string, apiUrl: string, token: string): string {
  return join(dirname(logPath(dataDir, apiUrl, token)), 'uploads')
}

/** The bot's id, where its token says it. */
export function botIdOf(token: string): string | null {
  const id = Buffer.from(token.split('.', 1)[0] ?? '', 'base64').toString('latin1')
  return /^\d{15,20}$/.test(id) ? id : null
}

const hashOf = (token: string) => createHash('sha256').update(token).digest('hex').slice(0, HASH_CHARACTERS)
