import { expect, test } from 'vitest'
import { reportOf } from './chaos/report.ts'
import { runChaos } from './chaos/run.ts'

/** Short enough to be run every time; `npm run chaos` goes on for as long as one likes. */
const DURATION_MS = 15_000

/** Starting four processes and catching up, on a machine that runs other tests too. */
const TEST_WITHIN_MS = 210_000

// It kills, ends and freezes gateway and web, breaks every hop, and lets a session die near its end.
const SEED = '1094'

test(
  'whatever is killed, frozen, cut or forgotten, each browser is told each event once and in order',
  async () => {
    const result = await runChaos({
      seed: SEED,
      durationMs: DURATION_MS,
      eventsPerSecond: 500,
      everyMs: 600,
      dying: true,
    })
    console.log(reportOf(result))
    expect(result.problems).toEqual([])
    // The session's death has been told, and was not passed over for want of a session.
    expect(result.consumers.filter(({ account }) => account.gaps === 1)).not.toEqual([])
  },
  TEST_WITHIN_MS,
)
