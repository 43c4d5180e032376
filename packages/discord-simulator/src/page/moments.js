const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })

const thisYear = new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric', month: 'short' })
const anyYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' })

/** @param {string | number} moment */
export const timeOf = (moment) => clock.format(new Date(moment))

/**
 * The time of today, and of any other day that day and the time.
 * @param {string | number} moment
 * @param {Date} [now]
 */
export function momentOf(moment, now = new Date()) {
  const then = new Date(moment)
  if (then.toDateString() === now.toDateString()) return timeOf(moment)
  const day = then.getFullYear() === now.getFullYear() ? thisYear : anyYear
  return `${day.format(then)}, ${timeOf(moment)}`
}
