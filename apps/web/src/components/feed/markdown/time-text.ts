import { clockTime } from '../../../live/format.ts'
import type { TimeStyle } from './nodes.ts'

const shortDate = new Intl.DateTimeFormat('en-GB', { day: '2-digit', month: '2-digit', year: 'numeric' })
const longDate = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })
const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'long' })
const relative = new Intl.RelativeTimeFormat('en-GB', { numeric: 'auto' })

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** From so many ms on, in so long a unit. Of months and years, their usual lengths. */
const units = [
  ['year', 365 * DAY],
  ['month', 30 * DAY],
  ['day', DAY],
  ['hour', HOUR],
  ['minute', MINUTE],
] as const

/** A moment as Discord's style asks, in this browser's zone. */
export function timeText(at: number, style: TimeStyle, now: number): string {
  switch (style) {
    case 't':
      return clockTime(at)
    case 'T':
      return clockTime(at, 'seconds')
    case 'd':
      return shortDate.format(at)
    case 'D':
      return longDate.format(at)
    case 'f':
      return `${longDate.format(at)} ${clockTime(at)}`
    case 'F':
      return `${weekday.format(at)} ${longDate.format(at)} ${clockTime(at)}`
    case 's':
      return `${shortDate.format(at)} ${clockTime(at)}`
    case 'S':
      return `${shortDate.format(at)} ${clockTime(at, 'seconds')}`
    case 'R':
      return relativeTime(at, now)
  }
}

function relativeTime(at: number, now: number): string {
  const ms = at - now
  const [unit, length] = units.find(([, each]) => Math.abs(ms) >= each) ?? ['second', SECOND]
  return relative.format(Math.round(ms / length) || 0, unit)
}

/** How long what {@link timeText} says of a moment stays true at least, in ms. */
export function timeStays(at: number, now: number): number {
  const ms = Math.abs(at - now)
  if (ms < 2 * MINUTE) return SECOND
  return ms < 2 * HOUR ? 10 * SECOND : MINUTE
}
