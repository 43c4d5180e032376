import type { TabPort, ToHub, ToTab } from './messages.ts'

/** A tab that takes nothing for so long gets no more words that are of no use later: it is frozen, or busy. */
const STALLED_MS = 2_000
/** And after so long it is given up, like one that lies so far behind: its messages would fill the browser's memory. */
const GONE_MS = 60_000
const BEHIND_MESSAGES = 5_000
const BEHIND_CHARS = 4 * 1024 * 1024

/** The hub's end of the line to one tab: what is sent is counted, and what is taken. */
export class TabLine {
  readonly #port: TabPort
  readonly #now: () => number
  #sent = { messages: 0, chars: 0 }
  #taken = { messages: 0, chars: 0 }
  /** Since when something lies there and nothing was taken. */
  #stalledSince: number | null = null
  #saidSince = false
  #isDropped = false

  constructor(port: TabPort, now: () => number) {
    this.#port = port
    this.#now = now
  }

  listen(hear: (message: ToHub) => void): void {
    this.#port.listen(hear)
  }

  get isDropped(): boolean {
    return this.#isDropped
  }

  get isStalled(): boolean {
    return this.#stalledSince !== null && this.#now() - this.#stalledSince >= STALLED_MS
  }

  /** Whether it is to be dropped. */
  get isLost(): boolean {
    const messages = this.#sent.messages - this.#taken.messages
    const chars = this.#sent.chars - this.#taken.chars
    if (messages > BEHIND_MESSAGES || chars > BEHIND_CHARS) return true
    return this.#stalledSince !== null && this.#now() - this.#stalledSince >= GONE_MS
  }

  post(message: ToTab): void {
    if (this.#isDropped) return
    this.#sent.messages += 1
    this.#sent.chars += 'data' in message ? message.data.length : 0
    this.#stalledSince ??= this.#now()
    this.#saidSince = true
    this.#port.post(message)
  }

  /** What is of no use later: nothing for one who takes nothing. */
  offer(message: ToTab): void {
    if (!this.isStalled) this.post(message)
  }

  /** Called every so often: says that the hub is there, where it said nothing since the last time. */
  beat(): void {
    if (!this.#saidSince) this.offer({ type: 'beat' })
    this.#saidSince = false
  }

  take(messages: number, chars: number): void {
    this.#taken = { messages, chars }
    this.#stalledSince = this.#sent.messages > messages ? this.#now() : null
  }

  /** Says so, as the last that it is sent until it comes back. */
  drop(): void {
    this.post({ type: 'dropped' })
    this.#isDropped = true
  }

  /** It has come back: whatever lay there it has taken. */
  back(): void {
    this.#isDropped = false
  }

  close(): void {
    this.#isDropped = true
    this.#port.close()
  }
}
