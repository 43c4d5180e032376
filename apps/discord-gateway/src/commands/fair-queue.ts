/**
 * What waits: of each holder in the order in which it came, and of the holders in turn, so that one who has much waiting holds up
 * none of the others.
 */
export class FairQueue<Holder, Item> {
  /** In the order of their turns; none is empty. */
  readonly #queues = new Map<Holder, Item[]>()

  push(holder: Holder, item: Item): void {
    const queue = this.#queues.get(holder)
    if (queue) queue.push(item)
    else this.#queues.set(holder, [item])
  }

  /** Takes the one whose turn it is; undefined where none waits. */
  shift(): Item | undefined {
    const [first] = this.#queues
    if (!first) return undefined
    const [holder, queue] = first
    const item = queue.shift()
    this.#queues.delete(holder)
    if (queue.length > 0) this.#queues.set(holder, queue)
    return item
  }

  /** Takes one out of turn. */
  remove(holder: Holder, item: Item): void {
    const queue = this.#queues.get(holder)
    const index = queue?.indexOf(item) ?? -1
    if (!queue || index === -1) return
    queue.splice(index, 1)
    if (queue.length === 0) this.#queues.delete(holder)
  }

  /** How many would have their turn before one that the holder would push now, if no more of others came. */
  ahead(holder: Holder): number {
    const own = this.#queues.get(holder)?.length ?? 0
    let ahead = 0
    for (const [other, { length }] of this.#queues) ahead += other === holder ? length : Math.min(length, own + 1)
    return ahead
  }

  get isEmpty(): boolean {
    return this.#queues.size === 0
  }
}

/** Waits in it until `shift` hands it on, for so many ms at the most: then what is thrown says so. */
export async function turnIn<Holder>(
  queue: FairQueue<Holder, () => void>,
  holder: Holder,
  forMs: number,
  tooLate: () => Error,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  queue.push(holder, resolve)
  const timer = setTimeout(() => {
    queue.remove(holder, resolve)
    reject(tooLate())
  }, forMs)
  await promise.finally(() => clearTimeout(timer))
}
