import { isErrorCode } from '@repo/discord-integration/types'
import { RESTJSONErrorCodes } from 'discord-api-types/v10'

/** A word of a key: `OAuth2`, a plural acronym (`SKUs`), an acronym, a capitalised word, a number. */
const WORD = /OAuth2|[A-Z]{2,}s(?=[A-Z]|$)|[A-Z]+(?![a-z])|[A-Z][a-z]+|\d+/g

/** A key of RESTJSONErrorCodes as an error code: `MissingPermissions` is MISSING_PERMISSIONS. */
export function screamingSnake(key: string): string {
  return (key.match(WORD) ?? [key]).join('_').toUpperCase()
}

/**
 * Where two keys share a number, the first: the second is a deprecated name for it. A name that is ours (`UNAUTHORIZED`) stays ours:
 * whoever is answered a code knows whose it is.
 */
const names = new Map<number, string>()
for (const [key, number] of Object.entries(RESTJSONErrorCodes)) {
  const name = screamingSnake(key)
  if (typeof number === 'number' && !names.has(number) && !isErrorCode(name)) names.set(number, name)
}

/** Discord's own name for its number: 50013 is MISSING_PERMISSIONS. Null for one newer than discord-api-types, or named as ours are. */
export function discordCodeName(code: number): string | null {
  return names.get(code) ?? null
}
