import type { Before } from '../before.ts'
import type { GuildView } from '../guild-view.ts'
import type { JsonObject } from '../json.ts'
import type { Sight } from '../sight.ts'

/** What an event is judged by. */
export type View = {
  readonly guild: GuildView
  readonly sight: Sight
  /** What `remember` said; undefined where nobody asked it. */
  readonly before: Before | undefined
  /** Replayed or backfilled, so that messages are history. */
  readonly isOld: boolean
}

/** What a viewer is shown of an event. Where `payload` is the very object that came in, its text may be sent as it came. */
export type Shown = { readonly event: string; readonly payload: JsonObject }

export type Show = (payload: JsonObject, view: View) => Shown | null
