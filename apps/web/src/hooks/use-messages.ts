import { useQuery } from '@tanstack/react-query'
import { useCallback, useRef, useState } from 'react'
import type { ViewMessage } from '../live/view/message-list.ts'
import { getChannelMessages } from '../server/functions.ts'
import { useGuild, useGuildStore } from './use-guild-store.ts'

const PAGE = 50
/** Asking again would not change these. */
const final: ReadonlySet<string> = new Set(['MISSING_PERMISSIONS', 'NOT_FOUND', 'UNAUTHORIZED', 'INVALID_INPUT'])

const noMessages: readonly ViewMessage[] = []

export type ChannelMessages = {
  /** Oldest first, without a hole in between: what was read, and what came since. */
  messages: readonly ViewMessage[]
  /** `failed` keeps trying; `retry` tries at once. */
  state: 'loading' | 'failed' | 'ready'
  /** The code of what went wrong, where there is one. */
  failure: string | null
  /** Older messages exist and may be asked for. */
  hasEarlier: boolean
  earlier: 'idle' | 'loading' | 'failed'
  loadEarlier: () => void
  retry: () => void
}

/**
 * A channel's messages: those of before this page looked are read once, and again after every snapshot. It needs a
 * `QueryClientProvider` of @tanstack/react-query above it.
 */
export function useMessages(channelId: string): ChannelMessages {
  const store = useGuildStore()
  const list = useGuild((snapshot) => snapshot.view.messages[channelId])
  const generation = useGuild((snapshot) => snapshot.generation)
  const known = useGuild((snapshot) => channelId in snapshot.view.channels)
  const fresh = list?.loaded === true && !list.stale
  const query = useQuery({
    queryKey: ['history', store.guildId, channelId, generation],
    enabled: known && !fresh,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    retry: (_failures, error) => !final.has(error.message),
    retryDelay: (failures) => Math.min(1000 * 2 ** failures, 10_000),
    queryFn: async () => {
      const { messages } = await getChannelMessages({ data: { guildId: store.guildId, channelId, limit: PAGE } })
      store.addHistory(channelId, { messages, limit: PAGE })
      return generation
    },
  })

  const [earlier, setEarlier] = useState<ChannelMessages['earlier']>('idle')
  const busy = useRef(false)
  const oldest = list?.items[0]?.id
  const loadEarlier = useCallback(async () => {
    if (oldest === undefined || busy.current) return
    busy.current = true
    setEarlier('loading')
    try {
      const page = { before: oldest, limit: PAGE }
      const { messages } = await getChannelMessages({ data: { guildId: store.guildId, channelId, ...page } })
      store.addHistory(channelId, { messages, ...page })
      setEarlier('idle')
    } catch {
      setEarlier('failed')
    } finally {
      busy.current = false
    }
  }, [store, channelId, oldest])

  const loaded = list?.loaded === true
  const load = useCallback(() => void loadEarlier(), [loadEarlier])
  return {
    messages: list?.items ?? noMessages,
    failure: codeOf(query.failureReason),
    state: loaded ? 'ready' : query.failureCount > 0 ? 'failed' : 'loading',
    hasEarlier: loaded && !list.complete,
    earlier,
    loadEarlier: load,
    retry: () => void query.refetch(),
  }
}

/** Only codes cross from the server; what else an error says is for developers. */
const codeOf = (error: Error | null): string | null => (/^[A-Z_]+$/u.test(error?.message ?? '') ? error!.message : null)
