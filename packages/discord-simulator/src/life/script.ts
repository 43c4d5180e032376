import type { Random } from '../random.ts'
import type { World } from '../world/world.ts'
import { Agenda } from './agenda.ts'
import type { Happening } from './agenda.ts'
import { startTalking } from './talk.ts'
import { changePresence } from './presence.ts'
import { changeVoice } from './voice.ts'

/** One thing that happens, some time after the one before. */
export interface Step {
  afterMs: number
  /** Looks at the world as it then is, and says what happens. May be nothing. */
  act: () => Happening[]
}

/** What the parts of the script share. */
export interface Stage {
  world: World
  random: Random
  agenda: Agenda
}

/** How often each kind of thing happens, in milliseconds from one to the next. */
const PACE = {
  voice: [5_000, 15_000],
  talk: [6_000, 20_000],
  presence: [25_000, 60_000],
} as const

/** Lets something happen again and again, at irregular times. */
function repeat({ agenda, random }: Stage, [min, max]: readonly [number, number], act: () => Happening[]): void {
  const next = () => {
    agenda.add(random.int(min, max), () => {
      next()
      return act()
    })
  }
  next()
}

/**
 * The life of a world, without end: a function of its state and its randomness alone, so that the same seed lives the
 * same life.
 */
export function* lifeScript(world: World): Generator<Step, never> {
  const random = world.random.fork('life')
  const stage: Stage = { world, random, agenda: new Agenda() }
  repeat(stage, PACE.voice, () => changeVoice(stage))
  const talk = startTalking(stage)
  repeat(stage, PACE.talk, talk)
  repeat(stage, PACE.presence, () => changePresence(stage))

  for (;;) {
    const before = stage.agenda.nowMs
    const entry = stage.agenda.take()
    if (!entry) throw new Error('the agenda of a life is never empty')
    yield { afterMs: entry.atMs - before, act: entry.act }
  }
}
