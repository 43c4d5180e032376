import { EVENT_ID_MAX_CHARS, SnowflakeSchema } from '@repo/discord-integration/types'

/**
 * The most guilds of one stream: as many as a person may be in without Nitro, and as an address has room for that proxies of
 * 8 KiB let through.
 */
export const GUILDS_MAX = 100

/** A guild, and what was heard of it last; null: nothing. */
export type Place = { readonly guildId: string; readonly lastEventId: string | null }

/**
 * The guilds of `?guild=<id>[@<event id>]&guild=…`, or what is wrong with them: that there is none or more than
 * {@link GUILDS_MAX}, that one is there twice, or is no id. It begins with the name of the field.
 */
export function askedGuilds(query: URLSearchParams): Place[] | string {
  const given = query.getAll('guild')
  if (given.length === 0 || given.length > GUILDS_MAX)
    return `guild: expected 1 to ${GUILDS_MAX} of them, got ${given.length}`
  const places = new Map<string, Place>()
  for (const [index, text] of given.entries()) {
    const place = placeOf(text)
    if (!place) return `guild: number ${index + 1} is not <id>, and not <id>@<event id>`
    if (places.has(place.guildId)) return `guild: number ${index + 1} is there twice`
    places.set(place.guildId, place)
  }
  return [...places.values()]
}

const EVENT_ID = new RegExp(`^[A-Za-z0-9_-]{1,${EVENT_ID_MAX_CHARS}}$`)

function placeOf(text: string): Place | null {
  const [guildId = '', ...rest] = text.split('@')
  if (!SnowflakeSchema.safeParse(guildId).success) return null
  if (rest.length === 0) return { guildId, lastEventId: null }
  const lastEventId = rest.join('@')
  return EVENT_ID.test(lastEventId) ? { guildId, lastEventId } : null
}
