import { createContext, use, useSyncExternalStore } from 'react'
import type { GuildSnapshot, GuildStore } from '../live/guild-store.ts'

const GuildStoreContext = createContext<GuildStore | null>(null)

export const GuildStoreProvider = GuildStoreContext.Provider

export function useGuildStore(): GuildStore {
  const store = use(GuildStoreContext)
  if (store === null) throw new Error('this hook needs a GuildProvider above it')
  return store
}

/**
 * A part of the guild's state. `select` must return a part as it is, not a new object made of parts: only then does a
 * component render again when that part changed, and no other time.
 */
export function useGuild<T>(select: (snapshot: GuildSnapshot) => T): T {
  const store = useGuildStore()
  const get = () => select(store.getSnapshot())
  return useSyncExternalStore(store.subscribe, get, get)
}
