import { useQuery, useQueryClient } from '@tanstack/react-query'
import { createFileRoute, Outlet } from '@tanstack/react-router'
import { useEffect } from 'react'
import { AppFrame } from '../components/frame/app-frame.tsx'
import { guildsQuery } from '../components/frame/server-switcher.tsx'
import { viewerQuery } from '../components/frame/viewer-card.tsx'
import { PageStateProvider } from '../components/frame/page-state.tsx'
import type { GuildStore } from '../live/guild-store.ts'
import type { UnsentByGuild } from '../live/unsent.ts'
import { GuildStoreProvider, useNewGuildStore } from '../hooks/use-guild-store.ts'

export const Route = createFileRoute('/guilds/$guildId')({ component: Guild })

function Guild() {
  const { guildId } = Route.useParams()
  const { preferences, unsent } = Route.useRouteContext()
  const store = useNewGuildStore(guildId, unsent.of(guildId))
  const viewerId = useQuery(viewerQuery).data?.user?.id ?? null
  useEffect(() => store.setViewer(viewerId), [store, viewerId])
  useForgetWhenEnded(store, unsent)
  return (
    <GuildStoreProvider value={store}>
      <PageStateProvider key={guildId} preferences={preferences}>
        <AppFrame>
          <Outlet />
        </AppFrame>
      </PageStateProvider>
    </GuildStoreProvider>
  )
}

/** The store forgets by itself; these are what the page knows besides. */
function useForgetWhenEnded(store: GuildStore, unsent: UnsentByGuild): void {
  const queries = useQueryClient()
  useEffect(
    () =>
      store.subscribe(() => {
        const { phase } = store.getSnapshot().status
        if (phase === 'no-access') {
          const others = (all: Awaited<ReturnType<typeof guildsQuery.queryFn>> = []) =>
            all.filter(({ id }) => id !== store.guildId)
          queries.setQueryData(guildsQuery.queryKey, others)
        }
        if (phase !== 'signed-out') return
        unsent.clear()
        queries.setQueryData(guildsQuery.queryKey, [])
        queries.setQueryData(viewerQuery.queryKey, { user: null, demo: false })
      }),
    [store, unsent, queries],
  )
}
