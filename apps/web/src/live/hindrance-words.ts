import type { Hindrance } from '../server/function-results.ts'
import { listed, permissionName } from './deed-words.ts'
import { clockTime } from './format.ts'

const DAY_MS = 86_400_000

/** Why somebody may not do something, in a sentence for its tooltip and its name. */
export function reasonOf({ code, missing, until }: Hindrance, place: string, now: number): string {
  switch (code) {
    case 'MISSING_PERMISSIONS':
      return `You need ${listed(missing.map(permissionName))} in ${place}`
    case 'BOT_MISSING_PERMISSIONS':
      return `The bot needs ${listed(missing.map(permissionName))} in ${place}. An owner can give it`
    case 'BOT_OUTRANKED':
      return 'The bot needs a role above theirs. An owner can give it'
    case 'TIMED_OUT':
      return until === null ? 'You are timed out' : `You are timed out until ${momentOf(until, now)}`
    case 'HELD_BACK':
      return `${place} does not let you do that yet`
    case 'SLOWMODE':
      return until === null ? 'Slow mode' : `Slow mode: ${leftUntil(until, now)} left`
    case 'LOCKED':
      return 'This thread is locked. You need Manage Threads'
    case 'NOT_YOURS':
      return 'The bot did not write it for you'
    case 'OUTRANKED':
      return 'Their highest role is not below yours'
    case 'ADMINISTRATOR':
      return 'Administrators cannot be timed out'
    case 'NOT_IN_VOICE':
      return 'They are in no voice channel that you see'
    case 'NOT_FOUND':
      return 'It is not there, or you do not see it'
    default:
      return 'It is not possible now'
  }
}

export const secondsUntil = (until: number, now: number): number => Math.max(0, Math.ceil((until - now) / 1_000))

/** `15:30`; with its day where that is not within a day. */
export function momentOf(at: number, now: number): string {
  if (at - now < DAY_MS) return clockTime(at)
  const day = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short' }).format(at)
  return `${day}, ${clockTime(at)}`
}

/** `12 s`, `78 min`, `3 h`, `5 days`. */
export function leftUntil(until: number, now: number): string {
  const seconds = secondsUntil(until, now)
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.ceil(seconds / 60)
  if (minutes < 120) return `${minutes} min`
  const hours = Math.round(minutes / 60)
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`
}
