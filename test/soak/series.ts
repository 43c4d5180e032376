/** Samples of one figure over time. */
export class Series {
  readonly name: string
  readonly #samples: { atMs: number; value: number }[] = []

  constructor(name: string) {
    this.name = name
  }

  add(atMs: number, value: number): void {
    this.#samples.push({ atMs, value })
  }

  get least(): number {
    return Math.min(...this.#samples.map(({ value }) => value))
  }

  get most(): number {
    return Math.max(...this.#samples.map(({ value }) => value))
  }

  get last(): number {
    return this.#samples.at(-1)?.value ?? 0
  }

  /**
   * The line through the least of every stretch, from a moment on: how much it rises over that time, and where it begins.
   * The least, because a heap is a saw, and only what is left after a collection says what is held.
   */
  trend(fromMs: number, stretchMs: number): { rise: number; level: number } {
    const floors = new Map<number, { x: number; y: number }>()
    for (const { atMs, value } of this.#samples) {
      if (atMs < fromMs) continue
      const stretch = Math.floor((atMs - fromMs) / stretchMs)
      const floor = floors.get(stretch)
      if (!floor || value < floor.y) floors.set(stretch, { x: stretch, y: value })
    }
    const points = [...floors.values()]
    const mean = (of: (point: { x: number; y: number }) => number) =>
      points.reduce((sum, point) => sum + of(point), 0) / points.length
    const [x, y] = [mean((point) => point.x), mean((point) => point.y)]
    const spread = mean((point) => (point.x - x) ** 2)
    const slope = spread === 0 ? 0 : mean((point) => (point.x - x) * (point.y - y)) / spread
    return { rise: slope * (points.length - 1), level: y }
  }
}
