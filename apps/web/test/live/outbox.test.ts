import { describe, expect, test, vi } from 'vitest'
import type { ViewMessage } from '../../src/live/view/message-list.ts'
import { echoOf, Outbox, type SendOutcome, type SendRequest } from '../../src/live/outbox.ts'
import type { Failure, UploadedFile } from '../../src/server/function-results.ts'
import { AT, CHANNEL, GUILD } from './fixtures.ts'

type Answer = { resolve: (outcome: SendOutcome) => void; reject: (error: Error) => void } | undefined

/** What did nothing, or was not heard of. */
const refused = (code: string) => ({ ok: false as const, code, message: '', kept: false })

/** What the gateway itself says, and goes on saying. */
const nobodyKnows = { ok: false as const, code: 'OUTCOME_UNKNOWN', message: '', kept: true }

function open() {
  const asked: SendRequest[] = []
  const answers: Answer[] = []
  const renewed: UploadedFile[] = []
  let renewal: Failure | null = null
  let ids = 0
  let now = AT
  const outbox = new Outbox(GUILD, {
    send: (request) => {
      asked.push(request)
      return new Promise((resolve, reject) => answers.push({ resolve, reject }))
    },
    uploadAgain: async (_channelId, files) => {
      renewed.push(...files)
      return renewal ?? files.map((file) => ({ ...file, upload: `${file.upload} again` }))
    },
    newId: () => `r-${(ids += 1)}`,
    now: () => now,
  })
  outbox.attach({ newestIn: () => '100', changed: () => undefined })
  return {
    outbox,
    asked,
    answers,
    pass: (ms: number) => (now += ms),
    renewed,
    refuseRenewal: (failure: Failure) => void (renewal = failure),
  }
}

const shown = (id: string, content: string, bot = true) =>
  ({ id, payload: { content, author: { bot } } }) as ViewMessage

