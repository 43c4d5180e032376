import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** What the check found; `no answer`: it could not be made. */
export type Verdict = { found: 'nothing' } | { found: 'damage' | 'no answer'; message: string }

const SCRIPT = new URL('./check-process.ts', import.meta.url)

/**
 * The check of a large file, beside everything else: it takes seconds, for which nobody should wait. In a process of its
 * own, since SQLite's check is one question, and a thread that waits for its answer cannot be ended.
 *
 * While it reads, checkpoints move nothing, and appends go on: the write-ahead log grows by what comes meanwhile.
 */
export class BackgroundCheck {
  /** The process is gone. */
  readonly done: Promise<void>
  #child: ChildProcess | null = null
  #stopped = false

  /** @param told is not called when it was stopped before. */
  constructor(path: string, told: (verdict: Verdict) => void) {
    this.done = this.#run(path, told)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#child?.ref()
    this.#child?.channel?.ref()
    this.#child?.kill('SIGKILL')
    await this.done
  }

  async #run(path: string, told: (verdict: Verdict) => void): Promise<void> {
    const noAnswer = (error: unknown): Verdict => ({ found: 'no answer', message: String(error) })
    const verdict = await this.#ask(path).catch(noAnswer)
    if (!this.#stopped) told(verdict)
  }

  async #ask(path: string): Promise<Verdict> {
    // Nothing of our environment: it holds secrets, and options of Node that are not meant for it.
    const child = fork(SCRIPT, [path], { env: {}, execArgv: [], stdio: 'ignore' })
    this.#child = child
    // Whoever forgets to close the log is not held up by it.
    child.unref()
    child.channel?.unref()
    let verdict: Verdict | null = null
    child.once('message', (message) => (verdict = message as Verdict))
    // The end of a process may be known before what it said last.
    const [[code, signal]] = await Promise.all([once(child, 'exit'), once(child, 'disconnect')])
    return verdict ?? { found: 'no answer', message: `the check ended with ${String(signal ?? code)}` }
  }
}
