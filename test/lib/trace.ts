import type { Page } from 'playwright-core'

type TraceEvent = {
  name: string
  pid: number
  tid: number
  ts: number
  dur?: number
  tdur?: number
  args: { name?: string }
}

/** What a page's main thread did in one piece. */
export type MainTask = {
  /** When it began, in ms since the trace did. */
  at: number
  /** Time on a core, in ms: what other processes took of the machine meanwhile is not the page's. */
  cpuMs: number
}

/**
 * The tasks of the renderers' main threads while `run` runs, as Chromium traces them.
 *
 * https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
 */
export async function mainTasksDuring(page: Page, run: () => Promise<void>): Promise<MainTask[]> {
  const browser = page.context().browser()
  if (!browser) throw new Error('the page has no browser of its own')
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] })
  await run()
  const trace = JSON.parse(String(await browser.stopTracing())) as { traceEvents: TraceEvent[] }
  const mains = new Set(
    trace.traceEvents.flatMap(({ name, pid, tid, args }) =>
      name === 'thread_name' && args.name === 'CrRendererMain' ? [`${pid} ${tid}`] : [],
    ),
  )
  const tasks = trace.traceEvents.filter(
    ({ name, pid, tid }) => name === 'ThreadControllerImpl::RunTask' && mains.has(`${pid} ${tid}`),
  )
  const began = Math.min(...tasks.map(({ ts }) => ts))
  return tasks.map(({ ts, tdur = 0 }) => ({ at: (ts - began) / 1_000, cpuMs: tdur / 1_000 }))
}
