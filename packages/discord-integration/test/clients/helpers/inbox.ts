/** A queue to wait on, so that nothing is missed however early it comes. */
export class Inbox<T> {
  readonly #items: T[] = []
  readonly #waiting: ((item: T) => void)[] = []

  push(item: T): void {
    const waiting = this.#waiting.shift()
    if (waiting) waiting(item)
    else this.#items.push(item)
  }

  next(): Promise<T> {
    const item = this.#items.shift()
    if (item !== undefined) return Promise.resolve(item)
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** The next that passes; what does not is dropped. */
  async until(passes: (item: T) => boolean): Promise<T> {
    for (;;) {
      const item = await this.next()
      if (passes(item)) return item
    }
  }

  async take(count: number): Promise<T[]> {
    const items: T[] = []
    while (items.length < count) items.push(await this.next())
    return items
  }

  /** What is there now. */
  drain(): T[] {
    return this.#items.splice(0)
  }

  get size(): number {
    return this.#items.length
  }
}
