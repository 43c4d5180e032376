import type { Logger } from './logger.ts'

/** The longest that an orderly end takes; orchestrators give 10 s before they kill, we promise half. */
const SHUTDOWN_MAX_MS = 4_500

type Ending = { drain: () => Promise<void>; logger: Logger }

/**
 * What the process is told by signals, from its first moment on: SIGTERM and SIGINT end it in order, and so does SIGHUP
 * where that says nothing else, or that whoever started it as a part of something larger is gone. With 0, when what there is to be
 * ended has been, or at the latest in time. The same signal again ends it at once; another does not, since a terminal's
 * Ctrl-C reaches the process and whoever then passes it on.
 */
class Signals {
  /** Null while there is nothing to be ended in order. */
  #ending: Ending | null = null
  #why: string | null = null
  /** Until it is known what SIGHUP says, only that it was said. */
  #hangUp: (() => void) | null = null
  #hungUp = false

  constructor() {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        process.on(signal, () => process.exit(1))
        this.#end(signal)
      })
    }
    process.on('SIGHUP', () => {
      this.#hungUp = true
      this.#hangUp?.()
    })
    process.once('disconnect', () => this.#end('the starter is gone'))
  }

  /** SIGHUP says this, once too where it was said before; null: to end. */
  onHangUp(listener: (() => void) | null): void {
    const end = () => {
      this.#hangUp = () => process.exit(1)
      this.#end('SIGHUP')
    }
    this.#hangUp = listener ?? end
    if (this.#hungUp) this.#hangUp()
  }

  /** From now on the process ends by this, in place of what was given before. */
  endBy(drain: () => Promise<void>, logger: Logger): void {
    this.#ending = { drain, logger }
  }

  /** Whoever starts something waits here for ever once the process is ending. */
  async goOn(): Promise<void> {
    if (this.#why !== null) await new Promise(() => {})
  }

  #end(why: string): void {
    if (this.#why !== null) return
    this.#why = why
    if (!this.#ending) process.exit(0)
    const { drain, logger } = this.#ending
    logger.info({ why }, 'ending')
    setTimeout(() => {
      logger.warn({ afterMs: SHUTDOWN_MAX_MS }, 'ended before everything was in order')
      process.exit(0)
    }, SHUTDOWN_MAX_MS)
    drain().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'the end failed')
        process.exit(1)
      },
    )
  }
}

export const signals = new Signals()
