import type { Figures } from '@repo/discord-integration/types'
import { Link } from '@tanstack/react-router'
import { hopStrip, type HopStrip } from '../hops/hop-strip-state.ts'
import { HopStripView } from '../hops/hop-strip.tsx'
import { AccountMenu } from '../frame/account-menu.tsx'
import { ThemeButton } from '../frame/theme-button.tsx'
import { buttonClass } from '../ui/button.tsx'
import { Mark } from '../ui/icon.tsx'
import { useNow } from '../ui/use-now.ts'
import type { Ops } from './use-ops.ts'

const totalOf = (figures: Figures | null) =>
  figures?.latency ? { p50: figures.latency.p50_ms, p99: figures.latency.p99_ms } : null

const unmeasured = { gateway: null, web: null, browser: null }

/** @param ops null: whoever looked was signed out, and is told nothing more. */
function useStrip(ops: Ops | null): HopStrip {
  const now = useNow(1_000)
  // No event comes to this page: the hops are what live pages of this web measured, the whole way what those of all webs did.
  const took = { ...(ops?.report.took ?? unmeasured), total: totalOf(ops?.report.figures ?? null) }
  const rest = { took, lateMs: null, caughtUp: 0, now }
  const status = { attempt: 0, nextAttemptAt: null }
  if (ops === null) {
    return hopStrip({ ...rest, report: null, reportAt: null, status: { ...status, phase: 'signed-out', since: now } })
  }
  const { report, silentSince } = ops
  return hopStrip({
    ...rest,
    report: report.hops,
    reportAt: report.answeredAt ?? report.hops.ts,
    status: {
      ...status,
      phase: silentSince === null ? 'live' : 'reconnecting',
      since: silentSince ?? report.hops.ts,
    },
  })
}

/**
 * Whose page it is, the way of the events as web sees it, and who looks.
 *
 * @param ops null: nobody does any more.
 */
export function OpsBar({ ops }: { ops: Ops | null }) {
  const strip = useStrip(ops)
  return (
    <header className="flex min-h-(--bar) min-w-0 items-stretch border-b border-line bg-canvas max-lg:flex-wrap">
      <span className="flex w-(--side) flex-none items-center gap-2.5 border-e border-line px-3 font-title max-lg:min-h-12 max-lg:w-auto max-lg:flex-1 max-lg:border-0">
        <Mark />
        Gateway Service
      </span>
      <HopStripView strip={strip} />
      <div className="flex flex-none items-center gap-1 px-3 max-sm:px-0">
        <Link to="/" className={buttonClass('quiet', { small: true })}>
          Live view
        </Link>
        <ThemeButton />
        <AccountMenu />
      </div>
    </header>
  )
}
