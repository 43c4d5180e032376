import { expect, it } from 'vitest'
import { UploadSeal } from '../../src/server/uploads/upload-seal.ts'

const handle = 'upload_3q2-7wEjRb6kX0sYv9TfLg'
const theirs = { userId: '53', guildId: '1' }

it('gives the handle back to who uploaded it, in that server, at every web with the same secret', async () => {
  const sealed = await new UploadSeal('one secret').seal(handle, theirs)
  expect(sealed).toMatch(/^upload_[\w-]{22}\.[\w-]{43}$/)
  expect(await new UploadSeal('one secret').open(sealed, theirs)).toBe(handle)
})

it.each<[string, { userId: string; guildId: string }, (sealed: string) => string, string]>([
  ['somebody else', { userId: '54', guildId: '1' }, (sealed) => sealed, 'one secret'],
  ['another server', { userId: '53', guildId: '2' }, (sealed) => sealed, 'one secret'],
  ['ids that make the same text', { userId: '5', guildId: '31' }, (sealed) => sealed, 'one secret'],
  ['another secret', theirs, (sealed) => sealed, 'another secret'],
  ['another handle', theirs, (sealed) => sealed.replace('_3q2', '_4q2'), 'one secret'],
  ['another seal', theirs, (sealed) => `${sealed.slice(0, -2)}AA`, 'one secret'],
  ['no seal', theirs, () => handle, 'one secret'],
  ['a seal that is too short', theirs, (sealed) => sealed.slice(0, -4), 'one secret'],
  ['nothing', theirs, () => '', 'one secret'],
])('gives nothing for %s', async (_what, of, change, secret) => {
  const sealed = await new UploadSeal('one secret').seal(handle, theirs)
  expect(await new UploadSeal(secret).open(change(sealed), of)).toBeNull()
})
