/** Reads under way at once. The link takes 64 commands, and people's own are among them. */
const READS_AT_ONCE = 16
/** Those that wait for their turn. Beyond, it is not known. */
const READS_WAITING_MAX = 2_000
/** What an event has overtaken so often is not known. */
const ATTEMPTS_MAX = 4

export type FreshReadsOptions<Value> = {
  read: (key: readonly string[]) => Promise<Value>
  /** How long an answer is good for, from when it was asked for. */
  maxAgeMs: number
  /** Answers that are remembered; beyond, those that were read first are forgotten. */
  entriesMax: number
  /** What is thrown where it is not read: `busy` with too many before it, `overtaken` by one event after another. */
  unread: (why: 'busy' | 'overtaken') => Error
  now: () => number
}

type Answer<Value> = { readonly key: readonly string[]; readonly value: Value; readonly readAt: number }
type Read<Value> = { readonly key: readonly string[]; readonly promise: Promise<Value>; isOvertaken: boolean }

/** Answers that are asked for again when they are old or forgotten, and once for all who ask at the same time. */
export class FreshReads<Value> {
  readonly #options: FreshReadsOptions<Value>
  /** In the order in which they were read. */
  readonly #answers = new Map<string, Answer<Value>>()
  readonly #reads = new Map<string, Read<Value>>()
  readonly #waiting: (() => void)[] = []
  #underWay = 0

  constructor(options: FreshReadsOptions<Value>) {
    this.#options = options
  }

  /** What is remembered and not too old. */
  known(key: readonly string[]): { value: Value; until: number } | undefined {
    const name = nameOf(key)
    const answer = this.#answers.get(name)
    if (!answer) return undefined
    const until = answer.readAt + this.#options.maxAgeMs
    if (this.#options.now() < until) return { value: answer.value, until }
    this.#answers.delete(name)
    return undefined
  }

  /** @throws what `read` throws, for all who wait for it, and what `unread` says. A failure is not remembered. */
  async get(key: readonly string[]): Promise<Value> {
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      const known = this.known(key)
      if (known) return known.value
      const read = this.#reads.get(nameOf(key)) ?? this.#begin(key)
      const value = await read.promise
      if (!read.isOvertaken) return value
    }
    throw this.#options.unread('overtaken')
  }

  /** Forgets whatever begins with these, and overtakes what is being read of it. */
  forget(begin: readonly string[]): void {
    const isMeant = ({ key }: { key: readonly string[] }) => begin.every((part, index) => key[index] === part)
    for (const [name, answer] of this.#answers) if (isMeant(answer)) this.#answers.delete(name)
    for (const [name, read] of this.#reads) {
      if (!isMeant(read)) continue
      read.isOvertaken = true
      this.#reads.delete(name)
    }
  }

  #begin(key: readonly string[]): Read<Value> {
    const name = nameOf(key)
    const { promise, resolve, reject } = Promise.withResolvers<Value>()
    const read = { key, isOvertaken: false, promise }
    this.#reads.set(name, read)
    const ended = () => {
      if (this.#reads.get(name) === read) this.#reads.delete(name)
    }
    promise.then(ended, ended)
    this.#inTurn(() => this.#read(read)).then(resolve, reject)
    return read
  }

  async #read(own: Read<Value>): Promise<Value> {
    const { read, entriesMax, now } = this.#options
    const { key } = own
    const readAt = now()
    const value = await read(key)
    if (own.isOvertaken) return value
    const name = nameOf(key)
    this.#answers.delete(name)
    this.#answers.set(name, { key, value, readAt })
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= entriesMax) break
      this.#answers.delete(oldest)
    }
    return value
  }

  async #inTurn(read: () => Promise<Value>): Promise<Value> {
    if (this.#underWay >= READS_AT_ONCE) {
      if (this.#waiting.length >= READS_WAITING_MAX) throw this.#options.unread('busy')
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    } else this.#underWay++
    try {
      return await read()
    } finally {
      // Whoever waits takes the place over.
      const next = this.#waiting.shift()
      if (next) next()
      else this.#underWay--
    }
  }
}

const nameOf = (key: readonly string[]): string => key.join(' ')