describe('what was written', () => {
  test('is pending, then sent, and goes once the feed shows it', async () => {
    const { outbox, answers } = open()
    const done = outbox.send(CHANNEL, 'hello')
    expect(outbox.items).toMatchObject([{ state: 'pending', content: 'hello' }])
    answers[0]?.resolve({ ok: true, messageId: '7' })
    expect(await done).toEqual({ ok: true, messageId: '7' })
    expect(outbox.items).toMatchObject([{ state: 'sent' }])
    outbox.settle((_channel, id) => id === '8')
    expect(outbox.items).toHaveLength(1)
    outbox.settle((_channel, id) => id === '7')
    expect(outbox.items).toHaveLength(0)
  })

  test('names the message that it answers, also when it is tried again', async () => {
    const { outbox, asked, answers } = open()
    const done = outbox.send(CHANNEL, 'hello', '90')
    answers[0]?.resolve(refused('GATEWAY_AWAY'))
    expect(await done).toMatchObject({ ok: false, code: 'GATEWAY_AWAY' })
    void outbox.retry('r-1')
    expect(asked).toMatchObject([{ replyTo: '90' }, { replyTo: '90' }])
    void outbox.send(CHANNEL, 'hello')
    expect(asked[2]).not.toHaveProperty('replyTo')
  })

  test('is not shown beside itself where the stream brings it before the answer', () => {
    const { outbox } = open()
    void outbox.send(CHANNEL, 'hello')
    const [item] = outbox.items
    if (item === undefined) throw new Error('nothing was written')
    expect(echoOf(item, [shown('99', 'hello'), shown('101', 'hello')])?.id).toBe('101')
    expect(echoOf(item, [shown('99', 'hello')])).toBeUndefined()
    expect(echoOf(item, [shown('101', 'other')])).toBeUndefined()
    expect(echoOf(item, [shown('101', 'hello', false)])).toBeUndefined()
  })

  test('that was refused says why, and is tried again under a new id: an id keeps its answer', async () => {
    const { outbox, asked, answers } = open()
    const done = outbox.send(CHANNEL, 'hello')
    answers[0]?.resolve({ ok: false, code: 'MISSING_PERMISSIONS', message: '', kept: true })
    await done
    expect(outbox.items).toMatchObject([{ state: 'failed', failure: { code: 'MISSING_PERMISSIONS' } }])
    void outbox.retry('r-1')
    expect(asked.map(({ requestId }) => requestId)).toEqual(['r-1', 'r-2'])
  })

  test('that was turned back on its way says why, and is tried again under its own id: no answer is kept', async () => {
    const { outbox, asked, answers } = open()
    const done = outbox.send(CHANNEL, 'hello')
    answers[0]?.resolve({ ...refused('RATE_LIMITED'), retryAfter: 11.2 })
    await done
    expect(outbox.items).toMatchObject([
      { state: 'failed', failure: { text: 'Too many messages for now. 12 s left.', code: 'RATE_LIMITED' } },
    ])
    void outbox.retry('r-1')
    expect(asked.map(({ requestId }) => requestId)).toEqual(['r-1', 'r-1'])
  })

  test('of which the gateway does not know is asked for under its own id while Discord guards it, then under a new one', async () => {
    const { outbox, asked, answers, pass } = open()
    const first = outbox.send(CHANNEL, 'hello')
    answers[0]?.resolve(nobodyKnows)
    await first
    expect(outbox.items).toMatchObject([{ state: 'unknown' }])
    for (const nth of [1, 2, 3]) {
      if (nth === 3) pass(2 * 60_000)
      const again = outbox.retry('r-1')
      answers[nth]?.resolve(nobodyKnows)
      await again
    }
    void outbox.retry('r-1')
    expect(asked.map(({ requestId }) => requestId)).toEqual(['r-1', 'r-1', 'r-1', 'r-1', 'r-2'])
  })

  test('and waits in a frozen gateway is asked for under no other id, however often: it would be sent twice', async () => {
    const { outbox, asked, answers, pass } = open()
    const first = outbox.send(CHANNEL, 'hello')
    answers[0]?.resolve(refused('OUTCOME_UNKNOWN'))
    await first
    for (const nth of [1, 2]) {
      pass(2 * 60_000)
      const again = outbox.retry('r-1')
      answers[nth]?.resolve(refused('OUTCOME_UNKNOWN'))
      await again
    }
    void outbox.retry('r-1')
    expect(asked.map(({ requestId }) => requestId)).toEqual(['r-1', 'r-1', 'r-1', 'r-1'])
  })

  test.each([
    ['by web', (answer: Answer) => answer?.reject(new Error('UNAUTHORIZED'))],
    ['for want of its channel', (answer: Answer) => answer?.resolve(refused('UNKNOWN_CHANNEL'))],
    ['for want of a gateway', (answer: Answer) => answer?.resolve(refused('GATEWAY_AWAY'))],
    ['by a gateway that was restarted', (answer: Answer) => answer?.resolve(refused('RATE_LIMITED'))],
  ])('of which nobody knows stays so where the second try is turned back %s', async (_by, turnBack) => {
    const { outbox, asked, answers } = open()
    const first = outbox.send(CHANNEL, 'hello')
    answers[0]?.reject(new Error('the network went away'))
    await first
    const second = outbox.retry('r-1')
    turnBack(answers[1])
    await second
    expect(outbox.items).toMatchObject([{ state: 'unknown', requestId: 'r-1', failure: null }])
    void outbox.retry('r-1')
    expect(asked.map(({ requestId }) => requestId)).toEqual(['r-1', 'r-1', 'r-1'])
  })

  test('of which nobody knew, and which Discord then refuses, was not sent', async () => {
    const { outbox, answers } = open()
    const first = outbox.send(CHANNEL, 'hello')
    answers[0]?.reject(new Error('the network went away'))
    await first
    const second = outbox.retry('r-1')
    answers[1]?.resolve({ ok: false, code: 'MISSING_PERMISSIONS', message: '', kept: true })
    await second
    expect(outbox.items).toMatchObject([{ state: 'failed', failure: { code: 'MISSING_PERMISSIONS' } }])
  })

  test('of which nobody knew is settled once the feed shows it: its own id is asked for what became of it', async () => {
    const { outbox, asked, answers } = open()
    const first = outbox.send(CHANNEL, 'hello')
    answers[0]?.resolve(refused('OUTCOME_UNKNOWN'))
    await first
    outbox.askAbout(() => [shown('99', 'hello'), shown('101', 'other'), shown('101', 'hello', false)])
    expect(asked).toHaveLength(1)
    outbox.askAbout(() => [shown('101', 'hello')])
    expect(asked.map(({ requestId }) => requestId)).toEqual(['r-1', 'r-1'])
    answers[1]?.resolve({ ok: true, messageId: '101' })
    await vi.waitFor(() => expect(outbox.items).toMatchObject([{ state: 'sent', messageId: '101' }]))
    outbox.settle((_channel, id) => id === '101')
    expect(outbox.items).toEqual([])
  })

  test('and was lost is not taken for the same text of somebody else: only an answer to its own id settles it', async () => {
    const { outbox, asked, answers } = open()
    const first = outbox.send(CHANNEL, 'hello')
    answers[0]?.resolve(refused('OUTCOME_UNKNOWN'))
    await first
    // Somebody else's, by the same bot.
    outbox.askAbout(() => [shown('101', 'hello')])
    outbox.settle((_channel, id) => id === '101')
    expect(outbox.items).toMatchObject([{ state: 'pending', requestId: 'r-1' }])
    answers[1]?.resolve({ ok: true, messageId: '102' })
    await vi.waitFor(() => expect(outbox.items).toMatchObject([{ state: 'sent', messageId: '102' }]))
    outbox.settle((_channel, id) => id === '101')
    expect(outbox.items).toHaveLength(1)
    outbox.settle((_channel, id) => id === '102')
    expect(outbox.items).toEqual([])
    expect(asked.map(({ requestId }) => requestId)).toEqual(['r-1', 'r-1'])
  })

  test('and stays unknown though the feed shows its text where the gateway does not know either', async () => {
    const { outbox, answers } = open()
    const first = outbox.send(CHANNEL, 'hello')
    answers[0]?.resolve(nobodyKnows)
    await first
    outbox.askAbout(() => [shown('101', 'hello')])
    answers[1]?.resolve(nobodyKnows)
    await vi.waitFor(() => expect(outbox.items).toMatchObject([{ state: 'unknown', requestId: 'r-1' }]))
  })

  test('is asked about by itself also after it was asked for by hand, and nobody answered', async () => {
    const { outbox, asked, answers } = open()
    const first = outbox.send(CHANNEL, 'hello')
    answers[0]?.resolve(refused('OUTCOME_UNKNOWN'))
    await first
    const second = outbox.retry('r-1')
    answers[1]?.resolve(refused('OUTCOME_UNKNOWN'))
    await second
    outbox.askAbout(() => [shown('101', 'hello')])
    expect(asked.map(({ requestId }) => requestId)).toEqual(['r-1', 'r-1', 'r-1'])
  })

  test('is asked about by itself once, and stays unknown where the question did not get through', async () => {
    const { outbox, asked, answers } = open()
    const first = outbox.send(CHANNEL, 'hello')
    answers[0]?.resolve(refused('OUTCOME_UNKNOWN'))
    await first
    outbox.askAbout(() => [shown('101', 'hello')])
    answers[1]?.resolve(refused('GATEWAY_AWAY'))
    await vi.waitFor(() => expect(outbox.items).toMatchObject([{ state: 'unknown' }]))
    outbox.askAbout(() => [shown('101', 'hello')])
    expect(asked).toHaveLength(2)
    // Nothing is known yet, so it is still under its own id that it may be repeated.
    void outbox.retry('r-1')
    expect(asked.map(({ requestId }) => requestId)).toEqual(['r-1', 'r-1', 'r-1'])
  })

  test('and is unknown is not asked about when the message is of the same text written again', async () => {
    const { outbox, asked, answers } = open()
    const first = outbox.send(CHANNEL, 'hello')
    answers[0]?.resolve(refused('OUTCOME_UNKNOWN'))
    await first
    const second = outbox.send(CHANNEL, 'hello')
    outbox.askAbout(() => [shown('101', 'hello')])
    answers[1]?.resolve({ ok: true, messageId: '101' })
    await second
    outbox.askAbout(() => [shown('101', 'hello')])
    expect(asked).toHaveLength(2)
  })

  test('and is unknown is not asked about by itself after a time for which an id may be forgotten', async () => {
    const { outbox, asked, answers, pass } = open()
    const first = outbox.send(CHANNEL, 'hello')
    answers[0]?.resolve(refused('OUTCOME_UNKNOWN'))
    await first
    pass(2 * 60_000)
    outbox.askAbout(() => [shown('101', 'hello')])
    expect(asked).toHaveLength(1)
  })

  test('and got no answer at all may have been sent', async () => {
    const { outbox, answers } = open()
    const done = outbox.send(CHANNEL, 'hello')
    answers[0]?.reject(new Error('the network went away'))
    await done
    expect(outbox.items).toMatchObject([{ state: 'unknown' }])
  })

  test.each(['UNAUTHORIZED', 'INVALID_INPUT', 'NOT_FOUND', 'GATEWAY_AWAY', 'RATE_LIMITED', 'MISSING_PERMISSIONS'])(
    'and was refused with %s was certainly not sent',
    async (code) => {
      const { outbox, answers } = open()
      const done = outbox.send(CHANNEL, 'hello')
      answers[0]?.reject(new Error(code))
      await done
      expect(outbox.items).toMatchObject([{ state: 'failed', failure: { code } }])
    },
  )

  test.each(['INTERNAL_ERROR', 'toString'])('and failed with %s may have been sent', async (message) => {
    const { outbox, answers } = open()
    const done = outbox.send(CHANNEL, 'hello')
    answers[0]?.reject(new Error(message))
    await done
    expect(outbox.items).toMatchObject([{ state: 'unknown' }])
  })

  test('and was refused says why as the server says it', async () => {
    const { outbox, answers } = open()
    const done = outbox.send(CHANNEL, 'hello')
    const message = 'The bot may not write in this channel.'
    answers[0]?.resolve({ ok: false, code: 'MISSING_PERMISSIONS', message, kept: true, retryAfter: 2.4 })
    await done
    expect(outbox.items).toMatchObject([{ failure: { text: `${message} 3 s left.` } }])
  })

  test('is not tried again while it is on its way', async () => {
    const { outbox, asked } = open()
    void outbox.send(CHANNEL, 'hello')
    await outbox.retry('r-1')
    expect(asked).toHaveLength(1)
  })

  test('can be thrown away', async () => {
    const { outbox, answers } = open()
    const done = outbox.send(CHANNEL, 'hello')
    answers[0]?.resolve(refused('GATEWAY_AWAY'))
    await done
    outbox.discard('r-1')
    expect(outbox.items).toEqual([])
  })
})

