import { readdirSync, readFileSync } from 'node:fs'
import { until } from '../lib/child.ts'
import type { Child } from '../lib/child.ts'
import { StarvedMeter } from './starved.ts'

/** After how long what ended by itself is started again, as a supervisor would. */
const SUPERVISOR_WAIT_MS = 500

const PROBE = 'memory-probe '

/** How long an orderly end may take, without what it waits for a core. */
const END_WITHIN_MS = 5_000

/** A process of the service that is killed, ended, frozen and started again, and may not end unless it is told to. */
export class Actor implements AsyncDisposable {
  readonly name: string
  /** What it did that it should not. */
  readonly complaints: string[] = []
  readonly #lives: Child[] = []
  #child: Child
  #bidden = false
  #over = false
  /** It is being ended and started again: on a slow machine for longer than was planned, and nothing else happens to it then. */
  #restarting = false
  readonly #start: () => Child
  readonly #endWithinMs: number

  constructor(name: string, start: () => Child, { endWithinMs = END_WITHIN_MS } = {}) {
    this.name = name
    this.#start = start
    this.#endWithinMs = endWithinMs
    this.#child = this.#begin()
  }

  get pid(): number {
    return this.#child.pid
  }

  /** What it has said in all its lives. */
  get output(): readonly string[] {
    return this.#lives.flatMap(({ lines }) => lines)
  }

  /** Resident memory in bytes; null while there is no process. https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
  get residentBytes(): number | null {
    try {
      const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'))
      return found ? Number(found[1]) * 1_024 : null
    } catch {
      return null
    }
  }

  /** Open file descriptors: sockets, files, timers' and threads' own. */
  get openFiles(): number {
    return readdirSync(`/proc/${this.pid}/fd`).length
  }

  /** Asks test/soak/memory-probe.ts, where it was loaded. */
  async heldBytes(): Promise<{ rss: number; heapUsed: number; external: number }> {
    const { length } = this.output
    this.#child.kill('SIGUSR2')
    const line = await until(`${this.name} to say what it holds`, () =>
      this.output.slice(length).find((said) => said.startsWith(PROBE)),
    )
    return JSON.parse(line.slice(PROBE.length)) as { rss: number; heapUsed: number; external: number }
  }

  /** Kills it, or (SIGTERM) lets it end in order, and has it started again after `downMs`. */
  async restart(signal: 'SIGKILL' | 'SIGTERM', downMs: number): Promise<void> {
    if (this.#restarting) return
    this.#restarting = true
    await this.#endAndBegin(signal, downMs)
    this.#restarting = false
  }

  async #endAndBegin(signal: 'SIGKILL' | 'SIGTERM', downMs: number): Promise<void> {
    const at = performance.now()
    this.#bidden = true
    const starved = new StarvedMeter(this.#child.pid)
    this.#child.kill(signal)
    const { code, signal: by } = await this.#child.exited
    const tookMs = performance.now() - at - starved.stop()
    const isOrderly = code === 0 && tookMs <= this.#endWithinMs
    // Until Node itself has started nobody can hear it: some tenths of a second, on a machine that is busy. Then it says how its
    // log stands before anything else.
    const wasNode = by === 'SIGTERM' && this.#child.lines.length === 0
    if (signal === 'SIGTERM' && !isOrderly && !wasNode) {
      this.complaints.push(`${this.name} ended with ${code ?? by} after ${Math.round(tookMs)} ms:\n${this.#last()}`)
    }
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, downMs - tookMs)))
    if (!this.#over) this.#child = this.#begin()
  }

  freeze(): void {
    if (!this.#restarting) this.#child.kill('SIGSTOP')
  }

  thaw(): void {
    this.#child.kill('SIGCONT')
  }

  ready(url: string): Promise<void> {
    return this.#child.ready(url)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over = true
    this.#bidden = true
    await this.#child[Symbol.asyncDispose]()
  }

  #begin(): Child {
    this.#bidden = false
    const child = this.#start()
    this.#lives.push(child)
    void this.#watch(child)
    return child
  }

  async #watch(child: Child): Promise<void> {
    const { code, signal } = await child.exited
    if (this.#bidden || this.#over) return
    this.complaints.push(`${this.name} ended by itself with ${code ?? signal}:\n${this.#last()}`)
    await new Promise((resolve) => setTimeout(resolve, SUPERVISOR_WAIT_MS))
    if (!this.#bidden && !this.#over) this.#child = this.#begin()
  }

  #last(): string {
    return this.output.slice(-20).join('\n')
  }
}
