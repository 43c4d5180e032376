import { readFileSync } from 'node:fs'

/** How often it is looked how long a process has waited: what it waits after the last look is not counted. */
const LOOK_EVERY_MS = 20

/**
 * How long a process was ready to run and had no core, in ms: on a machine that does much else, that is the machine's time
 * and not its own. https://docs.kernel.org/scheduler/sched-stats.html, "/proc/<pid>/schedstat". Elsewhere than on Linux: 0.
 */
export class StarvedMeter {
  readonly #pid: number
  readonly #timer: NodeJS.Timeout
  readonly #from: number
  #to: number

  constructor(pid: number) {
    this.#pid = pid
    this.#from = this.#to = this.#waited() ?? 0
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS)
  }

  stop(): number {
    clearInterval(this.#timer)
    return this.#to - this.#from
  }

  #look(): void {
    this.#to = this.#waited() ?? this.#to
  }

  #waited(): number | null {
    try {
      const [, waitedNs] = readFileSync(`/proc/${this.#pid}/schedstat`, 'utf8').split(' ')
      return Number(waitedNs) / 1e6
    } catch {
      return null
    }
  }
}
