import { expect, it } from 'vitest'
import { viewerOf } from '../../src/server/auth/viewer.server.ts'

const session = {
  id: 'a session',
  user: { id: '5', username: 'ada', avatar: null },
  guilds: ['1'],
  createdAt: 0,
  usedAt: 0,
  rotatedAt: 0,
}
const runtime = {
  sessions: { read: () => Promise.resolve(session) },
  sessionCookie: { read: () => 'a token' },
} as unknown as Parameters<typeof viewerOf>[1]

const seenAs = async (said: string | null) => {
  const headers = said === null ? {} : { 'x-viewer': said }
  const both = [await viewerOf(headers, runtime), await viewerOf(new Headers(headers), runtime)]
  return both.map((viewer) => viewer?.user.id ?? null)
}

it('is whose session it is, for a page that was made for them and for who does not say', async () => {
  for (const said of ['5', null]) expect([said, ...(await seenAs(said))]).toEqual([said, '5', '5'])
})

it('is nobody for a page that was made for another', async () => {
  for (const said of ['6', '', '5, 6', '55']) expect([said, ...(await seenAs(said))]).toEqual([said, null, null])
})
