import type { Logger } from './logger.ts'

/** The longest that an orderly end takes; orchestrators give 10 s before they kill, we promise half. */
const SHUTDOWN_MAX_MS = 4_500

const SIGNALS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGHUP']

/**
 * Ends the process in order at SIGTERM or SIGINT, at SIGHUP where that says nothing else, or when whoever started it as a part of something larger is gone: 0 when
 * `drain` has resolved, or at the latest in time. The same signal again ends it at once; another does not, since a
 * terminal's Ctrl-C reaches the process and whoever then passes it on.
 */
export function endOnSignal(drain: () => Promise<void>, logger: Logger, options: { hangup: boolean }): void {
  let ending = false
  const end = (why: string) => {
    if (ending) return
    ending = true
    logger.info({ why }, 'ending')
    setTimeout(() => {
      logger.warn({ afterMs: SHUTDOWN_MAX_MS }, 'ended before everything was in order')
      process.exit(0)
    }, SHUTDOWN_MAX_MS).unref()
    drain().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'the end failed')
        process.exit(1)
      },
    )
  }
  for (const signal of SIGNALS) {
    if (signal === 'SIGHUP' && !options.hangup) continue
    process.once(signal, () => {
      process.on(signal, () => process.exit(1))
      end(signal)
    })
  }
  process.once('disconnect', () => end('the starter is gone'))
}
