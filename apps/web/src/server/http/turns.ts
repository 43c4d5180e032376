/**
 * Lets so many pass in a turn of the event loop, in their order. What Node has heard it tells of all at once, and between thousands
 * of requests nothing else would have its turn.
 */
export class Turns {
  readonly #perTurn: number
  readonly #waiting: (() => void)[] = []
  #passed = 0

  constructor(perTurn: number) {
    this.#perTurn = perTurn
  }

  /** Resolves when whoever asks may go on: at once, where few do. */
  async wait(): Promise<void> {
    if (this.#passed === 0) setImmediate(this.#turn)
    if (this.#passed < this.#perTurn) this.#passed++
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  readonly #turn = (): void => {
    const passing = this.#waiting.splice(0, this.#perTurn)
    this.#passed = passing.length
    if (this.#passed > 0) setImmediate(this.#turn)
    for (const pass of passing) pass()
  }
}
