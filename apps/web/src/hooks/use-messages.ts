import { compareSnowflakes } from '@repo/discord-integration/types'
import { useQuery } from '@tanstack/react-query'
import type { APIMessage } from 'discord-api-types/v10'
import { useCallback, useRef, useState } from 'react'
import type { HistoryPage, ViewMessage } from '../live/view/message-list.ts'
import { getChannelMessages } from '../server/functions.ts'
import { useGuild, useGuildStore } from './use-guild-store.ts'

const PAGE = 50
/** The most that Discord gives at once: https://docs.discord.com/developers/resources/message#get-channel-messages */
const PAGE_MAX = 100
/** How far back is read again after a snapshot: each page counts against what a person may ask for. */
const AGAIN_MAX = 500

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
 * A channel's messages: those of before this page looked are read once, and again after every snapshot, as far back as one has
 * looked. It needs a
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
      const oldest = store.getSnapshot().view.messages[channelId]?.items[0]?.id
      store.addHistory(channelId, await readBackTo(oldest, { guildId: store.guildId, channelId }))
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

/** The newest page, and those before it as far as the page had them already: somebody may be reading there. */
async function readBackTo(
  oldest: string | undefined,
  channel: { guildId: string; channelId: string },
): Promise<HistoryPage> {
  const messages: APIMessage[] = []
  let asked = 0
  for (let limit = PAGE; asked < AGAIN_MAX; limit = PAGE_MAX) {
    const before = messages.at(-1)?.id
    const page = await getChannelMessages({ data: { ...channel, limit, ...(before !== undefined && { before }) } })
    messages.push(...page.messages)
    asked += limit
    const last = messages.at(-1)?.id
    if (page.messages.length < limit || last === undefined) break
    if (oldest === undefined || compareSnowflakes(last, oldest) <= 0) break
  }
  return { messages, limit: asked }
}

/** Only codes cross from the server; what else an error says is for developers. */
const codeOf = (error: Error | null): string | null => (/^[A-Z_]+$/u.test(error?.message ?? '') ? error!.message : null)
