import { describe, expect, test } from 'vitest'
import { channelOf, noticeOf, permissionName, type Names } from '../../src/live/deed-words.ts'
import { Deeds, type Deed } from '../../src/live/deeds.ts'
import { leftUntil, momentOf, reasonOf } from '../../src/live/hindrance-words.ts'
import type { DeedOutcome, Failure } from '../../src/server/function-results.ts'
import { AT, GUILD } from './fixtures.ts'

const move: Deed = { kind: 'move', userId: '5', channelId: '16' }

function open() {
  const asked: { deed: Deed; requestId: string }[] = []
  const answers: { resolve: (outcome: DeedOutcome) => void; reject: (error: Error) => void }[] = []
  let ids = 0
  let now = AT
  const deeds = new Deeds(GUILD, {
    act: (_guildId, deed, requestId) => {
      asked.push({ deed, requestId })
      return new Promise((resolve, reject) => answers.push({ resolve, reject }))
    },
    newId: () => `r-${(ids += 1)}`,
    now: () => now,
  })
  /** Answers what was asked last. */
  const answer = async (outcome: DeedOutcome) => {
    answers.at(-1)?.resolve(outcome)
    await Promise.resolve()
  }
  return { deeds, asked, answers, answer, pass: (ms: number) => (now += ms) }
}

const failed = (code: string, more: Partial<Failure> = {}): Failure => ({
  ok: false,
  code,
  message: '',
  kept: false,
  ...more,
})
const settle = () => new Promise<void>((resolve) => void setImmediate(resolve))

describe('a deed', () => {
  test('is pending until it is known what became of it, and gone when it was done', async () => {
    const { deeds, answer } = open()
    const outcome = deeds.do(move)
    expect(deeds.items).toMatchObject([{ state: 'pending', deed: move, requestId: 'r-1' }])
    await answer({ ok: true })
    expect(await outcome).toEqual({ ok: true })
    expect(deeds.items).toEqual([])
  })

  test('that is under way is not asked for twice, another is', async () => {
    const { deeds, asked, answer } = open()
    const both = [deeds.do(move), deeds.do({ channelId: '16', userId: '5', kind: 'move' })]
    void deeds.do({ ...move, userId: '6' })
    expect(asked.map(({ requestId }) => requestId)).toEqual(['r-1', 'r-2'])
    await answer({ ok: true })
    expect(deeds.items).toHaveLength(1)
    void both
  })

  test('that was refused says why, stays until it is dismissed, and is asked for again under a new id', async () => {
    const { deeds, asked, answer } = open()
    void deeds.do(move)
    await answer(failed('MISSING_PERMISSIONS', { message: 'No.', kept: true, missing: ['MoveMembers'], retryAfter: 2 }))
    await settle()
    expect(deeds.items).toMatchObject([
      {
        state: 'failed',
        failure: { code: 'MISSING_PERMISSIONS', text: 'No.', missing: ['MoveMembers'], retryAt: AT + 2_000 },
      },
    ])
    void deeds.retry('r-1')
    expect(asked.at(-1)).toEqual({ deed: move, requestId: 'r-2' })
    deeds.dismiss('r-2')
    expect(deeds.items).toHaveLength(1)
    await answer(failed('NOT_IN_VOICE', { message: 'They are not.' }))
    await settle()
    deeds.dismiss('r-2')
    expect(deeds.items).toEqual([])
  })

  test('that nobody knows of is asked for again under its id, and under a new one when that says nothing more', async () => {
    const { deeds, asked, answer, pass } = open()
    void deeds.do(move)
    await answer(failed('OUTCOME_UNKNOWN', { kept: true }))
    await settle()
    expect(deeds.items).toMatchObject([{ state: 'unknown' }])
    void deeds.retry('r-1')
    expect(asked.at(-1)?.requestId).toBe('r-1')
    pass(120_000)
    await answer(failed('OUTCOME_UNKNOWN', { kept: true }))
    await settle()
    void deeds.retry('r-1')
    expect(asked.at(-1)?.requestId).toBe('r-2')
  })

  test('in doubt is not called refused by what was turned back on its way', async () => {
    const { deeds, answer } = open()
    void deeds.do(move)
    await answer(failed('OUTCOME_UNKNOWN'))
    await settle()
    void deeds.retry('r-1')
    await answer(failed('GATEWAY_AWAY'))
    await settle()
    expect(deeds.items).toMatchObject([{ state: 'unknown', failure: null }])
  })

  test.each([
    ['GATEWAY_AWAY', 'failed'],
    ['TOO_MANY_REQUESTS', 'failed'],
    ['Failed to fetch', 'unknown'],
    ['INTERNAL_ERROR', 'unknown'],
  ])('whose asking threw %s is %s', async (message, state) => {
    const { deeds, answers } = open()
    const outcome = deeds.do(move)
    answers[0]?.reject(new Error(message))
    await outcome
    expect(deeds.items).toMatchObject([{ state }])
  })

  test('asked for anew takes the place of what became of it before', async () => {
    const { deeds, answer } = open()
    void deeds.do(move)
    await answer(failed('NOT_IN_VOICE'))
    await settle()
    void deeds.do(move)
    expect(deeds.items).toMatchObject([{ state: 'pending', requestId: 'r-2' }])
  })
})

const names: Names = {
  guild: 'Tidewater Makers',
  person: (id) => (id === '5' ? 'nocturne_7' : '?'),
  channel: (id) => (id === '16' ? 'Friday demo' : 'general'),
  voiceOf: (id) => (id === '5' ? '17' : null),
}

