import type { Guild } from '../../world/types.ts'
import type { World } from '../../world/world.ts'
import type { Deed } from './audit-log.ts'

/** What there was before the dispatch. */
export interface Before {
  world: World
  guild: Guild
  doerId: string
}

/**
 * Payloads are of our own routes, or of people, of whom nothing is taken but what the world understands: they say what
 * the event's handler in `world/apply/` asks of them.
 */
export type Reader<T> = (before: Before, payload: T) => Deed[]

export interface Thing {
  id: string
}
