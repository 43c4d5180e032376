import { HELD_MOST_MS } from './schedule.ts'

/** From when to when something is missing, as a gap says it, in ms since the epoch. */
export type Span = { from: number; to: number }

/** What is said late of a span: that messages of these channels (null: of any) could not be had again. */
export type LateWord = Span & { channels: readonly string[] | null }

/** What happened in a guild, by its number. */
export type Happened = {
  /** When, in ms since the epoch. */
  at(n: number): number
  /** If it was a message, in which channel. */
  channelOf(n: number): string | undefined
  /** Discord sent it to the gateway again. */
  replayed(n: number): boolean
}

/** Numbers that a consumer was not told, and was told that it was not told. */
export type Jump = { after: number; to: number; why: string; spans: readonly Span[] }

/** Of processes that read the same clock, each in ms of its own. */
export const CLOCK_MS = 100

/**
 * What is wrong with a jump, if its spans do not tell when the missing happened. A gap counts from what was heard last, and what
 * is heard was sent before: it may begin as much too late as Discord's sending is held back on its way, and no more.
 */
export function faultsOf({ after, to, spans }: Jump, happened: Happened): string[] {
  const at = (n: number) => happened.at(n)
  const lies = (n: number) => (span: Span) => at(n) >= span.from - HELD_MOST_MS && at(n) <= span.to + CLOCK_MS
  const outside = numbersBetween(after, to).filter((n) => !spans.some(lies(n)))
  // Nobody knows when that was which is replayed: a gap behind it begins where Discord was heard live last.
  const isEarly = (from: number) => from < at(after) - CLOCK_MS && !happened.replayed(after)
  const wide = spans.filter(({ from, to: end }) => isEarly(from) || end > at(to) + HELD_MOST_MS)
  const told = (span: Span) => `${span.from} to ${span.to}`
  return [
    ...(outside.length === 0 ? [] : [`${outside[0]} to ${outside.at(-1)} in no gap’s time: ${spans.map(told).join()}`]),
    ...wide.map((span) => `a gap from ${told(span)} is wider than ${after} (${at(after)}) to ${to} (${at(to)})`),
  ]
}

/** The messages of a jump that were neither told later nor named as such that cannot be. */
export function unsettledOf(
  { after, to, spans }: Jump,
  happened: Happened,
  later: { told: ReadonlySet<number>; words: readonly LateWord[] },
): number[] {
  const words = later.words.filter((word) => spans.some(({ from, to: end }) => word.from === from && word.to === end))
  return numbersBetween(after, to).filter((n) => {
    const channel = happened.channelOf(n)
    if (channel === undefined || later.told.has(n)) return false
    return !words.some(({ channels }) => channels === null || channels.includes(channel))
  })
}

export function numbersBetween(after: number, to: number): number[] {
  return Array.from({ length: to - after - 1 }, (_, index) => after + 1 + index)
}
