import type { Random } from '@repo/discord-simulator'
import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { pause } from '../lib/pause.ts'
import type { Witness } from './witness.ts'

/** After how long a broken stream is opened again: less than a page takes, so that more happens. */
const BACK_AFTER_MS = { least: 50, most: 1_500 }

export type BrowserOptions = {
  name: string
  guildId: string
  /** Where the webs are to be found; each time, any of them is taken. */
  webs: readonly string[]
  /** Of somebody who has signed in and may see that guild. */
  cookie: string
  random: Random
  witness: Witness
}

/**
 * A browser with a plain EventSource: reads a stream, says the last id when it comes back, and may come back elsewhere.
 * Ids of a snapshot count once it has been told `live`, as docs/PROTOCOL.md asks.
 */
export class Browser implements AsyncDisposable {
  readonly options: BrowserOptions
  /** How many streams were opened. */
  opened = 0
  readonly #end = new AbortController()
  #stream = new AbortController()
  #committed: string | null = null
  #inSnapshot = false
  #running: Promise<void> = Promise.resolve()

  constructor(options: BrowserOptions) {
    this.options = options
  }

  start(): void {
    this.#running = this.#run()
  }

  /** Breaks the stream from this side. */
  leave(): void {
    this.#stream.abort()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort()
    this.#stream.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const { random } = this.options
    while (!this.#end.signal.aborted) {
      await this.#read(random.pick(this.options.webs)).catch(() => {
        // Refused, cut or reset: a browser comes back whatever it was.
      })
      await pause(random.int(BACK_AFTER_MS.least, BACK_AFTER_MS.most), this.#end.signal)
    }
  }

  async #read(web: string): Promise<void> {
    this.#stream = new AbortController()
    const headers: Record<string, string> = { accept: 'text/event-stream', cookie: this.options.cookie }
    if (this.#committed !== null) headers['last-event-id'] = this.#committed
    this.#inSnapshot = false
    const url = `${web}/api/guilds/${this.options.guildId}/events`
    const response = await fetch(url, { headers, signal: this.#stream.signal })
    this.opened++
    if (response.status !== 200 || !response.body) {
      // It ends an EventSource for good, so it is never for something that passes.
      this.options.witness.account.wrong('refused', `${response.status} from ${web}`)
      return
    }
    const parser = createParser({ onEvent: (event) => this.#hear(event) })
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) parser.feed(text)
  }

  #hear({ event = 'message', data, id }: EventSourceMessage): void {
    const { witness, name } = this.options
    const payload = JSON.parse(data) as Record<string, unknown>
    const at = `${name}, stream ${this.opened}, ${id}`
    if (event === 'sync') {
      const { state } = payload
      if (state === 'snapshot') this.#inSnapshot = true
      else if (state !== 'gap') this.#inSnapshot = false
      witness.sync(payload, at)
    } else witness.event(event, payload, at)
    if (id !== undefined && !this.#inSnapshot) this.#committed = id
  }
}
