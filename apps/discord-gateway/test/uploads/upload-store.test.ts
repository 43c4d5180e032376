import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UPLOAD_MAX_BYTES, UploadSchema } from '@repo/discord-integration/types'
import { describe, expect, it } from 'vitest'
import { uploadLimits } from '../../src/uploads/limits.ts'
import { UploadStore } from '../../src/uploads/upload-store.ts'
import { codeOf, collectingLogger } from '../helpers.ts'
import { chunksOf, picture, useStores } from './upload-files.ts'

const stores = useStores()

const MINUTE = 60_000

describe('what is uploaded', () => {
  it('lies in a file of its own, under a handle that nobody guesses, for the user of the process alone', async () => {
    const store = await stores.open({ now: () => 1_000 })
    const [one, other] = [await store.take(picture, chunksOf('ab', 'c')), await store.take(picture, chunksOf('d'))]
    expect(one).toMatchObject({ ...picture, size: 3, expiresAt: 1_000 + 15 * MINUTE })
    expect(UploadSchema.parse(one.handle)).not.toBe(other.handle)
    expect(readFileSync(one.path, 'utf8')).toBe('abc')
    expect(statSync(one.path).mode & 0o077).toBe(0)
    expect(store.find(one.handle, 'web')).toEqual(one)
    expect(stores.names()).toHaveLength(4)
  })

  it('is found by the backend that uploaded it, and for others is as what is not there', async () => {
    const store = await stores.open()
    const { handle } = await store.take(picture, chunksOf('abc'))
    expect(store.find(handle, 'another')).toBeNull()
    expect(store.find('upload_0000000000000000000000', 'web')).toBeNull()
    expect(store.find(handle, 'web')).not.toBeNull()
  })

  it('is there for 15 minutes, for a command that is done again a little longer, and is then removed', async () => {
    let now = 0
    const store = await stores.open({ now: () => now })
    const { handle } = await store.take(picture, chunksOf('abc'))
    now = 15 * MINUTE - 1
    expect(store.find(handle, 'web')).not.toBeNull()
    now = 15 * MINUTE
    expect(store.find(handle, 'web')).toBeNull()
    now = 17 * MINUTE
    expect(store.find(handle, 'web', true)).not.toBeNull()
    now = 18 * MINUTE
    expect(store.find(handle, 'web', true)).toBeNull()
    await store.take(picture, chunksOf('d'))
    expect(stores.names().filter((name) => name.startsWith(handle))).toEqual([])
  })

  it.each([
    ['empty', chunksOf(), undefined, 'BAD_REQUEST'],
    ['shorter than it says', chunksOf('abc'), 4, 'BAD_REQUEST'],
    ['longer than it says', chunksOf('abc'), 2, 'BAD_REQUEST'],
    ['larger than may be, as it says', chunksOf('abc'), UPLOAD_MAX_BYTES + 1, 'UPLOAD_TOO_LARGE'],
    ['larger than may be', chunksOf(Buffer.alloc(UPLOAD_MAX_BYTES), 'x'), undefined, 'UPLOAD_TOO_LARGE'],
    ['broken off', brokenOff(), undefined, 'ECONNRESET'],
    ['more than the disk has room for', brokenOff('ENOSPC'), undefined, 'STORAGE_FULL'],
  ])('that is %s is refused, and leaves nothing behind', async (_what, chunks, size, code) => {
    const store = await stores.open()
    const taken = codeOf(store.take({ ...picture, size }, chunks)).then(
      (said) => (said as { code?: unknown }).code ?? said,
    )
    expect(await taken).toBe(code)
    expect(stores.names()).toEqual([])
    await store.take(picture, chunksOf(Buffer.alloc(UPLOAD_MAX_BYTES)))
  })
})

async function* brokenOff(code = 'ECONNRESET'): AsyncGenerator<Uint8Array> {
  yield Buffer.from('abc')
  throw Object.assign(new Error('gone'), { code })
}

