/** How many dropped places at the front are kept before they are moved away: few enough to be no burden. */
const SLACK_PLACES = 64

/**
 * Things in the order of their positions, added at the end and dropped at the front. An array with an offset: dropping
 * is amortised O(1), where `shift` would move everything, and finding a position is a binary search, since a mirror's
 * positions have holes.
 */
export class Trail<Item extends { readonly position: number }> {
  readonly #items: (Item | undefined)[] = []
  #head = 0

  get length(): number {
    return this.#items.length - this.#head
  }

  at(index: number): Item | undefined {
    return this.#items[this.#head + index]
  }

  push(item: Item): void {
    this.#items.push(item)
  }

  shift(): Item | undefined {
    if (this.length === 0) return undefined
    const item = this.#items[this.#head]
    this.#items[this.#head++] = undefined
    if (this.#head > SLACK_PLACES && this.#head * 2 > this.#items.length) {
      this.#items.splice(0, this.#head)
      this.#head = 0
    }
    return item
  }

  /** The index of the first item after a position; `length` when there is none. */
  indexAfter(position: number): number {
    return this.firstIndex((item) => item.position > position)
  }

  /** The index of the first item for which the test holds, given that it then holds for all that follow. */
  firstIndex(test: (item: Item) => boolean): number {
    let low = 0
    let high = this.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const item = this.at(middle)
      if (item && !test(item)) low = middle + 1
      else high = middle
    }
    return low
  }
}
