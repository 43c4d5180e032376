import type { EventSourceLike, StreamEnvironment } from '../../src/live/stream/stream-types.ts'

/** An EventSource in a test's hand. */
export class FakeSource implements EventSourceLike {
  readonly url: string
  readyState = 1
  #lastEventId = ''
  readonly #listeners = new Map<string, ((event: MessageEvent<string>) => void)[]>()

  constructor(url: string) {
    this.url = url
  }

  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener])
  }

  close(): void {
    this.readyState = 2
  }

  /** A frame. As in a browser, one without an id bears that of the last that had one. */
  say(type: string, data: unknown, id = this.#lastEventId): void {
    this.#lastEventId = id
    const event = { data: typeof data === 'string' ? data : JSON.stringify(data), lastEventId: this.#lastEventId }
    for (const listener of this.#listeners.get(type) ?? []) listener(event as MessageEvent<string>)
  }

  /** The connection broke: a browser would try again by itself. */
  break(): void {
    this.readyState = 0
    this.say('error', '')
  }

  /** The answer was no stream: a browser gives up. */
  refuse(): void {
    this.readyState = 2
    this.say('error', '')
  }

  hops(ts: number): void {
    this.say('hops', {
      ts,
      by: 'web',
      discord: { state: 'connected', since: null, pingMs: 38, detail: null, clockMs: null, shards: [] },
      gateway: { state: 'connected', since: null, rttMs: 1, clockMs: null, attempt: null, nextAttemptAt: null },
    })
  }
}

/** A browser whose clock only moves when it is told to. */
export class FakeBrowser implements StreamEnvironment {
  readonly sources: FakeSource[] = []
  readonly probes: { url: string; signal: AbortSignal; answer: (status: number) => void }[] = []
  time = 1_000_000
  chance = 1
  #timers: { at: number; run: () => void }[] = []

  open = (url: string): FakeSource => {
    const source = new FakeSource(url)
    this.sources.push(source)
    return source
  }

  probe = (url: string, signal: AbortSignal): Promise<number> =>
    new Promise((answer) => this.probes.push({ url, signal, answer }))

  now = (): number => this.time
  random = (): number => this.chance

  setTimer = (run: () => void, ms: number): unknown => {
    const timer = { at: this.time + ms, run }
    this.#timers.push(timer)
    return timer
  }

  clearTimer = (timer: unknown): void => {
    this.#timers = this.#timers.filter((other) => other !== timer)
  }

  get source(): FakeSource {
    const last = this.sources.at(-1)
    if (last === undefined) throw new Error('no source was opened')
    return last
  }

  /** Moves the clock, and runs what is due on the way, in order. */
  pass(ms: number): void {
    const until = this.time + ms
    for (;;) {
      const due = this.#timers.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0]
      if (due === undefined) break
      this.clearTimer(due)
      this.time = Math.max(this.time, due.at)
      due.run()
    }
    this.time = until
  }

  /** The machine slept: the clock is ahead, and timers are late. */
  sleep(ms: number): void {
    this.time += ms
  }
}
