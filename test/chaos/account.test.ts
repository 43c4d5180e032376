import { snowflakeTime } from '@repo/discord-integration/types'
import { describe, expect, it } from 'vitest'
import { Account } from './account.ts'
import { drawSchedule } from './schedule.ts'

type Line = number | `message ${number}` | `sync ${string}`

/** As a browser would be told: numbers, messages by number (their id is the number's), and syncs: state, reason, a gap's end. */
function told(lines: readonly Line[], account = new Account()): Account {
  for (const line of lines) {
    const [kind, state = '', reason = '', to = 0] = String(line).split(' ')
    if (kind === 'sync') account.take({ kind: 'sync', state, reason, from: 0, to: Number(to), at: '' })
    else if (kind === 'message') account.take({ kind: 'event', n: Number(state), messageId: state, at: '' })
    else account.take({ kind: 'event', n: Number(line), messageId: null, at: '' })
  }
  return account
}

const wrongsOf = (account: Account) => account.wrongs.map(({ wrong, detail }) => `${wrong} ${detail.split(' (')[0]}`)

describe('an account', () => {
  it('finds nothing wrong where all is told once and in order', () => {
    const account = told(['sync snapshot fresh', 'sync live', 5, 6, 'message 7', 'sync resumed', 8, 'sync live', 9])
    expect(account).toMatchObject({ seen: 5, last: 9, wrongs: [], jumps: [], skipped: 0 })
  })

  it.each<[string, Line[], string[]]>([
    ['an event that was dropped', [1, 2, 4], ['missing 3 to 3']],
    ['one told twice', [1, 2, 2, 3], ['doubled 2 after 2']],
    ['a replay that begins too early', [1, 2, 3, 'sync resumed', 2, 3, 4], ['doubled 2 after 3', 'doubled 3 after 3']],
    ['two that changed places', [1, 3, 2, 4], ['missing 2 to 2', 'doubled 2 after 3']],
    ['a jump longer after its announcement', [1, 'sync gap upstream', 2, 4], ['missing 3 to 3']],
    ['a snapshot that goes back', [1, 2, 3, 'sync snapshot foreign', 2], ['doubled 2 after 3']],
    [
      'a new beginning for one who said where it was',
      [1, 'sync snapshot fresh', 5],
      ['not to be snapshot fresh after 1', 'missing 2 to 4'],
    ],
    ['a message of a hole told twice', [1, 'sync gap upstream', 4, 'message 2', 'message 2'], ['doubled 2 after 4']],
    ['what is no message told late', [1, 'sync gap upstream', 4, 2], ['out of order 2 after 4']],
  ])('finds %s', (_, lines, wrongs) => {
    expect(wrongsOf(told(lines))).toEqual(wrongs)
  })

  it('counts what was announced as missing, and what Discord’s history gives back of it', () => {
    const account = told([1, 'sync gap upstream', 5, 'message 3', 6])
    expect(account).toMatchObject({ wrongs: [], skipped: 3, backfilled: 1, gaps: 1, hidden: 0 })
  })

  it('takes what Discord’s history gives back for that, also before anything new has happened', () => {
    const gap = `sync gap upstream ${snowflakeTime('9')}` as const
    const account = told([1, gap, 'message 2', 'message 4', 6, 7, 'message 3'])
    expect(account).toMatchObject({ wrongs: [], skipped: 4, backfilled: 3, last: 7 })
    expect(wrongsOf(told([1, gap, 'message 2', 'message 2', 6]))).toEqual(['doubled 2 after 1'])
  })

  it('finds a loss that hides in a gap which others passed', () => {
    const anybody = new Set<number>()
    const other = told([1, 2, 'sync gap upstream', 5], new Account(anybody))
    const account = told([1, 'sync gap upstream', 5], new Account(anybody))
    expect([other.hidden, account.hidden]).toEqual([0, 1])
  })
})

describe('a schedule', () => {
  const options = { seed: 'x', duration_ms: 600_000, every_ms: 1_000, dying: true }

  it('is the same for the same seed, and another for another', () => {
    expect(drawSchedule(options)).toEqual(drawSchedule(options))
    expect(drawSchedule({ ...options, seed: 'y' })).not.toEqual(drawSchedule(options))
  })

  it('has everything in it, undone in its time, and no session’s death unless it is asked for', () => {
    const steps = drawSchedule(options)
    expect(new Set(steps.map(({ whom, what }) => `${whom} ${what}`)).size).toBe(16)
    expect(steps.every(({ at_ms, for_ms }) => at_ms + for_ms <= options.duration_ms)).toBe(true)
    const dies = drawSchedule({ ...options, dying: false }).some((step) => step.what === 'fault' && step.dies)
    expect(dies).toBe(false)
    const spoils = steps.filter((step) => step.what === 'fault' && ['lose', 'garble'].includes(step.fault.kind))
    expect(spoils.length).toBeGreaterThan(0)
    expect(spoils.length).toBeLessThanOrEqual(4)
  })
})
