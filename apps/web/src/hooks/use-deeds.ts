import { useSyncExternalStore } from 'react'
import type { Doing } from '../live/deeds.ts'
import { useGuildStore } from './use-guild-store.ts'

/**
 * A part of what is under way, was not done, or is not known to have been done in this guild. `select` must return a part as
 * it is, as with `useGuild`.
 */
export function useDeeds<T>(select: (items: readonly Doing[]) => T): T {
  const { deeds } = useGuildStore()
  const get = () => select(deeds.items)
  return useSyncExternalStore(deeds.subscribe, get, get)
}
