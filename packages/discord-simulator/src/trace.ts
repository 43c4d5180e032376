import type { Clock } from './clock.ts'

/** Something that happened, to be written down. */
export type TraceEntry = Readonly<Record<string, unknown>>

/** Writes down what happens, in order. */
export type Trace = (entry: TraceEntry) => void

/**
 * Turns what happens into lines of JSON, each with its moment; undefined if nobody reads them.
 *
 * @param place where the simulator is, host and port. The system chose the port, not the seed, so lines say 0 for it.
 */
export function createTrace(
  clock: Clock,
  write: ((line: string) => void) | undefined,
  place: () => string,
): Trace | undefined {
  if (!write) return undefined
  return (entry) => {
    const line = JSON.stringify({ at: clock.now(), ...entry })
    write(line.replaceAll(place(), place().replace(/\d+$/, '0')))
  }
}
