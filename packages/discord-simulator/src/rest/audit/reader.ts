import type { Guild } from '../../world/types.ts'
import type { World } from '../../world/world.ts'
import type { Deed } from './audit-log.ts'

/** What there was before the dispatch. */
export interface Before {
  world: World
  guild: Guild
  doerId: string
}

/** Payloads are of our own routes, so they are what their event's name says. */
export type Reader<T> = (before: Before, payload: T) => Deed[]

export interface Thing {
  id: string
}
