import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import type { FigureRange } from '@repo/discord-integration/types'
import type { OpsReport } from '../../ops-report.ts'
import { getOps } from '../../server/ops/ops-functions.ts'

/** Web answers from what it knows; the gateway is asked by web, at most twice a second. */
const LOOK_EVERY_MS = 1_000
/** Web itself waits for the gateway for less. */
const ANSWER_WITHIN_MS = 4_000

/** A report, and when it came: web's times are by its own clock, and how old something is, is counted by this browser's. */
type Looked = OpsReport & {
  /** When the gateway said it, as far as this browser knows; null before it has looked for itself. */
  figuresAt: number | null
  answeredAt: number | null
}

export type Ops = {
  report: Looked
  /** Since when web has not answered; null while it does. */
  silentSince: number | null
  /** Why web tells no more, for good; null while it tells. */
  ended: OpsEnd | null
}

/** Whoever looks was signed out, or may no longer look: for them there is no such page. */
export type OpsEnd = 'signed-out' | 'not-found'

const ends: Readonly<Record<string, OpsEnd>> = { UNAUTHORIZED: 'signed-out', NOT_FOUND: 'not-found' }
const endOf = (error: Error | null): OpsEnd | null => ends[error?.message ?? ''] ?? null

const key = (range: FigureRange) => ['ops', range] as const

/** How the whole runs, again every second while the window is looked at. @param first what the page came with. */
export function useOps(range: FigureRange, first: { report: OpsReport; range: FigureRange }): Ops {
  const queries = useQueryClient()
  const begun: Looked = { ...first.report, figuresAt: null, answeredAt: null }
  const query = useQuery({
    queryKey: key(range),
    queryFn: async ({ signal }): Promise<Looked> => {
      const before = queries.getQueryData<Looked>(key(range))
      const within = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)])
      const report = await getOps({ data: { range, has: before?.historyAt ?? null }, signal: within })
      return looked(report, before)
    },
    ...(range === first.range && { initialData: begun }),
    placeholderData: keepPreviousData,
    // What has ended is not asked for again: not every second, and not when the window is looked at.
    enabled: ({ state }) => endOf(state.error) === null,
    refetchInterval: LOOK_EVERY_MS,
    gcTime: 60_000,
    retry: false,
  })
  const report = query.data ?? begun
  const ended = endOf(query.error)
  return {
    report,
    silentSince: query.isError && ended === null ? (report.answeredAt ?? report.hops.ts) : null,
    ended,
  }
}

function looked(report: OpsReport, before: Looked | undefined): Looked {
  const answeredAt = Date.now()
  const isSame = before?.heardAt === report.heardAt ? before.figuresAt : null
  const age = report.heardAt === null ? null : Math.max(0, report.hops.ts - report.heardAt)
  return {
    ...report,
    history: report.history ?? before?.history ?? null,
    figuresAt: isSame ?? (age === null ? null : answeredAt - age),
    answeredAt,
  }
}

/** How old the gateway's figures are, in ms; null where there are none. */
export function ageOf({ figuresAt, heardAt, hops }: Looked, now: number): number | null {
  if (figuresAt !== null) return Math.max(0, now - figuresAt)
  return heardAt === null ? null : Math.max(0, hops.ts - heardAt)
}
