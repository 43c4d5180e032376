/** Figures and times as the page writes them: `14:07`, `14:07:31.204`, `17 ms`, `1.9 s`, `1,043`, `1.2 kB`. */
const two = (value: number): string => String(value).padStart(2, '0')

export function clockTime(at: number, precision: 'minutes' | 'seconds' | 'milliseconds' = 'minutes'): string {
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) return '–'
  const minutes = `${two(date.getHours())}:${two(date.getMinutes())}`
  if (precision === 'minutes') return minutes
  const withSeconds = `${minutes}:${two(date.getSeconds())}`
  return precision === 'seconds' ? withSeconds : `${withSeconds}.${String(date.getMilliseconds()).padStart(3, '0')}`
}

const MINUTE_MS = 60_000

/** `14:02–14:05`; what is shorter than a minute with its seconds, or it would say nothing. */
export function clockSpan(from: number, to: number): string {
  const isShort = to - from < MINUTE_MS && clockTime(from) === clockTime(to)
  const precision = isShort ? 'seconds' : 'minutes'
  const [begin, end] = [clockTime(from, precision), clockTime(to, precision)]
  return begin === end ? begin : `${begin}–${end}`
}

const dayFormat = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' })
const dayAndYearFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })

/** `Friday 20 November`; with the year instead of the weekday once it is another one. */
export function dayName(at: number, now = Date.now()): string {
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  // The comma that some locale data puts after the weekday is no part of the page's wording.
  return (sameYear ? dayFormat : dayAndYearFormat).format(at).replace(',', '')
}

const decimal = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 })
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** With a true minus, as wide as a plus and never at a line's end by itself. */
export const count = (value: number): string => whole.format(value).replace('-', '−')
/** One decimal below 20 ms, where it says something. */
export const milliseconds = (value: number): string => `${value < 20 ? decimal.format(value) : whole.format(value)} ms`
export const seconds = (ms: number): string => `${decimal.format(ms / 1000)} s`

export function byteSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  if (bytes < 99_950) return `${(bytes / 1000).toFixed(bytes < 9_950 ? 1 : 0)} kB`
  return bytes < 999_500 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}

export const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`

/** How long something plays: `0:12`, `1:02:03`. */
export function clipLength(inSeconds: number): string {
  const all = Math.max(0, Math.round(inSeconds))
  const [hours, minutes] = [Math.floor(all / 3600), Math.floor(all / 60) % 60]
  const rest = two(all % 60)
  return hours === 0 ? `${minutes}:${rest}` : `${hours}:${two(minutes)}:${rest}`
}