describe('how much is kept', () => {
  it('is bounded for each backend, by bytes and by files, and for all', async () => {
    const limits = { ofBackendMaxBytes: 10, ofBackendMax: 3, allMaxBytes: 15 }
    let now = 0
    const store = await stores.open({ limits, now: () => now })
    const take = (backendId: string, bytes: number, size?: number) =>
      codeOf(store.take({ ...picture, backendId, size }, chunksOf(Buffer.alloc(bytes))))
    expect(await take('web', 8)).toBe('done')
    expect(await take('web', 3)).toBe('TOO_MANY_UPLOADS')
    expect(await take('web', 1, 3)).toBe('TOO_MANY_UPLOADS')
    await expect(store.take({ ...picture, size: 3 }, chunksOf('abc'))).rejects.toMatchObject({
      retryAfter: (uploadLimits.keptMs + 3 * MINUTE) / 1_000,
    })
    expect(await take('web', 1)).toBe('done')
    expect(await take('web', 1)).toBe('done')
    expect(await take('web', 1)).toBe('TOO_MANY_UPLOADS')
    expect(await take('bot', 5)).toBe('done')
    expect(await take('bot', 1)).toBe('STORAGE_FULL')
    now = 20 * MINUTE
    expect(await take('web', 8)).toBe('done')
  })

  it('counts what was promised before it comes', async () => {
    const store = await stores.open({ limits: { ofBackendMaxBytes: 10 } })
    const comes = Promise.withResolvers<void>()
    const slow = async function* () {
      await comes.promise
      yield Buffer.alloc(8)
    }
    const first = store.take({ ...picture, size: 8 }, slow())
    expect(await codeOf(store.take({ ...picture, size: 3 }, chunksOf('abc')))).toBe('TOO_MANY_UPLOADS')
    comes.resolve()
    await first
  })
})

describe('a start', () => {
  it('finds what was uploaded before, of whom, and until when', async () => {
    let now = 0
    const before = await stores.open({ now: () => now })
    const upload = await before.take(picture, chunksOf('abc'))
    const after = await stores.open({ now: () => now })
    expect(after.find(upload.handle, 'web')).toEqual(upload)
    expect(after.find(upload.handle, 'another')).toBeNull()
    now = 15 * MINUTE
    expect(after.find(upload.handle, 'web')).toBeNull()
    now = 18 * MINUTE
    await stores.open({ now: () => now })
    expect(stores.names()).toEqual([])
  })

  it('removes what is not whole, or not what was written', async () => {
    const store = await stores.open()
    const kept = await store.take(picture, chunksOf('abc'))
    const cut = await store.take(picture, chunksOf('abc'))
    writeFileSync(cut.path, 'ab')
    const unknown = await store.take(picture, chunksOf('abc'))
    writeFileSync(`${unknown.path}.json`, '{"backendId":')
    for (const name of ['upload_0000000000000000000000.part', 'upload_1111111111111111111111.json', 'other'])
      writeFileSync(join(stores.folder, name), '{}')
    await stores.open()
    expect(stores.names()).toEqual([kept.handle, `${kept.handle}.json`].sort())
  })

  it('does without what was there before where that cannot be read', async () => {
    writeFileSync(join(stores.folder, 'file'), '')
    const { logger, lines } = collectingLogger()
    const store = await UploadStore.open(join(stores.folder, 'file'), { logger })
    expect(lines.join()).toContain('could not be read')
    await expect(store.take(picture, chunksOf('abc'))).rejects.toThrow(/EEXIST|ENOTDIR/)
    await store.close()
  })
})

it('an end waits until nothing is under way', async () => {
  const store = await stores.open()
  const gate = Promise.withResolvers<void>()
  const waiting = async function* () {
    await gate.promise
    yield Buffer.from('abc')
    throw new Error('cut off')
  }
  const taking = codeOf(store.take(picture, waiting()))
  const closed = store.close()
  gate.resolve()
  await closed
  expect(stores.names()).toEqual([])
  await taking
})