describe('a notice', () => {
  const noticeFor = (deed: Deed, failure: Partial<Failure> | null) =>
    noticeOf(
      {
        requestId: 'r',
        deed,
        at: AT,
        state: failure === null ? 'unknown' : 'failed',
        failure:
          failure === null
            ? null
            : { code: failure.code ?? '', text: failure.message ?? '', missing: failure.missing ?? [], retryAt: null },
        inDoubt: false,
        answered: false,
      },
      names,
    )

  test('says what did not happen, what is needed and who can give it', () => {
    expect(noticeFor(move, { code: 'MISSING_PERMISSIONS', missing: ['MoveMembers'] })).toEqual({
      tone: 'refused',
      title: 'nocturne_7 was not moved: you may not move members',
      text: 'You need Move Members in Friday demo. An owner or moderator of Tidewater Makers can give it to you.',
      code: 'MISSING_PERMISSIONS',
    })
    expect(noticeFor(move, null)).toMatchObject({
      tone: 'unknown',
      title: 'We cannot tell whether nocturne_7 was moved',
      text: 'The connection broke while Discord was working on it. Look at Friday demo before you try again.',
    })
    expect(noticeFor({ kind: 'timeout', userId: '5', until: 'x' }, { code: 'BOT_MISSING_PERMISSIONS' })).toMatchObject({
      title: 'nocturne_7 was not timed out: the bot may not time out members',
      text: 'The bot needs Timeout Members in Tidewater Makers, and a role above theirs. An owner can give it.',
    })
    expect(noticeFor(move, { code: 'RATE_LIMITED', message: 'Slowly.' })).toMatchObject({
      tone: 'wait',
      title: 'Too fast',
      text: 'nocturne_7 was not moved. Slowly.',
    })
    expect(noticeFor(move, { code: 'NOT_IN_VOICE', message: 'They are not.' })).toMatchObject({
      title: 'nocturne_7 was not moved',
      text: 'They are not.',
    })
  })

  const place = { channelId: '1', messageId: '2' }
  test.each<[Deed, string]>([
    [{ kind: 'edit', ...place, content: 'x' }, 'Not changed'],
    [{ kind: 'delete', ...place }, 'Not deleted'],
    [{ kind: 'react', ...place, emoji: '🔥' }, 'Not reacted'],
    [{ kind: 'unreact', ...place, emoji: '🔥' }, 'Not taken back'],
    [{ kind: 'move', userId: '5', channelId: null }, 'nocturne_7 was not disconnected'],
    [{ kind: 'mute', userId: '5', on: true }, 'nocturne_7 was not muted'],
    [{ kind: 'mute', userId: '5', on: false }, 'nocturne_7 is still muted'],
    [{ kind: 'deafen', userId: '5', on: true }, 'nocturne_7 was not deafened'],
    [{ kind: 'deafen', userId: '5', on: false }, 'nocturne_7 is still deafened'],
    [{ kind: 'timeout', userId: '5', until: 'x' }, 'nocturne_7 was not timed out'],
    [{ kind: 'timeout', userId: '5', until: null }, 'nocturne_7 is still timed out'],
  ])('of %j begins with "%s"', (deed, title) => {
    expect(noticeFor(deed, { code: 'NOT_FOUND', message: 'x' }).title).toBe(title)
    const unknown = noticeFor(deed, null)
    expect(unknown.title).toMatch(/^We cannot tell whether (?:nocturne_7|the) /)
    expect(unknown.text).toContain(channelOf(deed, names) === null ? 'Look in Discord' : 'Look at')
  })

  test.each([
    ['MoveMembers', 'Move Members'],
    ['SendMessagesInThreads', 'Send Messages in Threads'],
    ['ModerateMembers', 'Timeout Members'],
    ['UseVAD', 'Use VAD'],
  ])('calls %s %s', (name, called) => {
    expect(permissionName(name)).toBe(called)
  })
})

describe('a reason', () => {
  const at = new Date(2026, 10, 20, 14, 12).getTime()
  const hindrance = (code: string, until: number | null = null, missing: string[] = []) => ({ code, until, missing })

  test.each([
    [hindrance('MISSING_PERMISSIONS', null, ['Connect', 'MoveMembers']), 'You need Connect and Move Members in Loft'],
    [
      hindrance('BOT_MISSING_PERMISSIONS', null, ['MoveMembers']),
      'The bot needs Move Members in Loft. An owner can give it',
    ],
    [hindrance('BOT_OUTRANKED'), 'The bot needs a role above theirs. An owner can give it'],
    [hindrance('TIMED_OUT', at + 78 * 60_000), 'You are timed out until 15:30'],
    [hindrance('TIMED_OUT', at + 5 * 86_400_000), 'You are timed out until Wed, 25 Nov, 14:12'],
    [hindrance('TIMED_OUT'), 'You are timed out'],
    [hindrance('SLOWMODE', at + 11_200), 'Slow mode: 12 s left'],
    [hindrance('SLOWMODE', at + 400_000), 'Slow mode: 7 min left'],
    [hindrance('LOCKED'), 'This thread is locked. You need Manage Threads'],
    [hindrance('OUTRANKED'), 'Their highest role is not below yours'],
    [hindrance('SOMETHING_NEW'), 'It is not possible now'],
  ])('of %j is "%s"', (one, words) => {
    expect(reasonOf(one, 'Loft', at).replaceAll(/,? (?=\d+ Nov)/g, ', ')).toBe(words)
  })

  test.each([
    [12_000, '12 s'],
    [119_000, '119 s'],
    [120_000, '2 min'],
    [78 * 60_000, '78 min'],
    [5 * 3_600_000, '5 h'],
    [7 * 86_400_000, '7 days'],
    [-1, '0 s'],
  ])('counts down %i ms as %s', (ms, words) => {
    expect(leftUntil(at + ms, at)).toBe(words)
    expect(momentOf(at, at)).toBe('14:12')
  })
})
