import { snowflakeTime } from '@repo/discord-integration/types'
import { describe, expect, it } from 'vitest'
import { Account } from './account.ts'
import type { Told } from './account.ts'
import { drawSchedule, HELD_MOST_MS } from './schedule.ts'

type Line = number | `message ${number}` | `sync ${string}` | 'guild'

/** As a browser would be told: numbers, messages by number (their id is the number's), and syncs: state, reason, a gap's end. */
function told(lines: readonly Line[], account = new Account()): Account {
  for (const line of lines) {
    const [kind, state = '', reason = '', to = 0] = String(line).split(' ')
    if (kind === 'guild') account.take({ kind: 'guild' })
    else if (kind === 'sync') account.take({ kind: 'sync', state, reason, from: 0, to: Number(to), at: '' })
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

  it('lets the guild tell what a page was not told, and nothing else, and not later than it is live', () => {
    const of = () => new Account({ toldByGuild: new Set([2, 3]) })
    expect(wrongsOf(told([1, 'sync resumed', 4, 'guild', 'sync live'], of()))).toEqual([])
    expect(wrongsOf(told([1, 'sync resumed', 4, 'sync live', 'guild'], of()))).toEqual([
      'missing 2,3, and the guild that tells them',
    ])
    // In their place, where what comes next is of after web began.
    expect(wrongsOf(told([1, 'sync resumed', 'guild', 4, 'sync live'], of()))).toEqual([])
    expect(wrongsOf(told(['guild', 1, 'sync resumed', 4, 'sync live'], of()))).toEqual([
      'missing 2,3, and the guild that tells them',
    ])
    expect(wrongsOf(told([1, 'sync resumed', 'guild', 5, 'sync live'], of()))).toEqual(['missing 2 to 4'])
    expect(wrongsOf(told([1, 'sync resumed', 5, 'guild', 'sync live'], of()))).toEqual(['missing 2 to 4'])
    expect(wrongsOf(told([1, 'sync resumed', 'sync live', 4, 'guild'], of()))).toEqual(['missing 2 to 3'])
    expect(told([1, 'sync resumed', 4], of()).owed).toEqual([2, 3])
  })

  it('takes what was said before it came for history, once, and nothing else for it', () => {
    expect(told([5, 'message 3', 6])).toMatchObject({ wrongs: [], backfilled: 1 })
    expect(wrongsOf(told([5, 'message 3', 'message 3', 4]))).toEqual(['doubled 3 after 5', 'out of order 4 after 5'])
  })

  it('takes what Discord’s history gives back for that, also before anything new has happened', () => {
    const gap = `sync gap upstream ${snowflakeTime('9')}` as const
    const account = told([1, gap, 'message 2', 'message 4', 6, 7, 'message 3'])
    expect(account).toMatchObject({ wrongs: [], skipped: 4, backfilled: 3, last: 7 })
    expect(wrongsOf(told([1, gap, 'message 2', 'message 2', 6]))).toEqual(['doubled 2 after 1'])
  })

  describe('that knows when what happened', () => {
    // One a minute, every third a message in a channel of its own.
    const at = (n: number) => n * 60_000
    const channelOf = (n: number) => (n % 3 === 0 ? `channel ${n}` : undefined)
    const gap = (from: number, to: number): Told => {
      return { kind: 'sync', state: 'gap', reason: 'upstream', from: at(from), to: at(to), at: '' }
    }
    const event = (n: number, messageId: string | null = null): Told => ({ kind: 'event', n, messageId, at: '' })
    const late = (from: number, to: number, channels: string[] | null): Told => {
      return { kind: 'late word', from: at(from), to: at(to), channels }
    }
    let isReplayed = false
    const replayed = () => isReplayed
    const knowing = (...lines: Told[]) => {
      const account = new Account({ happened: { at, channelOf, replayed } })
      for (const line of lines) account.take(line)
      return account
    }

    it('takes a gap for one where what is missing happened in its time, or in that of one beside it', () => {
      expect(wrongsOf(knowing(event(1), gap(1, 4), event(5)))).toEqual([])
      expect(wrongsOf(knowing(event(1), gap(1, 3), gap(4, 6), event(7)))).toEqual([])
      expect(wrongsOf(knowing(event(1), gap(1, 4), event(5), event(6), gap(6, 8), event(9)))).toEqual([])
      // What Discord sent then is heard so much later.
      expect(wrongsOf(knowing(event(1), gap(2 + HELD_MOST_MS / 60_000, 4), event(5)))).toEqual([])
    })

    it.each<[string, Told[], string]>([
      ['of another time', [event(1), gap(7, 9), event(10)], 'missing 2 to 6 in no gap’s time: 420000 to 540000'],
      ['that ends too early', [event(1), gap(1, 3), event(6)], 'missing 4 to 5 in no gap’s time: 60000 to 180000'],
      [
        'of earlier, which others have passed since',
        [event(1), gap(1, 3), event(4), gap(1, 3), event(7)],
        'missing 5 to 6',
      ],
      [
        'that begins before what was told',
        [event(3), gap(1, 5), event(6)],
        'missing a gap from 60000 to 300000 is wider',
      ],
      ['that ends after what is told', [event(3), gap(3, 9), event(6)], 'missing a gap from 180000 to 540000 is wider'],
    ])('finds a gap %s', (_, lines, wrong) => {
      expect(wrongsOf(knowing(...lines)).map((one) => one.slice(0, wrong.length))).toContain(wrong)
    })

    it('lets a gap behind what was replayed begin before that', () => {
      isReplayed = true
      expect(wrongsOf(knowing(event(3), gap(1, 5), event(6)))).toEqual([])
      expect(wrongsOf(knowing(event(3), gap(1, 9), event(6)))).toHaveLength(1)
      isReplayed = false
    })

    it('knows of which messages of a hole nobody has said what became of them', () => {
      const hole = [event(1), gap(1, 10), event(11)]
      expect(knowing(...hole).unsettled).toEqual([3, 6, 9])
      expect(knowing(...hole, event(6, '6'), late(1, 10, ['channel 9'])).unsettled).toEqual([3])
      expect(knowing(...hole, late(1, 10, null)).unsettled).toEqual([])
      expect(knowing(...hole, late(1, 9, null)).unsettled).toEqual([3, 6, 9])
    })
  })

  it('finds a loss that hides in a gap which others passed', () => {
    const anybody = new Set<number>()
    const other = told([1, 2, 'sync gap upstream', 5], new Account({ toldAnybody: anybody }))
    const account = told([1, 'sync gap upstream', 5], new Account({ toldAnybody: anybody }))
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
