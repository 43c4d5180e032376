import { useSyncExternalStore } from 'react'
import type { UnreadSum } from '../live/guild-stores.ts'
import { useGateway } from './gateway-provider.tsx'

/** What is new in another guild that was looked at lately; null where this page does not listen to it (any more). */
export function useUnread(guildId: string): UnreadSum | null {
  const { stores } = useGateway()
  const part = (of: keyof UnreadSum) => () => stores.unreadOf(guildId)?.[of] ?? null
  const count = useSyncExternalStore(stores.subscribe, part('count'), part('count'))
  const mentions = useSyncExternalStore(stores.subscribe, part('mentions'), part('mentions'))
  return count === null || mentions === null ? null : { count, mentions }
}
