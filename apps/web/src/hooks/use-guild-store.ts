import { createContext, use, useEffect, useMemo, useSyncExternalStore } from 'react'
import { browserEnvironment } from '../live/stream/browser-environment.ts'
import { GuildStore, type GuildSnapshot } from '../live/guild-store.ts'
import type { Unsent } from '../live/unsent.ts'

const GuildStoreContext = createContext<GuildStore | null>(null)

export const GuildStoreProvider = GuildStoreContext.Provider

/** Longest wait for a frame: a tab in the background gets none, and its state must not fall behind. */
const FRAME_MS = 100

function soon(run: () => void): void {
  let done = false
  const once = () => {
    if (done) return
    done = true
    clearTimeout(timer)
    cancelAnimationFrame(frame)
    run()
  }
  const timer = setTimeout(once, FRAME_MS)
  const frame = requestAnimationFrame(once)
}

/** The store of a guild, streaming for as long as the calling component is there. */
export function useNewGuildStore(guildId: string, unsent: Unsent): GuildStore {
  const store = useMemo(() => new GuildStore(guildId, { ...browserEnvironment, soon }, unsent), [guildId, unsent])
  useEffect(() => {
    store.start()
    const retry = () => store.retryNow()
    const look = () => document.visibilityState === 'visible' && store.retryNow()
    globalThis.addEventListener('online', retry)
    document.addEventListener('visibilitychange', look)
    return () => {
      globalThis.removeEventListener('online', retry)
      document.removeEventListener('visibilitychange', look)
      store.stop()
    }
  }, [store])
  return store
}

export function useGuildStore(): GuildStore {
  const store = use(GuildStoreContext)
  if (store === null) throw new Error('useGuildStore needs a GuildStoreProvider above it')
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
