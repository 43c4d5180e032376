import { useQuery } from '@tanstack/react-query'
import { useEffect, useEffectEvent } from 'react'
import type { GuildSnapshot } from '../live/guild-store.ts'
import type { ChannelRights, Hindrance, MemberRights } from '../server/function-results.ts'
import { mayDo, mayDoTo, withheldEvents } from '../server/functions.ts'
import { useGuildStore } from './use-guild-store.ts'

/** What changes without an event, as roles do where the bot has not the members intent, is known so much later, in ms. */
const ASK_EVERY_MS = 60_000
/** Several things change at once, as with a snapshot: they are asked about once. */
const SETTLE_MS = 100
/** Longer than a browser's timers can wait. */
const TIMER_MAX_MS = 2_000_000_000

/**
 * What one may do in a channel, and why not: null while that is not known. Needs a `QueryClientProvider` above it. Asked anew when roles, the channel, one's own member
 * or what one wrote there changes, and when a timeout or slow mode ends.
 */
export function useChannelRights(channelId: string): ChannelRights | null {
  const { guildId } = useGuildStore()
  const { data = null, refetch } = useQuery({
    queryKey: ['rights', guildId, channelId],
    queryFn: () => mayDo({ data: { guildId, channelId } }),
    staleTime: ASK_EVERY_MS,
    refetchInterval: ASK_EVERY_MS,
    retryDelay: 1_000,
  })
  useAskAnew(
    ({ status, generation, outgoing, view }) => [
      status.phase,
      generation,
      outgoing,
      view.roles,
      view.channels[channelId],
      view.channels[view.channels[channelId]?.parentId ?? ''],
      view.people[view.viewerId ?? ''],
    ],
    () => void refetch(),
  )

  const until = data === null ? null : soonestEnd(data)
  useEffect(() => {
    if (until === null) return
    const timer = setTimeout(() => void refetch(), Math.min(TIMER_MAX_MS, Math.max(0, until - Date.now()) + SETTLE_MS))
    return () => clearTimeout(timer)
  }, [refetch, until])
  return data
}

/** What one may do to a member, and why not; asked while `isOpen`. */
export function useMemberRights(
  userId: string,
  isOpen: boolean,
): { rights: MemberRights | null; isGone: boolean; hasFailed: boolean } {
  const { guildId } = useGuildStore()
  const {
    data = null,
    error,
    refetch,
  } = useQuery({
    queryKey: ['rights to', guildId, userId],
    queryFn: () => mayDoTo({ data: { guildId, userId } }),
    enabled: isOpen,
    staleTime: 0,
    gcTime: 0,
    retry: 1,
    retryDelay: 1_000,
  })
  useAskAnew(
    ({ view }) => [view.roles, view.voice[userId], view.people[userId], view.people[view.viewerId ?? '']],
    () => void refetch(),
    isOpen,
  )
  return { rights: data, isGone: error?.message === 'NOT_FOUND', hasFailed: error !== null && data === null }
}

/** Events that one is never shown, for want of a permission; asked while `isAsked`, and none where that is not known. */
export function useWithheldEvents(isAsked: boolean): readonly string[] {
  const { guildId } = useGuildStore()
  const { data = NONE, refetch } = useQuery({
    queryKey: ['withheld events', guildId],
    queryFn: () => withheldEvents({ data: { guildId } }),
    enabled: isAsked,
    staleTime: ASK_EVERY_MS,
    retryDelay: 1_000,
  })
  useAskAnew(
    ({ generation, view }) => [generation, view.roles, view.people[view.viewerId ?? '']],
    () => void refetch(),
    isAsked,
  )
  return isAsked ? data : NONE
}

const NONE: readonly string[] = []

/** Asks when one of the parts of the guild's state that decide is another than it was. */
function useAskAnew(partsOf: (snapshot: GuildSnapshot) => readonly unknown[], ask: () => void, isOn = true): void {
  const store = useGuildStore()
  const parts = useEffectEvent(partsOf)
  const anew = useEffectEvent(ask)
  useEffect(() => {
    if (!isOn) return
    let timer: ReturnType<typeof setTimeout> | undefined
    // What was done may have made something one's own.
    const decisive = () => [...parts(store.getSnapshot()), store.deeds.items]
    let before = decisive()
    const look = () => {
      const now = decisive()
      if (now.every((part, index) => part === before[index])) return
      before = now
      clearTimeout(timer)
      timer = setTimeout(anew, SETTLE_MS)
    }
    const ends = [store.subscribe(look), store.deeds.subscribe(look)]
    return () => {
      for (const end of ends) end()
      clearTimeout(timer)
    }
  }, [store, isOn])
}

function soonestEnd({ send, reply, react, manage }: ChannelRights): number | null {
  const ends = [send, reply, react, manage].flatMap((hindrance: Hindrance | null) =>
    hindrance?.until == null ? [] : [hindrance.until],
  )
  return ends.length === 0 ? null : Math.min(...ends)
}
