import { setImmediate as nextTurn } from 'node:timers/promises'
import { Party } from './party.ts'
import type { Receivers, ReceiversSetup } from './receivers.ts'
import type { Sample } from './rounds.ts'
import { until } from './until.ts'

/** A contender's sending end, measured in its own process. */
export type Sender = {
  /** Events of one turn of the event loop. */
  tick: (events: number) => void
  /** Whether some receiver is behind by more than the bound. */
  isBehind: () => boolean
  /** Whether every event has been written to every socket. */
  isWritten: () => boolean
  /** Of all sockets, since they were opened, with what they still hold. */
  writtenBytes: () => number
}

export type RunOptions = { forMs: number; perTick: number }
export type Sent = { events: number; bytes: number }

/** What a sending party answers to. */
export type SenderAnswers = {
  port: () => Promise<number>
  /** Tick after tick, as fast as the receivers take them. */
  run: (options: RunOptions) => Promise<Sent>
  /** The CPU in microseconds since the run began, of all threads. */
  cpuUs: () => number
}

export function senderAnswers(port: SenderAnswers['port'], sender: Sender): SenderAnswers {
  let cpu = process.cpuUsage()
  return {
    port,
    async run({ forMs, perTick }) {
      cpu = process.cpuUsage()
      const end = performance.now() + forMs
      let events = 0
      do {
        sender.tick(perTick)
        events += perTick
        await nextTurn()
        await until(() => !sender.isBehind())
      } while (performance.now() < end)
      await until(() => sender.isWritten())
      return { events, bytes: sender.writtenBytes() }
    },
    cpuUs() {
      const { user, system } = process.cpuUsage(cpu)
      return user + system
    },
  }
}

/** A sender and its receivers, two processes. */
export class Pair {
  readonly #sender: Party<SenderAnswers>
  readonly #receivers: Party<Receivers>
  readonly #count: number
  #sent = 0

  private constructor(sender: Party<SenderAnswers>, receivers: Party<Receivers>, count: number) {
    this.#sender = sender
    this.#receivers = receivers
    this.#count = count
  }

  static async open(script: URL, setup: unknown, receivers: Omit<ReceiversSetup, 'port'>): Promise<Pair> {
    const sender = new Party<SenderAnswers>(script, setup)
    const port = await sender.ask('port')
    const receiving = new Party<Receivers>(new URL('receivers.ts', import.meta.url), { ...receivers, port })
    await receiving.ask('open')
    return new Pair(sender, receiving, receivers.count)
  }

  /** @throws {Error} when the witness has not seen every event, or a receiver not what the witness has. */
  async round(options: RunOptions): Promise<Sample> {
    const from = performance.now()
    const { events, bytes } = await this.#sender.ask('run', options)
    const seen = await this.#receivers.ask('reach', bytes)
    const wallMs = performance.now() - from
    const cpuUs = await this.#sender.ask('cpuUs')
    this.#sent += events
    if (seen !== this.#sent) throw new Error(`of ${this.#sent} events ${seen} arrived`)
    const apart = await this.#receivers.ask('apart')
    if (apart > 0) throw new Error(`${apart} of ${this.#count} receivers were told more or less than the first`)
    return { events, wallMs, cpuUs }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#receivers[Symbol.asyncDispose]()
    await this.#sender[Symbol.asyncDispose]()
  }
}
