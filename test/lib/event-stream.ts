import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { until } from './child.ts'

/** A browser's end of a stream, reading one response: it keeps everything, so that no event is missed. */
export class EventStream implements AsyncDisposable {
  readonly events: EventSourceMessage[] = []
  readonly response: Response
  ended = false
  readonly #abort: AbortController

  private constructor(response: Response, abort: AbortController) {
    this.response = response
    this.#abort = abort
    void this.#read()
  }

  static async open(url: string, headers: Record<string, string> = {}): Promise<EventStream> {
    const abort = new AbortController()
    const response = await fetch(url, { headers: { accept: 'text/event-stream', ...headers }, signal: abort.signal })
    return new EventStream(response, abort)
  }

  /** The first event that fits, also one that came before. */
  async event(what: string, fits: (event: EventSourceMessage) => boolean): Promise<EventSourceMessage> {
    return until(`the event ${what}; there came ${this.events.map((event) => event.event).join(', ')}`, () => {
      const found = this.events.find(fits)
      if (!found && this.ended) throw new Error(`the stream ended before ${what}`)
      return found
    })
  }

  async sync(state: string): Promise<EventSourceMessage> {
    return this.event(
      `sync ${state}`,
      (event) => event.event === 'sync' && (JSON.parse(event.data) as { state: string }).state === state,
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort()
    await until('the stream to end', () => this.ended)
  }

  async #read(): Promise<void> {
    const parser = createParser({ onEvent: (event) => this.events.push(event) })
    try {
      if (this.response.body) {
        for await (const text of this.response.body.pipeThrough(new TextDecoderStream())) parser.feed(text)
      }
    } catch {
      // Aborted by the test, or the server went away: the stream has ended either way.
    }
    this.ended = true
  }
}
