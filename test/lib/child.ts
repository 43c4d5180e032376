import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export const ROOT = join(import.meta.dirname, '../..')

/** What the processes of a test file keep goes with it. */
const DATA_DIR = mkdtempSync(join(tmpdir(), 'gateway-service-test-'))
const FOLDERS = { GATEWAY_DATA_DIR: join(DATA_DIR, 'gateway'), WEB_DATA_DIR: join(DATA_DIR, 'web') }
process.once('exit', () => rmSync(DATA_DIR, { recursive: true, force: true }))

/** How long a test waits for a thing before it says what it waited for. */
const PATIENCE_MS = 45_000

/** Asks again until the answer is there (neither undefined, null nor false), and says what was missing if it never is. */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  patienceMs = PATIENCE_MS,
): Promise<NonNullable<T>> {
  const deadline = performance.now() + patienceMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== null && answer !== false) return answer
    if (performance.now() > deadline) throw new Error(`waited ${patienceMs} ms for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** A process under test, Node's mostly: what it says is kept, and it is gone when the test is. */
export class Child implements AsyncDisposable {
  readonly lines: string[] = []
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  readonly #child

  constructor(args: string[], env: Record<string, string | undefined> = {}, cwd = ROOT, command = process.execPath) {
    this.#child = spawn(command, args, {
      cwd,
      env: { ...process.env, NODE_ENV: undefined, VITEST: undefined, ...FOLDERS, ...env },
      // Our services end when the channel does, so none outlives a test whose worker was ended.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.lines.push(line))
    }
    this.exited = new Promise((resolve) => this.#child.once('close', (code, signal) => resolve({ code, signal })))
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('the process was not started')
    return this.#child.pid
  }

  get output(): string {
    return this.lines.join('\n')
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** The first line that matches, also one said before; fails with everything said if the process ends without it. */
  async line(pattern: RegExp): Promise<string> {
    return until(`a line like ${pattern}, in:\n${this.output}`, () => {
      const found = this.lines.find((line) => pattern.test(line))
      if (!found && this.#child.exitCode !== null) {
        throw new Error(`ended with ${this.#child.exitCode} before a line like ${pattern}:\n${this.output}`)
      }
      return found
    })
  }

  /** Waits until a URL answers 200. */
  async ready(url: string): Promise<void> {
    await until(`200 from ${url}`, async () => {
      if (this.#child.exitCode !== null) throw new Error(`ended with ${this.#child.exitCode}:\n${this.output}`)
      return statusOf(url).then((status) => status === 200)
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL')
    await this.exited
  }
}

/** The processes that `npm start` has started by that name, the first first. */
export function startedPids(start: Child, name: string): number[] {
  return start.lines.flatMap((line) => {
    const found = line.startsWith(name) && /started as process (\d+)/.exec(line)
    return found ? [Number(found[1])] : []
  })
}

/** The status that a URL answers with; null while nothing listens. */
export async function statusOf(url: string, init: RequestInit = {}): Promise<number | null> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(5_000) })
    await response.body?.cancel()
    return response.status
  } catch {
    return null
  }
}
