import { useQueryClient } from '@tanstack/react-query'
import { createFileRoute, Outlet } from '@tanstack/react-router'
import { useEffect, type ReactNode } from 'react'
import { AppFrame } from '../components/frame/app-frame.tsx'
import { guildsQuery } from '../components/frame/server-switcher.tsx'
import { forgetViewer } from '../components/frame/forget-viewer.ts'
import { PageStateProvider } from '../components/frame/page-state.tsx'
import { useLatencyReports } from '../components/frame/use-latency-reports.ts'
import { useGateway } from '../hooks/gateway-provider.tsx'
import { GuildProvider } from '../hooks/guild-provider.tsx'
import { useGuildStore } from '../hooks/use-guild-store.ts'
import type { LatencyReport } from '../latency-report.ts'
import { latencyTally } from '../live/latency-tally.ts'
import { reportLatency } from '../server/ops/ops-functions.ts'

export const Route = createFileRoute('/guilds/$guildId')({ component: Guild })

function Guild() {
  const { guildId } = Route.useParams()
  const { preferences } = Route.useRouteContext()
  useLatencyReports(latencyTally, tellLatency)
  return (
    <GuildProvider guildId={guildId}>
      <ForgetWhenEnded>
        <PageStateProvider key={guildId} preferences={preferences}>
          <AppFrame>
            <Outlet />
          </AppFrame>
        </PageStateProvider>
      </ForgetWhenEnded>
    </GuildProvider>
  )
}

const tellLatency = (report: LatencyReport) => reportLatency({ data: report })

/** The store forgets by itself; these are what the page knows besides. */
function ForgetWhenEnded({ children }: { children: ReactNode }) {
  const store = useGuildStore()
  const { unsent } = useGateway().stores
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
        if (phase === 'signed-out') forgetViewer(queries, unsent)
      }),
    [store, unsent, queries],
  )
  return children
}