describe('what was written with files', () => {
  const file = { upload: 'upload', filename: 'kiln.txt', size: 4 }
  const lost = { ok: false as const, code: 'UNKNOWN_UPLOAD', message: 'Gone.', kept: true }

  test('is sent with them, also when it is tried again', async () => {
    const { outbox, asked, answers } = open()
    const done = outbox.send(CHANNEL, '', null, [file])
    answers[0]?.resolve(refused('GATEWAY_AWAY'))
    await done
    expect(outbox.items).toMatchObject([{ state: 'failed', content: '', files: [file] }])
    void outbox.retry('r-1')
    expect(asked).toMatchObject([
      { requestId: 'r-1', content: '', files: ['upload'] },
      { requestId: 'r-1', content: '', files: ['upload'] },
    ])
    void outbox.send(CHANNEL, 'hello')
    expect(asked[2]).not.toHaveProperty('files')
  })

  test('is known in the feed by the sizes of its files too', () => {
    const { outbox } = open()
    void outbox.send(CHANNEL, '', null, [file])
    const [item] = outbox.items
    const message = (size?: number) =>
      ({
        id: '101',
        payload: { content: '', author: { bot: true }, attachments: size === undefined ? [] : [{ size }] },
      }) as ViewMessage
    expect(echoOf(item!, [message(4)])?.id).toBe('101')
    expect(echoOf(item!, [message(5)])).toBeUndefined()
    expect(echoOf(item!, [message()])).toBeUndefined()
  })

  test('has them uploaded anew when it is tried again after they are gone, under a new id', async () => {
    const { outbox, asked, answers, renewed } = open()
    const done = outbox.send(CHANNEL, 'hello', '90', [file])
    answers[0]?.resolve(lost)
    await done
    expect(outbox.items).toMatchObject([{ state: 'failed', failure: { text: 'Gone.' } }])
    const again = outbox.retry('r-1')
    expect(outbox.items).toMatchObject([{ state: 'pending' }])
    await vi.waitFor(() => expect(asked).toHaveLength(2))
    expect(renewed).toEqual([file])
    expect(asked[1]).toMatchObject({ content: 'hello', replyTo: '90', files: ['upload again'] })
    expect(asked[1]?.requestId).not.toBe('r-1')
    answers[1]?.resolve({ ok: true, messageId: '7' })
    await again
    expect(outbox.items).toMatchObject([{ state: 'sent', messageId: '7' }])
  })

  test('says why where they cannot be uploaded anew, and sends nothing', async () => {
    const { outbox, asked, answers, renewed, refuseRenewal } = open()
    const done = outbox.send(CHANNEL, 'hello', null, [file])
    answers[0]?.resolve(lost)
    await done
    refuseRenewal({ ...refused('GATEWAY_AWAY'), message: 'The gateway is away.' })
    await outbox.retry('r-1')
    expect(outbox.items).toMatchObject([{ state: 'failed', failure: { text: 'The gateway is away.' } }])
    expect(asked).toHaveLength(1)
    // And tries that again, before it sends what would be refused.
    await outbox.retry(outbox.items[0]!.requestId)
    expect(renewed).toEqual([file, file])
    expect(asked).toHaveLength(1)
  })

  test('is not sent any more once it is discarded while they are uploaded anew', async () => {
    const { outbox, asked, answers } = open()
    const done = outbox.send(CHANNEL, 'hello', null, [file])
    answers[0]?.resolve(lost)
    await done
    const again = outbox.retry('r-1')
    for (const { requestId } of outbox.items) outbox.discard(requestId)
    await again
    expect(asked).toHaveLength(1)
  })
})
