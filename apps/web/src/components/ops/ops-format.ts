import { clockTime, count, milliseconds, seconds } from '../../live/format.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** What is not known. */
export const NOT_KNOWN = '–'

/** The two largest units: `19 d 4 h`, `7 h 12 min`, `3 min 11 s`, `8 s`. */
export function duration(ms: number): string {
  const units = [
    ['d', DAY_MS],
    ['h', HOUR_MS],
    ['min', MINUTE_MS],
    ['s', 1_000],
  ] as const
  const whole = Math.max(0, Math.round(ms / 1_000) * 1_000)
  const first = units.findIndex(([, unit]) => whole >= unit)
  if (first === -1) return '0 s'
  let rest = whole
  const parts = units.slice(first, first + 2).map(([name, unit]) => {
    const many = Math.floor(rest / unit)
    rest -= many * unit
    return many === 0 ? '' : `${many} ${name}`
  })
  return parts.filter((part) => part !== '').join(' ')
}

/** How late: milliseconds as far as one counts in them, then minutes. */
export const late = (ms: number): string => (ms < 60_000 ? `${count(Math.round(ms))} ms` : duration(ms))

/** A latency, as the page writes it: `6.1 ms`, `41 ms`, `1.9 s`. */
export const latency = (ms: number): string => (ms < 1_000 ? milliseconds(ms) : seconds(ms))

export const mebibytes = (bytes: number): string => {
  const mib = bytes / 1024 / 1024
  return mib > 0 && mib < 10 ? mib.toFixed(1) : count(mib)
}

/** `22 kB/s`, `1.9 MB/s` */
export function byteRate(bytesPerSecond: number): string {
  if (bytesPerSecond < 1_000) return `${count(bytesPerSecond)} B/s`
  if (bytesPerSecond < 100_000) return `${count(bytesPerSecond / 1_000)} kB/s`
  return `${(bytesPerSecond / 1_000_000).toFixed(1)} MB/s`
}

/** One digit after the point below 20, where it says something. */
export const rate = (perSecond: number): string =>
  perSecond < 20 ? String(Math.round(perSecond * 10) / 10) : count(perSecond)

const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })

/** A moment of the last days: the time, and before it which day where it is not today. */
export function moment(at: number, now: number): string {
  const time = clockTime(at, 'seconds')
  const days = dayNumber(now) - dayNumber(at)
  if (days === 0) return time
  return days === 1 ? `Yesterday ${time}` : `${dayFormat.format(at)} ${time}`
}

/** By this browser's days, whose length changes with the clocks twice a year. */
function dayNumber(at: number): number {
  const date = new Date(at)
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY_MS)
}
