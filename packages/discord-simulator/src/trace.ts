import type { Clock } from './clock.ts'

/** Something that happened, to be written down. */
export type TraceEntry = Readonly<Record<string, unknown>>

/** Writes down what happens, in order. */
export type Trace = (entry: TraceEntry) => void

/** Turns what happens into lines of JSON, each with its moment; undefined if nobody reads them. */
export function createTrace(clock: Clock, write: ((line: string) => void) | undefined): Trace | undefined {
  return write && ((entry) => write(JSON.stringify({ at: clock.now(), ...entry })))
}
