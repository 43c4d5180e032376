import { spawn, type ChildProcess } from 'node:child_process'
import { ask, TOKEN } from './link.ts'

const MAIN = new URL('../src/main.ts', import.meta.url).pathname

/** The Gateway Service as a process, and what it has said. */
export class GatewayProcess {
  readonly child: ChildProcess
  readonly exit: Promise<number | null>
  output = ''
  #port = Promise.withResolvers<number>()

  constructor(environment: Record<string, string>, args: string[] = []) {
    this.child = spawn(process.execPath, [MAIN, ...args], {
      env: { PATH: process.env['PATH'], GATEWAY_PORT: '0', LINK_TOKEN: TOKEN, LOG_LEVEL: 'trace', ...environment },
      // It ends when the channel does, so it does not outlive a test whose worker was ended.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    // Not `exit`: what it said last may still be in the pipe then.
    this.exit = new Promise((resolve) => this.child.once('close', resolve))
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text
        const [, port] = /listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(this.output) ?? []
        if (port !== undefined) this.#port.resolve(Number(port))
      })
    }
    void this.exit.then(() => this.#port.reject(new Error(`it ended: ${this.output}`)))
    this.#port.promise.catch(() => {})
  }

  get port(): Promise<number> {
    return this.#port.promise
  }

  async ready(): Promise<number> {
    const port = await this.port
    while ((await ask(port, '/readyz')).status !== 200) await new Promise(setImmediate)
    return port
  }

  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal)
    return await this.exit
  }
}
