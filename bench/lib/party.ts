import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** What a party can be asked, by name. */
export type Answers = Record<string, (argument: never) => unknown>

type Question = { id: number; name: string; argument: unknown }
type Answer = { id: number; value?: unknown; error?: string }

/**
 * One side of a socket in a process of its own, so that what one costs is not counted as the other's. It is asked over
 * the channel that Node opens to a forked process, and ends with whoever started it.
 */
export class Party<Its extends Answers> {
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, Omit<PromiseWithResolvers<unknown>, 'promise'>>()
  #asked = 0

  /** @param setup what the other end of `answerTo` is given. */
  constructor(script: URL, setup: unknown = null) {
    // What Node itself was told (`--cpu-prof`) holds for the parties too.
    this.#child = fork(script, [JSON.stringify(setup)])
    this.#child.on('message', ({ id, value, error }: Answer) => {
      const waiting = this.#waiting.get(id)
      this.#waiting.delete(id)
      if (error === undefined) waiting?.resolve(value)
      else waiting?.reject(new Error(`${script.pathname}: ${error}`))
    })
    this.#child.once('exit', (code, signal) => {
      const ended = new Error(`${script.pathname} ended: ${code ?? signal}`)
      for (const waiting of this.#waiting.values()) waiting.reject(ended)
    })
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  ask<Name extends keyof Its & string>(
    name: Name,
    ...[argument]: Parameters<Its[Name]>
  ): Promise<Awaited<ReturnType<Its[Name]>>> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const id = this.#asked++
    this.#waiting.set(id, { resolve, reject })
    this.#child.send({ id, name, argument } satisfies Question, (error) => {
      if (error) reject(error)
    })
    return promise as Promise<Awaited<ReturnType<Its[Name]>>>
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    const gone = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await gone
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const gone = once(this.#child, 'exit')
    // In order, so that a profile is written: `answerTo` exits on it.
    this.#child.disconnect()
    const cut = setTimeout(() => this.#child.kill('SIGKILL'), 10_000)
    await gone
    clearTimeout(cut)
  }
}

/** What this party was given by whoever started it. */
export function setupOf(): unknown {
  return JSON.parse(process.argv[2] ?? 'null')
}

/** The other end of `Party`: answers, until whoever asks is gone. */
export function answerTo(answers: Answers, close: () => unknown = () => {}): void {
  process.on('message', ({ id, name, argument }: Question) => {
    void answer(answers, name, argument).then((outcome) => process.send?.({ id, ...outcome }))
  })
  process.once('disconnect', () => void Promise.resolve(close()).finally(() => process.exit()))
}

async function answer(answers: Answers, name: string, argument: unknown): Promise<Omit<Answer, 'id'>> {
  try {
    return { value: await (answers[name] as ((argument: unknown) => unknown) | undefined)?.(argument) }
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}
