import { UPLOAD_MAX_BYTES } from '@repo/discord-integration/types'
import { describe, expect, test } from 'vitest'
import { Attachments } from '../../src/live/attachments.ts'
import { Uploads, type UploadOutcome, type UploadRequest } from '../../src/live/uploads.ts'
import { CHANNEL, GUILD } from './fixtures.ts'

const OTHER = '99'

const refused = (code: string, message = 'Why.') => ({ ok: false as const, code, message, kept: false })

function open() {
  const asked: UploadRequest[] = []
  const answers: ((outcome: UploadOutcome) => void)[] = []
  const uploads = new Uploads(GUILD, (request) => {
    asked.push(request)
    return new Promise((resolve) => answers.push(resolve))
  })
  const attachments = new Attachments(uploads)
  const answer = async (at: number, outcome?: UploadOutcome) => {
    const { filename, file } = asked[at]!
    answers[at]?.(outcome ?? { ok: true, upload: `upload ${at}`, filename, size: file.size })
    await new Promise(setImmediate)
  }
  return { uploads, attachments, asked, answer, named: () => asked.map(({ filename }) => filename) }
}

const fileOf = (name: string, size = 3) => new File([new Uint8Array(size)], name)

describe('what is uploaded', () => {
  test('goes to its channel under its name, and resolves to what names it', async () => {
    const { uploads, asked, answer } = open()
    const done = uploads.upload({ channelId: CHANNEL, file: fileOf('kiln.txt') })
    expect(asked).toMatchObject([{ guildId: GUILD, channelId: CHANNEL, filename: 'kiln.txt' }])
    await answer(0)
    expect(await done).toEqual({ ok: true, upload: 'upload 0', filename: 'kiln.txt', size: 3 })
  })

  test.each([
    ['a/b\\c\n.txt', 'a_b_c_.txt'],
    ['', 'file'],
    [`${'x'.repeat(300)}.png`, `${'x'.repeat(256)}.png`],
    ['half \ud800', 'half \ufffd'],
  ])('is called what Discord may call it: %j', async (name, called) => {
    const { uploads, named } = open()
    void uploads.upload({ channelId: CHANNEL, file: new Blob(['x']), filename: name })
    expect(named()).toEqual([called])
  })

  test('is refused unasked where it is empty or too large', async () => {
    const { uploads, asked } = open()
    const upload = (size: number) => uploads.upload({ channelId: CHANNEL, file: fileOf('a', size) })
    expect(await upload(0)).toMatchObject({ ok: false, code: 'EMPTY' })
    expect(await upload(UPLOAD_MAX_BYTES + 1)).toMatchObject({ ok: false, code: 'UPLOAD_TOO_LARGE' })
    expect(asked).toEqual([])
    void upload(UPLOAD_MAX_BYTES)
    expect(asked).toHaveLength(1)
  })

  test('goes two at a time, in order; what is given up before its turn does not go', async () => {
    const { uploads, answer, named } = open()
    const given = new AbortController()
    const outcomes = ['a', 'b', 'c', 'd'].map((name) =>
      uploads.upload({ channelId: CHANNEL, file: fileOf(name), ...(name === 'c' && { signal: given.signal }) }),
    )
    expect(named()).toEqual(['a', 'b'])
    given.abort()
    await answer(1)
    expect(named()).toEqual(['a', 'b', 'd'])
    expect(await outcomes[2]).toMatchObject({ ok: false, code: 'ABORTED' })
    await answer(0)
    await answer(2)
    expect(await Promise.all(outcomes)).toMatchObject([{ ok: true }, { ok: true }, { ok: false }, { ok: true }])
  })

  test('says for people why not, and when there is room', async () => {
    const { uploads, answer } = open()
    const [slow, broken] = ['a', 'b'].map((name) => uploads.upload({ channelId: CHANNEL, file: fileOf(name) }))
    await answer(0, { ...refused('TOO_MANY_REQUESTS', 'Too much.'), retryAfter: 8.4 })
    await answer(1, refused('NOT_CONNECTED', ''))
    expect(await slow).toMatchObject({ message: 'Too much. 9 s left.' })
    expect(await broken).toMatchObject({ message: 'It did not get through.' })
  })

  test('can be uploaded anew, by what it was called, as long as the page has it', async () => {
    const { uploads, answer, named } = open()
    const done = uploads.upload({ channelId: CHANNEL, file: fileOf('a'), filename: 'b' })
    await answer(0)
    const first = await done
    if (!first.ok) throw new Error('it was refused')
    const again = uploads.again(CHANNEL, [first])
    expect(named()).toEqual(['b', 'b'])
    await answer(1)
    expect(await again).toMatchObject([{ upload: 'upload 1', filename: 'b' }])
    expect(await uploads.again(CHANNEL, [{ ...first }])).toMatchObject({ ok: false, code: 'UNKNOWN_UPLOAD' })
  })

  test('is nothing on a page that only listens', async () => {
    const outcome = await new Uploads(GUILD).upload({ channelId: CHANNEL, file: fileOf('a') })
    expect(outcome).toMatchObject({ ok: false, code: 'FORBIDDEN' })
  })
})

