import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

export type ProcessSpec = {
  name: string
  /** Arguments to this Node. */
  args: string[]
  cwd: string
  env: NodeJS.ProcessEnv
  /** Answers 200 once the process does its work. */
  readyUrl: string
  /** Folders whose edits it does not take up by itself: it is to be started again. */
  restartOn: readonly string[]
}

export type ProcessEvents = {
  line: (name: string, line: string) => void
  note: (name: string, text: string) => void
  /** It ended with `HOPELESS_EXIT_CODE`: what is wrong will not pass by itself. */
  hopeless: (name: string) => void
}

/** A process ends with this when starting it again cannot help. `EX_CONFIG` of sysexits(3). */
const HOPELESS_EXIT_CODE = 78

/** The first wait after a death before being ready; doubles up to the longest. */
const BACKOFF_FIRST_MS = 500
const BACKOFF_LONGEST_MS = 15_000
/** How often a process that starts is asked whether it is ready. */
const READY_POLL_MS = 100
/** Every process promises to be gone 5 s after SIGTERM; one that is not is killed. */
const STOP_WITHIN_MS = 6_000

/**
 * A process that is kept running: one that dies is started again, at once when it had been ready, with a growing wait
 * while it keeps dying before that.
 */
export class SupervisedProcess {
  readonly spec: ProcessSpec
  readonly #events: ProcessEvents
  #child: ChildProcess | null = null
  #stopping = false
  #restarting = false
  #earlyDeaths = 0
  #retry: NodeJS.Timeout | null = null
  #readyNow = false
  #whenReady = Promise.withResolvers<void>()

  constructor(spec: ProcessSpec, events: ProcessEvents) {
    this.spec = spec
    this.#events = events
  }

  /** Resolves when the process has been ready for the first time. */
  get whenReady(): Promise<void> {
    return this.#whenReady.promise
  }

  start(): void {
    // A group of its own: Ctrl-C reaches this process only, which then ends the others in order. The IPC channel tells
    // the child when this process is gone without having said so.
    const child = spawn(process.execPath, this.spec.args, {
      cwd: this.spec.cwd,
      env: this.spec.env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    })
    this.#child = child
    this.#readyNow = false
    if (child.pid !== undefined) this.#events.note(this.spec.name, `started as process ${child.pid}`)
    this.#lines(child.stdout)
    this.#lines(child.stderr)
    child.once('error', (error) => this.#events.note(this.spec.name, `cannot be started: ${error.message}`))
    child.once('close', (code, signal) => this.#closed(code, signal))
    void this.#awaitReady(child)
  }

  /** Ends it in order and starts it again; one that waits for its next start is started now. */
  async restart(): Promise<void> {
    if (this.#stopping || this.#restarting) return
    this.#earlyDeaths = 0
    if (this.#retry) return this.#startNow(this.#retry)
    this.#restarting = true
    this.#events.note(this.spec.name, 'edited: starting it again')
    await this.#end()
    this.#restarting = false
    if (!this.#stopping) this.start()
  }

  /** Resolves to whether it ended by itself, with exit code 0, in time; before it was ready SIGTERM itself may end it. */
  async stop(): Promise<boolean> {
    this.#stopping = true
    if (this.#retry) clearTimeout(this.#retry)
    return this.#end()
  }

  kill(): void {
    this.#stopping = true
    this.#child?.kill('SIGKILL')
  }

  async #end(): Promise<boolean> {
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return true
    const wasReady = this.#readyNow
    const closed = new Promise<boolean>((resolve) =>
      child.once('close', (code, signal) => resolve(code === 0 || (!wasReady && signal === 'SIGTERM'))),
    )
    child.kill('SIGTERM')
    const killer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS)
    const clean = await closed
    clearTimeout(killer)
    return clean
  }

  #startNow(retry: NodeJS.Timeout): void {
    clearTimeout(retry)
    this.#retry = null
    this.start()
  }

  #lines(stream: Readable | null): void {
    if (!stream) return
    createInterface({ input: stream }).on('line', (line) => this.#events.line(this.spec.name, line))
  }

  #closed(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.#stopping || this.#restarting) return
    if (code === HOPELESS_EXIT_CODE) return this.#events.hopeless(this.spec.name)
    this.#earlyDeaths = this.#readyNow ? 0 : this.#earlyDeaths + 1
    const wait = this.#earlyDeaths ? Math.min(BACKOFF_FIRST_MS * 2 ** (this.#earlyDeaths - 1), BACKOFF_LONGEST_MS) : 0
    const how = signal ? `by ${signal}` : `with exit code ${code}`
    const next = wait ? `next start in ${wait / 1000} s` : 'starting it again'
    this.#events.note(this.spec.name, `ended ${how}${this.#readyNow ? '' : ' before it was ready'}; ${next}`)
    const retry = setTimeout(() => this.#startNow(retry), wait)
    this.#retry = retry
  }

  async #awaitReady(child: ChildProcess): Promise<void> {
    while (this.#child === child && child.exitCode === null && child.signalCode === null && !this.#stopping) {
      if (await answersOk(this.spec.readyUrl)) {
        this.#readyNow = true
        this.#whenReady.resolve()
        return
      }
      await new Promise((resolve) => setTimeout(resolve, READY_POLL_MS))
    }
  }
}

async function answersOk(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) })
    await response.body?.cancel()
    return response.ok
  } catch {
    return false
  }
}
