import { figureFamilyOf, type CommandEnd, type FigureFamily } from '@repo/discord-integration/types'
import { isAboutItself } from '../commands/about-itself.ts'

/**
 * What happens, counted since the process began: the one place from which /metrics and the figures of `get_figures` are read.
 */
export class Tally {
  /** Dispatches of Discord, by name. */
  readonly events = new Map<string, { family: FigureFamily; count: number }>()
  /** Commands for Discord, by how they ended. What a backend asks the gateway about itself is not among them. */
  readonly commands: Record<CommandEnd, number> = { done: 0, refused: 0, unknown: 0 }

  countEvent(name: string): void {
    const known = this.events.get(name)
    if (known) known.count++
    else this.events.set(name, { family: figureFamilyOf(name), count: 1 })
  }

  /** @param outcome `ack`, or the code of the error. */
  countCommand(name: string, outcome: string): void {
    if (isAboutItself(name)) return
    this.commands[outcome === 'ack' ? 'done' : UNKNOWN.has(outcome) ? 'unknown' : 'refused']++
  }

  /** How many events so far, by family. */
  byFamily(): Record<FigureFamily, number> {
    const counts = { messages: 0, presence: 0, voice: 0, reactions: 0, other: 0 }
    for (const { family, count } of this.events.values()) counts[family] += count
    return counts
  }
}

/** As docs/PROTOCOL.md says of `error`: nobody knows whether it was done. */
const UNKNOWN: ReadonlySet<string> = new Set(['OUTCOME_UNKNOWN', 'INTERNAL_ERROR'])
