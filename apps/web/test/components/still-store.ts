import type { GuildStore } from '../../src/live/guild-store.ts'
import { emptyView, type GuildView } from '../../src/live/view/view-types.ts'
import { GUILD } from '../live/fixtures.ts'

type Given = { [Part in keyof GuildView]?: unknown }

/** A store in which nothing happens: as much of it as components read. */
export function stillStore(view: Given = {}): GuildStore {
  const snapshot = { view: { ...emptyView(GUILD), ...view } }
  return { guildId: GUILD, subscribe: () => () => undefined, getSnapshot: () => snapshot } as unknown as GuildStore
}
