import type { Cast } from './cast.ts'
import type { Step } from './schedule.ts'

/** Lets a schedule happen; resolves when its last deed is undone. */
export async function perform(cast: Cast, steps: readonly Step[], say: (line: string) => void): Promise<void> {
  const startedAt = performance.now()
  const doing: Promise<void>[] = []
  for (const step of steps) {
    await rest(startedAt + step.at_ms - performance.now())
    say(`${new Date().toISOString()} ${describe(step)}`)
    doing.push(act(cast, step))
  }
  await Promise.all(doing)
}

async function act(cast: Cast, step: Step): Promise<void> {
  switch (step.what) {
    case 'kill':
    case 'end':
      return cast.actor(step.whom, step.at).restart(step.what === 'kill' ? 'SIGKILL' : 'SIGTERM', step.for_ms)
    case 'freeze': {
      const actor = cast.actor(step.whom, step.at)
      actor.freeze()
      await rest(step.for_ms)
      return actor.thaw()
    }
    case 'cut':
      return cast.proxy(step.whom, step.at).cut()
    case 'stall':
    case 'refuse': {
      const proxy = cast.proxy(step.whom, step.at)
      if (step.what === 'stall') proxy.stall()
      else proxy.refuse()
      await rest(step.for_ms)
      return step.what === 'stall' ? proxy.flow() : proxy.admit()
    }
    case 'fault':
      cast.simulator.faults.inject(step.fault)
      return rest(step.for_ms)
  }
}

function describe(step: Step): string {
  const { at_ms, for_ms } = step
  if (step.what === 'fault') return `+${at_ms} ms discord ${JSON.stringify(step.fault)}`
  return `+${at_ms} ms ${step.whom} ${step.at}: ${step.what}${for_ms > 0 ? ` for ${for_ms} ms` : ''}`
}

function rest(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)))
}
