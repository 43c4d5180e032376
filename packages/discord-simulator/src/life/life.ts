import type { Timer } from '../clock.ts'
import type { Dispatch } from '../world/types.ts'
import type { World } from '../world/world.ts'
import { lifeScript } from './script.ts'
import type { Step } from './script.ts'

export interface LifeOptions {
  world: World
  emit: (dispatch: Dispatch & { payload: object }) => void
  /** How much faster than believable: 2 is twice as fast. */
  pace: number
}

/** Plays the script of the world's life against its clock. Stopped and started again, it goes on where it was. */
export class Life {
  readonly #options: LifeOptions
  readonly #script: Iterator<Step>
  #next: Step | undefined
  #timer: Timer | null = null

  constructor(options: LifeOptions) {
    this.#options = options
    this.#script = lifeScript(options.world)
  }

  get running(): boolean {
    return this.#timer !== null
  }

  start(): void {
    if (!this.#timer) this.#wait()
  }

  stop(): void {
    this.#timer?.cancel()
    this.#timer = null
  }

  #wait(): void {
    const { world, pace, emit } = this.#options
    const step = (this.#next ??= this.#script.next().value as Step)
    this.#timer = world.clock.after(step.afterMs / pace, () => {
      this.#next = undefined
      for (const dispatch of step.act()) emit(dispatch)
      // Only now: what the step did may have put something before what would have come next. It may have stopped us too.
      if (this.running) this.#wait()
    })
  }
}
