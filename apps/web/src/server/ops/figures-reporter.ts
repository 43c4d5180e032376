import type { FiguresReport } from '@repo/discord-integration/types'
import { isLinkError } from '../is-link-error.ts'
import type { LatencyBook } from './latency-book.ts'

/** Three of them are as long as the gateway takes for true what a backend said of itself. */
const REPORT_EVERY_MS = 5_000

/** Answers that another report gets too: the token may not, or the gateway is older than the command. */
const FOR_GOOD: ReadonlySet<string> = new Set(['FORBIDDEN', 'UNKNOWN_COMMAND', 'INVALID_PAYLOAD'])

export type ReporterSource = {
  /** Tells this process from others, and from the next. */
  process: string
  send: (report: FiguresReport) => Promise<unknown>
  isUp: () => boolean
  /** Calls back whenever that may have changed. */
  onStatus: (handler: () => void) => () => void
  streams: () => number
  latency: Pick<LatencyBook, 'all'>
}

/** Tells the gateway how many streams this process holds open, and how late events reach its browsers. */
export class FiguresReporter {
  readonly #source: ReporterSource
  readonly #timer: NodeJS.Timeout
  readonly #stop: () => void
  #wasUp = false
  /** Whether this connection's reports are refused, whatever is in them. */
  #isRefused = false

  constructor(source: ReporterSource) {
    this.#source = source
    this.#timer = setInterval(() => void this.#report(), REPORT_EVERY_MS).unref()
    this.#stop = source.onStatus(() => this.#linkChanged())
    this.#linkChanged()
  }

  close(): void {
    clearInterval(this.#timer)
    this.#stop()
  }

  /** At once, since what is counted is counted from the first report on. */
  #linkChanged(): void {
    const isUp = this.#source.isUp()
    if (isUp && !this.#wasUp) {
      this.#isRefused = false
      void this.#report()
    }
    this.#wasUp = isUp
  }

  async #report(): Promise<void> {
    const { process, send, isUp, streams, latency } = this.#source
    if (this.#isRefused || !isUp()) return
    try {
      await send({ process, streams: streams(), latency: latency.all() })
    } catch (error) {
      // Whatever else it is, the next report says all that this one would have.
      if (isLinkError(error) && FOR_GOOD.has(error.code)) this.#isRefused = true
    }
  }
}