describe('what is attached', () => {
  test('is uploaded at once, says how far it is, and is taken with the message', async () => {
    const { attachments, asked, answer } = open()
    let told = 0
    attachments.subscribe(() => (told += 1))
    expect(attachments.add(CHANNEL, [fileOf('a'), fileOf('b')])).toBe(0)
    expect(attachments.of(CHANNEL)).toMatchObject([
      { name: 'a', size: 3, sent: null, uploaded: null, failure: null },
      { name: 'b' },
    ])
    asked[0]?.onProgress(2)
    expect(attachments.of(CHANNEL)).toMatchObject([{ sent: 2 }, { sent: null }])
    await answer(0)
    await answer(1)
    expect(told).toBeGreaterThan(2)
    expect(attachments.of(OTHER)).toEqual([])
    expect(attachments.take(CHANNEL)).toMatchObject([{ upload: 'upload 0' }, { upload: 'upload 1' }])
    expect(attachments.of(CHANNEL)).toEqual([])
  })

  test('is ten files at most, however they come', () => {
    const { attachments } = open()
    const many = (count: number) => Array.from({ length: count }, (_, at) => fileOf(String(at)))
    expect(attachments.add(CHANNEL, many(8))).toBe(0)
    expect(attachments.add(CHANNEL, many(5))).toBe(3)
    expect(attachments.of(CHANNEL)).toHaveLength(10)
    expect(attachments.add(OTHER, many(1))).toBe(0)
  })

  test('stays with why not where it was refused, and the others with it; it may be tried again', async () => {
    const { attachments, asked, answer } = open()
    attachments.add(CHANNEL, [fileOf('a'), fileOf('empty', 0), fileOf('b')])
    await answer(0, refused('GATEWAY_AWAY'))
    await answer(1)
    expect(attachments.of(CHANNEL)).toMatchObject([
      { failure: { code: 'GATEWAY_AWAY' } },
      { failure: { code: 'EMPTY' } },
      { uploaded: { upload: 'upload 1' } },
    ])
    attachments.retry(CHANNEL, attachments.of(CHANNEL)[0]!.id)
    expect(attachments.of(CHANNEL)[0]).toMatchObject({ failure: null, sent: null })
    expect(asked).toHaveLength(3)
    await answer(2)
    expect(attachments.of(CHANNEL)[0]).toMatchObject({ uploaded: { upload: 'upload 2' } })
  })

  test('is given up when it is removed, or whoever attached it is signed out', async () => {
    const { attachments, asked, answer } = open()
    attachments.add(CHANNEL, [fileOf('a'), fileOf('b')])
    attachments.add(OTHER, [fileOf('c')])
    attachments.remove(CHANNEL, attachments.of(CHANNEL)[0]!.id)
    expect(asked[0]?.signal.aborted).toBe(true)
    await answer(0)
    expect(attachments.of(CHANNEL)).toMatchObject([{ name: 'b' }])
    attachments.clear()
    expect(asked[1]?.signal.aborted).toBe(true)
    expect([attachments.of(CHANNEL), attachments.of(OTHER)]).toEqual([[], []])
  })
})
