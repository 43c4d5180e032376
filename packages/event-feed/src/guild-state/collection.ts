import { isDeepStrictEqual } from 'node:util'
import { isObject } from './json.ts'
import type { JsonObject } from './json.ts'

/** Where the id of a collection's entry is. */
export type KeyOf = (entry: JsonObject) => unknown

/** Entries that are encoded at once when there is time: some tenths of a millisecond. */
const STEP_ENTRIES = 512

/** Told of each id that comes into a collection or leaves it. */
export type IdListener = { added(id: string): void; removed(id: string): void }

/**
 * One of a guild's arrays, by id. Its JSON text is kept until it changes, since a message changes the channels of a
 * guild and not its thousands of members.
 */
export class Collection {
  readonly #keyOf: KeyOf
  readonly #entries = new Map<string, JsonObject>()
  readonly #onChange: () => void
  readonly #ids: IdListener | null
  #text: string | null = null
  /** Of entries that were encoded ahead; one that changes is another object then. */
  #texts: Map<JsonObject, string> | null = null

  constructor(keyOf: KeyOf, onChange: () => void, ids: IdListener | null = null) {
    this.#keyOf = keyOf
    this.#onChange = onChange
    this.#ids = ids
  }

  get size(): number {
    return this.#entries.size
  }

  get(id: unknown): JsonObject | undefined {
    return typeof id === 'string' ? this.#entries.get(id) : undefined
  }

  values(): IterableIterator<JsonObject> {
    return this.#entries.values()
  }

  /** Adds the entry, or lays it over the one with its id. False: it has no id. */
  put(entry: unknown): boolean {
    if (!isObject(entry)) return false
    const id = this.#keyOf(entry)
    if (typeof id !== 'string') return false
    const before = this.#entries.get(id)
    if (before) this.#lay(entry, before, id)
    else {
      this.#set(id, entry)
      this.#ids?.added(id)
    }
    return true
  }

  /** Changes the entry with that id, if there is one. */
  patch(id: unknown, fields: JsonObject): void {
    const before = this.get(id)
    if (before) this.#lay(fields, before, id as string)
  }

  delete(id: unknown): void {
    if (typeof id !== 'string' || !this.#entries.delete(id)) return
    this.#ids?.removed(id)
    this.#changed()
  }

  deleteWhere(gone: (entry: JsonObject) => boolean): void {
    for (const [id, entry] of this.#entries) if (gone(entry)) this.delete(id)
  }

  /** Takes these and nothing else. Answers how many had no id. */
  replace(entries: readonly unknown[]): number {
    this.unlist()
    this.#entries.clear()
    this.#changed()
    return entries.filter((entry) => !this.put(entry)).length
  }

  /** Tells the listener that all ids have left, though they are kept: nobody asks for this collection any more. */
  unlist(): void {
    if (this.#ids) for (const id of this.#entries.keys()) this.#ids.removed(id)
  }

  /** As a JSON array. */
  get text(): string {
    this.#text ??= this.#texts ? this.#joined(this.#texts) : JSON.stringify([...this.#entries.values()])
    this.#texts = null
    return this.#text
  }

  /** Encodes ahead what `text` will ask for, some entries a step. Each answers how many characters these have. */
  *encoding(): Iterable<number> {
    if (this.#text !== null || this.#entries.size < STEP_ENTRIES) return
    const texts = (this.#texts = new Map<JsonObject, string>())
    let characters = 0
    for (const entry of this.#entries.values()) {
      const text = JSON.stringify(entry)
      texts.set(entry, text)
      characters += text.length
      if (texts.size % STEP_ENTRIES > 0) continue
      yield characters
      characters = 0
    }
  }

  #joined(texts: ReadonlyMap<JsonObject, string>): string {
    return `[${Array.from(this.#entries.values(), (entry) => texts.get(entry) ?? JSON.stringify(entry)).join(',')}]`
  }

  /** Compares no more than what is laid over: with every message its author's member comes, and is mostly known. */
  #lay(fields: JsonObject, before: JsonObject, id: string): void {
    const isKnown = (field: string) =>
      before[field] === fields[field] || isDeepStrictEqual(before[field], fields[field])
    if (!Object.keys(fields).every(isKnown)) this.#set(id, { ...before, ...fields })
  }

  #set(id: string, entry: JsonObject): void {
    this.#entries.set(id, entry)
    this.#changed()
  }

  #changed(): void {
    this.#text = null
    this.#onChange()
  }
}
